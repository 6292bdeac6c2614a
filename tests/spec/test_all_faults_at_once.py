"""A colleague at a council writes definitions, loads them, and is told everything that is wrong in one go."""

import textwrap
from pathlib import Path

import pytest

from outturn.catalogue.library import load_catalogue
from outturn.textfiles import FaultyFiles

FRAMEWORK = """
    title: Our own measures
    publisher: Harrowmere Council
    editions: 2018/19
"""
GOOD = """
    code: REV 1
    title: People reviewed in the year
    meaning: How many people had a review.
    numerator: People with a review
    denominator: none
    unit: count
    bases: [annual, snapshot]
    polarity: Up is Good
    source: Case system
    frequency: annual
    standing: established
    came_from: a test
"""
CARERS = """
    code: CAR1
    title: Carers who are content
    meaning: How content carers are.
    numerator: Carers who are content
    denominator: Carers who answered
    unit: "%"
    decimals: "1"
    bases: annual
    polarity: within 85 to 95
    source: Our own survey
    frequency: biennial
    first_survey_year: 2012/13
    standing: likely
    breaks:
      - from: 2017/18
        because: The question changed.
    came_from: a test
    notes: The survey runs every second autumn.
"""


@pytest.fixture
def load(tmp_path: Path):
    def load_files(**files: str):
        folder = tmp_path / "definitions"
        folder.mkdir(exist_ok=True)
        for name, text in {"framework": FRAMEWORK, **files}.items():
            (folder / f"{name}.yaml").write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
        return load_catalogue([("harrowmere", folder)])

    return load_files


def test_good_files_load(load):
    catalogue = load(REV1=GOOD, CAR1=CARERS)
    assert [indicator.title for indicator in catalogue.within("harrowmere")] == [
        "Carers who are content", "People reviewed in the year",
    ]  # fmt: skip
    carers = catalogue.find("harrowmere", "CAR 1")
    assert carers.survey
    assert (carers.survey.first, carers.decimals, carers.polarity.wording) == (2012, 1, "within 85 to 95")
    assert "Our own measures" in [framework.title for framework in catalogue.frameworks()]


def test_every_fault_of_every_file_is_told_at_once(load):
    "Three files with faults make one answer, in the order of files and lines, each with what to write instead."
    misspelt = """
        code: REV 1
        titel: People reviewed in the year
        meaning: How many people had a review.
        numerator: People with a review
        denominator:
        unit: percent
        bases: [annual, weekly]
        polarity: within 95 to 85
        source: Case system
        frequency: yearly
        standing: certain
        decimals: many
        breaks:
          - from: 2017
            because: The method changed.
            becuase: It did.
    """
    shapes = """
        code: CAR1
        title: [Carers, who are content]
        meaning: How content carers are.
        numerator: Carers who are content
        denominator: Carers who answered
        unit: "%"
        bases:
        polarity: higher
        source: Our own survey
        frequency: biennial
        standing: likely
        breaks: in 2017
        came_from: a test
        came_from: another test
    """
    with pytest.raises(FaultyFiles) as refused:
        load(framework="title: Ours\npublisher: We\n", REV1=misspelt, CAR1=shapes, TABBED="code: A\n\ttitle: B\n")
    assert str(refused.value).splitlines() == [
        "harrowmere/CAR1.yaml, line 1: A biennial survey needs first_survey_year, the first financial year it ran, as "
        "2012/13.",
        "harrowmere/CAR1.yaml, line 2: “title” should be one piece of text, and is a list.",
        "harrowmere/CAR1.yaml, line 7: “bases” is missing or blank. Write bases: [annual], or another time basis.",
        "harrowmere/CAR1.yaml, line 12: “breaks” should be a list, each entry on a line of its own that begins with a "
        "dash.",
        "harrowmere/CAR1.yaml, line 14: “came_from” stands here twice. Keep one.",
        "harrowmere/REV1.yaml, line 1: “title” is missing or blank. Write title: …",
        "harrowmere/REV1.yaml, line 1: “came_from” is missing or blank. Write came_from: …",
        "harrowmere/REV1.yaml, line 2: “titel” is not known. Did you mean “title”?",
        "harrowmere/REV1.yaml, line 5: “denominator” is missing or blank. Write denominator: none",
        "harrowmere/REV1.yaml, line 6: unit: “percent” is not a unit. Write one of: count, %, per 100,000, score, £, "
        "£000s, days, weeks, years, seconds, FTE, yes/no.",
        "harrowmere/REV1.yaml, line 7: “weekly” is not a time basis. Write one of: snapshot, in period, year-to-date "
        "sum, year-to-date average, rolling 12 months, annual, forecast.",
        "harrowmere/REV1.yaml, line 8: polarity: “within 95 to 85” is not a polarity. Write higher, lower, neutral, or "
        "a range with its lower end first: within 85 to 95.",
        "harrowmere/REV1.yaml, line 10: frequency: “yearly” is not a frequency. Write one of: monthly, quarterly, "
        "annual, biennial, irregular.",
        "harrowmere/REV1.yaml, line 11: standing: “certain” should be established or likely.",
        "harrowmere/REV1.yaml, line 12: decimals: “many” should be a whole number from 0 to 4.",
        "harrowmere/REV1.yaml, line 14: from: “2017” is not a period. Periods look like 2018/19, Q1 2018/19, March "
        "2018 or 31 March 2018.",
        "harrowmere/REV1.yaml, line 16: “becuase” is not known. Did you mean “because”?",
        "harrowmere/TABBED.yaml, line 2: This line cannot be read as YAML: found character '\\t' that cannot start any "
        "token. Put text that holds a colon, or begins with a dash or a sign, in double quotes.",
        "harrowmere/framework.yaml, line 1: “editions” is missing or blank. Write editions: 2018/19",
    ]


def test_a_code_defined_twice(load):
    "Spaces do not count, so REV 1 and REV1 are one code."
    with pytest.raises(FaultyFiles) as refused:
        load(REV1=GOOD, REV2=GOOD.replace("REV 1", "REV1"))
    assert str(refused.value) == (
        "harrowmere/REV2.yaml, line 1: harrowmere/REV1 is defined in another file too. Keep one."
    )


def test_a_survey_year_where_there_is_no_survey(load):
    with pytest.raises(FaultyFiles) as refused:
        load(CAR1=CARERS.replace("biennial", "annual"))
    assert str(refused.value) == (
        "harrowmere/CAR1.yaml, line 12: Only a biennial survey has a first_survey_year. Leave it out."
    )


def test_a_list_of_time_bases_in_the_wrong_shape_is_one_fault(load):
    with pytest.raises(FaultyFiles) as refused:
        load(CAR1=CARERS.replace("bases: annual", "bases: {of: annual}"))
    assert str(refused.value) == (
        "harrowmere/CAR1.yaml, line 8: “bases” should be a list, each entry on a line of its own that begins with a "
        "dash."
    )


def test_definitions_without_a_framework_file(tmp_path):
    with pytest.raises(FaultyFiles) as refused:
        load_catalogue([("nowhere", tmp_path / "nowhere")])
    assert str(refused.value) == "nowhere/framework.yaml: The file cannot be opened: No such file or directory."
