-- Reviews: of long term support and of carers about once a year, though not for everyone; of reablement near its end.
CREATE OR REPLACE TEMP TABLE reviews AS
WITH every_year AS (
    SELECT person, k, year, key_for(k, 'review ' || year) AS event_key, client_type = 'Service user' AS of_client,
        CASE kind WHEN 'carer' THEN assessment_end ELSE support_seen END + 365 * year - 340 AS year_from,
        CASE kind WHEN 'carer' THEN date_of_death ELSE support_end END AS supported_to
    FROM journeys, (SELECT range::INTEGER AS year FROM range(1, getvariable('years') + 1))
    WHERE support_start < date_of_death OR kind = 'carer' AND draw(k, 'carer supported') < 0.62
),
yearly AS (
    SELECT *, year_from + whole(k, 'month of review', 0, 330) + whole(event_key, 'drift', -12, 12) AS held
    FROM every_year WHERE draw(event_key, 'held') < 0.72
)
SELECT person, event_key, 'Review' AS event_type, 40 + year AS part,
    held AS event_start, held + floor(20 * draw(event_key, 'days') * draw(event_key, 'days'))::INTEGER AS event_end,
    pick_outcome_review(event_key) AS event_outcome,
    CASE WHEN draw(event_key, 'unplanned') < 0.2 THEN pick_review_unplanned(event_key)
        ELSE 'Planned review of long term support' END AS review_reason,
    pick_review_outcomes_achieved(event_key) AS review_outcomes_achieved, CASE WHEN of_client THEN pick_method_of_review(event_key) ELSE 'Unpaid carer only' END AS method_of_review
FROM yearly WHERE held + 20 < supported_to
UNION ALL BY NAME
SELECT person, key_for(k, 'review of reablement') AS event_key, 'Review' AS event_type, 40 AS part,
    reablement_end - whole(k, 'reviewed before', 3, 8) AS event_start, reablement_end - whole(k, 'review ends before', 0, 2) AS event_end,
    CASE fate
        WHEN 'community' THEN 'Progress to support planning or services'
        WHEN 'care home' THEN 'Progress to support planning or services'
        WHEN 'low level' THEN 'Progress to support planning or services'
        ELSE 'NFA: Support ended as planned'
    END AS event_outcome,
    'Review of short term support' AS review_reason, pick_review_outcomes_achieved(event_key) AS review_outcomes_achieved,
    pick_method_of_review(event_key) AS method_of_review
FROM journeys WHERE fate IN ('planned', 'community', 'care home', 'low level', 'other') AND draw(k, 'reviewed') < 0.55
    AND reablement_end - 10 > reablement_start;
