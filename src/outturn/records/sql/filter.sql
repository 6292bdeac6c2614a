-- Rows of one council, each judged for the reference period its file was chosen for (2.4 and 2.5 of the specification).
-- `rows` is a relation of submissions’ rows with period_start and period_end.
-- Parameters: the council, and the method's switches. `ambiguous` is put in by the method, `codes` are all codes of the
-- council.
WITH
rows_of_area AS NOT MATERIALIZED (
    SELECT
        * REPLACE ($area AS area), -- the council's present code
        -- A number that was received as it is kept needs no tidying.
        CASE WHEN nhs_number_raw IS NULL THEN nhs_number
            ELSE regexp_replace(nhs_number_raw, '[\s\-]', '', 'g') END AS nhs_digits,
        upper(trim(la_person_unique_identifier)) AS own_number,
        -- The program reads the type by what it contains, so it is the cleaned one in every method.
        event_type = 'Service' AS is_service
    FROM {rows}
    WHERE area IN ({codes})
),
known AS NOT MATERIALIZED (
    SELECT
        *,
        -- As given: ten digits count also where the check digit is wrong. Ten times one digit is a filler.
        (nhs_number_raw IS NULL OR regexp_full_match(nhs_digits, '[0-9]{{10}}'))
            AND nhs_digits NOT IN ({fillers}) AS by_nhs_number,
        nullif(own_number, '') AS own
    FROM rows_of_area
),
identified AS NOT MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN by_nhs_number THEN nhs_digits
            WHEN own IS NOT NULL THEN area || '_' || own
        END AS person,
        {ambiguous} AS ambiguous
    FROM known
),
dated AS NOT MATERIALIZED (
    SELECT
        *,
        date_of_death AS death,
        CASE
            WHEN date_of_death BETWEEN event_start_date AND event_end_date THEN date_of_death
            WHEN event_end_date IS NULL AND date_of_death > event_start_date THEN date_of_death
            WHEN event_end_date IS NULL AND date_of_death = event_start_date AND $ends_on_first_day THEN date_of_death
            ELSE event_end_date
        END AS ends
    FROM identified
),
judged AS NOT MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN person IS NULL THEN 'no person'
            WHEN ambiguous THEN 'ambiguous person'
            WHEN event_type IS NULL THEN 'no event type'
            WHEN $remove_invalid AND 'Invalid and not mapped' IN (event_type, client_type) THEN 'invalid type'
            WHEN event_start_date IS NULL THEN 'no start'
            WHEN death < event_start_date THEN 'died before it started'
            WHEN death < period_start THEN 'died before the period'
            WHEN event_start_date > period_end THEN 'starts after the period'
            WHEN ends IS NULL AND NOT is_service THEN 'not ended'
            WHEN ends < period_start THEN 'ended before the period'
            WHEN ends > period_end AND NOT is_service THEN 'ended after the period'
        END AS reason
    FROM dated
)
