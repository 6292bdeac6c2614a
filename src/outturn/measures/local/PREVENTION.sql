/*
code: PREVENTION
title: People with services that prevent or delay the need for care
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: neutral
counts: people
numerator: >-
  People aged 18 and over with ongoing low level support or other short-term support, and with nothing that ranks
  higher: no long-term support, no reablement and no stay in a care home
denominator: none
periods: snapshot, month, quarter, year to date, rolling, year
groups:
  - total
  - age_band
  - service_type
uses: packages, support_services
serves: york/PVP09
meaning: >-
  How many people have only a light service, such as equipment or an alarm, that helps them to go on without more.
source: Our reading of York's PVP09, whose own definition is not public
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  York's figure took in people helped by organisations that the council funds by grant. Client Level Data do not hold
  them, so this count is lower. People who also have a package of care are left out, because SUPPORT-PACKAGES counts
  them: the two can be added. Services to unpaid carers are in CARERS. Much prevention is short: equipment may begin
  and end on one day. So a count over a year is far higher than a count on its last day. State which one is meant.
*/

-- step running
-- The services that ran on some day of the period, with the highest package that the person had in it.
SELECT
    t.period, t.period_end, s.la_code, s.person, s.record_id, s.start_date, s.end_date, s.birth_month, s.package_rank,
    min(s.package_rank) OVER (PARTITION BY t.period, s.la_code, s.person) AS highest_rank
FROM support_services s
JOIN periods t ON s.start_date <= t.period_end AND (s.end_date IS NULL OR s.end_date >= t.period_start)
WHERE s.birth_month IS NULL OR s.birth_month + :days_to_18 <= t.period_end

-- step preventing
-- Of each person's preventive services, the one that stands for them: ongoing before other support, and the first.
SELECT
    r.*, k.service_type, k.setting,
    row_number() OVER (
        PARTITION BY r.period, r.la_code, r.person ORDER BY r.package_rank, r.start_date, r.record_id
    ) AS place
FROM running r
JOIN packages k ON k.package_rank = r.package_rank
WHERE k.prevention = 1

-- cohort
-- One row per person with a preventive service.
SELECT
    r.period, r.la_code, NULL AS part, r.person, r.record_id, r.start_date, r.end_date,
    highest.prevention AS included,
    highest.prevention AS counted,
    CASE WHEN highest.prevention = 1 THEN 'prevention alone' ELSE 'has a package that ranks higher' END AS step,
    highest.package AS outcome, NULL AS side, CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN r.birth_month IS NULL THEN 'Unknown'
        WHEN r.birth_month + :days_to_65 <= r.period_end THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    r.service_type, r.setting
FROM preventing r
JOIN packages highest ON highest.package_rank = r.highest_rank
WHERE r.place = 1
