"""The hospital discharge return that ASCOF 2D needs: a row for each spell in hospital, in a layout of our own.

What is stored is what measures read as `discharges`. A cell that cannot be read is stored as blank, and complained of.
"""

from collections.abc import Mapping

from .cleaning import as_type, is_nhs_number
from .table import Check, Column, Table

_DIGITS = r"regexp_replace({text}, '[\s\-]', '', 'g')"
_CODE = "upper(replace({text}, ' ', ''))"
_MONTHS = "['%Y-%m', '%m/%Y', '%b %Y', '%B %Y', '%b-%Y', '%Y%m']"
_DATE = "a date, such as 2024-10-31"
_MONTH = f"date_trunc('month', coalesce({as_type('date', '{text}')}, CAST(try_strptime({{text}}, {_MONTHS}) AS DATE)))"
_AGE = as_type("integer", "{text}")
# The latest month that gives this age by the rule of `records.persons`: days in years of 365.25.
_MONTH_OF_AGE = "date_trunc('month', discharge_date - CAST(ceil(age * 365.25) AS INTEGER))"


def _code(name: str, heading: str, pattern: str, should: str, *also: str) -> Column:
    value = f"CASE WHEN regexp_full_match({_CODE}, '{pattern}') THEN {_CODE} END"
    return Column(name, heading, should, value, also, needed=True)


def _one_of(codes: Mapping[str, str | int]) -> str:
    whens = " ".join(f"WHEN '{code}' THEN {value!r}" for code, value in codes.items())
    return f"CASE {_CODE} {whens} END"


TABLE = Table(
    name="discharges",
    area="la_of_residence",
    rows=(
        "\"row\", la_of_residence, person, coalesce(spell, 'row ' || \"row\") AS spell, "
        "admission_date, discharge_date, "
        f"CAST(coalesce(birth_month, {_MONTH_OF_AGE}) AS DATE) AS birth_month, gender, admission_method, "
        "discharge_method, destination, treatment_function, management_type, "
        "CASE WHEN last_episode_text IS NULL AND NOT bool_or(last_episode_text IS NOT NULL) OVER () THEN 1 "
        "ELSE last_episode END AS last_episode"
    ),
    one_of=("birth_month", "age"),
    columns=(
        Column(
            "person", "NHS Number", "an NHS number of ten digits",
            # As with Client Level Data, ten digits count also where the check digit is wrong; ten times one do not.
            f"CASE WHEN regexp_full_match({_DIGITS}, '[0-9]{{10}}') "
            f"AND replace({_DIGITS}, left({_DIGITS}, 1), '') <> '' THEN {_DIGITS} END",
            also=("NHS No",), needed=True,
        ),
        Column(
            "spell", "Spell Id", "the spell’s own identifier", also=("Spell Identifier", "APCS Ident"),
            needed=True, filled=True,
        ),
        Column(
            "admission_date", "Admission Date", _DATE, as_type("date", "{text}"), also=("Start Date Hospital Spell",),
            needed=True, filled=True,
        ),
        Column(
            "discharge_date", "Discharge Date", _DATE, as_type("date", "{text}"), needed=True, filled=True,
        ),
        Column(
            "birth_month", "Birth Month", "a month, such as 1941-07", f"CAST({_MONTH} AS DATE)",
            also=("Month of Birth", "Date of Birth"),
        ),
        Column(
            "age", "Age", "an age in whole years", f"CASE WHEN {_AGE} BETWEEN 0 AND 130 THEN {_AGE} END",
            also=("Age at Discharge",),
        ),
        Column(
            "gender", "Gender", "Male, Female, 1, 2 or Unknown",
            _one_of(
                dict.fromkeys(("MALE", "M", "1"), "Male") | dict.fromkeys(("FEMALE", "F", "2"), "Female")
                | dict.fromkeys(("UNKNOWN", "INDETERMINATE", "OTHER", "0", "9", "X"), "Unknown")
            ),
            also=("Sex",),
        ),
        _code("admission_method", "Admission Method", "[0-9][0-9A-Z]", "a code of two characters, such as 21 or 2A"),
        _code("discharge_method", "Discharge Method", "[0-9]", "a code of one digit, such as 1"),
        _code(
            "destination", "Discharge Destination", "[0-9][0-9]", "a code of two digits, such as 19", "Destination"
        ),
        _code(
            "treatment_function", "Treatment Function", "[0-9A-Z]{3}", "a code of three characters, such as 430",
            "Treatment Function Code",
        ),
        _code(
            "management_type", "Management Type", "[A-Z]{2}", "a code of two letters, such as EM",
            "Patient Management Type",
        ),
        Column(
            "last_episode", "Last Episode", "1 or Yes for the last episode of its spell, and otherwise 2, 0 or No",
            _one_of(dict.fromkeys(("1", "Y", "YES"), 1) | dict.fromkeys(("0", "2", "N", "NO"), 0)),
            also=("Last Episode in Spell Indicator",),
        ),
        Column(
            "la_of_residence", "LA Code of Residence", "the code of the council where the person lives",
            "upper({text})", also=("LA Code", "Council of Residence"), needed=True,
        ),
    ),
    checks=(
        Check(
            "check-digit", "person", f"NOT {is_nhs_number('person')}",
            "The NHS number’s check digit is wrong, so a digit of it was mistyped.", "Correct the number.",
        ),
        Check(
            "ends-first", "discharge_date", "discharge_date < admission_date",
            "The discharge is before the admission.", "Correct one of the two dates.",
        ),
        Check(
            "born-later", "birth_month", "birth_month > discharge_date",
            "The person was born after the discharge.", "Correct the month or the date.",
        ),
        Check(
            "no-age", "birth_month", "birth_month_text IS NULL AND age_text IS NULL",
            "Neither a birth month nor an age is given.", "Give one of them.",
        ),
        Check(
            "twice", "spell", "spell IS NOT NULL AND count(*) FILTER (coalesce(last_episode, 1) = 1) "
            "OVER (PARTITION BY la_of_residence, spell) > 1",
            "Another row is the last episode of the same spell.",
            "Keep the last episode, or mark the others in the column Last Episode.",
        ),
    ),
)  # fmt: skip
