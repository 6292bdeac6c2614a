/*
code: CARERS
title: Unpaid carers assessed and supported
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: neutral
counts: carers
numerator: Unpaid carers aged 18 and over, each counted once in each part
denominator: none
periods: month, quarter, year to date, rolling, year
parts:
  assessed: had an assessment or a review completed in the period
  supported: had a service for carers on some day of the period
groups:
  - total
  - age_band
  - received
dimensions: received
meaning: How many unpaid carers had their own needs assessed or reviewed, and how many were supported.
source: Client Level Data, client types Unpaid carer and Unpaid carer known by association
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  A carer assessed together with the person cared for is often recorded on that person's row alone, and cannot be seen
  here. Support is direct to the carer, or given to the person cared for so that the carer has a break; someone with
  both counts under direct support. Someone with an assessment and a review counts under the assessment. Information
  and advice alone is not support. The share with a direct payment is ASCOF 3D, parts 1b and 2b.
*/

-- step rows_of_carers
-- What carers' records say, in the two parts; of one carer the lowest rank stands.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.event_outcome, e.service_type,
    CASE WHEN e.event_type = 'Service' THEN 'supported' ELSE 'assessed' END AS part,
    CASE
        WHEN e.event_type IN ('Assessment', 'Review') THEN e.event_type
        WHEN e.service_type = 'Unpaid carer support: Direct to unpaid carer' THEN 'Direct support'
        ELSE 'Support through the person cared for'
    END AS received,
    CASE
        WHEN e.event_type = 'Assessment' OR e.service_type = 'Unpaid carer support: Direct to unpaid carer' THEN 1
        ELSE 2
    END AS rank_of_it
FROM events e
WHERE e.client_type IN ('Unpaid carer', 'Unpaid carer known by association')
    AND (e.event_type IN ('Assessment', 'Review')
        OR (e.event_type = 'Service' AND e.service_type LIKE 'Unpaid carer support:%'))
    AND e.start_date <= :last_day
    AND (e.end_date IS NULL OR (e.end_date >= e.start_date AND e.end_date >= :first_day))

-- step in_period
-- Assessments and reviews completed in the period, and services that ran on some day of it.
SELECT
    t.period, r.*, p.birth_month, t.period_end,
    row_number() OVER (
        PARTITION BY t.period, r.la_code, r.person, r.part ORDER BY r.rank_of_it, r.start_date, r.record_id
    ) AS place
FROM rows_of_carers r
JOIN periods t ON r.start_date <= t.period_end
    AND (r.end_date IS NULL OR r.end_date >= t.period_start)
    AND (r.part = 'supported' OR r.end_date <= t.period_end)
JOIN persons p ON p.la_code = r.la_code AND p.person = r.person
WHERE (p.birth_month IS NULL OR p.birth_month + :days_to_18 <= t.period_end)
    AND (p.death_date IS NULL OR p.death_date >= t.period_start)

-- cohort
-- One row per carer and part.
SELECT
    c.period, c.la_code, c.part, c.person, c.record_id, c.start_date, c.end_date,
    1 AS included, 1 AS counted, c.part AS step, c.event_outcome AS outcome, NULL AS side,
    CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN c.birth_month IS NULL THEN 'Unknown'
        WHEN c.birth_month + :days_to_65 <= c.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    c.service_type, NULL AS setting, c.received
FROM in_period c
WHERE c.place = 1
