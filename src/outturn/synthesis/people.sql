-- Who they are: one row for each person of this batch, and for the two before it, for whom its carers may care.
-- Variables: seed, first_person and last_person (both in), first_day and last_day of the time that the files look at.
CREATE OR REPLACE TEMP TABLE people AS
WITH numbered AS (  -- with the neighbours on either side, among whom carers look for somebody to care for
    SELECT range::BIGINT AS person, key_of(getvariable('seed'), range) AS k
    FROM range(greatest(1, getvariable('first_person') - 4), getvariable('last_person') + 3)
),
picked AS (
    SELECT person, k, pick_kind(k) AS kind FROM numbered
),
kinds AS (
    SELECT *,
        kind IN ('settled', 'new') AS has_long_term,
        lag(has_long_term, 1, FALSE) OVER by_number AS one_before,
        lag(has_long_term, 2, FALSE) OVER by_number AS two_before,
        -- whether one of the next two will find this person
        lead(kind) OVER by_number = 'carer' OR lead(kind, 2) OVER by_number = 'carer' AND NOT lead(has_long_term) OVER by_number
            AS is_found,
        CASE kind
            WHEN 'settled' THEN 0.47 WHEN 'new' THEN 0.24 WHEN 'reablement' THEN 0.13 WHEN 'carer' THEN 0.52 ELSE 0.26
        END AS share_younger,
        draw(k, 'younger') < share_younger AS younger
    FROM picked WINDOW by_number AS (ORDER BY person)
),
ages AS (
    SELECT *,
        -- when the council meets them; the settled came before the files begin
        CASE kind
            WHEN 'settled' THEN getvariable('first_day') - 1 - least(wait(k, 'backlog', 1000), 5000)
            ELSE getvariable('first_day')
                + floor(draw(k, 'entered') * (getvariable('last_day') - getvariable('first_day') - 25))::INTEGER
        END AS entered,
        CASE
            WHEN younger THEN 18.4 + 46.4 * draw(k, 'age')
            ELSE 65 + CASE kind WHEN 'carer' THEN 10 ELSE 18 END * (draw(k, 'age') + draw(k, 'age, second draw'))
        END AS age
    FROM kinds WHERE person BETWEEN getvariable('first_person') - 2 AND getvariable('last_person')
),
lives AS (
    SELECT *,
        entered - floor(age * 365.25)::INTEGER AS born,
        greatest(entered, getvariable('first_day')) AS seen_from,
        -- deaths a year: Gompertz' law, somewhat above the population's
        greatest(0.003, 2 * exp(0.085 * (age + (greatest(entered, getvariable('first_day')) - entered) / 365.25) - 9.5))
            * CASE kind WHEN 'settled' THEN 1.4 WHEN 'new' THEN 1.5 WHEN 'carer' THEN 0.6 ELSE 1 END AS death_rate
    FROM ages
)
SELECT person, k, kind, younger, entered, born, seen_from,
    seen_from + 20 + wait(k, 'death', 365.25 / death_rate) AS natural_death,
    nhs_number_of(getvariable('seed'), person) AS nhs_number,
    person_id(person) AS la_person_unique_identifier,
    one_of(k, 'first name', getvariable('first_names')) AS first_name,
    one_of(k, 'last name', getvariable('last_names')) AS last_name,
    whole(k, 'practice', 1, 24) AS practice,
    one_of(k, 'practice 1', getvariable('places')) AS practice_place,
    pick_gender(k) AS gender,
    pick_ethnicity(k) AS ethnicity,
    CASE kind WHEN 'carer' THEN 'Unpaid carer' ELSE 'Service user' END AS client_type,
    CASE
        WHEN kind = 'carer' THEN 'Social support: Support to unpaid carer'
        WHEN kind = 'enquiry' THEN pick_reason_enquiry(k)
        WHEN younger THEN pick_reason_younger(k)
        ELSE pick_reason_older(k)
    END AS primary_support_reason,
    'EX99 ' || whole(k, 'sector', 1, 9) || one_of(k, 'unit 1', ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J'])
        || one_of(k, 'unit 2', ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W']) AS postcode,
    CASE
        WHEN younger AND primary_support_reason = 'Learning disability support' THEN pick_home_disability(k)
        WHEN younger THEN pick_home_younger(k)
        ELSE pick_home_older(k)
    END AS home,
    CASE
        WHEN kind = 'carer' AND younger THEN pick_employment_carer(k)
        WHEN younger THEN pick_employment_younger(k)
        ELSE 'Not in paid employment: Not actively seeking work or retired'
    END AS employment_status,
    CASE
        WHEN kind = 'carer' THEN 'No'
        WHEN has_long_term AND is_found THEN 'Yes'
        WHEN draw(k, 'has carer') < 0.42 THEN 'Yes'
        WHEN draw(k, 'has carer') < 0.94 THEN 'No'
        ELSE 'Unknown'
    END AS has_unpaid_carer,
    CASE
        WHEN younger AND primary_support_reason = 'Learning disability support' AND draw(k, 'autism') < 0.28 THEN 'Yes'
        WHEN draw(k, 'autism') < 0.015 THEN 'Yes' WHEN draw(k, 'autism') > 0.95 THEN 'Unknown' ELSE 'No'
    END AS autism_spectrum_disorder_asd,
    CASE primary_support_reason
        WHEN 'Sensory support: Support for visual impairment' THEN 'Partial sight/sight impaired'
        WHEN 'Sensory support: Support for dual impairment' THEN 'Blind/severely sight impaired'
        ELSE pick_visual_impairment(k)
    END AS visual_impairment,
    CASE primary_support_reason
        WHEN 'Sensory support: Support for hearing impairment' THEN 'Hard of hearing'
        WHEN 'Sensory support: Support for dual impairment' THEN 'Deaf with speech'
        ELSE pick_hearing_impairment(k)
    END AS hearing_impairment,
    CASE
        WHEN primary_support_reason = 'Support with memory and cognition' AND draw(k, 'dementia') < 0.9 THEN 'Yes'
        WHEN NOT younger AND draw(k, 'dementia') < 0.09 THEN 'Yes' WHEN draw(k, 'dementia') > 0.96 THEN 'Unknown' ELSE 'No'
    END AS dementia,
    CASE WHEN kind <> 'carer' THEN pick_funding(k) END AS client_funding_status,
    CASE WHEN kind = 'carer' THEN pick_hours_caring(k) END AS total_hrs_caring_per_week,
    CASE WHEN kind = 'carer' THEN 1 END AS no_of_adults_being_cared_for,
    -- whom a carer cares for
    CASE WHEN kind = 'carer' THEN CASE
        WHEN one_before THEN person_id(person - 1)
        WHEN two_before THEN person_id(person - 2) END
    END AS adult_1_linked_person_id
FROM lives;
