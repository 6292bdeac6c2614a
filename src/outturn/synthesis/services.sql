-- Services. An open service has no end; that of a dead person ends on the day of death.
CREATE OR REPLACE TEMP TABLE services AS
-- Reablement, and for a few a second spell of it.
SELECT person, key_for(k, 'reablement 1') AS event_key, 'Service' AS event_type, 21 AS part,
    reablement_start AS event_start, reablement_end AS event_end,
    CASE fate
        WHEN 'planned' THEN 'NFA: Support ended as planned'
        WHEN 'hospital' THEN 'Admitted to hospital'
        WHEN 'deceased' THEN 'NFA: Deceased'
        WHEN 'nhs' THEN 'NFA: Referral to NHS services or NHS funded social care'
        WHEN 'self-funder' THEN 'NFA: Self-funded client or under 12wk disregard'
        WHEN 'declined' THEN 'NFA: Support declined'
        WHEN 'advice' THEN 'NFA: Information and advice or signposting'
        WHEN 'other' THEN 'NFA: Support ended for other reason'
        ELSE 'Progress to support planning or services'
    END AS event_outcome,
    'Short term support: ST-Max' AS service_type, 'Reablement' AS service_component, 'reablement' AS tariff
FROM journeys WHERE kind = 'reablement' AND reablement_start < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'reablement 2') AS event_key, 'Service' AS event_type, 22 AS part,
    reablement_end + CASE WHEN draw(k, 'soon') < 0.3 THEN 5 ELSE whole(k, 'relapse', 20, 260) END AS event_start,
    event_start + whole(k, 'reablement 2 days', 10, 35) AS event_end, 'NFA: Support ended as planned' AS event_outcome,
    'Short term support: ST-Max' AS service_type, 'Reablement' AS service_component, 'reablement' AS tariff
FROM journeys WHERE fate = 'planned' AND draw(k, 'twice') < 0.09
    AND date_of_death > reablement_end + CASE WHEN draw(k, 'soon') < 0.3 THEN 5 ELSE whole(k, 'relapse', 20, 260) END + 36
UNION ALL BY NAME
SELECT person, key_for(k, 'equipment') AS event_key, 'Service' AS event_type, 23 AS part,
    reablement_start + 4 AS event_start, reablement_start + 4 AS event_end, 'NFA: Support ended as planned' AS event_outcome,
    'Short term support: Ongoing low level' AS service_type, 'Equipment' AS service_component, 'equipment' AS tariff
FROM journeys WHERE kind = 'reablement' AND draw(k, 'equipment') < 0.15 AND reablement_start + 4 < reablement_end
-- Long term support at home: before and after a change of the package.
UNION ALL BY NAME
SELECT person, key_for(k, 'home 1') AS event_key, 'Service' AS event_type, 24 AS part,
    support_start AS event_start, coalesce(package_changed, community_end) AS event_end,
    CASE WHEN package_changed IS NOT NULL OR residential_from - 1 < support_end THEN 'Continuation of support or services'
        WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE pick_outcome_stopped(k) END AS event_outcome,
    'Long term support: Community' AS service_type,
    CASE home_mechanism WHEN 'Direct payment' THEN 'Direct payment' ELSE home_component END AS service_component,
    home_mechanism AS delivery_mechanism, service_component AS tariff
FROM journeys WHERE setting = 'community' AND support_start < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'home 2') AS event_key, 'Service' AS event_type, 25 AS part,
    package_changed + 1 AS event_start, community_end AS event_end,
    CASE WHEN residential_from - 1 < support_end THEN 'Continuation of support or services'
        WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE pick_outcome_stopped(k) END AS event_outcome,
    'Long term support: Community' AS service_type,
    CASE home_mechanism WHEN 'Direct payment' THEN 'Direct payment' ELSE home_component END AS service_component,
    home_mechanism AS delivery_mechanism, service_component AS tariff
FROM journeys WHERE package_changed IS NOT NULL AND support_start < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'beside') AS event_key, 'Service' AS event_type, 26 AS part,
    beside_start AS event_start, community_end AS event_end,
    CASE WHEN residential_from - 1 < support_end THEN 'NFA: Support ended as planned'
        WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE pick_outcome_stopped(k) END AS event_outcome,
    'Long term support: Community' AS service_type,
    -- never the same component as the main service
    CASE WHEN pick_component_beside(k) = home_component THEN 'Transport' ELSE pick_component_beside(k) END AS service_component,
    CASE home_mechanism WHEN 'Direct payment' THEN 'CASSR managed personal budget' ELSE home_mechanism END AS delivery_mechanism,
    service_component AS tariff
