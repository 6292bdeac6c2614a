-- What `events.sql` compares and keeps.
CREATE OR REPLACE TEMP MACRO compared(raw, cleaned, as_typed) AS
    coalesce(CASE WHEN as_typed THEN lower(trim(coalesce(raw, cleaned))) ELSE cleaned END, '');

CREATE OR REPLACE TEMP MACRO kept(cleaned, remove_invalid) AS
    CASE WHEN remove_invalid AND cleaned = 'Invalid and not mapped' THEN NULL ELSE cleaned END;
