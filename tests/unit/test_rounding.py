"""Rounded counts, and the fractions that a percentage gives away beside them."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.judgement.settings import COUNTS
from outturn.results.rounding import (
    MAY_NOT_ADD_UP,
    STYLES,
    base_withheld,
    for_the_public,
    fractions_behind,
    gives_away,
    pair_withheld,
    percentage,
)

FIVE, TEN, SURVEY = STYLES["nearest 5"], STYLES["nearest 10"], STYLES["survey"]


@pytest.mark.parametrize(
    ("count", "five", "ten", "survey"),
    [
        (0, "0", "0", "0"), (1, "fewer than 5", "fewer than 5", "0"), (4, "fewer than 5", "fewer than 5", "5"),
        (5, "5", "10", "5"), (7, "5", "10", "5"), (8, "10", "10", "10"), (1_234, "1,235", "1,230", "1,235"),
        (None, "", "", ""),
    ],
)  # fmt: skip
def test_each_count_is_rounded_by_itself(count, five, ten, survey):
    assert [style.words(count) for style in (FIVE, TEN, SURVEY)] == [five, ten, survey]
    assert STYLES["none"].words(3) == "3"


@given(st.sampled_from((FIVE, TEN, SURVEY)), st.integers(0, 300))
def test_the_counts_behind_a_printed_one_are_those_that_print_so(style, count):
    if not 0 < count < style.smallest:
        printed = style.of(count)
        alike = [each for each in range(400) if not 0 < each < style.smallest and style.of(each) == printed]
        assert list(style.behind(printed)) == alike


def test_one_decimal_gives_the_fraction_away():
    """84.8% of 33 to 37 is only 28 of 33 (statistics notes, 9.2)."""
    assert fractions_behind(Decimal("84.8"), FIVE.behind(35)) == [(28, 33)]
    assert fractions_behind(Decimal("85"), FIVE.behind(35)) == [(28, 33), (29, 34)]
    assert gives_away([(28, 33)])
    assert gives_away([(2, 40), (39, 41)])
    assert not gives_away([(28, 33), (29, 34)])


@given(st.integers(0, 60), st.integers(-1, 60), st.integers(0, 2))
def test_every_fraction_that_rounds_to_a_percentage_is_found(numerator, denominator, decimals):
    if 0 <= numerator <= denominator and denominator > 0:
        exact = Decimal(100 * numerator) / denominator
        value = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        assert (numerator, denominator) in fractions_behind(value, range(-1, denominator + 5))


def test_a_percentage_loses_decimals_until_it_tells_no_fraction():
    assert percentage(28, 33, FIVE) == Decimal("85")
    assert percentage(28, 33, STYLES["none"]) == Decimal("84.8")
    assert percentage(2_840, 3_301, FIVE) == Decimal("86.0")
    assert percentage(3, 33, FIVE) is None
    assert percentage(31, 33, FIVE) is None
    assert [percentage(*odd, FIVE) for odd in ((5, 0), (9, 8), (-1, 8))] == [None] * 3


def test_survey_bases_of_one_or_two_are_withheld_and_take_their_pair_with_them():
    assert [base_withheld(base) for base in (None, 0, 1, 2, 3)] == [False, False, True, True, False]
    assert pair_withheld([2, 300])
    assert not pair_withheld([3, 300])
    assert not pair_withheld([0, None])


# What a visitor's page prints


def told(**more):
    about = {"unit": "%", "value": 80.0, "numerator": 52, "denominator": 65, "units": None, "flags": [], "notes": [],
             "side_counts": {"died": 8, "unknown": None}, "interval": [68.7, 87.9], "year_end": None}  # fmt: skip
    return {**about, **more}


def test_counts_are_rounded_each_by_itself_and_the_percentage_is_of_exact_ones():
    shown = for_the_public(told(), STYLES["nearest 5"])
    assert (shown["numerator"], shown["denominator"], shown["value"]) == (50, 65, 80.0)
    assert shown["side_counts"] == {"died": 10, "unknown": None}
    assert shown["notes"] == [MAY_NOT_ADD_UP]
    assert shown["interval"] is None  # it would tell the counts again


def test_a_percentage_that_gives_its_fraction_away_loses_decimals():
    shown = for_the_public(told(value=84.8, numerator=28, denominator=33), STYLES["nearest 5"])
    assert (shown["numerator"], shown["denominator"]) == (30, 35)
    assert shown["value"] == 85.0  # 84.8% of 33 to 37 people could only be 28 of 33


def test_a_count_is_rounded_and_an_absence_stays():
    counted = told(unit="number", value=33, numerator=33, denominator=None)
    assert for_the_public(counted, STYLES["nearest 10"])["value"] == 30
    absent = told(value=None, numerator=None, denominator=None)
    assert for_the_public(absent, STYLES["nearest 5"]) == absent


def test_where_nothing_is_rounded_a_result_is_as_it_was():
    assert for_the_public(told(), STYLES["none"]) == told()


def test_a_council_chooses_among_the_styles():
    assert set(COUNTS) <= set(STYLES)
