/*
code: 2D
title: The proportion of people aged 65 and over discharged from hospital into reablement and who remained in the community within 12 weeks of discharge
edition: ASCOF 2023-24 onwards
kind: proportion
unit: "%"
decimals: 2
polarity: higher
counts: episodes
numerator: >-
  Part 1: episodes of reablement after a discharge, with no death, emergency readmission or move to a care home within
  12 weeks. Part 2: episodes of reablement after a discharge.
denominator: >-
  Part 1: episodes of reablement after a discharge. Part 2: all discharges of people aged 65 and over.
periods: year, quarter, rolling, year to date
parts:
  1: outcome
  2: provision
groups:
  - total
  - older_age_band
  - sex
  - support_before
bands:
  all: 65 and above
dimensions: older_age_band, sex, support_before
needs: discharges
meaning: >-
  Of the people aged 65 and over who went from hospital into reablement, how many were still in the community 12 weeks
  later; and how many discharges led to reablement at all.
source: DHSC's published program of December 2025 (Create_ASCOF_2D)
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Part 1 counts for the council that gave the reablement, and so does the numerator of part 2; the denominator of part 2
  counts for the council where the person lives. So part 2 has a row for each discharge (in the denominator only) and
  one for each episode (in the numerator only): numerator and denominator are not the same people, and of a small
  council part 2 may pass 100%. Case lists show both kinds of row. An episode is linked whatever council the discharged
  person lives in. Age and sex are those of the hospital. A discharge is left out where the person was in a care home or
  in prison by any council's record in the run; what follows an episode is looked up in its own council's records. The
  count needs 84 days of discharges, deaths and services after the period's end: until then it is provisional.
*/

-- step spells
-- Every spell in hospital, by its last episode.
SELECT
    d.la_of_residence, d.person, d.spell, d.admission_date, d.discharge_date, d.birth_month, d.gender,
    d.admission_method, d.discharge_method, d.destination, d.treatment_function, d.management_type
FROM discharges d
WHERE d.last_episode = 1
    AND d.person IS NOT NULL
    AND d.admission_date < d.discharge_date

-- step long_term_support
-- Long-term support of service users, from any council's records.
SELECT e.la_code, e.person, e.service_type, e.start_date, e.end_date
FROM events e
WHERE e.event_type = 'Service'
    AND e.client_type = 'Service user'
    AND e.service_type IN (
        'Long term support: Community', 'Long term support: Residential care',
        'Long term support: Nursing care', 'Long term support: Prison')

-- step older_discharges
-- Discharges in the period of people who were 65 or over, with the support they had on the day of admission.
SELECT
    t.period, s.spell, s.la_of_residence, s.person, s.admission_date, s.discharge_date, s.birth_month, s.gender,
    s.admission_method, s.discharge_method, s.destination, s.treatment_function,
    max(CASE WHEN l.service_type = 'Long term support: Community' THEN 1 ELSE 0 END) AS had_community,
    max(CASE WHEN l.service_type <> 'Long term support: Community' THEN 1 ELSE 0 END) AS had_home
FROM periods t
JOIN spells s ON s.discharge_date BETWEEN t.period_start AND t.period_end
LEFT JOIN long_term_support l ON l.person = s.person
    AND l.start_date <= s.admission_date
    AND (l.end_date IS NULL OR l.end_date >= s.admission_date)
WHERE s.birth_month + :days_to_65 <= s.discharge_date
    AND s.admission_date >= DATE '2023-04-01'
GROUP BY
    t.period, s.spell, s.la_of_residence, s.person, s.admission_date, s.discharge_date, s.birth_month, s.gender,
    s.admission_method, s.discharge_method, s.destination, s.treatment_function

-- step judged_discharges
-- Which of them count, and why the others do not. A code that is not known leaves a discharge out, as in the program.
SELECT
    o.period, o.spell, o.la_of_residence, o.person, o.admission_date, o.discharge_date, o.had_community, o.gender,
    CASE
        WHEN o.birth_month + :days_to_85 <= o.discharge_date THEN 3
        WHEN o.birth_month + :days_to_75 <= o.discharge_date THEN 2
        ELSE 1
    END AS age_place,
    CASE
        WHEN o.la_of_residence IS NULL THEN 'council of residence unknown'
        WHEN o.admission_method IS NULL OR o.discharge_method IS NULL
            OR o.destination IS NULL OR o.treatment_function IS NULL THEN 'a code is unknown'
        WHEN o.admission_method IN ('31', '32', '82', '83') THEN 'maternity or birth'
        WHEN o.discharge_method IN ('4', '5') THEN 'died in hospital'
        WHEN o.destination IN ('49', '50', '51', '52', '79', '87', '88') THEN 'destination left out'
        WHEN o.treatment_function IN (
                '199', '223', '290', '291', '331', '344', '345', '346', '424', '499', '501', '504', '560', '660',
                '661', '662', '840', '920')
            OR o.treatment_function LIKE '65%' OR o.treatment_function LIKE '7%' THEN 'treatment function left out'
        WHEN o.had_home = 1 THEN 'in a care home or prison when admitted'
        ELSE 'discharged'
    END AS step
