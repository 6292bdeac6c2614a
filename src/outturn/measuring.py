"""From stored submissions to results, in one place: councils, prepared tables, measures, figures, what is told.

    question → each council's events and people → each measure's counts (kept, and only counted where something is new)
    → figures with what they rest on → told, and kept as told

The people behind a figure come from here too, and each look at them is written down.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from outturn.engines.choice import open_engine
from outturn.engines.engine import Engine, EngineUnavailable, Step
from outturn.engines.sql import literal
from outturn.measures.definition import Kind, Measure
from outturn.measures.library import Library, load_library
from outturn.measures.parameters import parameters
from outturn.measures.running import Count, Run
from outturn.questions import Question, find_method, measures_asked
from outturn.records.areas import read_area_codes
from outturn.records.coverage import in_words
from outturn.records.discharges import discharges_files
from outturn.records.events import prepare_each
from outturn.records.methods import DEFAULT, Method
from outturn.records.population import Absent as NoPopulation
from outturn.records.population import Populations, population_year
from outturn.records.published import PublishedFigures
from outturn.records.selection import Selection
from outturn.records.store import Records
from outturn.records.tables import Prepared
from outturn.results.carried import carried
from outturn.results.comparators import EVERYBODY, Comparators, Key, Told
from outturn.results.links import Subject
from outturn.results.reconciliation import key_of
from outturn.results.release import Ledger
from outturn.results.result import ALL_COUNCILS, Absent, Basis, Figures, Result
from outturn.results.store import Results
from outturn.returns.refusals import listed
from outturn.terms.period import Period
from outturn.terms.value import Absence
from outturn.workspace import Refusal, Workspace

Progress = Callable[[float, str], None]


def measured(workspace: Workspace, question: Question, progress: Progress = lambda share, words: None) -> list[Result]:
    """The results a question asks for; for several councils their total too. Keeps what it tells.

    Raises Refusal for what does not exist or makes no sense: a code, method, reading, breakdown or kind of period.
    """
    work = Work(workspace, question, progress)
    counts = work.counts()
    found: list[Result] = []
    for measure in work.measures:
        found += work.results(measure, counts[measure.code])
    work.kept.tell(found, question.told_as, _now())
    return found


def cohort(workspace: Workspace, question: Question, *, by: str) -> list[dict[str, Any]]:
    """The units behind the figures of one measure and council, a row each. The look is written down.

    Raises Refusal unless one measure and one council are named, and for what `measured` refuses.
    """
    work = Work(workspace, question, lambda share, words: None)
    if len(work.measures) != 1 or len(work.areas) != 1:
        raise Refusal(
            "A list of cases is of one measure and one council. Name the code, and --area where there are several."
        )
    (measure,), (area,) = work.measures, work.areas
    for period in question.periods:
        if absent := work.basis_of(measure, area, period).absent:
            raise Refusal(absent.because)
    with work.running(work.read_for(measure, area)) as run:
        rows = run.cohort(measure, f"c.la_code = {literal(area)}")
    rows.sort(key=lambda row: (row["period"], row["part"] or "", row["person"] or "", row["start_date"] or date.min))
    for period in question.periods:
        work.note_look(measure, area, period, by=by, rows=len(rows))
    return rows


def told(workspace: Workspace, area: str, measure: str | None = None) -> list[dict[str, Any]]:
    """What was last told of a council, without counting anything."""
    return Results(workspace.results).latest(area, measure)


def told_now(
    workspace: Workspace, area: str, measures: Sequence[str], periods: Sequence[str], until: datetime | None = None
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What was last told, or by a moment, of some measures and periods by the usual method, by these: for pages."""
    return Results(workspace.results).current(area, measures, periods, DEFAULT, "executed", until)


