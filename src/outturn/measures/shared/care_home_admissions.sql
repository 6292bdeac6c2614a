/*
table: care_home_admissions
title: Admissions to care homes
meaning: >-
  For each person and day one row: the day on which long-term support in a residential or nursing home began, with what
  was known of earlier stays. Rows that cannot be an admission are kept and say so in `side`.
switches: blank_home_component, self_funded_stays
*/

-- step care_home_services
-- Long-term residential and nursing services of service users, save those whose component is another kind of service.
-- In the national program a blank component cannot be told from another kind and does not make a stay.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.service_type, e.event_outcome,
    COALESCE(e.end_date, DATE '9999-12-31') AS until_day,
    CASE
        WHEN e.service_component IS NULL AND NOT :blank_home_component_counts THEN 3  -- neither stay nor admission
        WHEN e.event_outcome = 'NFA: Self-funded client or under 12wk disregard' THEN 2  -- a stay, but no admission
        ELSE 1
    END AS what
FROM events e
WHERE e.event_type = 'Service'
    AND e.client_type = 'Service user'
    AND e.service_type IN ('Long term support: Residential care', 'Long term support: Nursing care')
    AND (e.service_component IN ('Long term residential care', 'Long term nursing care') OR e.service_component IS NULL)
    AND e.start_date <= :last_day

-- step days
-- Of services that began on one day one speaks for it: an admission before others, then the one that lasted longest.
-- `stayed_until` is the end of the last stay that began that day.
SELECT
    s.*,
    row_number() OVER (
        PARTITION BY s.la_code, s.person, s.start_date ORDER BY s.what, s.until_day DESC, s.record_id DESC
    ) AS place,
    max(CASE WHEN s.what = 1 OR (s.what = 2 AND NOT :self_funded_stays_removed) THEN s.until_day END)
        OVER (PARTITION BY s.la_code, s.person, s.start_date) AS stayed_until
FROM care_home_services s

-- table
-- Each day with the latest end of the stays that began before it, and the first day of any stay.
SELECT
    d.la_code, d.person, d.record_id, d.start_date, d.end_date, d.until_day, d.service_type, d.event_outcome,
    p.birth_month, p.death_date,
    CASE
        WHEN p.birth_month IS NULL THEN 'unknown birth date'
        WHEN d.what = 2 THEN 'self-funder'
        WHEN d.what = 3 THEN 'blank component'
    END AS side,
    max(d.stayed_until) OVER (
        PARTITION BY d.la_code, d.person ORDER BY d.start_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS earlier_until,
    min(CASE WHEN d.stayed_until IS NOT NULL THEN d.start_date END) OVER (PARTITION BY d.la_code, d.person)
        AS first_stay
FROM days d
JOIN persons p ON p.la_code = d.la_code AND p.person = d.person
WHERE d.place = 1
