"""What may be added to what: a table written by hand, not derived from the code."""

import pytest

from outturn.terms.basis import NotAdditive, TimeBasis
from outturn.terms.period import Period
from outturn.terms.unit import Unit

OVER_TIME = {
    "snapshot": False, "in period": True, "year-to-date sum": False, "year-to-date average": False,
    "rolling 12 months": False, "annual": True, "forecast": False,
}  # fmt: skip


def test_counts_add_over_time_only_where_periods_do_not_overlap():
    assert {basis.wording: basis.adds_up(Unit.COUNT, "time") for basis in TimeBasis} == OVER_TIME


@pytest.mark.parametrize("basis", TimeBasis)
def test_counts_add_over_areas_on_every_basis_and_percentages_over_nothing(basis):
    assert basis.adds_up(Unit.COUNT, "areas")
    for unit in (Unit.PERCENT, Unit.PER_100K, Unit.SCORE, Unit.YES_NO, Unit.YEARS, Unit.SECONDS):
        assert not basis.adds_up(unit, "areas")
        assert not basis.adds_up(unit, "time")


@pytest.mark.parametrize("basis", TimeBasis)
def test_a_wording_reads_back(basis):
    assert TimeBasis.read(f" {basis.wording.upper().replace(' ', '  ')} ") is basis
    assert basis.sentence.endswith(".")


def test_a_sum_that_means_nothing_is_refused_with_what_to_do():
    TimeBasis.IN_PERIOD.check_adds_up(Unit.COUNT, "time")
    with pytest.raises(NotAdditive) as refused:
        TimeBasis.YTD_SUM.check_adds_up(Unit.COUNT, "time")
    assert str(refused.value) == (
        "Adds up from 1 April, so the latest figure already holds those before it. "
        "Use the latest figure instead of a sum."
    )
    with pytest.raises(NotAdditive) as refused:
        TimeBasis.ANNUAL.check_adds_up(Unit.PERCENT, "areas")
    assert str(refused.value) == "Figures in per cent cannot be added. Add numerators and denominators instead."


def test_an_unknown_basis_lists_them_all():
    with pytest.raises(ValueError) as refused:
        TimeBasis.read("weekly")
    assert str(refused.value) == (
        "“weekly” is not a time basis. Write one of: snapshot, in period, year-to-date sum, year-to-date average, "
        "rolling 12 months, annual, forecast."
    )


@pytest.mark.parametrize(
    ("basis", "reported", "period"),
    [
        (TimeBasis.SNAPSHOT, "Q2 2026/27", "30 September 2026"),
        (TimeBasis.IN_PERIOD, "Q2 2026/27", "Q2 2026/27"),
        (TimeBasis.YTD_SUM, "Q2 2026/27", "2026/27 to 30 September 2026"),
        (TimeBasis.YTD_SUM, "Q4 2026/27", "2026/27"),
        (TimeBasis.ROLLING, "Q2 2026/27", "12 months to 30 September 2026"),
        (TimeBasis.ANNUAL, "Q2 2026/27", "2026/27"),
        (TimeBasis.SNAPSHOT, "2026/27", "31 March 2027"),
    ],
)
def test_what_a_figure_reported_for_a_quarter_or_year_is_of(basis, reported, period):
    assert basis.period_for(Period.read(reported)) == Period.read(period)


@pytest.mark.parametrize("basis", [TimeBasis.YTD_AVERAGE, TimeBasis.FORECAST])
def test_no_records_tell_an_average_of_months_or_a_forecast(basis):
    assert basis.period_for(Period.read("Q2 2026/27")) is None