def release(
    workspace: Workspace, area: str, asked: Iterable[tuple[Sequence[str], Sequence[str]]], parts: Collection[Subject]
) -> None:
    """Release to the public what was last told of those parts of measures, as far as it may be known.

    `asked` are measures, each time with some periods. All is looked at together, and beside what was released before.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for codes, periods in asked:
        found |= told_now(workspace, area, codes, periods)
    results = [one for told in found.values() for one in told if (one["measure"], one["part"]) in parts]
    Ledger(workspace.results).release(area, results, _now())


def released(
    workspace: Workspace, area: str, measures: Sequence[str], periods: Sequence[str], until: datetime | None = None
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What the public may see, or saw at a moment, of some measures and periods, by these: for pages."""
    return Ledger(workspace.results).current(area, measures, periods, until)


def beside(
    workspace: Workspace, keys: Collection[Key], breakdown: str = EVERYBODY, areas: Sequence[str] = (),
    until: datetime | None = None,
) -> dict[Key, list[Told]]:
    """What was published of every area (or of some, by code), by framework and code; in one question: for pages.

    Areas whose code changed have their present one, and what was published under it comes before the old code's.
    """
    codes = read_area_codes(workspace)
    asked = [code for area in areas for code in codes.codes_of(area)]
    kept = Comparators(workspace.results).of(keys, breakdown, asked, until)
    if not codes.changes:
        return kept
    found: dict[Key, list[Told]] = {}
    for key, told in kept.items():
        present: dict[tuple[str, str], Told] = {}
        for one in sorted(told, key=lambda each: each.figure.area in codes.changes):
            figure = replace(one.figure, area=codes.current(one.figure.area))
            present.setdefault((figure.period, figure.area), replace(one, figure=figure))
        found[key] = list(present.values())
    return found


def told_version(workspace: Workspace) -> tuple[int | None, ...]:
    """Changes with anything that is told, or released to the public."""
    return Results(workspace.results).version()


def told_over_time(
    workspace: Workspace, area: str, measures: Sequence[str], periods: Sequence[str], until: datetime | None = None
) -> dict[tuple[str, str], dict[str, list[dict[str, Any]]]]:
    """What was told of some measures and periods by the usual method as known on each day, by measure and period."""
    return Results(workspace.results).history(area, measures, periods, DEFAULT, "executed", until)


def days_received(workspace: Workspace, area: str) -> list[date]:
    """The days on which a council's Client Level Data were received, oldest first."""
    files = Records(workspace.records).submissions("cld")
    return sorted({one.received.date() for one in files if area in one.areas and one.withdrawn is None})


