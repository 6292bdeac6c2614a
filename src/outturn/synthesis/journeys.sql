-- What truly happens to them: the turning points of each life, as dates. A point that never comes is NULL; one that
-- would come after the last day is left standing, and no file shows it.
CREATE OR REPLACE TEMP TABLE journeys AS
WITH asking AS (
    SELECT *,
        CASE WHEN kind <> 'settled' THEN entered END AS request_start,
        request_start + floor(15 * draw(k, 'request days') * draw(k, 'request days'))::INTEGER AS request_end
    FROM people
),
reabling AS (
    SELECT *,
        CASE WHEN kind = 'reablement' THEN request_end + whole(k, 'to reablement', 0, 4) END AS reablement_start,
        reablement_start + whole(k, 'reablement days', 12, 42) AS reablement_planned_end,
        pick_fate(k) AS chosen_fate,
        CASE WHEN kind = 'reablement' AND chosen_fate = 'deceased'
            THEN least(natural_death, reablement_planned_end) ELSE natural_death END AS date_of_death,
        CASE WHEN kind = 'reablement' THEN least(reablement_planned_end, date_of_death) END AS reablement_end,
        CASE WHEN kind = 'reablement' THEN
            CASE WHEN date_of_death <= reablement_planned_end THEN 'deceased' ELSE chosen_fate END END AS fate,
        fate IN ('community', 'care home') AS goes_on
    FROM asking
),
assessing AS (
    SELECT *,
        CASE
            WHEN kind IN ('new', 'carer') THEN request_end + whole(k, 'to assessment', 1, 35)
            WHEN kind = 'low level' AND draw(k, 'assessed') < 0.6 THEN request_end + whole(k, 'to assessment', 1, 14)
            WHEN goes_on THEN reablement_end - whole(k, 'assessed before', 3, 9)
            WHEN kind = 'enquiry' AND pick_outcome_enquiry(key_for(k, 'request 1'))
                = 'Progress to assessment, review or reassessment' THEN request_end + whole(k, 'to assessment', 2, 40)
        END AS assessment_start,
        CASE WHEN goes_on THEN reablement_end - whole(k, 'assessed to', 0, 2)
            ELSE assessment_start + whole(k, 'assessment days', 0, 25) END AS assessment_end
    FROM reabling
),
beginning AS (
    SELECT *,
        CASE
            WHEN kind = 'settled' THEN entered
            WHEN kind = 'new' THEN assessment_end + whole(k, 'to support', 1, 14)
            WHEN goes_on THEN reablement_end + whole(k, 'to support', 1, 5)
        END AS support_start,
        CASE
            WHEN kind = 'settled' AND younger THEN pick_setting_settled_younger(k)
            WHEN kind = 'settled' THEN pick_setting_settled_older(k)
            WHEN kind = 'new' AND younger THEN pick_setting_new_younger(k)
            WHEN kind = 'new' THEN pick_setting_new_older(k)
            WHEN fate = 'community' THEN 'community'
            WHEN fate = 'care home' THEN CASE WHEN draw(k, 'to nursing') < 0.3 THEN 'nursing' ELSE 'residential' END
        END AS setting,
        CASE WHEN support_start IS NOT NULL THEN greatest(support_start, seen_from) END AS support_seen
    FROM assessing
),
moving AS (
    SELECT *,
        CASE setting
            WHEN 'community' THEN support_seen + 30 + wait(k, 'to care home', CASE WHEN younger THEN 90000 ELSE 4600 END)
            WHEN 'residential' THEN support_start
        END AS residential_from,
        CASE setting
            WHEN 'nursing' THEN support_start
            WHEN 'prison' THEN NULL
            ELSE CASE WHEN residential_from IS NOT NULL THEN greatest(residential_from, seen_from) END + 30 + wait(k, 'to nursing care', CASE WHEN younger THEN 15000 ELSE 4000 END)
        END AS nursing_from,
        support_seen + 25 + wait(k, 'support stops', CASE WHEN setting = 'community' THEN 2900 ELSE 9000 END) AS support_stops,
        CASE WHEN support_start IS NOT NULL THEN least(date_of_death, support_stops) END AS support_end,
        date_of_death <= support_stops AS support_ends_by_death,
        CASE WHEN setting = 'community' THEN least(residential_from - 1, support_end) END AS community_end,
        support_seen + 40 + wait(k, 'package', 1300) AS package_day
    FROM beginning
)
SELECT *,
    -- the package of care at home changes: another amount from the next day on
    CASE WHEN package_day < community_end - 10 THEN package_day END AS package_changed,
    -- day support, transport and the like beside the main service
    CASE WHEN setting = 'community' AND draw(k, 'beside') < 0.24 THEN support_start + whole(k, 'beside from', 5, 90) END AS beside_start,
    CASE WHEN younger AND primary_support_reason = 'Learning disability support' THEN pick_component_disability(k)
        WHEN younger THEN pick_component_younger(k) ELSE pick_component_older(k) END AS home_component,
    CASE WHEN younger THEN pick_mechanism_younger(k) ELSE pick_mechanism_older(k) END AS home_mechanism,
    pick_mechanism_carer(k) AS carer_mechanism
FROM moving;
