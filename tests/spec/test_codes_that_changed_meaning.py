"""ASCOF 2A was admissions to care homes until 2022/23; since then 2A is the outcome of short-term services.

So a code alone names nothing: an indicator is known by framework and code together.
"""

import textwrap
from pathlib import Path

import pytest

from outturn.catalogue.indicator import Key
from outturn.catalogue.library import load_catalogue
from outturn.terms.period import Period
from outturn.textfiles import FaultyFiles

DEFINITION = """
    code: {code}
    title: {title}
    meaning: What it means.
    numerator: Those counted
    denominator: none
    unit: count
    bases: [annual]
    polarity: lower
    source: A return
    frequency: annual
    standing: established
    came_from: a test
    breaks:
      - from: 2017/18
        because: The method changed.
"""


def write(folder: Path, title: str, code: str = "2A") -> Path:
    folder.mkdir()
    (folder / "framework.yaml").write_text(f"title: {folder.name}\npublisher: We\neditions: All\n", "utf-8")
    (folder / f"{code}.yaml").write_text(textwrap.dedent(DEFINITION.format(code=code, title=title)), "utf-8")
    return folder


@pytest.fixture
def catalogue(tmp_path: Path):
    old, new = write(tmp_path / "old", "Admissions"), write(tmp_path / "new", "Outcome of short-term services")
    return load_catalogue([("old", old), ("new", new)])


def test_one_code_in_two_editions_is_two_indicators(catalogue):
    old, new = catalogue.find("old", "2A"), catalogue.find("new", "2 A")
    assert (old.title, new.title) == ("Admissions", "Outcome of short-term services")
    assert old.key != new.key
    assert str(new.key) == "new/2A"
    assert len({old.key, new.key, Key("old", "2A")}) == 2


def test_a_code_is_never_looked_for_in_another_edition(catalogue):
    "Asking for a code that only other editions have is refused with their full names, not answered with one of them."
    with pytest.raises(ValueError) as refused:
        catalogue.find("future", "2A")
    assert (
        str(refused.value) == "There is no definition of future/2A. Did you mean ascof-2023-24/2A or old/2A or new/2A?"
    )


def test_a_code_like_no_other(catalogue):
    with pytest.raises(ValueError) as refused:
        catalogue.find("old", "XYZ-99-QQ")
    assert str(refused.value) == "There is no definition of old/XYZ-99-QQ. Write a definition for it first."


def test_a_second_folder_cannot_pass_for_the_same_edition(tmp_path):
    "Or a council named like a framework would put its own meaning under the national codes."
    one, other = write(tmp_path / "one", "Admissions"), write(tmp_path / "other", "Something else")
    with pytest.raises(FaultyFiles) as refused:
        load_catalogue([("same", one), ("same", other)])
    assert str(refused.value) == "same: Another folder of definitions has this name. Rename this one."


@pytest.mark.parametrize(
    ("earlier", "later", "comparable"),
    [
        ("2015/16", "2016/17", True),
        ("2016/17", "2017/18", False),
        ("2015/16", "2019/20", False),
        ("2017/18", "2018/19", True),
        ("31 March 2017", "1 April 2017", False),
        ("1 April 2017", "2 April 2017", True),
        ("12m to 31 March 2017", "12m to 30 April 2017", False),
        ("12m to 30 June 2017", "12m to 31 July 2018", False),  # nine months of the earlier are from the old method
        ("12m to 31 March 2018", "12m to 30 April 2018", True),
    ],
)
def test_figures_either_side_of_a_break_cannot_be_compared(catalogue, earlier, later, comparable):
    found = catalogue.find("old", "2A").broken_between(Period.read(earlier), Period.read(later))
    assert (found is None) is comparable
    if found:
        assert found.because == "The method changed."
