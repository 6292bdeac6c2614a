/*
code: 2A
title: >-
  The proportion of people who received short-term services during the year - who previously were not receiving
  services - where no further request was made for ongoing support
edition: ASCOF 2023-24 onwards
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: episodes
numerator: Those that neither long-term support nor a short stay in a care home followed
denominator: >-
  Episodes of reablement (ST-Max) that ended in the period, of new clients aged 18 or over or of unknown age, whose
  final outcome can be classified and is in scope
periods: year, quarter, rolling, year to date
groups:
  - total
  - age_band
uses: reablement_episodes
side_counts:
  unable to classify: Episodes whose outcome says only that something goes on, or says nothing
  deceased: Episodes of people who died before the end or within a week after it, or whose outcome says so
  admitted to hospital: Episodes that ended with admission to hospital
  NHS: Episodes after which the NHS provides or pays for support
  self-funded: Episodes after which the person pays, or is under the 12 week disregard
  support declined: Episodes after which the person declined support
switches: >-
  episode_gap, new_client_days, sequel_days, death_days, late_review_days, silent_follow_up, hospital, referral,
  episode_starts
meaning: >-
  Of people who had reablement and were not already in long-term support, how many needed no long-term support
  straight afterwards. A person counts once for each episode.
source: The program that the Department of Health and Social Care published for ASCOF 2024-25 and its later versions
owner: Performance and insight
checker: A second analyst
next_check: 2027-04-30
notes: >-
  A request that follows is no failure by itself; only support that follows is, or an outcome that says so. Support that
  began in the week after the period is looked for as well, so a period whose next submission has not arrived is
  provisional. Unknown ages are in the total only. NHSE-2324 is for comparison only and was never published as ASCOF: an
  episode must begin within 28 days after a request by someone without long-term support, admission to hospital and
  progress to end of life care count as needing no ongoing support, and the rest is decided as by DHSC. There, too, age
  is taken at the end of the episode, and a short stay in a care home is no other short-term support.
*/

-- step ended
-- Episodes that ended in the time asked about, with the person's dates and age then.
SELECT
    e.*,
    p.death_date,
    CASE
        WHEN p.birth_month IS NULL THEN 'Unknown'
        WHEN p.birth_month + :days_to_65 <= e.end_date THEN '65 and above'
        WHEN p.birth_month + :days_to_18 <= e.end_date THEN '18 to 64'
    END AS age_band
FROM reablement_episodes e
LEFT JOIN persons p ON p.la_code = e.la_code AND p.person = e.person
WHERE e.end_date BETWEEN :first_day AND :last_day

-- step beside
-- The person's records that may bear on an episode: long-term support that was still open when it began or had ended
-- only lately, and whatever began during it or in the days after.
SELECT
    e.record_id AS episode,
    e.start_date AS episode_start,
    e.end_date AS episode_end,
    x.la_code,
    x.record_id,
    x.event_type,
    x.service_type,
    x.service_component,
    x.start_date,
    x.end_date,
    x.event_outcome,
    x.outcome_rank,
    x.unable_to_classify
FROM ended e
JOIN events x ON x.la_code = e.la_code AND x.person = e.person
WHERE x.client_type = 'Service user'
  AND x.start_date <= :last_day + :sequel_days
  AND (x.end_date IS NULL OR x.end_date >= x.start_date)
  -- What ended long before the time asked about can matter only as one of these two.
  AND (
      x.end_date IS NULL
      OR x.end_date > :first_day - :late_review_days
      OR x.service_component = 'Equipment'
      OR x.service_type LIKE 'Long term support:%'
  )
  AND x.start_date <= e.end_date + :sequel_days
  AND (
      (x.start_date >= e.start_date AND (x.end_date IS NULL OR x.end_date > e.start_date))
      OR (
          x.service_type LIKE 'Long term support:%'
          AND (x.end_date IS NULL OR x.end_date > e.start_date - :new_client_days)
      )
  )

-- step existing_clients
-- Episodes of people with long-term support that began before the episode. The kind of support counts on any record, as
-- in the national program.
SELECT DISTINCT b.la_code, b.episode
FROM beside b
WHERE b.start_date < b.episode_start
  AND b.service_type LIKE 'Long term support:%'

-- step requested
-- Only where the method asks for it: episodes that began within 28 days after the end of a request by someone who had
-- no long-term support when the request was made.
SELECT DISTINCT e.la_code, e.record_id AS episode
FROM ended e
JOIN events r ON r.la_code = e.la_code AND r.person = e.person
WHERE :after_new_request
  AND r.client_type = 'Service user'
  AND r.event_type = 'Request'
  AND r.end_date >= r.start_date
  AND r.end_date BETWEEN e.start_date - 28 AND e.start_date
  AND NOT EXISTS (
      SELECT 1
      FROM events l
      WHERE l.la_code = r.la_code
        AND l.person = r.person
        AND l.client_type = 'Service user'
        AND l.service_type LIKE 'Long term support:%'
        AND l.start_date < r.start_date
        AND (l.end_date IS NULL OR l.end_date >= r.start_date)
  )

