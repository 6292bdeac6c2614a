/*
table: long_term_clients
title: People in long-term support on a period's last day
meaning: >-
  One row per period and person: the long-term support that is open on the last day, of several the highest package,
  and whether the person had any 12 months before. Adults, and people of unknown age.
uses: support_services
*/

-- step in_support
-- Long-term support that is open on the last day, the highest package first, and whether any was 12 months before.
SELECT
    t.period, t.period_end, s.la_code, s.person, s.record_id, s.start_date, s.end_date, s.birth_month, s.package_rank,
    max(CASE WHEN s.start_date <= t.period_end - 365 THEN 1 ELSE 0 END) OVER (
        PARTITION BY t.period, s.la_code, s.person
    ) AS a_year_before,
    row_number() OVER (
        PARTITION BY t.period, s.la_code, s.person
        ORDER BY CASE WHEN s.end_date < t.period_end THEN 1 ELSE 0 END, s.package_rank, s.start_date, s.record_id
    ) AS place
FROM support_services s
JOIN periods t ON s.start_date <= t.period_end AND (s.end_date IS NULL OR s.end_date >= t.period_end - 365)
WHERE s.package_rank <= 7
    AND (s.birth_month IS NULL OR s.birth_month + :days_to_18 <= t.period_end)

-- table
-- One row per person who is in support on the last day.
SELECT i.*
FROM in_support i
WHERE i.place = 1 AND (i.end_date IS NULL OR i.end_date >= i.period_end)
