"""An indicator beside England, the region, peers and all councils, as pages show it: read from what was told.

What is published of a year stands beside the council's own figure of the same twelve months, or the same day: typed in
or worked out from records where there is one, else as published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from markupsafe import Markup

from outturn import measuring
from outturn.judgement import funnel, standing
from outturn.judgement.comparators import Comparator, How, Kinds, Others, compared
from outturn.judgement.comparison import Kind
from outturn.judgement.judging import PERS, Known
from outturn.judgement.standing import Area, Scale
from outturn.judgement.uncertainty import write as rounded
from outturn.plans.council import Council
from outturn.publish.strip import Dot, strip
from outturn.results.comparators import COUNCIL, ENGLAND, REGION, Told
from outturn.site.councils import models
from outturn.site.councils.definitions import catalogue
from outturn.site.rounds.visible import Reader
from outturn.site.trail import clock
from outturn.site.trail.memory import remembered
from outturn.terms.period import Period, write_date
from outturn.terms.polarity import Better
from outturn.terms.unit import Unit
from outturn.terms.value import Figure

from .judged import Series, series_of
from .published_year import Year, area_of, is_called, is_same
from .worked_out import write

BETTER = {Kind.BETTER: True, Kind.WORSE: False}
CANNOT = "cannot tell"
SHOWN = 20
"""With more councils than these the table of all of them is folded away."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure, how far the council's own is from it, and the verdict with its sentence."""

    name: str
    printed: str
    how: str
    gap: str = ""
    verdict: str = ""
    better: bool | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One council among all: its place from the best (or from the lowest), and whether it stands out for its size."""

    number: int
    name: str
    printed: str
    counts: str
    stands_out: str
    better: bool | None
    is_own: bool
    groups: str
    """The saved groups that it is in."""


@dataclass(frozen=True, slots=True)
class Section:
    """All that an indicator's page says of others' figures."""

    period: Period
    own: Row
    rows: tuple[Row, ...]
    rank: standing.Rank
    fifth: standing.Part
    middle: standing.Middle
    funnel: funnel.Funnel | None
    own_place: funnel.Place | None
    places: tuple[Place, ...]
    chart: Markup
    origins: tuple[str, ...]
    without: tuple[str, ...]
    """Councils that have no figure."""

    @property
    def is_long(self) -> bool:
        """Whether the table of all councils is better folded away."""
        return len(self.places) > SHOWN


def section(council: Council, known: Known, peers: Sequence[str] = ()) -> Section | None:
    """The section of an indicator's page; None where nothing is published for a year that the council reports on.

    `peers` names the saved groups that the indicator may be held against; none is all of them.
    """
    key = _key(known)
    told = measuring.beside(settings.WORKSPACE, [key], until=clock.told_until())[key]
    year = Year.newest(council, known, told)
    return _Page(council, known, told, year, peers).section() if year else None


def section_of(council: models.Council, series: Series) -> Section | None:
    """The section of one of its series, kept until anything changes."""
    key = "compared", clock.told_until(), measuring.told_version(settings.WORKSPACE)
    return series.once(key, lambda: section(council.data(), series.known, series.chosen.peers))


def beside(council: Council, known: Mapping[str, Known]) -> dict[str, tuple[Comparator, ...]]:
    """The comparators of many indicators, each for its newest published year, by slug; in one question: for tables."""
    keys = {slug: _key(one) for slug, one in known.items()}
    told = measuring.beside(settings.WORKSPACE, set(keys.values()), until=clock.told_until())
    return {
        slug: _Page(council, known[slug], told[key], year, council.judging.chosen(slug).peers).comparators
        for slug, key in keys.items() if (year := Year.newest(council, known[slug], told[key]))
    }  # fmt: skip


def beside_each(
    council: models.Council, today: date, reader: Reader, *, to_staff: bool
) -> dict[str, tuple[Comparator, ...]]:
    """The same of every indicator of a council, kept until anything changes."""
    told = clock.told_until(), *measuring.told_version(settings.WORKSPACE)
    return _beside_each(council, today, reader, to_staff, told)


@remembered
def _beside_each(
    council: models.Council, today: date, reader: Reader, to_staff: bool, told: tuple[object, ...]
) -> dict[str, tuple[Comparator, ...]]:
    series = series_of(council, today, reader, to_staff=to_staff)
    return beside(council.data(), {slug: one.known for slug, one in series.items()})


def _key(known: Known) -> tuple[str, str]:
    key = catalogue().published_as(known.definition)
    return key.framework, key.code


class _Page:
    """One indicator and one year, with everything that is said of them."""

    def __init__(
        self, council: Council, known: Known, told: Sequence[Told], year: Year, peers: Sequence[str]
    ) -> None:
        self.council, self.known, self.year = council, known, year
        self.before = Year.of(council, known, told, year.period.same_last_year())
        definition = known.definition
        places = 1 if definition.decimals is None else definition.decimals
        sign = "%" if definition.unit is Unit.PERCENT else ""
        self.scale = Scale(PERS.get(definition.unit, 1), places, definition.unit is Unit.PER_100K, sign)
        self.polarity = definition.polarity
        self.groups = [group for group in council.peers.groups if not peers or group.name in peers]
        self.areas = [area_of(one.figure) for one in year.told if one.figure.kind == COUNCIL]
        self.others = [area for area in self.areas if area.code != year.own.code]
        self.comparators = compared(year.own, self._others(), self.polarity, self.scale)

    def _others(self) -> Iterator[Others]:
        figures = [one.figure for one in self.year.told]
        for kind, name, called in ((ENGLAND, "England", ""), (REGION, "The region", self.council.peers.region)):
            for figure in figures:
                if figure.kind == kind and (kind == ENGLAND or (called and is_called(figure, called))):
                    yield Others(figure.name or name, Kinds.ENGLAND if kind == ENGLAND else Kinds.REGION,
                                 (area_of(figure),))  # fmt: skip
        for group in self.groups:
            areas = tuple(area_of(one) for one in figures if any(is_called(one, name) for name in group.areas))
            kind = Kinds.NEIGHBOURS if "neighbour" in group.name.casefold() else Kinds.PEERS
            unknown = [name for name in group.areas if not any(is_called(one, name) for one in figures)]
            note = f"Not among those published: {', '.join(unknown)}." if unknown else ""
            yield Others(group.name, kind, areas, f"{group.note} {note}".strip())

    def section(self) -> Section:
        """What the page shows."""
        own = self.year.own
        found = self._funnel()
        judged = {place.area.name: place for place in found.places} if found else {}
        places = tuple(self._places(judged))
        rank = standing.rank(own, self.others, self.polarity, self.scale)
        return Section(
            self.year.period, Row(self.council.short_name, self._print(own.value), self.year.how),
            (*self._own_rows(), *map(self._row, self.comparators)), rank,
            standing.part(own, self.others, self.polarity, ranked=rank), standing.middle(own, self.others, self.scale),
            found, judged.get(own.code), places, self._chart(), tuple(self._origins()),
            tuple(area.name for area in self.areas if area.value is None),
        )  # fmt: skip

    def _own_rows(self) -> Iterator[Row]:
        """The council's own as published, where that is another; the target; and last year's figure."""
        known, year = self.known, self.year
        theirs = next((area for area in self.areas if area.code == year.own.code), None)
        if theirs and theirs.value is not None and self._print(theirs.value) != self._print(year.own.value):
            yield Row(f"{self.council.short_name} itself", self._print(theirs.value), "as published",
                      self._gap(theirs.value))  # fmt: skip
        at = next((each for each in known.targets if is_same(each, year.period, known.basis)), None)
        target = known.targets[at] if at else None
        if target is not None:
            amount = target.amount if isinstance(target, Figure) else None
            yield Row("Target", target.printed or target.words, at.words if at else "", self._gap(amount))
        if self.before.own.value is not None:
            yield self._last_year(self.before)

    def _last_year(self, before: Year) -> Row:
        if parted := self.known.definition.broken_between(before.period, self.year.period):
            words = f"Not comparable. {parted.because}"
            return Row("Last year", self._print(before.own.value), before.how, verdict=CANNOT, sentence=words)
        verdict = standing.difference(before.own, self.year.own, self.polarity, self.scale)
        return Row(
            "Last year", self._print(before.own.value), before.how, self._gap(before.own.value), verdict.kind.value,
            BETTER.get(verdict.kind), verdict.sentence,
        )  # fmt: skip

    def _row(self, one: Comparator) -> Row:
        how = one.how.value
        if one.how in (How.POOLED, How.MEAN):
            how = f"{how}, {one.of} {'council' if one.of == 1 else 'councils'}"
        if one.note:
            how = f"{how}. {one.note}"
        return Row(
            one.name, self._print(one.value), how, self._gap(one.value), one.verdict.kind.value,
            BETTER.get(one.verdict.kind), one.sentence,
        )  # fmt: skip

    def _gap(self, other: Decimal | float | None) -> str:
        """How far above or below it the council is, in the unit's own words."""
        own = self.year.own.value
        if own is None or other is None:
            return ""
        gap = Decimal(str(own)) - Decimal(str(other))
        size = rounded(float(abs(gap)), self.scale.places)
        if not Decimal(size.replace(",", "")):
            return "level"
        points = " points" if self.known.unit is Unit.PERCENT else ""
        return f"{size}{points} {'above' if gap > 0 else 'below'}"

    def _print(self, value: Decimal | float | None) -> str:
        if value is None:
            return "no figure"
        digits = rounded(float(value), self.scale.places).replace(",", "")
        return write(Decimal(digits), self.known.unit.wording)

    # All councils

    def _funnel(self) -> funnel.Funnel | None:
        """Who stands out for their size, allowing for over-dispersion; None where counts are not published."""
        if self.known.unit not in PERS:
            return None
        own = [self.year.own] if self.year.own.value is not None else []
        areas = [
            funnel.Area(area.code, area.count, area.out_of) for area in (*own, *self.others)
            if area.margin is None and standing.interval(area, self.scale).limits
        ]  # fmt: skip
        build = funnel.of_rates if self.scale.is_rate else funnel.of_shares
        found = build(areas, self.polarity, self.scale.per, places=self.scale.places)
        return found if found.baseline is not None else None

    def _places(self, judged: Mapping[str, funnel.Place]) -> Iterator[Place]:
        own = self.year.own
        there = [area for area in (own, *self.others) if area.value is not None]
        near = self._near()
        for area in sorted(there, key=self._goodness):
            number = 1 + sum(self._goodness(other) < self._goodness(area) for other in there)
            place = judged.get(area.code)
            counts = "–"
            if area.count is not None and area.out_of is not None:
                counts = f"{int(area.count):,} of {int(area.out_of):,}"
            yield Place(
                number, area.name, self._print(area.value), counts,
                _stands_out(place) if place else "not judged", BETTER.get(place.kind) if place else None,
                area is own, ", ".join(near.get(area.code, ())),
            )  # fmt: skip

    def _goodness(self, area: Area) -> Decimal:
        value = Decimal(str(area.value))
        distance = self.polarity.distance(value)
        return value if distance is None else distance

    def _near(self) -> dict[str, list[str]]:
        """The saved groups that each area is in, by its code."""
        found: dict[str, list[str]] = {}
        for group in self.groups:
            for one in self.year.told:
                if any(is_called(one.figure, name) for name in group.areas):
                    found.setdefault(one.figure.area, []).append(group.name)
        return found

    def _chart(self) -> Markup:
        near, own = self._near(), self.year.own
        dots = [
            Dot(area.name, Decimal(str(area.value)), self._print(area.value), area.code in near)
            for area in self.others if area.value is not None
        ]  # fmt: skip
        marked = None if own.value is None else Dot(own.name, Decimal(str(own.value)), self._print(own.value))
        lines = [
            Dot(one.name, Decimal(str(one.value)), self._print(one.value)) for one in self.comparators
            if one.kind in (Kinds.ENGLAND, Kinds.REGION) and one.value is not None
        ]  # fmt: skip
        better = self.polarity.better.value if self.polarity.better in (Better.HIGHER, Better.LOWER) else ""
        title = f"{self.known.definition.key.code} in {self.year.period.words}: all councils with a figure"
        drawn = strip(dots, own=marked, lines=lines, title=title, unit_words=self.known.unit.words, better=better)
        return Markup(drawn)  # noqa: S704 the strip escapes every text it is given

    def _origins(self) -> Iterator[str]:
        for origin in dict.fromkeys(one.origin for one in self.year.told):
            by = f"by {origin.by} " if origin.by else ""
            yield f"Published {by}({origin.file}, received {write_date(origin.received.date())})."


def _stands_out(place: funnel.Place) -> str:
    if place.beyond is None:
        return "no more than others of its size"
    return f"{place.kind.value} than its size explains ({100 * place.beyond:g}%)"
