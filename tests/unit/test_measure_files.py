"""Files of measures: what a head must say, and what is told of a wrong one."""

from pathlib import Path

import pytest

from outturn.measures.library import UnknownMeasure, load_library, load_measures
from outturn.measures.parameters import filled_in, parameters
from outturn.measures.reference import page
from outturn.records.methods import method
from outturn.terms.period import Period
from outturn.textfiles import FaultyFiles

HEAD = """/*
code: X
title: A measure
edition: Outturn 2026
kind: proportion
unit: "%"
decimals: 1
polarity: higher
counts: people
numerator: Some
denominator: All
periods: year
meaning: It means something.
source: Us
owner: Performance
checker: Someone else
next_check: 2027-04-30
*/
"""
BODY = """
-- step first
-- The first
-- thought.
SELECT e.person FROM events e

-- cohort
-- One row each.
SELECT f.person FROM first f;
"""


@pytest.fixture
def library(tmp_path):
    """Load a library of one measure, X.sql."""
    for folder in ("ascof", "local", "shared"):
        (tmp_path / folder).mkdir()

    def load(text, name="local/X.sql"):
        (tmp_path / name).write_text(text, "utf-8")
        load_library.cache_clear()
        return load_library(tmp_path)

    yield load
    load_library.cache_clear()


def faults(library, text):
    with pytest.raises(FaultyFiles) as refused:
        library(text)
    return [str(fault) for fault in refused.value.faults]


def test_a_measure_is_its_head_and_its_steps(library):
    found = library(HEAD + BODY).find("x")
    assert [(step.name, step.words) for step in found.steps] == [
        ("first", "The first thought."), ("cohort", "One row each."),
    ]  # fmt: skip
    assert found.steps[1].sql == "SELECT f.person FROM first f"
    assert (found.code, found.groups, found.bands_of(None)) == ("X", ((),), ("18 to 64", "65 and above"))


def test_every_fault_is_told_at_once_with_its_line(library):
    wrong = HEAD.replace("kind: proportion", "kind: share").replace("decimals: 1\n", "").replace("unit", "units")
    told = faults(library, wrong + BODY)
    assert "X.sql, line 5: kind: “share” is none of proportion, rate, count, sum, median." in told
    assert "X.sql, line 6: “units” is not known. Did you mean “unit”?" in told
    assert any("“decimals” is missing or blank. Write decimals: 1" in fault for fault in told)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT 1", "should begin with a head"),
        (HEAD + "SELECT 1", "should have sections"),
        (HEAD + BODY.replace("-- cohort", "-- step last"), "“-- cohort” as the last one"),
        (HEAD.replace("kind: proportion", "kind: rate") + BODY, "A rate needs the age band of its population"),
        (HEAD.replace("meaning", "switches: moon\nmeaning") + BODY, "there is no switch “moon” in a method"),
        (HEAD.replace("meaning", "groups:\n  - total\n  - shoe_size\nmeaning") + BODY, "“shoe_size” is none of"),
        (HEAD.replace("meaning", "uses: nothing\nmeaning") + BODY, "there is no shared table “nothing”"),
        (HEAD.replace("periods: year", "periods: fortnight") + BODY, "“fortnight” is none of year, year to date"),
    ],
)
def test_what_is_told_of_a_wrong_file(library, text, words):
    assert any(words in fault for fault in faults(library, text))


def test_an_unknown_code_is_told_with_the_nearest():
    with pytest.raises(UnknownMeasure, match=r"There is no measure REVIEWD\. Did you mean REVIEWED"):
        load_library().find("REVIEWD")
    assert load_library().find(" ascof 2a ").code == "2A"


def test_the_reference_page_is_made_from_the_files():
    """docs/reference/measures.md names every measure, side count and step."""
    file = Path(__file__).parents[2] / "docs" / "reference" / "measures.md"
    text = file.read_text("utf-8")
    assert text == page(load_library()), "Run python -m outturn.measures.reference > docs/reference/measures.md"
    for measure in load_measures().values():
        assert f"### {measure.code}\n" in text
        assert all(f"*{name}*" in text for name in (*measure.side_counts, *measure.parts))
        assert all(step.words in text for step in measure.steps)


# Parameters


def test_parameters_are_put_in_but_not_within_texts_or_comments():
    values = {"last_day": "DATE '2025-03-31'"}
    assert filled_in("a <= :last_day + 7", values) == "a <= DATE '2025-03-31' + 7"
    assert filled_in("'Prevention: :last_day it''s' = x -- :last_day", values) == (
        "'Prevention: :last_day it''s' = x -- :last_day"
    )
    assert filled_in("'12:30' = :last_day", values) == "'12:30' = DATE '2025-03-31'"


def test_a_parameter_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match="moon"):
        filled_in("SELECT :moon", {})


def test_the_age_rule_as_days_from_the_first_of_the_birth_month():
    """Years of 365.25 days, rounded up to the first whole day on which the national rule gives the age."""
    values = parameters(method(), [Period.year(2024), Period.year(2023)])
    assert [values[f"days_to_{age}"] for age in (18, 25, 65)] == ["6575", "9132", "23742"]
    assert (values["first_day"], values["last_day"]) == ("DATE '2023-04-01'", "DATE '2025-03-31'")
    assert {values[name] for name in ("hospital_counts", "referral_counts")} == {"FALSE", "TRUE"}


def test_every_measure_can_be_filled_in_under_every_method():
    """No file names a parameter that there is not."""
    values = parameters(method(), [Period.year(2024)])
    for measure in load_measures().values():
        for step in measure.steps:
            assert filled_in(step.sql, values)
