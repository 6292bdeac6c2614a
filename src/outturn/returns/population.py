"""The population return: how many people of an age live in a council's area, by which rates are divided."""

from .cleaning import as_type
from .table import Check, Column, Table

_BAND = "regexp_replace(lower({text}), 'aged?|years?|[^0-9a-z+]', '', 'g')"
_NUMBER = as_type("integer", "replace({text}, ' ', '')")

TABLE = Table(
    name="population",
    area="la_code",
    rows='"row", la_code, age_band, population, year, source',
    figures=("la_code", "age_band", "population", "year", "source"),
    is_strict=True,
    columns=(
        Column(
            "la_code", "LA Code", "the council’s code, as in Client Level Data", "upper({text})",
            also=("Area Code", "Council Code"), needed=True, filled=True,
        ),
        Column(
            "age_band", "Age Band", "an age band, such as 18 to 64 or 65 and above",
            f"CASE WHEN {_BAND} IN ('1864', '18to64') THEN '18 to 64' "
            f"WHEN {_BAND} IN ('65+', '65plus', '65andover', '65andabove') THEN '65 and above' ELSE {{text}} END",
            also=("Age Group",), needed=True, filled=True,
        ),
        Column(
            "population", "Population", "a whole number above 0", f"CASE WHEN {_NUMBER} > 0 THEN {_NUMBER} END",
            needed=True, filled=True,
        ),
        Column(
            "year", "Year", "a year, such as 2024 (for the middle of 2024)",
            "TRY_CAST(regexp_extract(lower({text}), '^(?:mid[- ]?)?((?:19|20)[0-9][0-9])$', 1) AS INTEGER)",
        ),
        Column("source", "Source", "where the figure is from"),
    ),
    checks=(
        Check(
            "twice", "population", "count(*) OVER (PARTITION BY la_code, age_band, year) > 1",
            "Another row is for the same council, age band and year.", "Keep the right one of them.",
        ),
    ),
)  # fmt: skip
