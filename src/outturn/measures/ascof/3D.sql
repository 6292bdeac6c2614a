/*
code: 3D
title: The proportion of people who use services who receive direct payments
edition: ASCOF 2023-24 onwards
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: people
numerator: >-
  Those with a direct payment (2a, 2b), or with a direct payment or a personal budget managed by the council (1a, 1b)
denominator: >-
  1a, 2a: people whose long-term support on the period's last day is in the community. 1b, 2b: carers who in the period
  had support of their own by direct payment, managed personal budget or commissioned service
periods: year, quarter, rolling, year to date
parts:
  1a: clients, self-directed support
  1b: carers, self-directed support
  2a: clients, direct payments
  2b: carers, direct payments
groups:
  - total
  - age_band
side_counts:
  unknown mechanism: >-
    People with support in the community, or carers with support of their own, of which it is not known how it was
    provided. Clients are in the denominator, carers are not
  uncategorised carers: Carers left out because none of their records says what kind of support it was
switches: blank_carer_component
meaning: >-
  How many of the people supported in the community, and of the carers supported themselves, arrange that support with
  a direct payment, or have a personal budget.
source: DHSC's published program for 3D (December 2025; June 2026); NHS England's of 2024
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Clients are looked at on the period's last day, carers over the whole period. Who has several kinds of support counts
  once, for the first of: care home, direct payment, managed personal budget, commissioned, unknown, and others. So
  someone with a part direct payment counts as having one. A component of Direct payment makes any community service
  one. People of unknown age are in the total only.
*/

-- step support
-- Clients: long-term support that is open on the last day. Carers: services for carers in the period, assessments and
-- reviews without a service, and advice given.
SELECT
    t.period, t.period_start, t.period_end, e.la_code, e.person, e.record_id, e.start_date, e.end_date,
    e.event_type, e.service_type, e.service_component,
    CASE WHEN e.client_type = 'Service user' THEN 'clients' ELSE 'carers' END AS whose,
    CASE WHEN e.service_component = 'Direct payment' THEN 'Direct payment' ELSE e.delivery_mechanism END AS mechanism
FROM events e
JOIN periods t
    ON e.start_date <= t.period_end
    AND (
        e.end_date IS NULL
        OR e.end_date >= CASE WHEN e.client_type = 'Service user' THEN t.period_end ELSE t.period_start END
    )
WHERE e.start_date <= :last_day
    AND (e.end_date >= :first_day OR e.end_date IS NULL)
    AND (e.end_date >= e.start_date OR e.end_date IS NULL)
    AND (
        (
            e.client_type = 'Service user'
            AND e.service_type IN (
                'Long term support: Nursing care', 'Long term support: Residential care',
                'Long term support: Community', 'Long term support: Prison'
            )
        )
        OR (
            e.client_type IN ('Unpaid carer', 'Unpaid carer known by association')
            AND (
                e.service_type IN (
                    'Unpaid carer support: Direct to unpaid carer',
                    'Unpaid carer support: Support involving the person cared-for'
                )
                OR (e.service_type IS NULL AND e.event_type IN ('Assessment', 'Review'))
                OR (e.service_type IS NULL AND e.event_outcome = 'NFA: Information and advice or signposting')
            )
        )
    )

-- step ranked
-- 1 nursing home, 2 residential home, 3 direct payment, 4 managed personal budget, 5 commissioned, 6 not known how,
-- 7 other support, 8 no kind.
-- In the national program a carer's service with a blank component is of no kind, unless paid for directly.
SELECT
    s.*,
    CASE
        WHEN s.service_type = 'Long term support: Nursing care' THEN 1
        WHEN s.service_type = 'Long term support: Residential care' THEN 2
        WHEN s.service_type = 'Long term support: Community' OR (
            s.service_type = 'Unpaid carer support: Direct to unpaid carer'
            AND (s.mechanism = 'Direct payment' OR s.service_component IS NOT NULL OR :blank_carer_component_counts)
        ) THEN CASE s.mechanism
            WHEN 'Direct payment' THEN 3
            WHEN 'CASSR managed personal budget' THEN 4
            WHEN 'CASSR commissioned support' THEN 5
            ELSE 6
        END
        WHEN s.whose = 'clients'
            OR s.service_type = 'Unpaid carer support: Support involving the person cared-for'
            OR s.event_type IN ('Request', 'Assessment', 'Review') THEN 7
        ELSE 8
    END AS kind
FROM support s

-- step first_kind
-- Of a person's several kinds the first counts.
SELECT
    r.*,
    row_number() OVER (
        PARTITION BY r.period, r.whose, r.la_code, r.person ORDER BY r.kind, r.start_date DESC, r.record_id DESC
    ) AS place
FROM ranked r

-- step aged
-- Adults on the period's last day, and people of unknown age. Clients were alive on that day, carers when it began.
SELECT
    r.*,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= r.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band
FROM first_kind r
JOIN persons p ON p.la_code = r.la_code AND p.person = r.person
WHERE r.place = 1
    AND (p.birth_month IS NULL OR p.birth_month + :days_to_18 <= r.period_end)
    AND (
        p.death_date IS NULL
        OR p.death_date >= CASE WHEN r.whose = 'clients' THEN r.period_end ELSE r.period_start END
    )

-- cohort
-- One row per person and part. Unknown ways of providing support are in the denominator of clients only.
SELECT
    a.period, a.la_code, q.part, a.person, a.record_id, a.start_date, a.end_date,
    CASE WHEN a.kind BETWEEN 3 AND q.last_included THEN 1 ELSE 0 END AS included,
    CASE WHEN a.kind BETWEEN 3 AND q.last_counted THEN 1 ELSE 0 END AS counted,
    CASE a.kind
        WHEN 1 THEN 'in a nursing home'
        WHEN 2 THEN 'in a residential home'
        WHEN 3 THEN 'direct payment'
        WHEN 4 THEN 'managed personal budget'
        WHEN 5 THEN 'commissioned support'
        WHEN 6 THEN 'not known how support is provided'
        WHEN 7 THEN CASE WHEN a.whose = 'clients' THEN 'support in prison' ELSE 'no support of their own' END
        ELSE 'no kind of support'
    END AS step,
    a.mechanism AS outcome,
    CASE a.kind WHEN 6 THEN 'unknown mechanism' WHEN 8 THEN 'uncategorised carers' END AS side,
    CAST(NULL AS BIGINT) AS amount, a.age_band, a.service_type, NULL AS setting
FROM aged a
JOIN (
    SELECT '1a' AS part, 'clients' AS whose, 4 AS last_counted, 6 AS last_included
    UNION ALL SELECT '2a', 'clients', 3, 6
    UNION ALL SELECT '1b', 'carers', 4, 5
    UNION ALL SELECT '2b', 'carers', 3, 5
) q ON q.whose = a.whose
