/*
code: 2E
title: The proportion of people who receive long-term support who live in their home or with family
edition: ASCOF 2023-24 onwards
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: people
numerator: Those who live in their own home or with family, as far as the council knows
denominator: People of 18 and over who had long-term support on any day of the period
periods: year, quarter, rolling, year to date
parts:
  all: everyone with long-term support
  learning disability: those whose primary support reason is learning disability support, aged 18 to 64
groups:
  - age_band
  - age_band, gender
bands:
  learning disability: 18 to 64
side_counts:
  unknown accommodation: >-
    People whose accommodation is not known, or only presumed from their services; people of unknown age too
switches: prison, accommodation
meaning: >-
  Of the people with long-term support in the period, how many live in a home of their own or with family. There is no
  figure for both age bands together.
source: DHSC's published program for 2E (December 2025; June 2026); NHS England's of 2024
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Where someone lives is the latest that is known in all the council's data, later than the period too. Where nothing is
  known, services tell: home care without more counts as living at home, other community support does not. Unknown
  accommodation counts as not at home. People of unknown age are in no figure. Until 2023-24 the measure was about
  learning disability only (old 1G).
*/

-- step services
-- Long-term support of service users on any day of the period, and how far into the period it reaches.
SELECT
    t.period, t.period_start, e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.service_type,
    CASE WHEN e.end_date < t.period_end THEN e.end_date ELSE t.period_end END AS supported_until
FROM events e
JOIN periods t ON e.start_date <= t.period_end AND (e.end_date >= t.period_start OR e.end_date IS NULL)
WHERE e.event_type = 'Service'
    AND e.client_type = 'Service user'
    AND (
        e.service_type IN (
            'Long term support: Nursing care', 'Long term support: Residential care', 'Long term support: Community'
        )
        OR (e.service_type = 'Long term support: Prison' AND :prison_counts)
    )
    AND e.start_date <= :last_day
    AND (e.end_date >= :first_day OR e.end_date IS NULL)
    AND (e.end_date >= e.start_date OR e.end_date IS NULL)

-- step people
-- One row for each person: the service that reached furthest, whose last day in the period is that for the age.
SELECT
    s.*,
    row_number() OVER (
        PARTITION BY s.period, s.la_code, s.person
        ORDER BY s.supported_until DESC, s.start_date DESC, s.record_id DESC
    ) AS place
FROM services s

-- step aged
-- Adults, and people of unknown age, who did not die before the period.
SELECT
    s.*,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= s.supported_until THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    p.primary_support_reason, p.accommodation_status, p.settled
FROM people s
JOIN persons p ON p.la_code = s.la_code AND p.person = s.person
WHERE s.place = 1
    AND (p.birth_month IS NULL OR p.birth_month + :days_to_18 <= s.supported_until)
    AND (p.death_date IS NULL OR p.death_date >= s.period_start)

-- cohort
-- One row per person and part. Unknown age is in no figure.
SELECT
    a.period, a.la_code, q.part, a.person, a.record_id, a.start_date, a.end_date,
    CASE WHEN a.age_band = 'Unknown' THEN 0 ELSE 1 END AS included,
    CASE WHEN a.settled AND a.age_band <> 'Unknown' THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN a.age_band = 'Unknown' THEN 'age not known'
        WHEN a.settled THEN 'in their own home or with family'
        WHEN a.accommodation_status LIKE 'Unknown%' THEN 'accommodation not known'
        ELSE 'not in their own home or with family'
    END AS step,
    a.accommodation_status AS outcome,
    CASE WHEN a.accommodation_status LIKE 'Unknown%' THEN 'unknown accommodation' END AS side,
    CAST(NULL AS BIGINT) AS amount, a.age_band, a.service_type, NULL AS setting
FROM aged a
JOIN (SELECT 'all' AS part UNION ALL SELECT 'learning disability' AS part) q
    ON q.part = 'all' OR (a.primary_support_reason = 'Learning disability support' AND a.age_band = '18 to 64')
