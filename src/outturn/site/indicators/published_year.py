"""What is published of one year, and the council's own figure that may stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from outturn.judgement.judging import Known
from outturn.judgement.standing import Area
from outturn.plans.council import Council
from outturn.results.comparators import COUNCIL, Beside, Told
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period, PeriodKind
from outturn.terms.value import Figure

WHOLE_YEARS = (PeriodKind.YEAR, PeriodKind.SURVEY, PeriodKind.ROLLING)
UP_TO_THE_END = (TimeBasis.ROLLING, TimeBasis.SNAPSHOT, TimeBasis.ANNUAL, TimeBasis.YTD_SUM, TimeBasis.YTD_AVERAGE)
"""On these a quarter's figure is that of the year which the quarter ends, or of its last day."""


@dataclass(frozen=True, slots=True)
class Year:
    """What is published of one year, and the council's own figure to set beside it."""

    period: Period
    told: tuple[Told, ...]
    own: Area
    how: str
    is_ours: bool
    """Whether the council is among those published, or has a cell for the year, be it without a figure."""

    @classmethod
    def newest(cls, council: Council, known: Known, told: Sequence[Told]) -> "Year | None":
        """The newest year of which the council has a figure, or where it has none, at least a place for one.

        None where it has neither: nothing of the council's would stand beside what is published.
        """
        by_period: dict[str, list[Told]] = {}
        for one in told:
            by_period.setdefault(one.figure.period, []).append(one)
        periods = sorted(map(Period.read, by_period), key=lambda each: each.end, reverse=True)
        years = [cls.of(council, known, by_period[period.code], period) for period in periods]
        with_figure = (year for year in years if year.own.value is not None)
        return next(with_figure, None) or next((year for year in years if year.is_ours), None)

    @classmethod
    def of(cls, council: Council, known: Known, told: Sequence[Told], period: Period) -> "Year":
        """One year of what is told, whether or not the council has a figure of it."""
        of_year = tuple(one for one in told if one.figure.period == period.code)
        theirs = next((one.figure for one in of_year if _is_of(one.figure, council)), None)
        code = theirs.area if theirs else council.area
        cells = {at: value for at, value in known.results.items() if is_same(at, period, known.basis)}
        for at, value in cells.items():
            if isinstance(value, Figure):
                own = Area(council.short_name, value.amount, *known.counts.get(at, (None, None)), code=code)
                return cls(period, of_year, own, (known.basis.period_for(at) or at).words, True)
        if theirs and theirs.value is not None:
            return cls(period, of_year, area_of(theirs), "as published", True)
        return cls(period, of_year, Area(council.short_name, None, code=code), "no figure", bool(theirs or cells))


def is_same(own: Period, published: Period, basis: TimeBasis) -> bool:
    """Whether a figure of the council's for one period is of what is published for another."""
    return own.end == published.end and (own.kind in WHOLE_YEARS or basis in UP_TO_THE_END)


def _is_of(figure: Beside, council: Council) -> bool:
    names = {council.name.casefold(), council.short_name.casefold()}
    return figure.kind == COUNCIL and (figure.area == council.area or figure.name.casefold() in names)


def is_called(figure: Beside, name: str) -> bool:
    """Whether that is the area's code, in either system, or its name."""
    return name.casefold() in (figure.area.casefold(), figure.ons.casefold(), figure.name.casefold())


def area_of(figure: Beside) -> Area:
    """The figure as it is judged."""
    return Area(figure.name, figure.value, figure.numerator, figure.denominator, figure.margin, figure.area)
