"""From whole numbers to a figure: one division, one rounding, and what is said where there is none."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from outturn.measures.definition import Kind
from outturn.measures.library import load_measures
from outturn.measures.running import Count
from outturn.results.result import Absent, Basis, Figures, median, rounded
from outturn.terms.period import Period
from outturn.terms.value import Absence

YEAR = Period.year(2024)
NOW = datetime(2026, 1, 20, 9)
# Published outcomes of ASCOF 2020-21 that are exact ties: area and old code, numerator, denominator, outcome.
# Contains public sector information licensed under the Open Government Licence v3.0 (NHS Digital).
TIES = [
    ("Hartlepool 2B185OV", 26, 32, "81.3"), ("Doncaster 2B2M", 63, 3600, "1.8"), ("Tameside 2B185OV", 63, 112, "56.3"),
    ("Milton Keynes 2B1F", 59, 80, "73.8"), ("Windsor and Maidenhead 2B16574", 15, 16, "93.8"),
    ("Bedford 1EF", 10, 160, "6.3"), ("Camden 1E", 15, 400, "3.8"), ("Camden 1G", 345, 400, "86.3"),
    ("Kensington and Chelsea 2B1M", 30, 32, "93.8"), ("Wandsworth 1EM", 28, 448, "6.3"),
    ("Havering 2B17584", 90, 96, "93.8"), ("Sutton 2D", 459, 816, "56.3"), ("Wiltshire 2B185OV", 82, 160, "51.3"),
]  # fmt: skip


def measure(kind, **changes):
    """2A made into another kind of measure."""
    return replace(load_measures()["2A"], kind=kind, **changes)


def figures(kind=Kind.PROPORTION, *, periods=(YEAR,), areas=("950",), bases=None, populations=None, **changes):
    """The figures of a measure of a kind, for councils whose files all arrived."""
    given = {(area, period.code): Basis(NOW) for area in areas for period in periods} | (bases or {})
    return Figures(measure(kind, **changes), "DHSC-2526", "executed", periods, given, populations or {})


def count(numerator=0, denominator=0, *, area="950", period=YEAR, **more):
    return Count(period.code, area, None, {}, numerator, denominator, **more)


def only(results):
    (one,) = results
    return one


@pytest.mark.parametrize(("who", "numerator", "denominator", "published"), TIES)
def test_ties_are_rounded_away_from_zero_as_published(who, numerator, denominator, published):
    """Floats and half-even rounding get these wrong."""
    assert str(only(figures().results([count(numerator, denominator)])).value) == published


def test_rounding_keeps_its_places_and_its_sign():
    """Half away from zero on either side of it."""
    assert [str(rounded(Fraction(n, 20), 1)) for n in (1, -1, 3, 0, 20)] == ["0.1", "-0.1", "0.2", "0.0", "1.0"]
    assert str(rounded(Fraction(5, 2), 0)) == "3"


def test_a_denominator_of_nought_is_no_figure():
    """Neither 0% nor 100%, but a reason."""
    found = only(figures().results([count(0, 0)]))
    assert (found.value, found.state, found.interval) == (None, "not applicable", None)
    assert (found.numerator, found.denominator) == (0, 0)
    assert found.because == "There are no episodes in the denominator."


def test_nobody_counted_of_some_is_nought():
    found = only(figures().results([count(0, 8)]))
    assert (str(found.value), found.state) == ("0.0", None)
    assert [str(limit) for limit in found.interval] == ["0.0", "32.4"]


def test_a_rate_is_per_100_000_of_a_population_and_without_one_no_figure():
    """York's population aged 65 and over, mid-2024."""
    rate = figures(Kind.RATE, populations={("950", "2024-25"): 40_218}, population="65 and above")
    assert str(only(rate.results([count(100, 100)])).value) == "248.6"
    missing = Absent(Absence.AWAITED, "There is no population file.")
    found = only(figures(Kind.RATE, populations={("950", "2024-25"): missing}).results([count(100, 100)]))
    assert (found.numerator, found.value, found.state, found.because) == (100, None, "awaited", missing.because)