FROM older_discharges o

-- step reablement
-- Reablement services, each with the latest end of those before it. Other components of short-term support do not count.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.last_day,
    max(e.last_day) OVER (
        PARTITION BY e.la_code, e.person ORDER BY e.start_date, e.last_day, e.record_id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_before
FROM (
    SELECT
        r.la_code, r.person, r.record_id, r.start_date, r.end_date,
        CASE WHEN r.end_date IS NULL THEN DATE '9999-01-01' ELSE r.end_date END AS last_day
    FROM events r
    WHERE r.event_type = 'Service'
        AND r.client_type = 'Service user'
        AND r.service_type = 'Short term support: ST-Max'
        AND r.service_component = 'Reablement'
        AND (r.end_date IS NULL OR r.end_date >= r.start_date)
) e

-- step numbered_reablement
-- Services at most seven days apart are one episode; one that is still open takes in all that follow.
SELECT
    r.la_code, r.person, r.record_id, r.start_date, r.last_day,
    sum(CASE WHEN r.start_date <= r.ended_before + :episode_gap THEN 0 ELSE 1 END) OVER (
        PARTITION BY r.la_code, r.person ORDER BY r.start_date, r.last_day, r.record_id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
FROM reablement r

-- step episodes
-- Episodes of reablement. The row that began one stands for it.
SELECT
    n.la_code, n.person, min(n.start_date) AS start_date,
    NULLIF(max(n.last_day), DATE '9999-01-01') AS end_date,
    max(CASE WHEN n.place = 1 THEN n.record_id END) AS record_id
FROM (
    SELECT
        m.la_code, m.person, m.record_id, m.start_date, m.last_day, m.episode,
        row_number() OVER (
            PARTITION BY m.la_code, m.person, m.episode ORDER BY m.start_date, m.last_day, m.record_id DESC) AS place
    FROM numbered_reablement m
) n
GROUP BY n.la_code, n.person, n.episode

-- step candidate_links
-- Each episode with the discharges that may have led to it: up to 7 days before its start, or 3 days after.
SELECT
    d.period, e.la_code, e.person, e.record_id, e.start_date, e.end_date, d.discharge_date, d.had_community,
    d.age_place, d.gender, p.death_date,
    rank() OVER (PARTITION BY d.period, e.la_code, e.record_id ORDER BY d.discharge_date DESC) AS place
FROM episodes e
JOIN judged_discharges d ON d.person = e.person
    AND d.step = 'discharged'
    AND e.start_date <= d.discharge_date + :link_before_days
    AND e.start_date >= d.discharge_date - :link_after_days
    AND e.start_date >= d.admission_date
JOIN periods t ON t.period = d.period
LEFT JOIN persons p ON p.la_code = e.la_code AND p.person = e.person
WHERE p.death_date IS NULL OR p.death_date >= t.period_start

-- step links
-- One row for each episode: the latest discharge. Of several spells that ended that day, what any of them shows.
SELECT
    c.period, c.la_code, c.person, c.record_id, c.start_date, c.end_date, c.discharge_date, c.death_date,
    max(c.had_community) AS had_community, max(c.age_place) AS age_place,
    max(CASE WHEN c.gender = 'Female' THEN 1 ELSE 0 END) AS is_female,
    max(CASE WHEN c.gender = 'Male' THEN 1 ELSE 0 END) AS is_male
FROM candidate_links c
WHERE c.place = 1
GROUP BY
    c.period, c.la_code, c.person, c.record_id, c.start_date, c.end_date, c.discharge_date, c.death_date

-- step followed_up
-- Within 12 weeks of the discharge: was there an emergency admission of a night or more, and did long-term residential
-- or nursing care begin?
SELECT
    k.period, k.la_code, k.person, k.record_id, k.start_date, k.end_date, k.discharge_date, k.death_date,
    k.had_community, k.age_place, k.is_female, k.is_male,
    max(CASE WHEN s.person IS NULL THEN 0 ELSE 1 END) AS was_readmitted,
    max(CASE WHEN l.person IS NULL THEN 0 ELSE 1 END) AS moved
FROM links k
LEFT JOIN spells s ON s.person = k.person
    AND s.admission_date > k.start_date
    AND s.admission_date > k.discharge_date
    AND s.admission_date <= k.discharge_date + :follow_up_days
    AND s.management_type IN ('EM', 'NE')
    AND s.discharge_method <> '5'
LEFT JOIN long_term_support l ON l.la_code = k.la_code
    AND l.person = k.person
    AND l.start_date BETWEEN k.discharge_date AND k.discharge_date + :follow_up_days
    AND l.service_type IN ('Long term support: Residential care', 'Long term support: Nursing care')
GROUP BY
    k.period, k.la_code, k.person, k.record_id, k.start_date, k.end_date, k.discharge_date, k.death_date,
    k.had_community, k.age_place, k.is_female, k.is_male

-- step outcomes
-- What became of each episode, the first of: died, readmitted, moved to a care home.
SELECT
    f.period, f.la_code, f.person, f.record_id, f.start_date, f.end_date, f.had_community, f.age_place, f.is_female,
    f.is_male,
    CASE
        WHEN f.death_date BETWEEN f.discharge_date AND f.discharge_date + :follow_up_days THEN 'died'
        WHEN f.was_readmitted = 1 THEN 'readmitted as an emergency'
        WHEN f.moved = 1 THEN 'moved to a care home'
        ELSE 'in the community'
    END AS outcome
FROM followed_up f

-- step both_parts
-- Part 1: an episode each. Part 2: an episode each for the numerator, and a discharge each for the denominator. An
-- episode that began in the period and followed no discharge is shown, and counts nowhere.
SELECT
    o.period, o.la_code, w.part, o.person, o.record_id, o.start_date, o.end_date,
    CASE WHEN w.part = '1' THEN 1 ELSE 0 END AS included,
    CASE WHEN w.part = '2' OR o.outcome = 'in the community' THEN 1 ELSE 0 END AS counted,
    'reablement after a discharge' AS step, o.outcome, o.had_community, o.age_place, o.is_female, o.is_male
FROM outcomes o
CROSS JOIN (SELECT '1' AS part UNION ALL SELECT '2' AS part) w
UNION ALL
SELECT
    d.period, d.la_of_residence AS la_code, '2' AS part, d.person, CAST(NULL AS BIGINT) AS record_id,
    d.admission_date AS start_date, d.discharge_date AS end_date,
    CASE WHEN d.step = 'discharged' THEN 1 ELSE 0 END AS included, 0 AS counted, d.step, NULL AS outcome,
    d.had_community, d.age_place,
    CASE WHEN d.gender = 'Female' THEN 1 ELSE 0 END AS is_female,
    CASE WHEN d.gender = 'Male' THEN 1 ELSE 0 END AS is_male
FROM judged_discharges d
JOIN (SELECT DISTINCT p.la_code FROM persons p) a ON a.la_code = d.la_of_residence
UNION ALL
SELECT
    t.period, e.la_code, '1' AS part, e.person, e.record_id, e.start_date, e.end_date, 0 AS included, 0 AS counted,
    'no discharge before it' AS step, NULL AS outcome, 0 AS had_community, 0 AS age_place, 0 AS is_female, 0 AS is_male
FROM periods t
JOIN episodes e ON e.start_date BETWEEN t.period_start AND t.period_end
LEFT JOIN links k ON k.period = t.period AND k.la_code = e.la_code AND k.record_id = e.record_id
WHERE k.record_id IS NULL

-- cohort
-- The rows of both parts.
SELECT
    w.period, w.la_code, w.part, w.person, w.record_id, w.start_date, w.end_date, w.included, w.counted, w.step,
    w.outcome, NULL AS side, CAST(NULL AS BIGINT) AS amount,
    CASE WHEN w.age_place = 0 THEN 'Unknown' ELSE '65 and above' END AS age_band,
    NULL AS service_type, NULL AS setting,
    CASE w.age_place
        WHEN 1 THEN '65 to 74' WHEN 2 THEN '75 to 84' WHEN 3 THEN '85 and above' ELSE 'Unknown'
    END AS older_age_band,
    CASE WHEN w.is_female = 1 THEN 'Female' WHEN w.is_male = 1 THEN 'Male' ELSE 'Unknown' END AS sex,
    CASE WHEN w.had_community = 1 THEN 'Long-term community support' ELSE 'No long-term support' END AS support_before
FROM both_parts w