-- step judged
-- What leaves an episode out before anything is classified.
SELECT
    e.*,
    CASE
        WHEN e.age_band IS NULL THEN 'under 18'
        WHEN e.death_date < e.start_date THEN 'died before it began'
        WHEN x.episode IS NOT NULL THEN 'long-term support before'
        WHEN :after_new_request AND r.episode IS NULL THEN 'no new request before'
    END AS left_out
FROM ended e
LEFT JOIN existing_clients x ON x.la_code = e.la_code AND x.episode = e.record_id
LEFT JOIN requested r ON r.la_code = e.la_code AND r.episode = e.record_id

-- step episodes
-- The episodes to be classified.
SELECT j.*
FROM judged j
WHERE j.left_out IS NULL

-- step around
-- The person's other events that began during the episode or in the days after it. One that ends after the episode
-- follows it; one that ends in its course, though not on its first day, lies within it. The services that make up the
-- episode are left aside.
SELECT
    x.la_code,
    x.episode,
    x.episode_end,
    x.record_id,
    x.event_type,
    x.service_type,
    x.service_component,
    x.start_date,
    x.end_date,
    CASE WHEN x.end_date <= x.episode_end THEN 0 ELSE 1 END AS follows,
    COALESCE(x.event_outcome, 'Invalid and not mapped') AS outcome,
    CAST(x.outcome_rank AS INTEGER) AS outcome_rank,
    CASE WHEN x.unable_to_classify THEN 0 ELSE 1 END AS usable
FROM episodes e
JOIN beside x ON x.la_code = e.la_code AND x.episode = e.record_id
WHERE x.start_date >= x.episode_start
  AND (x.end_date IS NULL OR x.end_date > x.episode_start)
  AND (
      x.event_type <> 'Service'
      OR x.service_type IS DISTINCT FROM 'Short term support: ST-Max'
      OR x.start_date > x.episode_end
  )

-- step next_reablement
-- Where reablement itself follows, by whatever record, the day it begins: from then on it is another story.
SELECT a.la_code, a.episode, min(a.start_date) AS start_date
FROM around a
WHERE a.follows = 1
  AND a.service_type = 'Short term support: ST-Max'
GROUP BY a.la_code, a.episode

-- step followers
-- What follows, with the rank of the kind of support. Of short-term support a stay in a care home comes first.
SELECT
    a.*,
    CASE
        WHEN a.service_type = 'Long term support: Nursing care' THEN 1
        WHEN a.service_type = 'Long term support: Residential care' THEN 2
        WHEN a.service_type = 'Long term support: Community' THEN 3
        WHEN a.service_type = 'Long term support: Prison' THEN 4
        WHEN a.service_type = 'Short term support: Ongoing low level' THEN 5
        WHEN a.service_type = 'Short term support: Other short term'
            AND a.service_component IN ('Short term residential care', 'Short term nursing care') THEN 6
        WHEN a.service_type = 'Short term support: Other short term' THEN 7
    END AS support,
    -- An event other than a service tells something, unless it says only that support ended as planned.
    CASE WHEN a.event_type <> 'Service' AND a.outcome <> 'NFA: Support ended as planned' THEN 1 ELSE 0 END AS tells
FROM around a
LEFT JOIN next_reablement n ON n.la_code = a.la_code AND n.episode = a.episode
WHERE a.follows = 1
  AND (n.start_date IS NULL OR a.start_date < n.start_date)

-- step silence
-- Episodes that were followed by something, but by nothing that tells.
SELECT f.la_code, f.episode
FROM followers f
GROUP BY f.la_code, f.episode
HAVING max(f.tells) = 0

-- step late_reviews
-- Assessments and reviews shortly before the end of the episode whose outcome can be used, the last one first.
SELECT
    a.*,
    row_number() OVER (
        PARTITION BY a.la_code, a.episode ORDER BY a.end_date DESC, a.outcome_rank, a.record_id DESC
    ) AS place
FROM around a
WHERE a.follows = 0
  AND a.event_type IN ('Assessment', 'Review')
  AND a.usable = 1
  AND a.end_date > a.episode_end - :late_review_days

-- step claims
-- What might be the final outcome. The lowest rung decides; on the same rung the outcome of the best rank.
SELECT
    e.la_code, e.record_id AS episode, 1 AS rung, 0 AS outcome_rank, 1 AS source,
    'died' AS step, 'NFA: Deceased' AS outcome
