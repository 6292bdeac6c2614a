"""Reads one plan or scorecard of a council from its file, noting every fault on the way."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from ..catalogue.indicator import Indicator
from ..catalogue.library import Catalogue
from ..judgement.hoped import read_change
from ..terms.basis import TimeBasis
from ..terms.period import Period, read_date, read_due, read_year
from ..terms.polarity import Polarity
from ..terms.status import Direction, Rag
from ..terms.unit import Unit
from ..terms.value import STANDARD_TOKENS, Absence, Value, read_value
from ..textfiles import Faults, Record, Text, read_file
from .action import (
    Action,
    Expectation,
    Milestone,
    Update,
    read_completed_by,
    read_milestone_date,
    read_since,
)
from .council import Council
from .history import PastSeries, read_counts
from .reference import indicator_slug, read_reference, slug_of
from .risk import RESPONSES, Review, Risk, Stood, history_faults, position_faults
from .scheme import Position, Scheme
from .scorecard import BLOCK_COLUMNS, BLOCK_KINDS, Block, MeasureLine, Priority, QuarterReport, Scorecard
from .service_plan import SECTION_KINDS, Demographic, IndicatorRow, Resource, Section, ServicePlan
from .waiting import waiting_faults

T = TypeVar("T")
INCLUDE = {"Y": True, "N": False}


@dataclass(slots=True)
class Reader:
    """Reads plans and scorecards of one council."""

    council: Council
    catalogue: Catalogue
    faults: Faults
    expected: list[tuple[Record, str]] = field(default_factory=list)  # slugs that some file has to have results of

    # Plans

    def plan(self, path: Path) -> ServicePlan | None:
        """A service plan, or None after noting its faults."""
        record = read_file(path, self.faults)
        head = record.record("service_plan") if record else None
        if not record or not head:
            if record:
                record.fault("“service_plan” is missing. It holds title, year, service and so on.")
            return None
        indicators = tuple(self._indicators(record))
        risks = tuple(self._risks(record, indicators))
        places: dict[str, Record] = {}
        actions = tuple(self._actions(record, indicators, risks, places))
        for name, words in waiting_faults(actions):
            places[name.partition("/")[0]].fault(words)
        printed = head.text("last_updated", example="11 July 2018")
        last_updated = head.read("last_updated", read_date) if printed else None
        year = head.read("year", read_year, example="2018/19")
        texts = {
            key: head.text(key)
            for key in ("title", "service", "directorate", "plan_holder", "director", "cabinet_member", "source")
        }
        head.close()
        sections = tuple(self._sections(record))
        resources = tuple(self._resources(record))
        demographics = tuple(self._demographics(record))
        record.close()
        if not (year and last_updated):
            return None
        return ServicePlan(
            slug=slug_of(path.stem.removeprefix("plan-")),
            year=year,
            last_updated=last_updated,
            printed_last_updated=printed,
            sections=sections,
            resources=resources,
            demographics=demographics,
            actions=actions,
            risks=risks,
            indicators=indicators,
            **texts,
        )

    def _sections(self, record: Record) -> Iterator[Section]:
        for entry in record.records("sections"):
            kind = entry.read("kind", _one_of(SECTION_KINDS), example="description")
            yield Section(entry.text("number"), kind or "", entry.text("heading"), entry.text("text"))

    def _resources(self, record: Record) -> Iterator[Resource]:
        for entry in record.records("resources"):
            label = entry.text("label")
            value = entry.read("value", self._value)
            unit = entry.read("unit", Unit.read, example="£")
            part_of = entry.optional("part_of")
            if value and unit:
                yield Resource(label, value, unit, part_of)

    def _demographics(self, record: Record) -> Iterator[Demographic]:
        for entry in record.records("demographics"):
            yield Demographic(
                entry.text("subject"),
                entry.text("now"),
                entry.optional("year"),
                entry.optional("projected"),
                entry.optional("by"),
            )

    def _actions(
        self, record: Record, indicators: tuple[IndicatorRow, ...], risks: tuple[Risk, ...], places: dict[str, Record]
    ) -> Iterator[Action]:
        seen: dict[str, int] = {}
        for entry in record.records("actions"):
            reference = _unique(entry, "reference", seen)
            places[reference] = entry
            completed_by = entry.text("completed_by", example="March 2019, Ongoing or Complete")
            when = entry.read("completed_by", read_completed_by) if completed_by else None
            action = Action(
                reference=reference,
                theme=entry.text("theme"),
                text=entry.text("action"),
                type=entry.text("type", example="BAU"),
                owners=tuple(entry.texts("owners")),
                completed_by=completed_by,
                state=when[0] if when else read_completed_by("Ongoing")[0],
                due=when[1] if when else None,
                next_review=entry.read_optional("next_review", read_date),
                milestones=tuple(self._milestones(entry)),
                updates=tuple(_updates(entry)),
                indicators=_linked_indicators(entry, indicators),
                risks=_linked_risks(entry, risks),
                was=tuple(_were(entry)),
                waits_for=tuple(entry.texts("waits_for")),
                expects=tuple(self._expectations(entry)),
            )
            if not action.owners:
                entry.fault("The action has no owner. Write owners: and a post, such as Head of Service.")
            yield action

    def _expectations(self, record: Record) -> Iterator[Expectation]:
        for number, entry in enumerate(record.records("expects"), 1):
            entry.text("code")
            found = self._definition(entry)
            by = entry.read("by", read_change, example="+60, −3.5 or −5%")
            since = entry.read("from", read_since, example="1 July 2026")
            if found and by and since:
                slug = indicator_slug(*found)
                self.expected.append((entry, slug))
                yield Expectation(slug, by, since, number)

    def check_expected(self, known: Set[str]) -> None:
        """Note a fault for each indicator that an action is to move and that no file has results of."""
        for entry, slug in self.expected:
            if slug not in known:
                entry.fault(f"{slug} has no results in these files, so nobody could see it move.", "code")

    def _milestones(self, record: Record) -> Iterator[Milestone]:
        for number, entry in enumerate(record.records("milestones"), 1):
            printed = entry.optional("date")
            state = entry.read_optional("state", _one_of(("open", "done")))
            due = read_milestone_date(printed)
            yield Milestone(
                entry.text("text"), printed, due, state == "done", tuple(_updates(entry)), number,
                tuple(_were(entry)), tuple(entry.texts("waits_for")),
            )  # fmt: skip

    def _risks(self, record: Record, indicators: tuple[IndicatorRow, ...]) -> Iterator[Risk]:
        seen: dict[str, int] = {}
        scheme = self.council.risks.scheme
        for entry in record.records("risks"):
            risk = Risk(
                reference=_unique(entry, "reference", seen),
                title=entry.text("title"),
                owner=entry.text("owner"),
                rating=entry.read_optional("rating", Rag.read),
                gross=self._position(entry, "gross"),
                net=self._position(entry, "net"),
                target=self._position(entry, "target"),
                cause=entry.optional("cause"),
                consequence=entry.optional("consequence"),
                response=entry.read_optional("response", _one_of(RESPONSES)) or "",
                mitigations=tuple(entry.texts("mitigations")),
                indicators=_linked_indicators(entry, indicators),
                category=entry.optional("category"),
                appetite=entry.read_optional("appetite", lambda text: scheme.read_line(text).words) or "",
                next_review=entry.read_optional("next_review", read_date),
                history=tuple(self._history(entry)),
                reviews=tuple(_reviews(entry)),
            )
            for words in (*position_faults(risk.gross, risk.net, risk.target), *history_faults(risk)):
                entry.fault(words)
            if not risk.band and "rating" not in entry.entries and "net" not in entry.entries:
                entry.fault("The risk has no rating. Write rating: A, or net: {likelihood: 3, impact: 4}.")
            yield risk

    def _history(self, record: Record) -> Iterator[Stood]:
        for entry in record.records("history"):
            since, rating = entry.read_optional("since", read_date), entry.read_optional("rating", Rag.read)
            if net := _square(entry, self.council.risks.scheme) if "likelihood" in entry.entries else None:
                rating = None
            elif not rating:
                entry.fault("Write where it stood: likelihood and impact, or rating.")
            yield Stood(since, net, rating, entry.optional("because"))

    def _position(self, entry: Record, key: str) -> Position | None:
        record = entry.record(key)
        if not record:
            return None
        found = _square(record, self.council.risks.scheme)
        record.close()
        return found

    def _indicators(self, record: Record) -> Iterator[IndicatorRow]:
        seen: set[str] = set()
        for block in record.records("indicators"):
            heading = block.text("heading")
            for entry in block.records("rows"):
                row = self._indicator_row(entry, heading)
                if row and row.slug in seen:
                    entry.fault(f"{row.code} stands in this plan twice on the same basis. Keep one.", "code")
                elif row:
                    seen.add(row.slug)
                    yield row

    def _indicator_row(self, entry: Record, heading: str) -> IndicatorRow | None:
        found = self._definition(entry)
        printed_polarity = entry.text("polarity", example="Up is Good")
        polarity = entry.read("polarity", Polarity.read) if printed_polarity else None
        results = self._values(entry, "results", read_year)
        targets = self._values(entry, "target", read_year)
        direction = entry.read_optional("direction", Direction.read)
        include = entry.read("include", _include, example="Y")
        texts = entry.text("code"), entry.text("title"), entry.optional("printed_basis"), entry.optional("owner")
        entry.optional("unit_note")
        if not found or not polarity or include is None:
            return None
        indicator, basis = found
        return IndicatorRow(
            slug=indicator_slug(indicator, basis),
            framework=indicator.key.framework,
            code=indicator.key.code,
            printed_code=texts[0],
            title=texts[1],
            heading=heading,
            basis=basis,
            printed_basis=texts[2],
            unit=indicator.unit,
            results=results,
            targets=targets,
            printed_polarity=printed_polarity,
            polarity=polarity,
            direction=direction,
            owner=texts[3],
            include=include,
        )

    # Scorecards

    def scorecard(self, path: Path) -> Scorecard | None:
        """A scorecard, or None after noting its faults."""
        record = read_file(path, self.faults)
        head = record.record("scorecard") if record else None
        if not record or not head:
            if record:
                record.fault("“scorecard” is missing. It holds title, directorate, year and source.")
            return None
        title, directorate, source = (head.text(key) for key in ("title", "directorate", "source"))
        year = head.read("year", read_year, example="2012/13")
        head.close()
        if not year:
            return None
        blocks = tuple(self._blocks(record, year))
        record.close()
        return Scorecard(slug_of(path.stem.removeprefix("scorecard-")), title, directorate, year, source, blocks)

    def _blocks(self, record: Record, year: Period) -> Iterator[Block]:
        number = 0
        for entry in record.records("blocks"):
            kind = entry.read("kind", _one_of(BLOCK_KINDS), example=BLOCK_KINDS[0]) or ""
            shows = tuple(entry.texts("shows"))
            for column in set(shows) - set(BLOCK_COLUMNS):
                entry.fault(f"“{column}” is not an optional column. Known: {', '.join(BLOCK_COLUMNS)}.", "shows")
            priorities = []
            for priority in entry.records("priorities"):
                number += 1
                priorities.append(self._priority(priority, number, year))
            yield Block(entry.text("heading"), kind, entry.optional("measure_heading"), shows, tuple(priorities))

    def _priority(self, entry: Record, number: int, year: Period) -> Priority:
        priority = Priority(
            number,
            entry.text("title"),
            tuple(entry.texts("portfolios")),
            tuple(self._reports(entry, year)),
            tuple(filter(None, (self._line(line, year) for line in entry.records("measures")))),
            entry.optional("no_measure"),
        )
        if priority.measures and priority.no_measure:
            entry.fault("Write either measures or no_measure, not both.", "no_measure")
        return priority

    def _reports(self, entry: Record, year: Period) -> Iterator[QuarterReport]:
        reports = entry.record("reports")
        for name in list(reports.entries) if reports else []:
            report = reports.record(name) if reports else None
            if report:
                quarter = _quarter_of(year)
                period = self._read_text(Text(name, report.file, report.line), quarter)
                status = report.read_optional("status", Rag.read)
                progress = report.optional("progress")
                report.close()
                if period:
                    yield QuarterReport(period, status, progress)

    def _line(self, entry: Record, year: Period) -> MeasureLine | None:
        found = self._definition(entry)
        entry.text("code")
        title = entry.text("title")
        target = entry.read_optional("target", self._value)
        results = self._values(entry, "results", _quarter_of(year))
        notes = self._notes(entry, year, results)
        if not found:
            return None
        indicator, basis = found
        slug = indicator_slug(indicator, basis)
        return MeasureLine(
            slug, indicator.key.framework, indicator.key.code, title, basis, indicator.unit, indicator.polarity,
            target, results, notes,
        )

    def _notes(self, entry: Record, year: Period, results: Mapping[Period, Value]) -> dict[Period, str]:
        found: dict[Period, str] = {}
        for name, text in entry.pairs("notes"):
            quarter = self._read_text(Text(name, text.file, text.line), _quarter_of(year))
            if quarter and quarter in results:
                found[quarter] = text.words
            elif quarter:
                self.faults.add(text.file, text.line, f"{name} has a note and no result. Write the result too.")
        return found

    # Cells

    def _definition(self, entry: Record) -> tuple[Indicator, TimeBasis] | None:
        """The definition a row points at, on one of its bases."""
        framework = entry.optional("framework") or self.council.slug
        basis = entry.read("basis", TimeBasis.read, example="annual")
        indicator = entry.read_optional("code", lambda code: self.catalogue.find(framework, code))
        if indicator and basis and basis not in indicator.bases:
            known = ", ".join(found.wording for found in indicator.bases)
            entry.fault(f"{indicator.key} has no figures on that basis. Its definition has: {known}.", "basis")
            return None
        return (indicator, basis) if indicator and basis else None

    def _value(self, text: str) -> Value:
        return read_value(text, {**STANDARD_TOKENS, **self.council.absences})

    # History

    def history(self, path: Path) -> Iterator[PastSeries]:
        """The earlier results in a file of them; nothing where there is no such file."""
        record = read_file(path, self.faults) if path.is_file() else None
        if not record:
            return
        record.optional("source")
        seen: set[str] = set()
        for entry in record.records("series"):
            found = self._definition(entry)
            results = self._values(entry, "results", Period.read)
            targets = self._values(entry, "targets", Period.read)
            counts = self._by_period(entry, "counts", Period.read, read_counts)
            if not found:
                continue
            indicator, basis = found
            slug = indicator_slug(indicator, basis)
            if slug in seen:
                entry.fault(f"{indicator.key} stands in this file twice on the same basis. Keep one.", "code")
            if without := [period.words for period in counts if period not in results]:
                entry.fault(f"There are counts but no result for {without[0]}. Write the result too.", "counts")
            seen.add(slug)
            yield PastSeries(
                slug, indicator.key.framework, indicator.key.code, indicator.title, basis, results, targets, counts
            )
        record.close()

    def _values(self, entry: Record, key: str, period: Callable[[str], Period]) -> dict[Period, Value]:
        """Results by period. A blank is a figure that is owed: the period has been reached and nothing was printed."""
        tokens = {**STANDARD_TOKENS, **self.council.absences, "": Absence.AWAITED}
        return self._by_period(entry, key, period, lambda words: read_value(words, tokens))

    def _by_period(
        self, entry: Record, key: str, period: Callable[[str], Period], reader: Callable[[str], T]
    ) -> dict[Period, T]:
        found: dict[Period, T] = {}
        for name, text in entry.pairs(key):
            when = self._read_text(Text(name, text.file, text.line), period)
            value = self._read_text(text, reader)
            if when and value:
                found[when] = value
        return found

    def _read_text(self, text: Text, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(text.words)
        except ValueError as error:
            self.faults.add(text.file, text.line, str(error))
            return None


def _updates(record: Record) -> list[Update]:
    """Notes of progress, newest first."""
    found = []
    for number, entry in enumerate(record.records("updates"), 1):
        day = entry.read("date", read_date, example="11 July 2018")
        text = entry.text("text")
        if day:
            found.append(Update(day, text, number=number))
    return sorted(found, key=lambda update: (update.date, update.number), reverse=True)


def _linked_indicators(entry: Record, rows: tuple[IndicatorRow, ...]) -> tuple[str, ...]:
    """The slugs of the codes linked to: a code on several bases links to all of them."""
    slugs: list[str] = []
    for code in entry.texts("indicators"):
        found = [row.slug for row in rows if row.code == "".join(code.split())]
        if not found:
            entry.fault(f"“{code}” is not among this plan's indicators.", "indicators")
        slugs.extend(found)
    return tuple(sorted(slugs))


def _linked_risks(entry: Record, risks: tuple[Risk, ...]) -> tuple[str, ...]:
    references = entry.texts("risks")
    for reference in set(references) - {risk.reference for risk in risks}:
        entry.fault(f"“{reference}” is not among this plan's risks.", "risks")
    return tuple(sorted(references))


def _square(record: Record, scheme: Scheme) -> Position | None:
    likelihood = record.read("likelihood", lambda text: scheme.read_step(0, text), example="3")
    impact = record.read("impact", lambda text: scheme.read_step(1, text), example="4")
    return Position(likelihood, impact, scheme) if likelihood and impact else None


def _reviews(record: Record) -> list[Review]:
    """Reviews of a risk, newest first."""
    found = []
    for number, entry in enumerate(record.records("reviews")):
        day = entry.read("date", read_date, example="11 July 2018")
        text, answers = entry.text("text"), tuple(entry.texts("answers"))
        if day:
            found.append((day, number, Review(day, text, answers)))
    return [review for *_, review in sorted(found, key=lambda each: each[:2], reverse=True)]


def _were(entry: Record) -> Iterator[str]:
    """Dates that something had before."""
    for text in entry.texts("was"):
        try:
            read_due(text)
            yield text
        except ValueError as error:
            entry.fault(f"was: {error}", "was")


def _unique(entry: Record, key: str, seen: dict[str, int]) -> str:
    reference = entry.read(key, read_reference, example="ASCP01") or ""
    if reference in seen:
        entry.fault(f"“{reference}” stands here twice; the first is on line {seen[reference]}.", key)
    seen.setdefault(reference, entry.line)
    return reference


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"“{text}” is not known here. Write one of: {', '.join(known)}.")
        return text

    return read


def _include(text: str) -> bool:
    if text not in INCLUDE:
        raise ValueError(f"“{text}” should be Y or N.")
    return INCLUDE[text]


def _quarter_of(year: Period) -> Callable[[str], Period]:
    quarters: Mapping[str, Period] = {f"Q{period.quarter_number}": period for period in year.quarters()}

    def read(text: str) -> Period:
        if text not in quarters:
            raise ValueError(f"“{text}” is not a quarter. Write Q1, Q2, Q3 or Q4.")
        return quarters[text]

    return read
