/*
code: WAITING
title: Days that new clients wait for an assessment or a service
edition: Outturn 2026
kind: median
unit: days
decimals: 1
polarity: lower
counts: requests
numerator: The median of the days from the request's first day to the first day of what came of it
denominator: none
periods: month, quarter, year to date, rolling, year
parts:
  to assessment or service: until the first assessment or service, whichever comes first
  to service: until the first service
groups:
  - total
  - age_band
side_counts:
  still waiting: Requests after which nothing had begun by the end of the data
  birth date not known: Requests by people whose age is not known, who are left out
meaning: Half of the people who ask for help for the first time in a while wait longer than this, and half less.
source: >-
  The waiting times that the Department of Health and Social Care works out from Client Level Data, provisional and
  not part of ASCOF, as far as they are described
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Requests that began in the period, by people aged 25 and over who had no long-term support in the 12 months before
  (365 days) and neither reablement nor other short-term support in the 3 months before (91 days), and that did not
  end with no further action or in hospital. Not described, and decided here: the clock starts on the request's first
  day, and something that begins that day is a wait of 0 days; ongoing low level support, such as an alarm, does not
  make someone a client already; each request has its own wait. People still waiting are not in the median, so the
  latest figures are lower than they will become: read them beside the side count. Assessments reach Client Level Data
  when they are completed, so one that goes on is not yet seen.
*/

-- step requests
-- Requests that began in the time asked about and asked for more than advice, of people old enough or of unknown age.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.event_outcome, p.birth_month
FROM events e
JOIN persons p ON p.la_code = e.la_code AND p.person = e.person
WHERE e.event_type = 'Request'
    AND e.client_type = 'Service user'
    AND e.start_date BETWEEN :first_day AND :last_day
    AND e.end_date >= e.start_date
    AND (e.event_outcome IS NULL
        OR (e.event_outcome NOT LIKE 'NFA:%' AND e.event_outcome <> 'Admitted to hospital'))
    AND (p.birth_month IS NULL OR p.birth_month + :days_to_25 <= e.start_date)

-- step helped
-- The assessments and services of those who asked, which tell of an earlier client or of the end of a wait.
SELECT r.la_code, r.record_id, r.start_date AS requested, h.event_type, h.service_type, h.start_date, h.end_date
FROM requests r
JOIN events h ON h.la_code = r.la_code AND h.person = r.person
WHERE h.event_type IN ('Assessment', 'Service')
    AND h.client_type = 'Service user'
    AND (h.end_date IS NULL OR (h.end_date >= h.start_date AND h.end_date > r.start_date - 365))

-- step waits
-- For each request what came first, and whether the person was a client already: by support that began before it and
-- was still open, or had ended fewer than so many days before.
SELECT
    h.la_code, h.record_id,
    min(CASE WHEN h.start_date >= h.requested THEN h.start_date END) AS first_help,
    min(CASE WHEN h.start_date >= h.requested AND h.event_type = 'Service' THEN h.start_date END) AS first_service,
    max(CASE
        WHEN h.event_type <> 'Service' OR h.start_date >= h.requested THEN 0
        WHEN h.service_type LIKE 'Long term support:%' THEN 1
        WHEN h.service_type IN ('Short term support: ST-Max', 'Short term support: Other short term')
            AND (h.end_date IS NULL OR h.end_date > h.requested - 91) THEN 1
        ELSE 0
    END) AS client_already
FROM helped h
GROUP BY h.la_code, h.record_id

-- step parts
-- Each request stands in both parts.
SELECT 'to assessment or service' AS part
UNION ALL SELECT 'to service'

-- step ends
-- When the wait ended in each part. Who had neither an assessment nor a service was no client either.
SELECT
    r.*, q.part,
    CASE q.part WHEN 'to service' THEN w.first_service ELSE w.first_help END AS ended,
    COALESCE(w.client_already, 0) AS client_already
FROM requests r
CROSS JOIN parts q
LEFT JOIN waits w ON w.la_code = r.la_code AND w.record_id = r.record_id

-- cohort
-- One row per request and part, with the days waited.
SELECT
    t.period, r.la_code, r.part, r.person, r.record_id, r.start_date, r.ended AS end_date,
    CASE WHEN r.birth_month IS NOT NULL AND r.client_already = 0 AND r.ended IS NOT NULL THEN 1 ELSE 0 END AS included,
    CASE WHEN r.birth_month IS NOT NULL AND r.client_already = 0 AND r.ended IS NOT NULL THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN r.birth_month IS NULL THEN 'birth date not known'
        WHEN r.client_already = 1 THEN 'supported already'
        WHEN r.ended IS NULL THEN 'still waiting'
        ELSE 'wait ended'
    END AS step,
    r.event_outcome AS outcome,
    CASE
        WHEN r.birth_month IS NULL THEN 'birth date not known'
        WHEN r.client_already = 0 AND r.ended IS NULL THEN 'still waiting'
    END AS side,
    CAST(days_between(r.start_date, r.ended) AS BIGINT) AS amount,
    CASE
        WHEN r.birth_month IS NULL THEN 'Unknown'
        WHEN r.birth_month + :days_to_65 <= r.start_date THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    NULL AS service_type, NULL AS setting
FROM ends r
JOIN periods t ON r.start_date BETWEEN t.period_start AND t.period_end