FROM episodes e
WHERE e.death_date <= e.end_date + :death_days
UNION ALL
SELECT e.la_code, e.record_id, 2, 0, 1, 'admitted to hospital', e.outcome
FROM episodes e
WHERE e.outcome = 'Admitted to hospital'
UNION ALL
SELECT
    f.la_code, f.episode, 3, f.support, 1,
    CASE WHEN f.support <= 4 THEN 'long-term support followed' ELSE 'short-term support followed' END,
    CASE WHEN f.support = 6 THEN 'Short term support: Residential or Nursing care' ELSE f.service_type END
FROM followers f
WHERE f.support IS NOT NULL
UNION ALL
SELECT e.la_code, e.record_id, 4, e.outcome_rank, 1, 'own outcome', e.outcome
FROM episodes e
LEFT JOIN silence s ON s.la_code = e.la_code AND s.episode = e.record_id
WHERE e.usable = 1
  AND (s.episode IS NULL OR NOT :silent_follow_up_sets_outcome_aside)
UNION ALL
SELECT f.la_code, f.episode, 4, f.outcome_rank, 2, 'outcome of what followed', f.outcome
FROM followers f
WHERE f.tells = 1
  AND f.usable = 1
UNION ALL
SELECT r.la_code, r.episode, 4, r.outcome_rank, 3, 'outcome of a late assessment or review', r.outcome
FROM late_reviews r
WHERE r.place = 1
UNION ALL
SELECT a.la_code, a.episode, 5, 0, 1, 'equipment during the episode', 'Short term support: Ongoing low level'
FROM around a
WHERE a.follows = 0
  AND a.event_type = 'Service'
  AND a.service_component = 'Equipment'
UNION ALL
SELECT e.la_code, e.record_id, 6, e.outcome_rank, 1, 'nothing else to go by', e.outcome
FROM episodes e

-- step ranked_claims
-- The claims of each episode in order.
SELECT
    c.*,
    row_number() OVER (PARTITION BY c.la_code, c.episode ORDER BY c.rung, c.outcome_rank, c.source) AS place
FROM claims c

-- step classified
-- Where the final outcome puts an episode: no ongoing support, ongoing support, or the name under which it is left out.
SELECT
    c.la_code,
    c.episode,
    c.step,
    c.outcome,
    CASE
        WHEN c.outcome LIKE 'Long term support:%'
            OR c.outcome = 'Short term support: Residential or Nursing care' THEN 'ongoing support'
        WHEN c.outcome IN (
            'Short term support: Ongoing low level',
            'Short term support: Other short term',
            'NFA: Information and advice or signposting',
            'NFA: Support ended as planned',
            'NFA: Responsibility moved to another local authority',
            'NFA: Support ended for other reason',
            'NFA: No services offered for other reason',
            'NFA: Other'
        ) THEN 'no ongoing support'
        WHEN c.outcome = 'NFA: Referral to other service within the local authority'
            AND :referral_counts THEN 'no ongoing support'
        WHEN c.outcome = 'Admitted to hospital' AND :hospital_counts THEN 'no ongoing support'
        -- NHS England put end of life care with hospital: the sixth in its order, kept under this name since Release 2.
        WHEN c.outcome = 'Release 1 specification only: Not mapped'
            AND c.outcome_rank = 6 AND :hospital_counts THEN 'no ongoing support'
        WHEN c.outcome = 'NFA: Deceased' THEN 'deceased'
        WHEN c.outcome = 'Admitted to hospital' THEN 'admitted to hospital'
        WHEN c.outcome = 'NFA: Referral to NHS services or NHS funded social care' THEN 'NHS'
        WHEN c.outcome = 'NFA: Self-funded client or under 12wk disregard' THEN 'self-funded'
        WHEN c.outcome = 'NFA: Support declined' THEN 'support declined'
        ELSE 'unable to classify'
    END AS class
FROM ranked_claims c
WHERE c.place = 1

-- cohort
-- One row for each episode that ended in the period.
SELECT
    p.period,
    j.la_code,
    NULL AS part,
    j.person,
    j.record_id,
    j.start_date,
    j.end_date,
    CASE WHEN c.class IN ('ongoing support', 'no ongoing support') THEN 1 ELSE 0 END AS included,
    CASE WHEN c.class = 'no ongoing support' THEN 1 ELSE 0 END AS counted,
    COALESCE(j.left_out, c.step) AS step,
    COALESCE(c.outcome, j.outcome) AS outcome,
    CASE WHEN c.class NOT IN ('ongoing support', 'no ongoing support') THEN c.class END AS side,
    CAST(NULL AS BIGINT) AS amount,
    j.age_band,
    'Short term support: ST-Max' AS service_type,
    NULL AS setting
FROM judged j
JOIN periods p ON j.end_date BETWEEN p.period_start AND p.period_end
LEFT JOIN classified c ON c.la_code = j.la_code AND c.episode = j.record_id
