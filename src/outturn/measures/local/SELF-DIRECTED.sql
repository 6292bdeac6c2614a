/*
code: SELF-DIRECTED
title: People supported in the community who direct their own support
edition: Outturn 2026
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: people
numerator: Of those people, the ones with the kind of support that the part names
denominator: >-
  People aged 18 and over whose long-term support is in the community; for the part in the community, everyone with
  long-term support
periods: snapshot, month, quarter, year to date, rolling, year
parts:
  self-directed support: a direct payment, or a personal budget that the council manages
  direct payments: a direct payment
  in the community: supported in the community, out of everyone with long-term support
groups:
  - total
  - age_band
uses: packages, support_services
side_counts:
  delivery not recorded: People supported in the community for whom no delivery mechanism is recorded
serves: york/PVP01, leeds/SELF-DIRECTED
meaning: >-
  How many people supported in the community, out of every 100, have a direct payment or a personal budget.
source: ASCOF 3D, parts 1a and 2a, on any day instead of the last of the year
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  On 31 March this is ASCOF 3D, clients. Over a longer period it takes everyone with such support on some day of it,
  as national indicator NI130 did, which York's and Leeds' measures grew out of. Someone with a care home place too
  counts as in the care home. Where the delivery mechanism is not recorded the person stays in the denominator. Leeds
  counted unpaid carers as well: their share is ASCOF 3D, parts 1b and 2b. Someone with several services counts by the
  one that gives them most control.
*/

-- step running
-- Long-term services that ran on some day of the period, the highest package first.
SELECT
    t.period, t.period_end, s.la_code, s.person, s.record_id, s.start_date, s.end_date, s.birth_month, s.package_rank,
    row_number() OVER (
        PARTITION BY t.period, s.la_code, s.person ORDER BY s.package_rank, s.start_date, s.record_id
    ) AS place
FROM support_services s
JOIN periods t ON s.start_date <= t.period_end AND (s.end_date IS NULL OR s.end_date >= t.period_start)
WHERE s.package_rank <= 7
    AND (s.birth_month IS NULL OR s.birth_month + :days_to_18 <= t.period_end)

-- step parts
-- By the rank of packages: the ranks among which each part counts, and those it counts out of.
SELECT 'self-directed support' AS part, 3 AS counted_from, 4 AS counted_to, 3 AS out_of_from, 6 AS out_of_to
UNION ALL SELECT 'direct payments', 3, 3, 3, 6
UNION ALL SELECT 'in the community', 3, 6, 1, 7

-- cohort
-- One row per person and part.
SELECT
    d.period, d.la_code, q.part, d.person, d.record_id, d.start_date, d.end_date,
    CASE WHEN d.package_rank BETWEEN q.out_of_from AND q.out_of_to THEN 1 ELSE 0 END AS included,
    CASE WHEN d.package_rank BETWEEN q.counted_from AND q.counted_to THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN d.package_rank BETWEEN q.counted_from AND q.counted_to THEN q.part
        WHEN d.package_rank BETWEEN q.out_of_from AND q.out_of_to THEN 'other support'
        ELSE 'not in the community'
    END AS step,
    k.package AS outcome,
    CASE WHEN d.package_rank = 6 THEN 'delivery not recorded' END AS side,
    CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN d.birth_month IS NULL THEN 'Unknown'
        WHEN d.birth_month + :days_to_65 <= d.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    k.service_type, k.setting
FROM running d
JOIN packages k ON k.package_rank = d.package_rank
CROSS JOIN parts q
WHERE d.place = 1
