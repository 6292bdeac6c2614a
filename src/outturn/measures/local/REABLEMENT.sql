/*
code: REABLEMENT
title: Reablement started, completed, and followed by no ongoing care
edition: Outturn 2026
kind: count
unit: number
decimals: 0
polarity: higher
counts: episodes
numerator: Episodes of reablement of people aged 18 and over, in each part
denominator: none
periods: month, quarter, year to date, rolling, year
parts:
  started: began in the period
  completed: ended in the period, and not early
  no ongoing care: completed, and with no long-term support or stay in a care home within the week after
groups:
  - total
  - age_band
uses: reablement_episodes, support_services
switches: episode_gap, sequel_days
serves: leeds/REABLEMENT
meaning: >-
  How many spells of reablement (help to relearn the skills of daily living) began, how many were completed, and after
  how many of those no ongoing care was needed.
source: Our reading of Leeds' measure of 2012/13, whose own definition is not public. Episodes are those of ASCOF 2A.
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  Leeds' figure is the part completed. Services within a week of each other are one episode; episodes count, not
  people. Ended early is who went into hospital, died, moved away, declined, went over to the NHS or stopped for
  another reason; a blank outcome counts as completed. ASCOF 2A asks more before it says that nobody asked for more:
  it takes only people new to support, and judges the outcomes of later events too. So the share of no ongoing care
  here is an early sign, and 2A the figure to publish.
*/

-- step parts
-- An episode stands in the part started by its first day, in the other two by its last.
SELECT 'started' AS part
UNION ALL SELECT 'completed'
UNION ALL SELECT 'no ongoing care'

-- step episodes
-- Each episode in each part, by the day that counts for it.
SELECT
    e.la_code, e.person, e.record_id, e.start_date, e.end_date, e.outcome, q.part, p.birth_month,
    CASE WHEN q.part = 'started' THEN e.start_date ELSE e.end_date END AS counting_day,
    CASE
        WHEN p.death_date <= e.end_date THEN 1
        WHEN e.outcome IN (
            'Admitted to hospital',
            'NFA: Responsibility moved to another local authority',
            'NFA: Referral to NHS services or NHS funded social care',
            'NFA: Support declined',
            'NFA: Deceased',
            'NFA: Support ended for other reason'
        ) THEN 1
        ELSE 0
    END AS ended_early
FROM reablement_episodes e
JOIN persons p ON p.la_code = e.la_code AND p.person = e.person
CROSS JOIN parts q
WHERE e.start_date <= :last_day AND (e.end_date IS NULL OR e.end_date >= :first_day)

-- step followed
-- Episodes after which long-term support, or a short stay in a care home, ran on some day of the week after the end.
SELECT DISTINCT e.la_code, e.record_id
FROM episodes e
JOIN support_services s ON s.la_code = e.la_code AND s.person = e.person
WHERE e.part = 'no ongoing care'
    AND (s.package_rank <= 7 OR s.package_rank = 9)
    AND s.start_date <= e.end_date + :sequel_days
    AND (s.end_date IS NULL OR s.end_date > e.end_date)

-- step decided
-- The step that decides each.
SELECT
    e.*,
    CASE
        WHEN e.part = 'started' THEN 'started'
        WHEN e.ended_early = 1 THEN 'ended early'
        WHEN e.part = 'completed' THEN 'completed'
        WHEN f.record_id IS NOT NULL THEN 'ongoing care followed'
        ELSE 'no ongoing care'
    END AS step
FROM episodes e
LEFT JOIN followed f ON f.la_code = e.la_code AND f.record_id = e.record_id

-- cohort
-- One row per episode and part. It counts where the step is the part's own.
SELECT
    t.period, d.la_code, d.part, d.person, d.record_id, d.start_date, d.end_date,
    CASE WHEN d.step = d.part THEN 1 ELSE 0 END AS included,
    CASE WHEN d.step = d.part THEN 1 ELSE 0 END AS counted,
    d.step, d.outcome, NULL AS side, CAST(NULL AS BIGINT) AS amount,
    CASE
        WHEN d.birth_month IS NULL THEN 'Unknown'
        WHEN d.birth_month + :days_to_65 <= d.counting_day THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    'Short term support: ST-Max' AS service_type, NULL AS setting
FROM decided d
JOIN periods t ON d.counting_day BETWEEN t.period_start AND t.period_end
WHERE d.birth_month IS NULL OR d.birth_month + :days_to_18 <= d.counting_day
