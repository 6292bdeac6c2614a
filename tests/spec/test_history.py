"""Results of earlier periods, beside what plans and scorecards print."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from outturn.catalogue.library import load_catalogue
from outturn.plans.files import read_council_files
from outturn.terms.period import Period
from outturn.textfiles import FaultyFiles

HARROWMERE = Path(__file__).parents[2] / "examples" / "harrowmere"
QUARTER = Period.quarter(2023, 1)


@pytest.fixture
def read(tmp_path: Path):
    """`read(text)`: Harrowmere with that history."""
    folder = shutil.copytree(HARROWMERE, tmp_path / "harrowmere")

    def with_history(text: str):
        (folder / "history.yaml").write_text(text, "utf-8")
        return read_council_files(folder, lambda slug, own: load_catalogue([(slug, own)]))

    return with_history


def test_a_result_comes_with_its_counts(read):
    (past,) = read(
        "series:\n"
        "  - code: SG-CONCERNS\n"
        "    basis: in period\n"
        '    results: {Q1 2023/24: "262", Q2 2023/24: "-"}\n'
        "    counts: {Q1 2023/24: 262 of 1040}\n"
    ).history
    assert past.results[QUARTER].amount == 262
    assert past.results[QUARTER.next()].is_missing
    assert past.counts == {QUARTER: (Decimal(262), Decimal(1040))}


def test_every_fault_is_told_with_what_to_write(read):
    with pytest.raises(FaultyFiles) as refused:
        read(
            "series:\n"
            "  - code: NOTHING\n"
            "    basis: in period\n"
            '    results: {Q5 2023/24: "262"}\n'
            "  - code: SG-CONCERNS\n"
            "    basis: in period\n"
            '    results: {Q1 2023/24: "262"}\n'
            "    counts: {Q1 2023/24: 262/1040, Q2 2023/24: 1 of 0, Q3 2023/24: 1 of 2}\n"
        )
    words = str(refused.value)
    for fault in ("NOTHING", "no quarter 5", "numerator and denominator: 41 of 52", "1 of 0", "Write the result too"):
        assert fault in words


def test_harrowmeres_quarters_agree_with_the_years_its_plan_prints(read):
    files = read((HARROWMERE / "history.yaml").read_text("utf-8"))
    past = {each.code: each.results for each in files.history}
    printed = {row.code: row.results for row in files.plans[0].indicators}
    for first in (2023, 2024, 2025):
        year = Period.year(first)
        for code in ("REABLE", "OCCUPANCY", "SW-FTE"):
            assert past[code][Period.quarter(first, 4)].amount == printed[code][year].amount
    for first, total in ((2024, 1131), (2025, 1204)):  # the rolling year to March is the sum of its quarters
        assert sum(past["SG-CONCERNS"][quarter].amount for quarter in Period.year(first).quarters()) == total
