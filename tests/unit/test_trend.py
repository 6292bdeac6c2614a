"""Recent trends of yearly figures: stories, what stops one, and what holds for any series.

That they are Fingertips' own on its own cases is shown by tests/oracles.
"""

from dataclasses import replace
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outturn.catalogue.indicator import Break
from outturn.judgement.trend import Marker, Measured, Yearly, of_counts, recent_trend
from outturn.terms.period import Period
from outturn.terms.polarity import Polarity
from outturn.terms.unit import Unit

HIGHER, LOWER, NEUTRAL, WITHIN = (Polarity.read(text) for text in ("higher", "lower", "neutral", "within 80 to 90"))
RISING = (70, 72, 74, 76, 78)


def years(values, first=2018, out_of=2000):
    """Shares of so many people, in per cent."""
    return of_counts({Period.year(first + at): (value * out_of // 100, out_of) for at, value in enumerate(values)},
                     Unit.PERCENT)  # fmt: skip


@pytest.mark.parametrize(
    ("values", "polarity", "said", "better"),
    [
        (RISING, HIGHER, "Increasing and getting better over the 5 years from 2018/19 to 2022/23.", True),
        (RISING, LOWER, "Increasing and getting worse over the 5 years from 2018/19 to 2022/23.", False),
        (RISING[::-1], LOWER, "Decreasing and getting better over the 5 years from 2018/19 to 2022/23.", True),
        (RISING, NEUTRAL, "Increasing over the 5 years from 2018/19 to 2022/23.", None),
        (RISING, WITHIN, "Increasing over the 5 years from 2018/19 to 2022/23.", None),
        ((70, 71, 70, 71, 70), HIGHER, "No significant change over the 5 years from 2018/19 to 2022/23.", None),
        ((70,) * 5, HIGHER, "No significant change over the 5 years from 2018/19 to 2022/23.", None),
    ],
)  # fmt: skip
def test_what_is_said(values, polarity, said, better):
    found = recent_trend(years(values), polarity, Measured.SHARE)
    assert found.sentence == said
    assert found.better is better


def test_the_same_rise_of_fewer_people_could_be_chance():
    assert recent_trend(years(RISING, out_of=100), HIGHER, Measured.SHARE).marker is Marker.NO_CHANGE


def test_one_year_alone_makes_no_trend():
    """A level series with one year far off has a steep slope, which is gone without that year."""
    found = recent_trend(years((71, 70, 70, 70, 90)), HIGHER, Measured.SHARE)
    assert found.chi_squared > 9.55
    assert found.sentence == (
        "No significant change over the 5 years from 2018/19 to 2022/23: the trend would be gone if one of them "
        "were left out."
    )


def test_only_the_latest_five_count_and_a_gap_is_passed_over():
    with_gap = years((90, 60), first=2010) + years(RISING)
    assert recent_trend(with_gap, HIGHER, Measured.SHARE) == recent_trend(years(RISING), HIGHER, Measured.SHARE)


def test_a_break_ends_the_series():
    change = Break(Period.year(2020), "Counted anew.")
    found = recent_trend(years(RISING), HIGHER, Measured.SHARE, [change])
    assert found.sentence == (
        "A trend cannot be calculated, because it takes 5 yearly figures with limits, and there are 3 since its "
        "definition changed."
    )
    later = Break(Period.year(2023), "Will be counted anew.")
    assert recent_trend(years(RISING), HIGHER, Measured.SHARE, [later]).marker is Marker.INCREASING


def test_what_was_fully_counted_leaves_nothing_to_chance():
    found = recent_trend(years((96, 97, 98, 99, 100)), HIGHER, Measured.SHARE)
    assert found.sentence == (
        "A trend cannot be calculated, because in 2022/23 all were counted, which leaves nothing to chance."
    )


def test_other_kinds_of_figure_cannot_be_tested():
    found = recent_trend(years(RISING), HIGHER, Measured.by(Unit.SCORE))
    assert found.sentence.startswith("A trend cannot be calculated, because it is neither a share, nor")


@pytest.mark.parametrize("bad", [None, nan, inf, -inf, Decimal("NaN"), Decimal("1e99")])
@pytest.mark.parametrize("place", ["value", "low", "high"])
def test_bad_years_are_passed_over(bad, place):
    """The year before the five takes the place of one that cannot be reckoned with."""
    series = years((68, *RISING))
    spoilt = [*series[:3], replace(series[3], **{place: bad}), *series[4:]]
    found = recent_trend(spoilt, HIGHER, Measured.SHARE)
    assert [year.period.first_year for year in found.inputs] == [2018, 2019, 2020, 2022, 2023]


@pytest.mark.parametrize("bad", [(5.0, 5.0), (6.0, 5.0), (5.0, 5.0 + 1e-300)])
def test_limits_that_are_not_apart(bad):
    series = [Yearly(Period.year(2018 + at), 5, *bad) for at in range(5)]
    assert "and there is none" in recent_trend(series, HIGHER, Measured.RATE).sentence


def test_nothing_and_quarters():
    assert recent_trend([], HIGHER, Measured.RATE).marker is Marker.CANNOT_BE_CALCULATED
    quarters = [Yearly(Period.quarter(2018, number), 5, 4, 6) for number in (1, 2, 3, 4)]
    assert "and there is none" in recent_trend(quarters, HIGHER, Measured.RATE).sentence


@settings(max_examples=40, deadline=None)
@example([10, 10, 10, 10, 20], 2000)
@given(st.lists(st.sampled_from((10, 12, 14, 20)), min_size=5, max_size=7), st.sampled_from((200, 2000)))
def test_upside_down_it_goes_the_other_way(values, out_of):
    series = years(values, out_of=out_of)
    turned = [Yearly(year.period, -year.value, -year.high, -year.low) for year in series]
    found, other = (recent_trend(each, HIGHER, Measured.RATE) for each in (series, turned))
    opposite = {Marker.INCREASING: Marker.DECREASING, Marker.DECREASING: Marker.INCREASING}
    assert other.marker is opposite.get(found.marker, found.marker)
    assert other.slope == pytest.approx(-found.slope)