FROM journeys WHERE beside_start + 10 < community_end
-- Care homes, and prison.
UNION ALL BY NAME
SELECT person, key_for(k, 'residential') AS event_key, 'Service' AS event_type, 27 AS part,
    residential_from AS event_start, least(nursing_from - 1, support_end) AS event_end,
    CASE WHEN nursing_from - 1 < support_end THEN 'Continuation of support or services'
        WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE pick_outcome_stopped(k) END AS event_outcome,
    'Long term support: Residential care' AS service_type, 'Long term residential care' AS service_component, 
    CASE WHEN younger THEN 'residential, younger' ELSE 'residential' END AS tariff
FROM journeys WHERE residential_from < support_end
UNION ALL BY NAME
SELECT person, key_for(k, 'nursing') AS event_key, 'Service' AS event_type, 28 AS part,
    nursing_from AS event_start, support_end AS event_end,
    CASE WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE pick_outcome_stopped(k) END AS event_outcome,
    'Long term support: Nursing care' AS service_type, 'Long term nursing care' AS service_component,
    'nursing' AS tariff
FROM journeys WHERE nursing_from < support_end
UNION ALL BY NAME
SELECT person, key_for(k, 'prison') AS event_key, 'Service' AS event_type, 29 AS part,
    support_start AS event_start, support_end AS event_end,
    CASE WHEN support_ends_by_death THEN 'NFA: Deceased' ELSE 'NFA: Support ended for other reason' END AS event_outcome,
    'Long term support: Prison' AS service_type, 'Home support or domiciliary care' AS service_component,
    'CASSR commissioned support' AS delivery_mechanism, 'Home support or domiciliary care' AS tariff
FROM journeys WHERE setting = 'prison' AND support_start < date_of_death
-- Low level and other short support.
UNION ALL BY NAME
SELECT person, key_for(k, 'low level') AS event_key, 'Service' AS event_type, 30 AS part,
    CASE WHEN fate = 'low level' THEN reablement_end + whole(k, 'to low level', 1, 5)
        ELSE coalesce(assessment_end, request_end) + whole(k, 'to low level', 1, 20) END AS event_start,
    pick_component_low(k) AS service_component,
    least(date_of_death, CASE WHEN service_component = 'Equipment' THEN event_start ELSE event_start + 20 + wait(k, 'low level days', 500) END) AS event_end,
    CASE WHEN date_of_death <= event_end AND service_component <> 'Equipment' THEN 'NFA: Deceased' ELSE 'NFA: Support ended as planned' END AS event_outcome,
    'Short term support: Ongoing low level' AS service_type, service_component AS tariff
FROM journeys WHERE (kind = 'low level' AND draw(k, 'stays') >= 0.2 OR fate = 'low level')
    AND CASE WHEN fate = 'low level' THEN reablement_end + whole(k, 'to low level', 1, 5)
        ELSE coalesce(assessment_end, request_end) + whole(k, 'to low level', 1, 20) END < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'short stay') AS event_key, 'Service' AS event_type, 31 AS part,
    CASE kind WHEN 'low level' THEN coalesce(assessment_end, request_end) + whole(k, 'to stay', 1, 9)
        ELSE seen_from + whole(k, 'stay from', 20, 800) END AS event_start,
    least(event_start + whole(k, 'stay days', 6, 41), date_of_death) AS event_end,
    CASE WHEN date_of_death <= event_start + whole(k, 'stay days', 6, 41) THEN 'NFA: Deceased' ELSE 'NFA: Support ended as planned' END AS event_outcome,
    'Short term support: Other short term' AS service_type,
    CASE WHEN draw(k, 'stay with nursing') < 0.15 THEN 'Short term nursing care' ELSE 'Short term residential care' END AS service_component,
    service_component AS tariff
FROM journeys WHERE kind = 'low level' AND draw(k, 'stays') < 0.2
        AND coalesce(assessment_end, request_end) + whole(k, 'to stay', 1, 9) < date_of_death
    OR kind = 'settled' AND setting = 'community' AND draw(k, 'respite') < 0.1
        AND seen_from + whole(k, 'stay from', 20, 800) + 42 < least(community_end, date_of_death)
-- Carers.
UNION ALL BY NAME
SELECT person, key_for(k, 'for the carer') AS event_key, 'Service' AS event_type, 32 AS part,
    assessment_end + whole(k, 'to carer support', 1, 25) AS event_start,
    least(event_start + CASE WHEN draw(k, 'once') < 0.45 THEN 0 ELSE 60 + wait(k, 'carer support days', 700) END, date_of_death) AS event_end,
    CASE WHEN date_of_death <= event_end THEN 'NFA: Deceased' ELSE 'NFA: Support ended as planned' END AS event_outcome,
    'Unpaid carer support: Direct to unpaid carer' AS service_type,
    CASE carer_mechanism WHEN 'Direct payment' THEN 'Direct payment' ELSE pick_component_carer(k) END AS service_component,
    carer_mechanism AS delivery_mechanism,
    CASE WHEN event_end = event_start THEN 'carer, once' ELSE 'carer' END AS tariff
