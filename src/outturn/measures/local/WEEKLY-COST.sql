/*
code: WEEKLY-COST
title: What services cost in a week
edition: Outturn 2026
kind: sum
unit: £
decimals: 0
polarity: neutral
counts: services
numerator: The weekly cost of services open on the last day, to people aged 18 and over
denominator: none
periods: snapshot
groups:
  - total
  - age_band
  - service_type
divisor: 520000
needs: costs
side_counts:
  cost not recorded: Open services whose unit cost, or the units a week it needs, is blank or nought
  one-off cost: Open services with a cost that is paid once
meaning: What a week of all the services open on a day costs, by type of service.
source: >-
  The weekly conversion of the Department of Health and Social Care's dashboard: a weekly cost counts once, a
  fortnightly one by a half, a 4-weekly one by a quarter, a monthly one by 12/52, a quarterly one by 4/52, a yearly
  one by 1/52; hourly, daily and other costs by the planned units a week
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Costs are kept only in the table of a single submission, the one that covers the twelve months. The dashboard takes
  every service that touches the last quarter and counts one-off costs once; here it is the services open on one day,
  and a one-off cost has no week. Amounts in the case list are in pence times 5,200 (52 weeks, and hundredths of a
  unit), so that nothing is rounded before the end. Signs are ignored, as in the dashboard.
*/

-- step open_services
-- Services open on the last day. Signs are ignored.
SELECT
    t.period, t.period_end, c.la_code, c.person, c.record_id, c.start_date, c.end_date, c.service_type,
    c.event_outcome, c.cost_frequency_unit_type AS frequency, p.birth_month,
    CASE WHEN c.unit_cost < 0 THEN -c.unit_cost ELSE c.unit_cost END AS cost,
    CASE WHEN c.planned_units_per_week < 0 THEN -c.planned_units_per_week ELSE c.planned_units_per_week END AS planned
FROM costs c
JOIN periods t ON t.period = c.period
JOIN persons p ON p.la_code = c.la_code AND p.person = c.person
WHERE c.event_type = 'Service'
    AND c.start_date <= t.period_end
    AND (c.end_date IS NULL OR c.end_date >= t.period_end)
    AND (p.death_date IS NULL OR p.death_date >= t.period_end)
    AND (p.birth_month IS NULL OR p.birth_month + :days_to_18 <= t.period_end)

-- step priced
-- The cost in pence, and the units a week in 5,200ths.
SELECT
    s.*,
    CAST(s.cost * 100 AS BIGINT) AS pence,
    CASE s.frequency
        WHEN 'Weekly' THEN 5200
        WHEN 'Fortnightly' THEN 2600
        WHEN '4-weekly' THEN 1300
        WHEN 'Monthly' THEN 1200
        WHEN 'Quarterly' THEN 400
        WHEN 'Annually' THEN 100
        WHEN 'One-off' THEN 0
        ELSE 52 * CAST(s.planned * 100 AS BIGINT)
    END AS units
FROM open_services s

-- cohort
-- One row per open service.
SELECT
    c.period, c.la_code, NULL AS part, c.person, c.record_id, c.start_date, c.end_date,
    CASE WHEN c.pence * c.units > 0 THEN 1 ELSE 0 END AS included,
    CASE WHEN c.pence * c.units > 0 THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN c.pence * c.units > 0 THEN 'weekly cost'
        WHEN c.frequency = 'One-off' THEN 'one-off cost'
        ELSE 'cost not recorded'
    END AS step,
    c.event_outcome AS outcome,
    CASE
        WHEN c.pence * c.units > 0 THEN NULL
        WHEN c.frequency = 'One-off' THEN 'one-off cost'
        ELSE 'cost not recorded'
    END AS side,
    COALESCE(c.pence * c.units, 0) AS amount,
    CASE
        WHEN c.birth_month IS NULL THEN 'Unknown'
        WHEN c.birth_month + :days_to_65 <= c.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    c.service_type, NULL AS setting
FROM priced c
