/*
table: requested_assessments
title: Assessments of service users, each with the request that led to it
meaning: >-
  Assessments completed in the periods asked about or the two years before them. The request that led to an assessment
  is the latest that began on or before the assessment's first day, and less than a year before it, and did not end
  with no further action or in hospital.
*/

-- step assessments
-- An assessment that ends before it starts is left out.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.assessment_type, e.event_outcome,
    e.occupational_therapy
FROM events e
WHERE e.event_type = 'Assessment'
    AND e.client_type = 'Service user'
    AND e.end_date BETWEEN :first_day - 730 AND :last_day
    AND e.end_date >= e.start_date

-- step requests
-- Requests that could lead to an assessment. A blank outcome does not rule one out.
SELECT e.la_code, e.person, e.record_id, e.start_date, e.event_outcome
FROM events e
WHERE e.event_type = 'Request'
    AND e.client_type = 'Service user'
    AND e.start_date <= :last_day
    AND e.end_date >= :first_day - 1095
    AND (e.event_outcome IS NULL
        OR (e.event_outcome NOT LIKE 'NFA:%' AND e.event_outcome <> 'Admitted to hospital'))

-- step pairs
-- Each assessment with every request that may have led to it, the latest first.
SELECT
    a.la_code, a.record_id,
    r.record_id AS request, r.start_date AS requested, r.event_outcome AS request_outcome,
    row_number() OVER (
        PARTITION BY a.la_code, a.record_id ORDER BY r.start_date DESC, r.record_id DESC
    ) AS place
FROM assessments a
JOIN requests r ON r.la_code = a.la_code AND r.person = a.person
WHERE r.start_date <= a.start_date AND r.start_date > a.start_date - 365

-- table
-- Assessments that no request led to stay, without one.
SELECT
    a.la_code, a.person, a.record_id, a.start_date, a.end_date, a.assessment_type, a.event_outcome,
    a.occupational_therapy,
    b.request, b.requested, b.request_outcome, p.birth_month
FROM assessments a
JOIN persons p ON p.la_code = a.la_code AND p.person = a.person
LEFT JOIN pairs b ON b.la_code = a.la_code AND b.record_id = a.record_id AND b.place = 1
