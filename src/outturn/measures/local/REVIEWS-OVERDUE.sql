/*
code: REVIEWS-OVERDUE
title: People in long-term support whose review is overdue
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: lower
counts: people
numerator: >-
  People aged 18 and over in long-term support on the last day, and 12 months before as well, without a review
  completed in the 12 months to the last day
denominator: none
periods: snapshot
groups:
  - total
  - age_band
  - setting
  - last_review
dimensions: last_review
uses: packages, long_term_clients
meaning: How many people have had lasting support for a year or more and no review of it within the last year.
source: The Care Act 2014, section 27, and its guidance, which expect a review at least every 12 months
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  The people in REVIEWED who were not reviewed. The amount in the case list is the days since the last review on
  record: the records begin with the first submission, so an older review cannot be seen.
*/

-- step last_reviews
-- The latest review that each person had by the last day.
SELECT t.period, e.la_code, e.person, max(e.end_date) AS reviewed
FROM events e
JOIN periods t ON e.end_date <= t.period_end
WHERE e.event_type = 'Review' AND e.client_type = 'Service user' AND e.end_date <= :last_day
GROUP BY t.period, e.la_code, e.person

-- cohort
-- One row per person in support for 12 months; its dates are those of the support and of the last review.
SELECT
    p.period, p.la_code, NULL AS part, p.person, p.record_id, p.start_date, l.reviewed AS end_date,
    CASE WHEN l.reviewed > p.period_end - 365 THEN 0 ELSE 1 END AS included,
    CASE WHEN l.reviewed > p.period_end - 365 THEN 0 ELSE 1 END AS counted,
    CASE
        WHEN l.reviewed > p.period_end - 365 THEN 'reviewed in the last 12 months'
        WHEN l.reviewed IS NULL THEN 'no review on record'
        ELSE 'last review is too long ago'
    END AS step,
    NULL AS outcome, NULL AS side,
    CAST(days_between(l.reviewed, p.period_end) AS BIGINT) AS amount,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= p.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    k.service_type, k.setting,
    CASE
        WHEN l.reviewed IS NULL THEN 'none on record'
        WHEN l.reviewed > p.period_end - 365 THEN 'less than 12 months ago'
        WHEN l.reviewed > p.period_end - 730 THEN '12 to 24 months ago'
        ELSE 'more than 24 months ago'
    END AS last_review
FROM long_term_clients p
JOIN packages k ON k.package_rank = p.package_rank
LEFT JOIN last_reviews l ON l.period = p.period AND l.la_code = p.la_code AND l.person = p.person
WHERE p.a_year_before = 1
