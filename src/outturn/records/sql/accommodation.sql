-- Where no accommodation is known: what the person's services say (2.8), if they are `asked`. Leaves `derived`
-- (person, status).
CREATE OR REPLACE TEMP TABLE derived AS
WITH
services AS (
    SELECT
        person, end_date, start_date,
        CASE service_type
            WHEN 'Long term support: Nursing care' THEN 1
            WHEN 'Long term support: Residential care' THEN 2
            WHEN 'Long term support: Community' THEN 3
            WHEN 'Long term support: Prison' THEN 4
            WHEN 'Short term support: ST-Max' THEN 5
            WHEN 'Short term support: Ongoing low level' THEN 6
            WHEN 'Short term support: Other short term' THEN 7
            ELSE 99
        END AS hierarchy,
        CASE WHEN hierarchy < 99 THEN service_type END AS type,
        CASE WHEN service_component IN (
            'Shared Lives', 'Community supported living', 'Extra care housing', 'Home support or domiciliary care'
        ) THEN service_component END AS component
    FROM read_parquet({events})
    WHERE event_type = 'Service' AND {asked}
        AND person IN (SELECT person FROM attributes WHERE accommodation_status = 'Unknown')
),
placed AS (
    SELECT
        *,
        rank() OVER (
            PARTITION BY person
            ORDER BY end_date DESC NULLS FIRST, hierarchy, component IS NULL, start_date DESC
        ) AS place
    FROM services
),
best AS (
    SELECT
        person,
        CASE WHEN count(DISTINCT type) = 1 THEN min(type) END AS type,
        CASE WHEN count(DISTINCT component) = 1 THEN min(component) END AS component
    FROM placed
    WHERE place = 1
    GROUP BY person
)
SELECT
    person,
    CASE
        WHEN type = 'Long term support: Nursing care' THEN 'Registered nursing home'
        WHEN type = 'Long term support: Residential care' THEN 'Registered care home'
        WHEN component = 'Shared Lives' THEN 'Shared Lives scheme'
        WHEN component = 'Extra care housing'
            THEN 'Sheltered housing, extra care housing or other sheltered housing'
        WHEN component = 'Community supported living'
            THEN 'Supported accommodation, supported lodgings or supported group home'
        WHEN type = 'Long term support: Community' AND component = 'Home support or domiciliary care'
            THEN 'Unknown: Presumed at home'
        WHEN type = 'Long term support: Community' AND component IS NULL THEN 'Unknown: Presumed in community'
        WHEN type = 'Long term support: Prison' THEN 'Prison, young offenders institution or detention centre'
    END AS status
FROM best;
