-- Assessments: the one that a request led to, a short one as reablement begins, and people in support assessed again.
CREATE OR REPLACE TEMP TABLE assessments AS
SELECT person, key_for(k, 'assessment 1') AS event_key, 'Assessment' AS event_type, 11 AS part,
    assessment_start AS event_start, assessment_end AS event_end,
    CASE
        WHEN kind = 'enquiry' THEN pick_outcome_assessed(event_key)
        WHEN kind = 'carer' AND draw(k, 'carer supported') >= 0.62 THEN 'NFA: Information and advice or signposting'
        ELSE 'Progress to support planning or services'
    END AS event_outcome,
    CASE
        WHEN kind = 'low level' OR kind = 'enquiry' AND draw(event_key, 'short') < 0.4 THEN 'Short term assessment'
        ELSE 'Long term assessment'
    END AS assessment_type,
    CASE WHEN kind = 'enquiry' OR kind = 'carer' AND draw(k, 'carer supported') >= 0.62
        THEN pick_needs_not_met(event_key) ELSE pick_needs_met(event_key) END AS eligible_needs_identified,
    CASE kind WHEN 'carer' THEN 'Unpaid carer only' ELSE pick_method_of_assessment(event_key) END AS method_of_assessment
FROM journeys WHERE assessment_start IS NOT NULL AND assessment_end <= date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'assessment 2') AS event_key, 'Assessment' AS event_type, 12 AS part,
    request_end AS event_start, least(request_end + whole(k, 'short assessment', 0, 2), reablement_start) AS event_end,
    'Progress to reablement/ST-Max' AS event_outcome, 'Short term assessment' AS assessment_type,
    pick_needs_met(event_key) AS eligible_needs_identified, pick_method_of_assessment(event_key) AS method_of_assessment
FROM journeys WHERE kind = 'reablement' AND draw(k, 'short assessment first') < 0.4 AND reablement_start < date_of_death
UNION ALL BY NAME
SELECT person, key_for(k, 'assessment 3') AS event_key, 'Assessment' AS event_type, 13 AS part,
    seen_from + whole(k, 'assessed again', 15, 900) AS event_start, event_start + whole(k, 'assessment 3 days', 1, 25) AS event_end,
    'Continuation of support or services' AS event_outcome, 'Long term assessment' AS assessment_type,
    pick_needs_met(event_key) AS eligible_needs_identified, pick_method_of_assessment(event_key) AS method_of_assessment
FROM journeys WHERE kind = 'settled' AND draw(k, 'again') < 0.3
    AND support_end > seen_from + whole(k, 'assessed again', 15, 900) + 26;