@pytest.mark.parametrize(
    ("amounts", "middle"),
    [
        ([], None),
        ([3], 3),
        ([1, 2], Fraction(3, 2)),
        ([5, 1, 1], 1),
        ([0, 0, 7, 9], Fraction(7, 2)),
        ([2] * 4 + [9], 2),
    ],
)
def test_medians(amounts, middle):
    """Of an even number the mean of the two in the middle."""
    assert median(Counter(amounts)) == middle


def test_a_median_says_of_how_many_and_of_nobody_says_so():
    found = figures(Kind.MEDIAN).results([count(amounts=Counter([4, 5, 9]))])
    assert (str(only(found).value), only(found).numerator, only(found).denominator) == ("5.0", None, 3)
    found = only(figures(Kind.MEDIAN).results([count()]))
    assert (found.value, found.state) == (None, "not applicable")


def test_a_sum_is_divided_once_and_says_of_how_many_amounts():
    found = only(figures(Kind.SUM, divisor=7, decimals=1).results([count(numerator=3, amount=25)]))
    assert (str(found.value), found.numerator, found.units) == ("3.6", 25, 3)


def test_counts_and_sums_to_date_have_a_year_end():
    """30 in the 183 days to 30 September come to 60 in 365. A proportion has none, nor a whole year."""
    so_far = Period.to_date(date(2024, 9, 30))
    found = only(figures(Kind.COUNT, periods=(so_far,), decimals=0).results([count(30, 30, period=so_far)]))
    assert found.year_end == Decimal(60)
    assert only(figures(periods=(so_far,)).results([count(3, 30, period=so_far)])).year_end is None
    assert only(figures(Kind.COUNT).results([count(30, 30)])).year_end is None


def test_where_nothing_can_be_known_there_are_no_numbers_at_all():
    """A nought from a file that did not arrive is not a nought."""
    awaited = Basis(NOW, Absent(Absence.AWAITED, "No file covers April."))
    found = only(
        figures(bases={("950", "2024-25"): awaited}).results([count(0, 0, side_counts=Counter({"deceased": 1}))])
    )
    assert (found.numerator, found.denominator, found.value, dict(found.side_counts)) == (None, None, None, {})
    assert (found.state, found.because, found.flags) == ("awaited", "No file covers April.", ())


def test_a_provisional_figure_is_flagged():
    assert only(figures(bases={("950", "2024-25"): Basis(NOW, provisional=True)}).results([count(1, 2)])).flags == (
        "provisional",
    )


def test_councils_together_add_numerators_and_denominators_never_percentages():
    """1 of 2 and 9 of 90 are 10 of 92."""
    both = figures(areas=("york", "leeds"))
    counts = [count(1, 2, area="york", side_counts=Counter(NHS=1)), count(9, 90, area="leeds")]
    found = only(both.together(counts, "all"))
    assert (found.area, found.numerator, found.denominator, str(found.value)) == ("all", 10, 92, "10.9")
    assert dict(found.side_counts) == {"NHS": 1}
    assert found.notes == ()


def test_a_council_without_a_figure_is_named_and_not_added():
    """Nor is its population."""
    missing = Basis(NOW, Absent(Absence.AWAITED, "No file."))
    both = figures(
        Kind.RATE, areas=("york", "leeds"), bases={("leeds", "2024-25"): missing},
        populations={("york", "2024-25"): 100_000, ("leeds", "2024-25"): 900_000},
    )  # fmt: skip
    found = only(both.together([count(7, 7, area="york"), count(0, 0, area="leeds")], "all"))
    assert (str(found.value), found.denominator) == ("7.0", 100_000)
    assert found.notes == ("Without leeds: see their own results for the reason.",)


def test_where_no_council_has_a_figure_there_is_none_together():
    missing = Basis(NOW, Absent(Absence.AWAITED, "No file."))
    bases = {(area, "2024-25"): missing for area in ("york", "leeds")}
    counts = [count(area="york"), count(area="leeds")]
    found = figures(areas=("york", "leeds"), bases=bases).together(counts, "all")
    assert [(one.value, one.state, one.because) for one in found] == [
        (None, "awaited", "No council has a figure for this period.")
    ]


def test_as_data_is_what_json_can_hold():
    found = only(figures().results([count(84, 109)])).as_data()
    assert (found["value"], found["interval"], found["as_of"]) == (77.1, [68.3, 84.0], "2026-01-20T09:00:00")
