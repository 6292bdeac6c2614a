-- One row per person of a council, from all its joined events (2.8). `events` is the joined events.
-- An attribute is taken from the most recent row on which it is known: by reference period, then end (open last of all),
-- then start. Rows that tie there and differ make it unknown.
CREATE OR REPLACE TEMP MACRO days(d) AS CAST(coalesce(d, DATE '0001-01-01') - DATE '0001-01-01' AS HUGEINT);

CREATE OR REPLACE TEMP MACRO agreed(lowest, highest, otherwise) AS
    CASE WHEN lowest = highest THEN lowest ELSE otherwise END;

CREATE OR REPLACE TEMP TABLE attributes AS
WITH
ordered AS NOT MATERIALIZED (
    SELECT
        *,
        -- One number that sorts like (reference end, end, start): each takes 22 bits, enough for the year 9999.
        days(reference_end) * 17592186044416 + days(coalesce(end_date, DATE '9999-01-01')) * 4194304 + days(start_date)
            AS recency,
        73786976294838206464 AS above  -- greater than every recency (66 bits)
    FROM read_parquet({events})
),
valued AS NOT MATERIALIZED (
    SELECT
        person, recency, reference_end, birth_date, death_date,
        {values}
    FROM ordered
),
latest AS (
    SELECT
        person,
        max(reference_end) FILTER (birth_date IS NOT NULL) AS birth_period,
        max(reference_end) FILTER (death_date IS NOT NULL) AS death_period,
        {latest}
    FROM valued
    GROUP BY person
)
SELECT
    valued.person AS person,
    min(birth_date) FILTER (reference_end = birth_period) AS birth_date,
    max(death_date) FILTER (reference_end = death_period) AS death_date,
    {agreed}
FROM valued
JOIN latest ON latest.person = valued.person
GROUP BY valued.person;
