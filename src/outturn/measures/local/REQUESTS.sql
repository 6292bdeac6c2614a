/*
code: REQUESTS
title: Requests for support, by route and what came of them
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: neutral
counts: requests
numerator: Requests for support completed in the period by people aged 18 and over
denominator: none
periods: month, quarter, year to date, rolling, year
groups:
  - total
  - age_band
  - route
  - result
  - route, result
dimensions: route, result
meaning: How often people asked the council for support, by which route they came, and what the request led to.
source: Client Level Data, event type Request
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  A request counts in the period in which it was completed, since one in progress is not in Client Level Data.
  Requests of people who are supported already count too, unlike in the old return STS001. Each request counts, so a
  person may count more than once; those of unpaid carers for themselves are not here.
*/

-- cohort
-- One row per request.
SELECT
    t.period, e.la_code, NULL AS part, e.person, e.record_id, e.start_date, e.end_date,
    1 AS included, 1 AS counted, 'completed in the period' AS step,
    e.event_outcome AS outcome, NULL AS side, CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= e.end_date THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    NULL AS service_type, NULL AS setting,
    COALESCE(e.request_route_of_access, 'Not recorded') AS route,
    COALESCE(e.event_outcome, 'Not recorded') AS result
FROM events e
JOIN persons p ON p.la_code = e.la_code AND p.person = e.person
JOIN periods t ON e.end_date BETWEEN t.period_start AND t.period_end
WHERE e.event_type = 'Request'
    AND e.client_type = 'Service user'
    AND e.end_date BETWEEN :first_day AND :last_day
    AND e.end_date >= e.start_date
    AND (p.birth_month IS NULL OR p.birth_month + :days_to_18 <= e.end_date)
