-- Crop and remove duplicates (2.6). `pieces` is the events of all reference periods, `periods` the ends of those not a
-- council’s last. Leaves `places`: for each event its place among those with its key, the winner, and what decided.
CREATE OR REPLACE TEMP TABLE places AS
WITH
keyed AS (
    SELECT
        event_key, start_date, event_type, reference_start, reference_end, end_date, outcome_rank, conversation, record_id
    FROM {pieces}
),
running_on AS (
    SELECT event_key, start_date, record_id, reference_end
    FROM keyed
    WHERE event_type = 'Service'
        AND reference_end IN (SELECT unnest({periods}))
        AND (end_date IS NULL OR end_date > reference_end)
),
-- Not found in the period that begins the next day: it was dropped from that file, and ends with its own period.
dropped AS (
    SELECT record_id, reference_end
    FROM running_on AS here
    WHERE NOT EXISTS (
        SELECT 1 FROM keyed AS later
        WHERE later.event_key = here.event_key AND later.start_date = here.start_date
            AND later.reference_start = here.reference_end + 1
    )
),
cropped AS (
    SELECT
        keyed.* REPLACE (CASE WHEN dropped.record_id IS NULL THEN keyed.end_date ELSE keyed.reference_end END AS end_date),
        dropped.record_id IS NOT NULL AS cropped
    FROM keyed
    LEFT JOIN dropped ON dropped.record_id = keyed.record_id AND dropped.reference_end = keyed.reference_end
)
SELECT
    record_id, reference_start, reference_end, end_date, cropped,
    row_number() OVER best = 1 AS stays,
    first_value(record_id) OVER best AS winner,
    CASE
        WHEN first_value(reference_end) OVER best <> reference_end THEN 'later period'
        WHEN first_value(end_date) OVER best IS DISTINCT FROM end_date THEN 'later end'
        WHEN first_value(outcome_rank) OVER best <> outcome_rank THEN 'outcome'
        WHEN first_value(conversation) OVER best <> conversation THEN 'conversation'
        ELSE 'later record'
    END AS decided_by
FROM cropped
WINDOW best AS (
    PARTITION BY event_key, start_date
    ORDER BY reference_end DESC, end_date DESC NULLS FIRST, outcome_rank, conversation DESC, record_id DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
);
