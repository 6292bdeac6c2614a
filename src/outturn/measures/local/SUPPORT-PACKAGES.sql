/*
code: SUPPORT-PACKAGES
title: People supported by the council, by type of package
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: neutral
counts: people
numerator: People aged 18 and over with a service, each counted once, under the package that ranks highest
denominator: none
periods: snapshot, month, quarter, year to date, rolling, year
parts:
  any support: everyone with a service
  living independently: people whose package is long-term support in the community, or reablement
groups:
  - total
  - age_band
  - package
dimensions: package
uses: packages, support_services
serves: york/PVP08
meaning: >-
  How many people the council supports on a day (or on any day of a longer period), and by what kind of package.
source: Our reading of York's PVP08, whose own definition is not public. The order of packages is that of ASCOF 3D.
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  York counts people supported to live independently through packages of care. That is the second part here: neither a
  care home nor prison, nor a lighter service alone, which is prevention (see PREVENTION). So nobody is counted both
  there and here. A service that ends on a day still counts on that day. People whose age is not known are counted;
  those under 18 are not.
*/

-- step running
-- The services that ran on some day of the period, the package that ranks highest first.
SELECT
    t.period, t.period_end, s.la_code, s.person, s.record_id, s.start_date, s.end_date, s.birth_month, s.package_rank,
    row_number() OVER (
        PARTITION BY t.period, s.la_code, s.person ORDER BY s.package_rank, s.start_date, s.record_id
    ) AS place
FROM support_services s
JOIN periods t ON s.start_date <= t.period_end AND (s.end_date IS NULL OR s.end_date >= t.period_start)
WHERE s.birth_month IS NULL OR s.birth_month + :days_to_18 <= t.period_end

-- step parts
-- Everyone stands in both parts, so that those who do not live independently can be seen there.
SELECT 'any support' AS part, 0 AS at_home_only
UNION ALL SELECT 'living independently', 1

-- cohort
-- One row per person and part: the package that stands for the person, with the service that decided it.
SELECT
    r.period, r.la_code, q.part, r.person, r.record_id, r.start_date, r.end_date,
    CASE WHEN k.at_home >= q.at_home_only THEN 1 ELSE 0 END AS included,
    CASE WHEN k.at_home >= q.at_home_only THEN 1 ELSE 0 END AS counted,
    CASE WHEN k.at_home >= q.at_home_only THEN 'supported' ELSE 'other support stands first' END AS step,
    NULL AS outcome, NULL AS side, CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN r.birth_month IS NULL THEN 'Unknown'
        WHEN r.birth_month + :days_to_65 <= r.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    k.service_type, k.setting, k.package
FROM running r
JOIN packages k ON k.package_rank = r.package_rank
CROSS JOIN parts q
WHERE r.place = 1
