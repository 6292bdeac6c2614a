-- The events that were kept, typed and keyed. Follows filter.sql; the macros are in macros.sql.
SELECT
    piece,
    area AS la_code,
    person,
    CAST(sequence AS BIGINT) * 1000000000 + judged."row" AS record_id,
    event_type,
    kept(client_type, $remove_invalid) AS client_type,
    event_start_date AS start_date,
    ends AS end_date,
    period_start AS reference_start,
    period_end AS reference_end,
    CASE WHEN event_type = 'Request' THEN kept(request_route_of_access, $remove_invalid) END AS request_route_of_access,
    CASE WHEN event_type = 'Assessment' THEN kept(assessment_type, $remove_invalid) END AS assessment_type,
    kept(service_type, $remove_invalid) AS service_type,
    kept(service_component, $remove_invalid) AS service_component,
    kept(delivery_mechanism, $remove_invalid) AS delivery_mechanism,
    kept(judged.event_outcome, $remove_invalid) AS event_outcome,
    coalesce(CAST(ranks.outcome_rank AS SMALLINT), 999) AS outcome_rank,
    coalesce(ranks.unable OR ranks.outcome_rank = 999, true) AS unable_to_classify,
    coalesce(lower(event_description) LIKE '%conversation%', false) AS conversation,
    CASE WHEN event_type = 'Assessment' THEN coalesce(regexp_matches(
        lower(concat_ws(' ', event_description, assessment_type_raw)), '\boccupational therap|\bota?s?\b'
    ), false) ELSE false END AS occupational_therapy,
    hash(
        area,
        event_start_date,
        compared(client_type_raw, client_type, $as_typed),
        person,
        compared(event_type_raw, event_type, $as_typed),
        CASE WHEN NOT is_service THEN ends END,
        CASE event_type
            WHEN 'Request' THEN compared(request_route_of_access_raw, request_route_of_access, $as_typed)
            WHEN 'Assessment' THEN compared(assessment_type_raw, assessment_type, $as_typed)
            WHEN 'Service' THEN compared(service_type_raw, service_type, $as_typed)
        END,
        CASE WHEN is_service THEN compared(service_component_raw, service_component, $as_typed) END,
        CASE WHEN is_service AND $costs_in_key THEN compared(delivery_mechanism_raw, delivery_mechanism, $as_typed) END,
        CASE WHEN is_service AND $costs_in_key THEN unit_cost END,
        CASE WHEN is_service AND $costs_in_key
            THEN compared(cost_frequency_unit_type_raw, cost_frequency_unit_type, $as_typed) END,
        CASE WHEN is_service AND $costs_in_key THEN planned_units_per_week END
    ) AS event_key,
    nullif(date_of_birth, DATE '1800-01-01') AS birth_date,
    death AS death_date,
    kept(gender, $remove_invalid) AS gender,
    kept(ethnicity, $remove_invalid) AS ethnicity,
    kept(primary_support_reason, $remove_invalid) AS primary_support_reason,
    kept(accommodation_status, $remove_invalid) AS accommodation_status,
    kept(employment_status, $remove_invalid) AS employment_status,
    kept(has_unpaid_carer, $remove_invalid) AS has_unpaid_carer,
    kept(visual_impairment, $remove_invalid) AS visual_impairment,
    kept(hearing_impairment, $remove_invalid) AS hearing_impairment,
    kept(dementia, $remove_invalid) AS dementia,
    kept(autism_spectrum_disorder_asd, $remove_invalid) AS autism,
    kept(client_funding_status, $remove_invalid) AS client_funding_status,
    own AS own_number,
    nullif(upper(trim(adult_1_linked_person_id)), '') AS linked_1,
    nullif(upper(trim(adult_2_linked_person_id)), '') AS linked_2,
    nullif(upper(trim(adult_3_linked_person_id)), '') AS linked_3,
    unit_cost,
    kept(cost_frequency_unit_type, $remove_invalid) AS cost_frequency_unit_type,
    planned_units_per_week
FROM judged
LEFT JOIN ranks
    ON ranks.event_outcome = judged.event_outcome
    AND ranks.event_outcome_raw IS NOT DISTINCT FROM judged.event_outcome_raw
WHERE reason IS NULL