class Work:
    """One question being answered."""

    def __init__(self, workspace: Workspace, question: Question, progress: Progress) -> None:
        self.question, self.progress = question, progress
        self.library: Library = load_library()
        self.method = find_method(question.method, question.reading)
        self.measures = measures_asked(self.library, question)
        self.records = Records(workspace.records)
        self.kept = Results(workspace.results)
        self.as_of = question.as_of or _now().date()
        self.submissions = self.records.submissions("cld")
        self.codes = read_area_codes(workspace)
        self.received = self._last_received()
        known = sorted({self.codes.current(area) for one in self.submissions for area in one.areas})
        self.areas = list(dict.fromkeys(map(self.codes.current, question.areas))) or known
        if not self.areas:
            raise Refusal("No Client Level Data are stored yet. Submit a file first: outturn submit cld FILE")
        self.populations = Populations(self.records, self.as_of, self.codes)
        needs = {measure.needs for measure in self.measures}
        self.discharges = discharges_files(self.records, self.as_of, self.codes) if "discharges" in needs else []
        self.published = self._published(needs)
        self.everyone = list(dict.fromkeys([*self.areas, *known])) if self.discharges else self.areas
        self.prepared = dict(zip(self.everyone, self._prepared(self.everyone, 0.8), strict=True))
        self.costs = {
            (area, period.code): prepared
            for period in question.periods if "costs" in needs
            for area, prepared in zip(self.areas, self._prepared(self.areas, 0.0, single_to=period.end), strict=True)
        }  # fmt: skip
        self.bases = {
            (area, period.code): self._basis(area, prepared.selection, period)
            for area, prepared in self.prepared.items() for period in question.periods
        }  # fmt: skip

    def _published(self, needs: Iterable[str]) -> PublishedFigures:
        """What was published of the councils, read only where it will be asked for."""
        is_wanted = self.question.with_published and "discharges" in needs and not self.discharges
        return PublishedFigures(self.records, self.as_of, self.areas if is_wanted else (), self.codes)

    def _prepared(self, areas: Sequence[str], share: float, single_to: date | None = None) -> Iterator[Prepared]:
        """The councils' prepared tables, in order, made where they are not there."""
        made = prepare_each(
            self.submissions, areas, self.method, as_of=self.as_of, store=self.records.prepared / "cld",
            codes=self.codes, single_to=single_to,
        )  # fmt: skip
        for number, prepared in enumerate(made):
            if share:
                self.progress(share * number / len(areas), f"Preparing the records of {prepared.area}")
            yield prepared

    # What a period's figures rest on

    def _last_received(self) -> dict[str, datetime]:
        """For each council when the newest of its files was received, of those known on the day asked about."""
        found: dict[str, datetime] = {}
        for one in self.submissions:
            if not one.withdrawn and one.received.date() <= self.as_of:
                for area in map(self.codes.current, one.areas):
                    found[area] = max(found.get(area, one.received), one.received)
        return found

    def _basis(self, area: str, selection: Selection, period: Period) -> Basis:
        ours = self.received.get(area)
        if not ours:
            told = f"No Client Level Data of council {area} are stored as of {in_words(self.as_of)}."
            return Basis(_start_of(self.as_of), Absent(Absence.AWAITED, f"{told} Submit them: outturn submit cld FILE"))
        missing = selection.uncovered(period.start, period.end)
        if missing and period.end > self.as_of:
            told = f"{period.words} ends after {in_words(self.as_of)}, the day asked about."
            return Basis(ours, Absent(Absence.NOT_YET_DUE, told))
        if missing:
            spans = ", nor ".join(_span(start, end) for start, end in missing)
            told = f"No file of council {area} covers {spans}. Submit one that does, or ask for another period."
            return Basis(ours, Absent(Absence.AWAITED, told))
        return Basis(ours, provisional=selection.newest <= period.end)

    def _notes(self, measure: Measure, area: str, period: Period) -> tuple[str, ...]:
        return (*self._look_back_note(measure, area, period), *self._population_note(measure, area, period))

    def _population_note(self, measure: Measure, area: str, period: Period) -> tuple[str, ...]:
        if measure.kind is not Kind.RATE:
            return ()
        found = self.populations.of(area, measure.population, self.population_year_of(period))
        if isinstance(found, NoPopulation):
            return ()
        stated = f"the middle of {found.year}" if found.year else "a year that its file does not state"
        return (f"Population of {stated}{f', {found.source}' if found.source else ''}.",)

    def _look_back_note(self, measure: Measure, area: str, period: Period) -> tuple[str, ...]:
        days = _looks_back(self.library, measure, self.method)
        day_before = period.start - timedelta(days=1)
        if not days or not self.prepared[area].selection.uncovered(period.start - timedelta(days=days), day_before):
            return ()
        return (
            f"No file covers all of the {days} days before the period, so earlier support is not fully known and more "
            "may count as new than should.",
        )

    # Counts

    def counts(self) -> dict[str, list[Count]]:
        """For each measure's code the counts of all areas; counted now where they are not kept."""
        keys = {(measure.code, area): self._key(measure, area) for measure in self.measures for area in self.areas}
        kept = self.kept.counts(list(keys.values()))
        for reads_all in (False, True):
            wanted = [
                measure for measure in self.measures
                if _reads_all_councils(measure) == reads_all
                and any(keys[measure.code, area] not in kept for area in self.areas)
            ]  # fmt: skip
            behind = self.everyone if reads_all else [
                area for area in self.areas if any(keys[measure.code, area] not in kept for measure in wanted)
            ]  # fmt: skip
            if wanted:
                new = self._count(wanted, behind, keys)
                self.kept.keep_counts(new)
                kept |= new
        return {
            measure.code: [count for area in self.areas for count in kept[keys[measure.code, area]]]
            for measure in self.measures
        }

    def _count(
        self, measures: Sequence[Measure], areas: Sequence[str], keys: Mapping[tuple[str, str], str]
    ) -> dict[str, list[Count]]:
        new: dict[str, list[Count]] = {
            keys[measure.code, area]: [] for measure in measures for area in areas if area in self.areas
        }
        with self.running(areas) as run:
            for number, measure in enumerate(measures):
                self.progress(0.8 + 0.2 * number / len(measures), f"Counting {measure.code}")
                for count in self._counted(run, measure, areas):
                    key = keys.get((measure.code, count.la_code))  # a discharge may be of a council we know nothing of
                    if key in new:
                        new[key].append(count)
        return new

    def _counted(self, run: Run, measure: Measure, areas: Sequence[str]) -> Iterable[Count]:
        if measure.needs == "discharges" and not self.discharges:
            return run.grid(measure, areas)  # noughts, which no result will show
        return run.counts(measure, areas, [self.question.by] if self.question.by else None)

    def read_for(self, measure: Measure, area: str) -> list[str]:
        """The councils whose records decide a council's cases."""
        return self.everyone if _reads_all_councils(measure) else [area]

    @contextmanager
    def running(self, areas: Sequence[str]) -> Iterator[Run]:
        """The measures on an engine that holds the records of some areas."""
        spill = self.records.prepared / "cld" / f".spill-{secrets.token_hex(4)}.unfinished"
        with _engine(self.question, spill) as engine:
            engine.load("events", [self.prepared[area].events for area in areas])
            engine.load("persons", [self.prepared[area].persons for area in areas])
            run = Run(engine, self.method, self.question.periods, self.library)
            if self.discharges:
                engine.load("discharges", self.discharges)
            if self.costs:
                run.given["costs"] = self._load_costs(engine, areas)
            yield run

    def _load_costs(self, engine: Engine, areas: Sequence[str]) -> list[Step]:
        """For each period the events of the file that covers its twelve months, as the relation `costs`."""
        selects = []
        for number, period in enumerate(self.question.periods):
            engine.load(f"costs_{number}", [self.costs[area, period.code].events for area in areas])
            selects.append(f"SELECT {literal(period.code)} AS period, c.* FROM costs_{number} c")
        return [("costs", " UNION ALL ".join(selects))]

    def _key(self, measure: Measure, area: str) -> str:
        made_from = [
            self.prepared[area].folder.name, *self._needed(measure, area), self.library.digest(measure),
            self.question.by, [period.code for period in self.question.periods],
            parameters(self.method, self.question.periods),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:24]

    def _needed(self, measure: Measure, area: str) -> list[str]:
        """What a measure reads besides events and people."""
        if _reads_all_councils(measure):
            return [*map(str, self.discharges), *sorted(prepared.folder.name for prepared in self.prepared.values())]
        if measure.needs == "costs":
            return [self.costs[area, period.code].folder.name for period in self.question.periods]
        return []

    def note_look(self, measure: Measure, area: str, period: Period, *, by: str, rows: int) -> None:
        """Write down that somebody was shown the people behind a figure."""
        self.kept.note_look(at=_now(), by=by, area=area, measure=measure.code, period=period.code, rows=rows)

    # Results

    def results(self, measure: Measure, counts: Sequence[Count]) -> list[Result]:
        """A measure's results for each area, and for all of them together where there are several."""
        bases = {
            (area, period.code): self.basis_of(measure, area, period)
            for area in self.areas for period in self.question.periods
        }  # fmt: skip
        populations: dict[tuple[str, str], int | Absent] = {}
        if measure.kind is Kind.RATE:
            populations = {
                (area, period.code): self._population(measure, area, period)
                for area in self.areas for period in self.question.periods
            }  # fmt: skip
        figures = Figures(measure, self.method.name, self.method.reading, self.question.periods, bases, populations)
        together = figures.together(counts, ALL_COUNCILS) if len(self.areas) > 1 else []
        if measure.needs == "discharges" and not self.discharges:
            return self._with_published(measure, figures, counts, together)
        return figures.results(counts) + together

    def _with_published(
        self, measure: Measure, figures: Figures, counts: Sequence[Count], together: Sequence[Result]
    ) -> list[Result]:
        """What was published in the place of what cannot be worked out; never in a sum over councils."""
        groups = [self.question.by] if self.question.by else list(measure.groups)
        found = {
            key: one for key, one in self.published.of(measure.code, self.question.periods).items()
            if not key[4] or sorted(name for name, _ in key[4]) in map(sorted, groups)
        }  # fmt: skip
        newest: dict[tuple[str, str], datetime] = {}  # one for each council and period, as results are told together
        for (_, _, area, period, _), one in found.items():
            newest[area, period] = max(newest.get((area, period), one.received), one.received)
        known = {(one.part, one.la_code, one.period, tuple(sorted(one.breakdown.items()))) for one in counts}
        more = [Count(key[3], key[2], key[1], dict(key[4])) for key in found if key[1:] not in known]
        results = [
            carried(one, published.figure, published.origin, newest[one.area, one.period])
            if (published := found.get(key_of(one))) else
            replace(one, as_of=newest.get((one.area, one.period), one.as_of))
            for one in figures.results([*counts, *more])
        ]  # fmt: skip
        return results + [
            _not_added_up(one, sorted(area for area, period in newest if period == one.period)) for one in together
        ]

    def basis_of(self, measure: Measure, area: str, period: Period) -> Basis:
        """What a measure's figures for an area and period rest on, or why there are none."""
        basis = replace(self.bases[area, period.code], notes=self._notes(measure, area, period))
        if basis.absent or not measure.needs:
            return basis
        if measure.needs == "discharges":
            if not self.discharges:
                told = (
                    f"{measure.code} needs a hospital discharge file. Submit one: outturn submit discharges FILE, or "
                    "what was published: outturn submit comparators FILE --year YEAR"
                )
                return replace(basis, absent=Absent(Absence.AWAITED, told))
            followed_up = period.end + timedelta(days=self.method.follow_up_days)
            return replace(basis, provisional=self.prepared[area].selection.newest < followed_up)
        if measure.needs == "costs" and not self.costs[area, period.code].selection.periods:
            told = f"No file of council {area} covers the twelve months to {in_words(period.end)}, which costs need."
            return replace(basis, absent=Absent(Absence.AWAITED, told))
        return basis

    def _population(self, measure: Measure, area: str, period: Period) -> int | Absent:
        found = self.populations.of(area, measure.population, self.population_year_of(period))
        return Absent(Absence.AWAITED, found.words) if isinstance(found, NoPopulation) else found.people

    def population_year_of(self, period: Period) -> int:
        """The year whose population a rate is divided by."""
        return self.question.population_year or population_year(period)


