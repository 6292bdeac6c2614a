-- NHS England 2023/24: the council's own number serves only where it never occurs with an NHS number in the file.
by_nhs_number IS NOT TRUE AND own IN (
    SELECT upper(trim(la_person_unique_identifier))
    FROM {rows}
    WHERE area IN ({codes}) AND la_person_unique_identifier IS NOT NULL
        AND regexp_full_match(regexp_replace(coalesce(nhs_number_raw, nhs_number), '[\s\-]', '', 'g'), '[0-9]{{10}}')
)
