/*
code: HOME-ADMISSIONS
title: People newly admitted to a care home for good
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: lower
counts: people
numerator: People aged 18 and over with a new admission to long-term residential or nursing care in the period
denominator: none
periods: month, quarter, year to date, rolling, year
parts:
  aged 18 and over: everyone
  aged 65 and over: those of 65 and over when they were admitted
groups:
  - total
  - age_band
  - service_type
bands:
  aged 65 and over: 65 and above
uses: care_home_admissions
side_counts:
  blank component: People whose only admissions have no service component, which the national program leaves out
  unknown birth date: People admitted whose birth date is not known
  self-funder: People whose only admissions ended as self-funded or under the 12 week disregard
switches: blank_home_component, self_funded_stays
serves: york/PVP02
meaning: How many people moved into a care home for good, with the council's support, in a month or since April.
source: ASCOF 2B and 2C, as a count of people
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Over a year the people from 18 to 64 are the numerator of ASCOF 2B, and those of 65 and over that of 2C. Whoever
  left a care home less than a year before, or moved from one to another, is not new. York's PVP02 is the part aged 65
  and over; it printed 260 where the national figure implied 253, so its own count may have used another list. Leeds
  printed a rate for 100,000 people, which ASCOF 2C is.
*/

-- step admissions
-- Admissions that began in the period. New is who had no stay in a care home less than a year before.
SELECT
    t.period, a.la_code, a.person, a.record_id, a.start_date, a.end_date, a.service_type, a.event_outcome, a.side,
    CASE
        WHEN a.birth_month IS NULL THEN 'Unknown'
        WHEN a.birth_month + :days_to_65 <= a.start_date THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    CASE
        WHEN a.side IS NOT NULL THEN 0
        WHEN days_between(a.earlier_until, a.start_date) < :look_back_days THEN 0
        ELSE 1
    END AS is_new
FROM care_home_admissions a
JOIN periods t ON a.start_date BETWEEN t.period_start AND t.period_end
WHERE (a.death_date IS NULL OR a.death_date >= t.period_start)
    AND (a.birth_month IS NULL OR a.birth_month + :days_to_18 <= a.start_date)

-- step people
-- A new admission stands for its person before others, and the first of them.
SELECT
    a.*,
    row_number() OVER (
        PARTITION BY a.period, a.la_code, a.person ORDER BY a.is_new DESC, a.start_date, a.record_id
    ) AS place
FROM admissions a

-- step parts
-- Everyone stands in the first part, and those of 65 and over in the second too.
SELECT 'aged 18 and over' AS part
UNION ALL SELECT 'aged 65 and over'

-- cohort
-- One row per person and part. Unknown ages are never counted.
SELECT
    a.period, a.la_code, q.part, a.person, a.record_id, a.start_date, a.end_date,
    a.is_new AS included, a.is_new AS counted,
    CASE
        WHEN a.is_new = 1 THEN 'new admission'
        WHEN a.side IS NOT NULL THEN a.side
        ELSE 'in a care home less than a year before'
    END AS step,
    a.event_outcome AS outcome, a.side, CAST(NULL AS BIGINT) AS amount, a.age_band, a.service_type, NULL AS setting
FROM people a
JOIN parts q ON q.part = 'aged 18 and over' OR a.age_band <> '18 to 64'
WHERE a.place = 1
