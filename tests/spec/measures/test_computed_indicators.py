"""Indicators of the catalogue and the measures that work them out name each other, and speak of the same thing."""

from pathlib import Path

import pytest

from outturn.catalogue.library import load_catalogue
from outturn.measures.definition import AskedFor
from outturn.measures.library import load_measures
from outturn.terms.basis import TimeBasis

EXAMPLES = Path(__file__).parents[3] / "examples"
CATALOGUE = load_catalogue([(name, EXAMPLES / name / "definitions") for name in ("york", "leeds")])
MEASURES = load_measures()
COMPUTED = [one for one in CATALOGUE.indicators.values() if one.computed_by]
NATIONAL = CATALOGUE.within("ascof-2023-24")
UNITS = {"number": "count"}
PERIODS = {
    TimeBasis.SNAPSHOT: AskedFor.SNAPSHOT, TimeBasis.IN_PERIOD: AskedFor.QUARTER,
    TimeBasis.YTD_SUM: AskedFor.YEAR_TO_DATE, TimeBasis.ROLLING: AskedFor.ROLLING, TimeBasis.ANNUAL: AskedFor.YEAR,
}  # fmt: skip


def source(indicator):
    code, _, part = indicator.computed_by.partition(" ")
    return MEASURES[code], part


@pytest.mark.parametrize("indicator", COMPUTED, ids=lambda one: str(one.key))
def test_an_indicator_names_a_measure_and_its_part(indicator):
    "In its own unit, and for the stretches of time that the indicator is reported for."
    measure, part = source(indicator)
    assert part in (measure.parts or [""])
    assert indicator.unit.wording == UNITS.get(measure.unit, measure.unit)
    assert {PERIODS[basis] for basis in indicator.bases} <= set(measure.periods)
    assert indicator.polarity == measure.polarity


@pytest.mark.parametrize("code", [code for code, one in MEASURES.items() if one.serves])
def test_a_measure_serves_indicators_that_name_it(code):
    for served in MEASURES[code].serves:
        framework, _, indicator = served.partition("/")
        assert source(CATALOGUE.find(framework, indicator))[0].code == code


def test_a_councils_indicator_is_served_by_the_measure_it_names():
    for indicator in COMPUTED:
        measure, _ = source(indicator)
        if measure.edition == "Outturn 2026":
            assert str(indicator.key) in measure.serves


def test_every_part_of_ascof_that_records_decide_has_its_definition():
    named = {indicator.computed_by for indicator in NATIONAL}
    parts = {
        f"{code} {part}".strip()
        for code, measure in MEASURES.items() if measure.edition.startswith("ASCOF")
        for part in measure.parts or [""]
    }  # fmt: skip
    assert named == parts


@pytest.mark.parametrize("indicator", NATIONAL, ids=lambda one: str(one.key))
def test_a_part_of_ascof_has_the_title_of_its_measure(indicator):
    assert indicator.title.startswith(source(indicator)[0].title)
