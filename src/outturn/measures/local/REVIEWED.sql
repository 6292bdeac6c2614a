/*
code: REVIEWED
title: People in long-term support who were reviewed in the last 12 months
edition: Outturn 2026
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: people
numerator: Of those people, the ones with a review completed in the 12 months to the last day
denominator: >-
  People aged 18 and over in long-term support on the last day who were in long-term support 12 months before as well
periods: snapshot
groups:
  - total
  - age_band
  - setting
uses: packages, long_term_clients
side_counts:
  assessed again: People without a review who had an assessment completed in those 12 months
meaning: >-
  How many people with lasting support, out of every 100, had it looked at again within a year, as the Care Act
  expects.
source: The Care Act 2014, section 27, and its guidance, which expect a review at least every 12 months
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  12 months are 365 days, and the last day belongs to them. Support in care homes, in the community and in prison
  counts, and a gap in between, such as a stay in hospital, does not matter. Planned and unplanned reviews count
  alike, and so would a review of short-term support, since the prepared tables do not tell them apart. A new
  assessment is no review: it is a side count, because councils differ in what they record. The rest of the
  denominator is REVIEWS-OVERDUE.
*/

-- step looked_at
-- The latest review and the latest assessment that each person had in the 12 months.
SELECT
    t.period, e.la_code, e.person,
    max(CASE WHEN e.event_type = 'Review' THEN e.end_date END) AS reviewed,
    max(CASE WHEN e.event_type = 'Assessment' THEN e.end_date END) AS assessed
FROM events e
JOIN periods t ON e.end_date <= t.period_end AND e.end_date > t.period_end - 365
WHERE e.event_type IN ('Review', 'Assessment')
    AND e.client_type = 'Service user'
    AND e.end_date > :first_day - 365
    AND e.end_date <= :last_day
GROUP BY t.period, e.la_code, e.person

-- cohort
-- One row per person in long-term support on the last day; its dates are those of the support and of the review.
SELECT
    p.period, p.la_code, NULL AS part, p.person, p.record_id, p.start_date, l.reviewed AS end_date,
    p.a_year_before AS included,
    CASE WHEN l.reviewed IS NOT NULL THEN p.a_year_before ELSE 0 END AS counted,
    CASE
        WHEN p.a_year_before = 0 THEN 'in support for less than 12 months'
        WHEN l.reviewed IS NOT NULL THEN 'reviewed'
        ELSE 'not reviewed'
    END AS step,
    NULL AS outcome,
    CASE WHEN p.a_year_before = 1 AND l.reviewed IS NULL AND l.assessed IS NOT NULL THEN 'assessed again' END AS side,
    CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= p.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    k.service_type, k.setting
FROM long_term_clients p
JOIN packages k ON k.package_rank = p.package_rank
LEFT JOIN looked_at l ON l.period = p.period AND l.la_code = p.la_code AND l.person = p.person
