/*
code: BED-WEEKS
title: Weeks of residential and nursing care for people aged 65 and over
edition: Outturn 2026
kind: sum
unit: weeks
decimals: 0
polarity: lower
counts: stays
numerator: >-
  Days in the period that people aged 65 and over spent in long-term care homes with the council's support, over 7
denominator: none
periods: month, quarter, year to date, rolling, year
groups:
  - total
  - setting
divisor: 7
uses: packages, support_services
side_counts:
  birth date not known: Stays of people whose age is not known, who are left out
serves: leeds/BED-WEEKS
meaning: How many weeks of care home care older people had with the council's support.
source: Our reading of Leeds' measure of 2012/13, whose own definition is not public
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  The first and the last day of a stay both count, so that the months of a year add up to it. A day counts once for
  each person, whatever number of services covers it: for the one that began first. Days before the 65th birthday do
  not count. Long-term care only: a short stay is another service type. Left out is who pays in full, where the
  service says so (client funding status). Finance pays by its own rules for the last day and for beds kept free, so
  its weeks differ by about a day a stay. The estimate for the year's end is made from this figure.
*/

-- step stays
-- Long-term care home services, with the latest day covered by those that began before. Payers in full stand apart.
SELECT
    s.la_code, s.person, s.record_id, s.start_date, s.end_date, s.birth_month, s.package_rank, s.pays_in_full,
    COALESCE(s.end_date, DATE '9999-01-01') AS last_day,
    max(COALESCE(s.end_date, DATE '9999-01-01')) OVER (
        PARTITION BY s.la_code, s.person, s.pays_in_full ORDER BY s.start_date, s.record_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS covered_to
FROM support_services s
WHERE s.package_rank <= 2

-- step from_days
-- The first day that counts for a stay: the day after those already covered, and not before the 65th birthday.
SELECT
    s.*,
    CASE
        WHEN s.birth_month + :days_to_65 > s.start_date
            AND (s.covered_to IS NULL OR s.birth_month + :days_to_65 > s.covered_to) THEN s.birth_month + :days_to_65
        WHEN s.covered_to >= s.start_date THEN s.covered_to + 1
        ELSE s.start_date
    END AS first_day
FROM stays s

-- step in_period
-- Stays that ran in the period, from and to the days of it that count. Before 65 there is nothing to count.
SELECT
    t.period, s.*,
    CASE WHEN s.first_day < t.period_start THEN t.period_start ELSE s.first_day END AS from_day,
    CASE WHEN s.last_day > t.period_end THEN t.period_end ELSE s.last_day END AS to_day
FROM from_days s
JOIN periods t ON s.start_date <= t.period_end AND s.last_day >= t.period_start
WHERE s.birth_month IS NULL
    OR (s.birth_month + :days_to_65 <= t.period_end AND s.birth_month + :days_to_65 <= s.last_day)

-- cohort
-- One row per stay, with its days in the period.
SELECT
    s.period, s.la_code, NULL AS part, s.person, s.record_id, s.start_date, s.end_date,
    CASE WHEN s.birth_month IS NOT NULL AND s.pays_in_full = 0 AND s.from_day <= s.to_day THEN 1 ELSE 0 END AS included,
    CASE WHEN s.birth_month IS NOT NULL AND s.pays_in_full = 0 AND s.from_day <= s.to_day THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN s.birth_month IS NULL THEN 'birth date not known'
        WHEN s.pays_in_full = 1 THEN 'pays in full'
        WHEN s.from_day > s.to_day THEN 'days counted in another stay'
        ELSE 'days in the period'
    END AS step,
    NULL AS outcome,
    CASE WHEN s.birth_month IS NULL THEN 'birth date not known' END AS side,
    CAST(CASE WHEN s.from_day <= s.to_day THEN days_between(s.from_day, s.to_day) + 1 ELSE 0 END AS BIGINT) AS amount,
    CASE WHEN s.birth_month IS NULL THEN 'Unknown' ELSE '65 and above' END AS age_band,
    k.service_type, k.setting
FROM in_period s
JOIN packages k ON k.package_rank = s.package_rank
