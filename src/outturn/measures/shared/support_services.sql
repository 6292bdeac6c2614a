/*
table: support_services
title: Services to service users, each with the rank of its package
meaning: >-
  Services that ran on some day of the periods asked about, of the year before them or of the week after. A service
  ends, at the latest, on the day the person died.
switches: sequel_days
notes: The ranks are those of the table packages.
*/

-- step ranked
-- A direct payment may be recorded as the service component or as the delivery mechanism. A service that ends before
-- it starts is left out.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date,
    CASE
        WHEN e.service_type = 'Long term support: Nursing care' THEN 1
        WHEN e.service_type = 'Long term support: Residential care' THEN 2
        WHEN e.service_type = 'Long term support: Community' THEN
            CASE
                WHEN e.service_component = 'Direct payment' OR e.delivery_mechanism = 'Direct payment' THEN 3
                WHEN e.delivery_mechanism = 'CASSR managed personal budget' THEN 4
                WHEN e.delivery_mechanism = 'CASSR commissioned support' THEN 5
                ELSE 6
            END
        WHEN e.service_type = 'Long term support: Prison' THEN 7
        WHEN e.service_type = 'Short term support: ST-Max' THEN 8
        WHEN e.service_type = 'Short term support: Other short term'
            AND e.service_component IN ('Short term residential care', 'Short term nursing care') THEN 9
        WHEN e.service_type = 'Short term support: Ongoing low level' THEN 10
        WHEN e.service_type = 'Short term support: Other short term' THEN 11
    END AS package_rank,
    CASE WHEN e.client_funding_status = 'Fully client funded' THEN 1 ELSE 0 END AS pays_in_full
FROM events e
WHERE e.event_type = 'Service'
    AND e.client_type = 'Service user'
    AND e.start_date <= :last_day + :sequel_days
    AND (e.end_date IS NULL OR e.end_date >= e.start_date)
    AND (e.end_date IS NULL OR e.end_date >= :first_day - 365)

-- table
-- The person's date of death may come from another row than the service's own.
SELECT
    r.la_code, r.person, r.record_id, r.start_date,
    CASE WHEN r.end_date IS NULL OR p.death_date < r.end_date THEN p.death_date ELSE r.end_date END AS end_date,
    r.package_rank, r.pays_in_full, p.birth_month
FROM ranked r
JOIN persons p ON p.la_code = r.la_code AND p.person = r.person
WHERE r.package_rank IS NOT NULL
    AND (p.death_date IS NULL OR p.death_date >= r.start_date)
