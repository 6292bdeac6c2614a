-- Requests for support: the first that anybody makes, a second by some, and those of people who have support already.
CREATE OR REPLACE TEMP TABLE requests AS
SELECT person, key_for(k, 'request 1') AS event_key, 'Request' AS event_type, 1 AS part,
    request_start AS event_start, request_end AS event_end,
    CASE kind
        WHEN 'enquiry' THEN pick_outcome_enquiry(event_key)
        WHEN 'reablement' THEN 'Progress to reablement/ST-Max'
        WHEN 'low level' THEN CASE WHEN assessment_start IS NULL THEN 'Progress to support planning or services'
            ELSE 'Progress to assessment, review or reassessment' END
        ELSE 'Progress to assessment, review or reassessment'
    END AS event_outcome,
    CASE
        WHEN kind = 'enquiry' THEN pick_route_enquiry(event_key)
        WHEN kind = 'reablement' THEN pick_route_reablement(event_key)
        WHEN kind = 'new' AND date_diff('day', born, request_start) < 6940 THEN 'Planned entry (transition)'
        WHEN kind = 'new' THEN pick_route_new(event_key)
        ELSE pick_route_other(event_key)
    END AS request_route_of_access
FROM journeys WHERE request_start IS NOT NULL
UNION ALL BY NAME
SELECT person, key_for(k, 'request 2') AS event_key, 'Request' AS event_type, 2 AS part,
    request_end + whole(k, 'asks again', 30, 420) AS event_start, event_start + whole(k, 'request 2 days', 0, 9) AS event_end,
    'NFA: Information and advice or signposting' AS event_outcome, pick_route_enquiry(event_key) AS request_route_of_access
FROM journeys WHERE kind = 'enquiry' AND draw(k, 'asks twice') < 0.15
    AND date_of_death > request_end + whole(k, 'asks again', 30, 420) + 10
UNION ALL BY NAME
SELECT person, key_for(k, 'request 3') AS event_key, 'Request' AS event_type, 3 AS part,
    seen_from + whole(k, 'asks for more', 15, 700) AS event_start, event_start + whole(k, 'request 3 days', 0, 9) AS event_end,
    'Progress to assessment, review or reassessment' AS event_outcome, pick_route_other(event_key) AS request_route_of_access
FROM journeys WHERE kind = 'settled' AND draw(k, 'asks') < 0.2
    AND support_end > seen_from + whole(k, 'asks for more', 15, 700) + 10;
