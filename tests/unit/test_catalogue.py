"""Every definition that comes with the package, one by one, and the catalogue's own behaviour."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.catalogue.indicator import Framework, Indicator, Key, normal_code
from outturn.catalogue.library import FREQUENCIES, NATIONAL, load_catalogue, national_folders, read_indicator
from outturn.terms.period import Period
from outturn.terms.polarity import Polarity
from outturn.terms.unit import Unit
from outturn.textfiles import Faults, read_file

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNCILS = sorted(path.parent.parent.name for path in EXAMPLES.glob("*/definitions/framework.yaml"))
FILES = [path for path in sorted(NATIONAL.glob("*/*.yaml")) if path.name != "framework.yaml"]
CATALOGUE = load_catalogue()
RATIOS = {Unit.PERCENT, Unit.PER_100K, Unit.SCORE}


def definition(path: Path) -> Indicator:
    return CATALOGUE.find(path.parent.name, path.stem)


def test_every_file_is_loaded():
    assert len(CATALOGUE.indicators) == len(FILES)
    assert {framework.id for framework in CATALOGUE.frameworks()} == {folder.name for folder in national_folders()}


def test_no_definition_gets_lost():
    "York's plan uses 27 of the old framework; a second framework makes it 30 at least."
    assert len(FILES) >= (30 if len(national_folders()) > 1 else 27)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestEveryNationalDefinition:
    """What must be true of each, whoever wrote it."""

    def test_loads_under_the_name_of_its_file(self, path):
        found = definition(path)
        assert found.key == Key(path.parent.name, path.stem)
        assert found.framework.title
        assert found.framework.publisher

    def test_says_what_it_is_in_sentences(self, path):
        found = definition(path)
        assert found.meaning.endswith(".")
        assert not found.notes or found.notes.endswith(".")
        assert not found.title.endswith(".")
        assert len(found.meaning) <= 600
        for words in (found.title, found.meaning, found.numerator, found.denominator, found.source, found.came_from):
            assert words == words.strip()
            assert "TODO" not in words
            assert "  " not in words

    def test_has_a_denominator_where_its_unit_needs_one(self, path):
        found = definition(path)
        assert found.denominator != "none" or found.unit not in RATIOS
        assert found.denominator == "none" or not found.unit.is_additive

    def test_has_a_survey_calendar_if_and_only_if_it_is_biennial(self, path):
        found = definition(path)
        assert found.frequency in FREQUENCIES
        assert (found.survey is not None) == (found.frequency == "biennial")

    def test_has_breaks_in_order_each_with_its_reason(self, path):
        breaks = definition(path).breaks
        assert [found.period.start for found in breaks] == sorted({found.period.start for found in breaks})
        assert all(found.because.endswith(".") for found in breaks)


@pytest.mark.parametrize("framework", [folder.name for folder in national_folders()])
def test_codes_of_a_framework_differ_by_more_than_their_capitals(framework):
    "But for parts: ASCOF1C1a and ASCOF1C1b are two."
    codes = [indicator.key.code.casefold() for indicator in CATALOGUE.within(framework)]
    assert len(codes) == len(set(codes))
    assert [indicator.key.code for indicator in CATALOGUE.within(framework)] == sorted(
        indicator.key.code for indicator in CATALOGUE.within(framework)
    )


# Hand-written from knowledge of the ASCOF handbooks of 2015/16 to 2017/18, not copied from our files.
ASCOF = """
    1A  score higher annual   | 1B  %     higher annual   | 1C1a %     higher annual   | 1C1b %     higher annual
    1C2a %    higher annual   | 1C2b %    higher annual   | 1D  score  higher biennial | 1E   %     higher annual
    1F  %     higher annual   | 1G  %     higher annual   | 1H  %      higher annual   | 1I1  %     higher annual
    1I2 %     higher biennial | 2B1 %     higher annual   | 2B2 %      higher annual   | 2D   %     higher annual
    3A  %     higher annual   | 3B  %     higher biennial | 3C  %      higher biennial | 3D1  %     higher annual
    3D2 %     higher biennial | 4A  %     higher annual   | 4B  %      higher annual
"""
RATES = {"2A1", "2A2", "2C1", "2C2"}  # per 100,000, and lower is better


@pytest.mark.parametrize("row", [cell.split() for line in ASCOF.strip().splitlines() for cell in line.split("|")])
def test_ascof_of_2015_to_2018_agrees_with_the_handbook(row):
    code, unit, polarity, frequency = row
    found = CATALOGUE.find("ascof-2015-18", f"ASCOF{code}")
    assert (found.unit, found.polarity, found.frequency) == (Unit.read(unit), Polarity.read(polarity), frequency)
    if found.survey:
        ran = [first for first in range(2010, 2019) if found.survey.runs_in(Period.year(first))]
        assert ran == [2012, 2014, 2016, 2018]


@pytest.mark.parametrize("code", sorted(RATES))
def test_ascof_rates(code):
    found = CATALOGUE.find("ascof-2015-18", f"ASCOF{code}")
    assert (found.unit, found.polarity.wording) == (Unit.PER_100K, "lower")


@pytest.mark.parametrize("slug", COUNCILS)
def test_an_examples_own_definitions_load_beside_the_national_ones(slug):
    catalogue = load_catalogue([(slug, EXAMPLES / slug / "definitions")])
    own = catalogue.within(slug)
    assert len(own) == len(list((EXAMPLES / slug / "definitions").glob("*.yaml"))) - 1
    assert len(catalogue.indicators) == len(FILES) + len(own)
    for indicator in own:
        assert indicator.denominator != "none" or indicator.unit not in {Unit.PERCENT, Unit.PER_100K}


@pytest.mark.parametrize(("printed", "code"), [("ASCOF2C 1", "ASCOF2C1"), (" PVP\t02\n", "PVP02"), ("", "")])
def test_spaces_in_a_code_do_not_count(printed, code):
    assert normal_code(printed) == code


GOOD = {
    "code": "A1", "title": "T", "meaning": "M", "numerator": "N", "denominator": "none", "unit": "count",
    "decimals": "0", "bases": "[annual]", "polarity": "higher", "source": "S", "frequency": "annual",
    "first_survey_year": "2012/13", "standing": "likely", "breaks": "[{from: 2017/18, because: B}]", "came_from": "C",
    "computed_by": "2A", "notes": "O",
}  # fmt: skip
ODD = st.sampled_from([
    "", "[]", "{}", "[[]]", "[{}]", "{a: b}", "[a, a]", "[annual, annual]", "biennial", "2012/13", "9999/00",
    "within 9.9.9 to 1", "[{from: 0000/01, because: x}]", "[{from: 2017/18}]", "٣", "9", "per 100,000",
    '"\\U0001F600"', "established", "5" * 500,
])  # fmt: skip


@given(st.dictionaries(st.sampled_from([*GOOD, "titel"]), ODD), st.sets(st.sampled_from(list(GOOD))))
def test_a_definition_is_good_or_has_faults_and_never_vanishes_silently(tmp_path_factory, odd, left_out):
    path = tmp_path_factory.getbasetemp() / "A1.yaml"
    entries = {key: words for key, words in (GOOD | odd).items() if key not in left_out}
    path.write_text("".join(f"{key}: {words}\n" for key, words in entries.items()), "utf-8")
    faults = Faults()
    record = read_file(path, faults)
    found = read_indicator(record, Framework("f", "F", "", "", "")) if record else None
    assert found or faults.found
    if found and not faults.found:
        assert (found.frequency == "biennial") == (found.survey is not None)
        assert found.bases
        assert found.title
    assert all(fault.line for fault in faults.found) or not record