FROM journeys WHERE kind = 'carer' AND draw(k, 'carer supported') < 0.5
    AND assessment_end + whole(k, 'to carer support', 1, 25) < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'respite for the carer') AS event_key, 'Service' AS event_type, 33 AS part,
    assessment_end + whole(k, 'to carer support', 10, 40) AS event_start,
    least(event_start + whole(k, 'respite days', 6, 27), date_of_death) AS event_end,
    CASE WHEN date_of_death <= event_end THEN 'NFA: Deceased' ELSE 'NFA: Support ended as planned' END AS event_outcome,
    'Unpaid carer support: Support involving the person cared-for' AS service_type, 'Unpaid carer respite' AS service_component,
    'Short term residential care' AS tariff
FROM journeys WHERE kind = 'carer' AND draw(k, 'carer supported') BETWEEN 0.5 AND 0.62
    AND assessment_end + whole(k, 'to carer support', 10, 40) < date_of_death;

-- What it costs, by the week, hour, session or once; and who provides it, where the Care Quality Commission looks.
CREATE OR REPLACE TEMP TABLE priced AS
SELECT * EXCLUDE (tariff),
    CASE tariff
        WHEN 'reablement' THEN pounds(event_key, 'price', 24, 36)
        WHEN 'equipment' THEN pounds(event_key, 'price', 18, 420)
        WHEN 'Equipment' THEN pounds(event_key, 'price', 18, 640)
        WHEN 'Home support or domiciliary care' THEN pounds(event_key, 'price', 21, 28)
        WHEN 'Community supported living' THEN pounds(event_key, 'price', 380, 1650)
        WHEN 'Shared Lives' THEN pounds(event_key, 'price', 320, 620)
        WHEN 'Extra care housing' THEN pounds(event_key, 'price', 140, 420)
        WHEN 'Direct payment' THEN pounds(event_key, 'price', 60, 620)
        WHEN 'Day support' THEN pounds(event_key, 'price', 32, 78)
        WHEN 'Transport' THEN pounds(event_key, 'price', 8, 26)
        WHEN 'Meals' THEN pounds(event_key, 'price', 4, 8)
        WHEN 'residential' THEN pounds(event_key, 'price', 690, 1080)
        WHEN 'residential, younger' THEN pounds(event_key, 'price', 1150, 2450)
        WHEN 'nursing' THEN pounds(event_key, 'price', 820, 1350)
        WHEN 'Short term residential care' THEN pounds(event_key, 'price', 720, 1150)
        WHEN 'Short term nursing care' THEN pounds(event_key, 'price', 850, 1400)
        WHEN 'carer, once' THEN pounds(event_key, 'price', 150, 500)
        WHEN 'carer' THEN pounds(event_key, 'price', 12, 70)
        ELSE pounds(event_key, 'price', 25, 160)
    END AS unit_cost,
    CASE tariff
        WHEN 'reablement' THEN 'Hourly' WHEN 'Home support or domiciliary care' THEN 'Hourly'
        WHEN 'equipment' THEN 'One-off' WHEN 'Equipment' THEN 'One-off' WHEN 'carer, once' THEN 'One-off'
        WHEN 'Day support' THEN 'Per session' WHEN 'Transport' THEN 'Per session' WHEN 'Meals' THEN 'Daily'
        WHEN 'Direct payment' THEN CASE WHEN draw(event_key, 'paid every four weeks') < 0.3 THEN '4-weekly' ELSE 'Weekly' END
        ELSE 'Weekly'
    END AS cost_frequency_unit_type,
    CASE tariff
        WHEN 'reablement' THEN units(event_key, 'units', 4, 15)
        WHEN 'Home support or domiciliary care' THEN units(event_key, 'units', 3, 29)
        WHEN 'Day support' THEN units(event_key, 'units', 1, 5.5)
        WHEN 'Transport' THEN units(event_key, 'units', 2, 10)
        WHEN 'Meals' THEN 7::DECIMAL(18, 2)
        ELSE 1::DECIMAL(18, 2)
    END AS planned_units_per_week,
    CASE
        WHEN tariff IN ('residential', 'residential, younger', 'Short term residential care') THEN whole(event_key, 'home', 100, 159)
        WHEN tariff IN ('nursing', 'Short term nursing care') THEN whole(event_key, 'home', 200, 227)
        WHEN tariff IN ('reablement') THEN 300
        WHEN tariff IN ('Home support or domiciliary care', 'Extra care housing', 'Community supported living', 'Shared Lives')
            THEN whole(event_key, 'agency', 301, 338)
    END AS provider,
    house(provider) || CASE provider // 100 WHEN 1 THEN ' House' WHEN 2 THEN ' Nursing Home' ELSE ' Care at Home' END
        AS provider_cqc_location_name,
    '1-9900' || provider AS provider_cqc_location_id
FROM services;
