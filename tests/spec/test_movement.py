"""What may be said of the two newest figures."""

from pathlib import Path

import pytest

from outturn.catalogue.indicator import Framework
from outturn.catalogue.library import read_indicator
from outturn.judgement.movement import Kind, latest_movement
from outturn.terms.period import Period
from outturn.terms.polarity import Polarity
from outturn.terms.value import Absence, read_value
from outturn.textfiles import Faults, read_file

TOKENS = {"NC": Absence.NOT_COLLECTED, "-": Absence.AWAITED}
DEFINITION = """\
code: X1
title: A measure
meaning: What it means.
numerator: Those counted
denominator: none
unit: count
bases: [annual]
polarity: lower
source: Case system
frequency: annual
standing: likely
came_from: a test
breaks:
  - from: 2018/19
    because: The method changed.
"""


@pytest.fixture
def definition(tmp_path: Path):
    (tmp_path / "X1.yaml").write_text(DEFINITION, "utf-8")
    record = read_file(tmp_path / "X1.yaml", Faults())
    assert record
    return read_indicator(record, Framework("test", "Test", "", "", ""))


def movement(definition, polarity: str, **by_year: str):
    results = {
        Period.read(year.strip("_").replace("_", "/")): read_value(text, TOKENS) for year, text in by_year.items()
    }
    return latest_movement(results, Polarity.read(polarity), definition)


@pytest.mark.parametrize(
    ("polarity", "before", "after", "sentence", "better"),
    [
        ("lower", "260", "248", "Down 12 since 2015/16, which is better.", True),
        ("higher", "64.00%", "62.40%", "Down 1.60 percentage points since 2015/16, which is worse.", False),
        ("neutral", "1,762", "1,882", "Up 120 since 2015/16. No direction is better.", None),
        ("lower", "8,377", "10,535", "Up 2,158 since 2015/16, which is worse.", False),
        ("lower", "£-201", "£191", "Up £392 since 2015/16, which is worse.", False),
        ("within 85 to 95", "98%", "96%", "Down 2 percentage points since 2015/16, which is better.", True),
        ("within 85 to 95", "86%", "94%",
         "Up 8 percentage points since 2015/16, no nearer to or further from the wanted range.", None),
        ("lower", "1:35", "2:05", "Up 0:30 since 2015/16, which is worse.", False),
        ("higher", "No", "Yes", "Yes, and was No in 2015/16, which is better.", True),
        ("higher", "19.2", "19.2", "The same as in 2015/16.", None),
    ],
)  # fmt: skip
def test_better_or_worse_by_polarity(definition, polarity, before, after, sentence, better):
    moved = movement(definition, polarity, _2015_16=before, _2016_17=after)
    assert (moved.sentence, moved.better) == (sentence, better)


def test_a_missing_year_is_passed_over_and_never_a_zero(definition):
    moved = movement(definition, "lower", _2014_15="10", _2015_16="NC", _2016_17="8", _2017_18="-")
    assert moved.sentence == "Down 2 since 2014/15, which is better."


def test_one_figure_is_not_enough(definition):
    assert movement(definition, "higher", _2015_16="93.88%", _2016_17="NC", _2017_18="-").kind is Kind.NOT_ENOUGH
    assert latest_movement({}, Polarity.read("higher"), definition).kind is Kind.NOT_ENOUGH


def test_figures_either_side_of_a_break_are_not_compared(definition):
    moved = movement(definition, "lower", _2017_18="10", _2018_19="8")
    assert moved.kind is Kind.NOT_COMPARABLE
    assert moved.sentence == "Not comparable with 2017/18. The method changed."
    assert movement(definition, "lower", _2018_19="10", _2019_20="8").better is True


def test_a_quarter_is_not_compared_with_a_year(definition):
    results = {Period.read("2016/17"): read_value("100"), Period.read("Q1 2017/18"): read_value("24")}
    assert latest_movement(results, Polarity.read("lower"), definition).kind is Kind.NOT_ENOUGH
