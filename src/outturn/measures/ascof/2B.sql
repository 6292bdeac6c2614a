/*
code: 2B
title: >-
  The number of adults aged 18 to 64 whose long-term support needs are met by admission to residential and
  nursing care homes
edition: ASCOF 2023-24 onwards
kind: rate
unit: per 100,000
decimals: 1
polarity: lower
counts: people
numerator: People aged 18 to 64 with a new admission to long-term residential or nursing care
denominator: Residents aged 18 to 64, by the mid-year estimate of the Office for National Statistics
periods: year, quarter, rolling, year to date
population: 18 to 64
uses: care_home_admissions
side_counts:
  blank component: People whose only admissions have no service component, which the national program leaves out
  unknown birth date: People admitted whose birth date is not known, so that they are in neither age band
  self-funder: People whose only admissions ended as self-funded or under the 12 week disregard
switches: blank_home_component, self_funded_stays, admissions
meaning: >-
  How many people aged 18 to 64 moved into a care home in the period, for each 100,000 residents of that age.
  Someone who left a care home less than a year before, or moved from one to another, is not new.
source: DHSC's published program for 2B and 2C (December 2025; June and September 2026); NHS England's of 2024
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  People are counted, not stays. Temporary stays that were recorded as long-term count, and so do stays that ended
  within the period. Someone with new admissions on both sides of their 65th birthday counts in 2B only. An end
  before the start is not questioned.
*/

-- step admissions
-- Those that began in the period, of people who did not die before it. New is who had no stay that was open or had
-- ended less than a year before; to NHS England, who had none begun before the period, and was still there after it.
SELECT
    t.period, a.la_code, a.person, a.record_id, a.start_date, a.end_date, a.service_type, a.event_outcome,
    a.birth_month, a.side,
    CASE WHEN :only_first_and_open THEN t.period_end ELSE a.start_date END AS age_day,
    CASE
        WHEN a.side IS NOT NULL THEN 0
        WHEN :only_first_and_open AND (a.first_stay < t.period_start OR a.until_day <= t.period_end) THEN 0
        WHEN NOT :only_first_and_open AND days_between(a.earlier_until, a.start_date) < :look_back_days THEN 0
        ELSE 1
    END AS is_new
FROM care_home_admissions a
JOIN periods t ON a.start_date BETWEEN t.period_start AND t.period_end
WHERE a.death_date IS NULL OR a.death_date >= t.period_start

-- step people
-- One row for each person: the first new admission (so that of two bands the younger counts), or else the first.
SELECT
    a.*,
    CASE
        WHEN a.birth_month IS NULL THEN 'Unknown'
        WHEN a.birth_month + :days_to_65 <= a.age_day THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    row_number() OVER (
        PARTITION BY a.period, a.la_code, a.person
        ORDER BY a.is_new DESC, CASE WHEN a.side IS NULL THEN 0 ELSE 1 END, a.start_date
    ) AS place
FROM admissions a
WHERE a.birth_month IS NULL OR a.birth_month + :days_to_18 <= a.age_day

-- cohort
-- People of the measure's age band, or of unknown age, who are never counted.
SELECT
    a.period, a.la_code, NULL AS part, a.person, a.record_id, a.start_date, a.end_date,
    a.is_new AS included, a.is_new AS counted,
    CASE
        WHEN a.is_new = 1 THEN 'new admission'
        WHEN a.side = 'unknown birth date' THEN 'birth date not known'
        WHEN a.side = 'self-funder' THEN 'ended as a self-funder'
        WHEN a.side = 'blank component' THEN 'component is blank'
        WHEN :only_first_and_open THEN 'in a care home before the period, or not at its end'
        ELSE 'in a care home less than a year before'
    END AS step,
    a.event_outcome AS outcome, a.side, CAST(NULL AS BIGINT) AS amount, a.age_band, a.service_type, NULL AS setting
FROM people a
WHERE a.place = 1 AND a.age_band IN (:population, 'Unknown')
