/*
code: ASSESSED-6-WEEKS
title: Reablement assessments completed within 6 weeks of referral
edition: Outturn 2026
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: assessments
numerator: Of those assessments, the ones completed on or before the 42nd day after the referral began
denominator: First reablement assessments after a referral, completed in the period, of people aged 18 and over
periods: month, quarter, year to date, rolling, year
groups:
  - total
  - age_band
uses: requested_assessments
side_counts:
  no request: Reablement assessments that no request in the year before can have led to
serves: york/PVP06
meaning: How many reablement assessments, out of every 100, were finished within six weeks of the referral.
source: Our reading of York's PVP06, whose own definition is not public
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  An assessment is one for reablement if its own outcome, or that of the request that led to it, is to go on to
  reablement. Client Level Data have no other mark of it: a short-term assessment may be for other support. The
  referral is that request. People who go straight into reablement without an assessment on record are not here.
  York's 21.63% in 2015/16 is so low that it may rest on another way of counting.
*/

-- step reablement_assessments
-- Those for reablement; of the ones that followed one request, the one completed first.
SELECT
    a.*,
    CASE
        WHEN a.request IS NULL THEN 'no request led to it'
        WHEN row_number() OVER (PARTITION BY a.la_code, a.request ORDER BY a.end_date, a.record_id) > 1
            THEN 'not the first after its request'
    END AS left_out
FROM requested_assessments a
WHERE a.event_outcome = 'Progress to reablement/ST-Max'
    OR a.request_outcome = 'Progress to reablement/ST-Max'

-- cohort
-- One row per reablement assessment completed in the period, with the days it took.
SELECT
    t.period, a.la_code, NULL AS part, a.person, a.record_id, a.requested AS start_date, a.end_date,
    CASE WHEN a.left_out IS NULL THEN 1 ELSE 0 END AS included,
    CASE WHEN a.left_out IS NULL AND a.end_date <= a.requested + 42 THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN a.left_out IS NOT NULL THEN a.left_out
        WHEN a.end_date <= a.requested + 42 THEN 'within 6 weeks'
        ELSE 'later than 6 weeks'
    END AS step,
    a.event_outcome AS outcome,
    CASE WHEN a.request IS NULL THEN 'no request' END AS side,
    CAST(days_between(a.requested, a.end_date) AS BIGINT) AS amount,
    CASE
        WHEN a.birth_month IS NULL THEN 'Unknown'
        WHEN a.birth_month + :days_to_65 <= a.end_date THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    NULL AS service_type, NULL AS setting
FROM reablement_assessments a
JOIN periods t ON a.end_date BETWEEN t.period_start AND t.period_end
WHERE a.birth_month IS NULL OR a.birth_month + :days_to_18 <= a.end_date
