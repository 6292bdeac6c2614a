/*
code: ASSESSED-28-DAYS
title: Assessments completed within 28 days of the request
edition: Outturn 2026
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: assessments
numerator: Of those assessments, the ones completed on or before the 28th day after the request began
denominator: First assessments after a request, completed in the period, of people aged 18 and over
periods: month, quarter, year to date, rolling, year
parts:
  all assessments: whoever assessed
  occupational therapy: those whose record says so
groups:
  - total
  - age_band
  - assessment_type
dimensions: assessment_type
uses: requested_assessments
side_counts:
  no request: Assessments that no request in the year before can have led to
serves: york/PVP07
meaning: How many assessments, out of every 100, were finished within four weeks of the person asking for help.
source: Our reading of York's PVP07, whose own definition is not public
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  York counts assessments by occupational therapists and their assistants: the second part. Client Level Data have no
  field for who assessed, so it takes those whose description, or assessment type as typed, speaks of occupational
  therapy, OT or OTA. A council that records it nowhere has nought of nought there. The clock starts on the first day
  of the request and stops on the last day of the assessment. A second assessment after the same request is left out,
  since the wait was over; in the second part the first by an occupational therapist counts. So is one whose request
  led to reablement (see ASSESSED-6-WEEKS). Assessments still in progress are not in Client Level Data. Short and
  long-term assessments are told apart; assessments of unpaid carers are in CARERS.
*/

-- step parts
-- Assessments by occupational therapists stand in both parts.
SELECT 'all assessments' AS part, FALSE AS therapy_only
UNION ALL SELECT 'occupational therapy', TRUE

-- step first_assessments
-- Of the assessments that followed one request, the one completed first; and those that no wait for an assessment ends.
SELECT
    a.*, q.part,
    CASE
        WHEN a.request IS NULL THEN 'no request led to it'
        WHEN a.request_outcome = 'Progress to reablement/ST-Max' THEN 'the request led to reablement'
        WHEN row_number() OVER (PARTITION BY q.part, a.la_code, a.request ORDER BY a.end_date, a.record_id) > 1
            THEN 'not the first after its request'
    END AS left_out
FROM requested_assessments a
JOIN parts q ON a.occupational_therapy OR NOT q.therapy_only

-- cohort
-- One row per assessment completed in the period, with the days it took.
SELECT
    t.period, a.la_code, a.part, a.person, a.record_id, a.requested AS start_date, a.end_date,
    CASE WHEN a.left_out IS NULL THEN 1 ELSE 0 END AS included,
    CASE WHEN a.left_out IS NULL AND a.end_date <= a.requested + 28 THEN 1 ELSE 0 END AS counted,
    CASE
        WHEN a.left_out IS NOT NULL THEN a.left_out
        WHEN a.end_date <= a.requested + 28 THEN 'within 28 days'
        ELSE 'later than 28 days'
    END AS step,
    a.event_outcome AS outcome,
    CASE WHEN a.request IS NULL THEN 'no request' END AS side,
    CAST(days_between(a.requested, a.end_date) AS BIGINT) AS amount,
    CASE
        WHEN a.birth_month IS NULL THEN 'Unknown'
        WHEN a.birth_month + :days_to_65 <= a.end_date THEN '65 and above'
        ELSE '18 to 64'
    END AS age_band,
    NULL AS service_type, NULL AS setting, a.assessment_type
FROM first_assessments a
JOIN periods t ON a.end_date BETWEEN t.period_start AND t.period_end
WHERE a.birth_month IS NULL OR a.birth_month + :days_to_18 <= a.end_date
