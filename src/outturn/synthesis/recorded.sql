-- What was written down, and when: a row for each event that is known by the last submission. A submission made on a
-- day shows an event from recorded_on, its end from end_recorded_on, and the wrong_ value of a cell until corrected_on.
WITH happened AS (
    SELECT * FROM requests
    UNION ALL BY NAME SELECT * FROM assessments
    UNION ALL BY NAME SELECT * FROM priced
    UNION ALL BY NAME SELECT * FROM reviews
),
known AS (
    SELECT *,
        CASE event_type WHEN 'Service' THEN event_start + late(event_key, 'start') ELSE event_end + late(event_key, 'end') END AS written_on,
        draw(event_key, 'mistake') AS mistake
    FROM happened
    WHERE event_start <= getvariable('last_day') AND (event_type = 'Service' OR event_end <= getvariable('last_day'))
)
SELECT nhs_number, la_person_unique_identifier, first_name, last_name, gender, ethnicity, client_type, primary_support_reason,
    postcode, employment_status, has_unpaid_carer, autism_spectrum_disorder_asd, visual_impairment, hearing_impairment,
    dementia, client_funding_status, total_hrs_caring_per_week, no_of_adults_being_cared_for,
    cared_for, cared_for_until,
    known.* EXCLUDE (person, event_key, part, written_on, mistake, event_start, event_end, provider),
    born AS date_of_birth,
    date_of_death,
    date_of_death + whole(k, 'death recorded', 0, 24) AS death_recorded_on,
    home, residential_from, nursing_from, support_end, setting,
    practice_place || ' Surgery' AS gp_practice_name, 'Z99' || lpad(practice::VARCHAR, 3, '0') AS gp_practice_code,
    CASE event_type WHEN 'Request' THEN 'REQ' WHEN 'Assessment' THEN 'ASM' WHEN 'Review' THEN 'REV' ELSE 'SVC' END
        || '-' || la_person_unique_identifier || '-' || part AS event_reference,
    event_start AS event_start_date,
    event_end AS event_end_date,
    -- everybody asked for is in the files: a first request is known by the last submission, and old support by the first
    CASE
        WHEN part = 1 THEN least(written_on, getvariable('last_made'))
        WHEN kind = 'settled' AND event_type = 'Service' AND event_start < getvariable('first_day')
            THEN least(written_on, getvariable('first_day'))
        ELSE written_on
    END AS recorded_on,
    CASE
        WHEN event_type <> 'Service' THEN recorded_on
        -- a move into a care home is written down whole
        WHEN part IN (24, 25, 26, 27) AND event_end < support_end THEN greatest(recorded_on, event_end)
        WHEN event_outcome = 'NFA: Deceased' OR event_end = date_of_death THEN greatest(recorded_on, death_recorded_on)
        -- or reablement would seem to go on for months
        WHEN service_type = 'Short term support: ST-Max' AND event_outcome <> 'NFA: Deceased'
            THEN greatest(recorded_on, least(event_end + whole(event_key, 'end', 0, 35), death_recorded_on))
        -- who knows of a death knows that everything ended before it
        WHEN date_of_death >= event_end
            THEN greatest(recorded_on, least(event_end + late(event_key, 'end'), death_recorded_on))
        ELSE greatest(recorded_on, event_end + late(event_key, 'end'))
    END AS end_recorded_on,
    CASE WHEN mistake < 0.035 THEN end_recorded_on + whole(event_key, 'corrected', 20, 200) END AS corrected_on,
    CASE WHEN mistake < 0.012 AND event_end > event_start + 6 AND event_outcome <> 'NFA: Deceased'
        THEN event_end - whole(event_key, 'wrong end', 1, 5) END AS wrong_end,
    CASE WHEN mistake BETWEEN 0.012 AND 0.024 AND event_outcome <> 'NFA: Deceased' AND event_type IN ('Request', 'Review')
        THEN 'NFA: Other' END AS wrong_outcome,
    CASE WHEN mistake BETWEEN 0.024 AND 0.035 AND service_type = 'Long term support: Community' AND service_component <> 'Direct payment'
        THEN 'Other long term support' END AS wrong_component
FROM known JOIN journeys USING (person)
    LEFT JOIN (SELECT la_person_unique_identifier AS cared_for, support_end AS cared_for_until FROM journeys WHERE kind = 'settled')
        ON adult_1_linked_person_id = cared_for
WHERE person >= getvariable('first_person')
ORDER BY person, event_start, part
