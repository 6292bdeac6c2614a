/*
table: reablement_episodes
title: Episodes of reablement
switches: episode_gap
meaning: >-
  Every episode of reablement (ST-Max) of every service user, in whatever period. Services that overlap, or that follow
  each other within a few days, are one episode. An episode still open has no end.
notes: >-
  record_id, outcome, outcome_rank and usable are those of the service that ended last. usable is 0 for an outcome by
  which nothing can be classified.
*/

-- step reablement_services
-- Reablement services (ST-Max) of service users with any component, unless they end before they start.
SELECT
    e.la_code,
    e.person,
    e.record_id,
    e.start_date,
    COALESCE(e.end_date, DATE '9999-01-01') AS last_day,
    COALESCE(e.event_outcome, 'Invalid and not mapped') AS outcome,
    CAST(e.outcome_rank AS INTEGER) AS outcome_rank,
    CASE WHEN e.unable_to_classify THEN 0 ELSE 1 END AS usable
FROM events e
WHERE e.client_type = 'Service user'
  AND e.event_type = 'Service'
  AND e.service_type = 'Short term support: ST-Max'
  AND (e.end_date IS NULL OR e.end_date >= e.start_date)

-- step reablement_so_far
-- Beside each service the latest end of the person's services that began before it.
SELECT
    s.*,
    max(s.last_day) OVER (
        PARTITION BY s.la_code, s.person ORDER BY s.start_date, s.record_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS until
FROM reablement_services s

-- step numbered_services
-- A service joins the episode before it if it begins within the allowed gap after that end; otherwise it opens another.
SELECT
    s.*,
    sum(CASE WHEN s.start_date <= s.until + :episode_gap THEN 0 ELSE 1 END) OVER (
        PARTITION BY s.la_code, s.person ORDER BY s.start_date, s.record_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS episode,
    max(CASE WHEN s.start_date <= s.until + :episode_gap THEN NULL ELSE s.start_date END) OVER (
        PARTITION BY s.la_code, s.person ORDER BY s.start_date, s.record_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS began
FROM reablement_so_far s

-- step ranked_services
-- The service that ended last speaks for its episode; of several the one with the best outcome that can be used.
SELECT
    s.*,
    row_number() OVER (
        PARTITION BY s.la_code, s.person, s.episode
        ORDER BY s.last_day DESC, s.usable DESC, s.outcome_rank, s.record_id DESC
    ) AS place
FROM numbered_services s

-- table
-- One row for each episode.
SELECT
    s.la_code,
    s.person,
    s.record_id,
    s.began AS start_date,
    CASE WHEN s.last_day < DATE '9999-01-01' THEN s.last_day END AS end_date,
    s.outcome,
    s.outcome_rank,
    s.usable
FROM ranked_services s
WHERE s.place = 1