def _not_added_up(result: Result, areas: Sequence[str]) -> Result:
    """The total of several councils, of which some have a published figure."""
    if not areas:
        return result
    told = "No council has a figure worked out from its records, and published figures are not added up."
    return replace(result, because=told, notes=(*result.notes, f"Published figures of {listed(areas)}."))


def _reads_all_councils(measure: Measure) -> bool:
    """A discharge of one council's resident may lead to another council's reablement."""
    return measure.needs == "discharges"


def _looks_back(library: Library, measure: Measure, chosen: Method) -> int:
    """The days before a period that the measure asks about."""
    steps = [*measure.steps, *(step for table in library.tables_for(measure) for step in table.steps)]
    text = "".join(step.sql for step in steps)
    return max(
        (getattr(chosen, name) for name in ("look_back_days", "new_client_days") if f":{name}" in text), default=0
    )


@contextmanager
def _engine(question: Question, spill: Path) -> Iterator[Engine]:
    try:
        with closing(open_engine(question.engine, question.address, spill)) as engine:
            yield engine
    except EngineUnavailable as error:
        raise Refusal(str(error)) from error


def _span(start: date, end: date) -> str:
    return in_words(start) if start == end else f"{in_words(start)} to {in_words(end)}"


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  councils send files on local days


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005
