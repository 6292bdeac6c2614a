"""Our figures and cases beside somebody else's: from a file of theirs to every difference and its reason."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from outturn.engines.sql import literal
from outturn.measures.definition import Kind, Measure
from outturn.measures.library import Library, UnknownMeasure, load_library
from outturn.measures.reconciliation import Compared, compare
from outturn.measuring import Work
from outturn.questions import Question
from outturn.records.areas import AreaCodes, read_area_codes
from outturn.records.coverage import in_words
from outturn.records.methods import PROFILES, READINGS
from outturn.records.store import Records
from outturn.results import reconciliation as figures
from outturn.results.reconciliation import DIFFERENT, Beside
from outturn.results.result import Result
from outturn.returns.elsewhere import Elsewhere, read_elsewhere
from outturn.returns.published import Key, Theirs, collected, measure_and_part
from outturn.returns.reading import UnreadableFile
from outturn.returns.refusals import counted, listed
from outturn.terms.period import Period, UnreadablePeriod, read_span
from outturn.workspace import Refusal, Workspace

EARLIER = 8  # days on which files were received that are tried
YEARS_TRIED = 3  # before and after that of the population we took
SHOWN = 5
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What became of a file: lists of cases compared, or published figures. `notes` say what was passed over."""

    file: str
    cases: tuple[Compared, ...] = ()
    figures: tuple[Beside, ...] = ()
    notes: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": self.file, "notes": list(self.notes), "cases": [one.as_data() for one in self.cases],
            "figures": [one.as_data() for one in self.figures],
        }  # fmt: skip


def reconciled(
    workspace: Workspace, file: Path, question: Question, *, by: str, progress: Progress = lambda words: None
) -> Reconciled:  # fmt: skip
    """Compare a file with what the question's method makes of our records. Lists of cases are noted as looks.

    The question's periods may be empty where the file names its own; its codes do not matter. Raises Refusal with every
    reason.
    """
    with tempfile.TemporaryDirectory(prefix=".reconciling-", dir=workspace.folder) as folder:
        try:
            read = read_elsewhere(file, Path(folder))
        except UnreadableFile as error:
            raise Refusal(str(error)) from error
    codes = read_area_codes(workspace)
    areas = _areas(workspace, question, codes)
    if read.is_of_cases:
        return Reconciled(file.name, cases=tuple(_cases(workspace, read, question, areas, codes, by)))
    return _figures(workspace, read, question, areas, codes, progress)


def _areas(workspace: Workspace, question: Question, codes: AreaCodes) -> list[str]:
    found = question.areas or [area for one in Records(workspace.records).submissions("cld") for area in one.areas]
    if not found:
        raise Refusal("No Client Level Data are stored yet. Submit a file first: outturn submit cld FILE")
    return sorted(set(map(codes.current, found)))


# Lists of cases


def _cases(
    workspace: Workspace, read: Elsewhere, question: Question, areas: Sequence[str], codes: AreaCodes, by: str
) -> Iterator[Compared]:  # fmt: skip
    library = load_library()
    lists: dict[tuple[str, str, Period], list[Mapping[str, Any]]] = defaultdict(list)
    wrong = _Wrong(read.file)
    for row in read.rows:
        area = codes.current(row["la_code"]) if row["la_code"] else areas[0] if len(areas) == 1 else None
        if area not in areas:
            wrong.add(
                row, f"{row['la_code']} is none of our councils, {listed(areas)}." if row["la_code"] else
                f"It names no council, and we have {listed(areas)}. Say which: --area CODE",
            )  # fmt: skip
        period = wrong.period(row, question)
        measure, part = wrong.measure(row, library)
        if area in areas and period and measure:
            assert area is not None
            lists[measure.code, area, period].append({**row, "part": part})
    wrong.refuse()
    if not lists:
        raise Refusal(wrong.of_other_periods(question))
    for (code, area, period), rows in sorted(lists.items(), key=lambda one: str(one[0])):
        asked = replace(question, codes=(code,), areas=(area,), periods=(period,), by=())
        work = Work(workspace, asked, lambda share, words: None)
        (measure,) = work.measures
        if absent := work.basis_of(measure, area, period).absent:
            raise Refusal(absent.because)
        with work.running(work.read_for(measure, area)) as run:
            ours = run.cohort(measure, f"c.la_code = {literal(area)}")
            found = compare(run, measure, period.code, area, rows, ours)
        work.note_look(measure, area, period, by=by, rows=len(ours))
        yield found


class _Wrong:
    """What is wrong with a file, each complaint once with the first rows it is about."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: dict[str, list[int]] = defaultdict(list)
        self.periods: dict[str, Period] = {}

    def add(self, row: Mapping[str, Any], words: str) -> None:
        """A complaint about a row."""
        self.found[words].append(row["row"])

    def refuse(self) -> None:
        """Raises Refusal if anything is wrong."""
        if self.found:
            raise Refusal(
                "\n".join(
                    f"{self.file}, row {', '.join(map(str, rows[:SHOWN]))}{' …' if rows[SHOWN:] else ''}: {words}"
                    for words, rows in self.found.items()
                )
            )

    def period(self, row: Mapping[str, Any], question: Question) -> Period | None:
        """The row's period if it is asked about, with none in the row the one asked about."""
        if row["period"] is None:
            if len(question.periods) != 1:
                self.add(row, "It names no period. Say for when: --year 2024-25, or --to 2024-12-31 for twelve months.")
                return None
            return question.periods[0]
        try:
            found = self.periods.setdefault(row["period"], read_span(row["period"]))
        except UnreadablePeriod as error:
            self.add(row, str(error))
            return None
        return found if not question.periods or found in question.periods else None

    def of_other_periods(self, question: Question) -> str:
        """Why nothing is left."""
        theirs = listed(sorted({one.code for one in self.periods.values()}))
        ours = listed(one.code for one in question.periods)
        return f"{self.file} is about {theirs}, and {ours} was asked for. Ask for the period that it is about."

    def measure(self, row: Mapping[str, Any], library: Library) -> tuple[Measure | None, str | None]:
        """The row's measure and part; the code may name both, as published files have it."""
        code, part = measure_and_part(row["measure"]) or (row["measure"], None)
        part = row["part"] or part or ""
        try:
            measure = library.find(code)
        except UnknownMeasure as error:
            self.add(row, str(error))
            return None, None
        if not measure.parts:
            return measure, None
        known = {name.casefold(): name for name in measure.parts}
        if part.casefold() not in known:
            self.add(row, f"{measure.code} has the parts {', '.join(known.values())}. Say which, in a column Part.")
            return None, None
        return measure, known[part.casefold()]


# Published figures


def _figures(
    workspace: Workspace, read: Elsewhere, question: Question, areas: Sequence[str], codes: AreaCodes,
    progress: Progress,
) -> Reconciled:  # fmt: skip
    wrong = _Wrong(read.file)
    of_ours = [{**row, "area": codes.current(row["area"])} for row in read.rows if codes.current(row["area"]) in areas]
    if not of_ours:
        others = listed(sorted({row["area"] for row in read.rows}))
        raise Refusal(f"{read.file} has no row of {listed(areas)}; it has {others}. Name a file with your council.")
    rows = []
    for row in of_ours:
        if period := wrong.period(row, question):
            rows.append({**row, "period": period.code})
    wrong.refuse()
    if not rows:
        raise Refusal(wrong.of_other_periods(question))
    theirs, faults = collected(rows)
    if faults:
        raise Refusal("\n".join(f"{read.file}, {words}" for words in faults))
    if not theirs:
        raise Refusal(f"{read.file} has only measures that Client Level Data do not decide. Nothing can be compared.")
    periods = {period.code: period for period in [*wrong.periods.values(), *question.periods]}
    asked = replace(
        question, codes=tuple(sorted({key[0] for key in theirs})), areas=tuple(sorted({key[2] for key in theirs})),
        periods=tuple(periods[code] for code in sorted({key[3] for key in theirs})), by=(),
        with_published=False,
    )  # fmt: skip
    found = _compared(workspace, asked, theirs, progress)
    passed = len(read.rows) - len(of_ours)
    notes = (f"{counted(passed, 'row')} of other areas passed over.",) if passed else ()
    return Reconciled(read.file, figures=tuple(found), notes=notes)


def _compared(
    workspace: Workspace, asked: Question, theirs: Mapping[Key, Theirs], progress: Progress
) -> Iterator[Beside]:  # fmt: skip
    work = Work(workspace, asked, lambda share, words: None)
    ours = _by_key(work)
    measures = {measure.code: measure for measure in work.measures}
    first = {key: figures.beside(key, figure, ours.get(key), measures[key[0]]) for key, figure in theirs.items()}
    behind = tuple(sorted({key[0] for key, one in first.items() if one.verdict == DIFFERENT}))
    tried = list(_tried(workspace, replace(asked, codes=behind), work, progress)) if behind else []
    for key, one in first.items():
        if one.verdict != DIFFERENT:
            yield one
            continue
        measure = measures[key[0]]
        names = figures.agreeing(theirs[key], [(name, found[key]) for name, found in tried if key in found], measure)
        reasons = [*one.reasons, *figures.differences(theirs[key], ours[key])]
        reasons.append(
            f"We would give their figure by {listed(names)}." if names else
            "No other method, reading, population or earlier state of our files gives their figure. A list of their "
            "cases would show where it comes from."
        )  # fmt: skip
        yield replace(one, reasons=tuple(reasons))


def _by_key(work: Work) -> dict[Key, Result]:
    counts = work.counts()
    return {
        figures.key_of(one): one for measure in work.measures for one in work.results(measure, counts[measure.code])
    }


def _tried(
    workspace: Workspace, asked: Question, work: Work, progress: Progress
) -> Iterator[tuple[str, dict[Key, Result]]]:  # fmt: skip
    """Our figures by every other method and reading, as they were known earlier, and by populations of other years."""
    others = [
        (f"the method {name} ({reading})", replace(asked, method=name, reading=reading))
        for name in PROFILES for reading in READINGS if (name, reading) != (work.method.name, work.method.reading)
    ]  # fmt: skip
    others += [
        (f"the files received up to {in_words(day)}", replace(asked, as_of=day)) for day in _earlier(work, asked.areas)
    ]
    if any(measure.kind is Kind.RATE for measure in work.measures if measure.code in asked.codes):
        own = {work.population_year_of(period) for period in asked.periods}
        others += [
            (f"the population of the middle of {year}", replace(asked, population_year=year))
            for year in range(min(own) - YEARS_TRIED, max(own) + YEARS_TRIED + 1) if year not in own
        ]  # fmt: skip
    for name, other in others:
        progress(f"Trying {name}")
        yield name, _by_key(Work(workspace, other, lambda share, words: None))


def _earlier(work: Work, areas: Iterable[str]) -> list[date]:
    """Days since the first period's end on which a file was received, the newest first, but for the last such day."""
    over = min(period.end for period in work.question.periods)
    received = {
        one.received.date() for one in work.submissions
        if over < one.received.date() <= work.as_of and {*map(work.codes.current, one.areas)} & {*areas}
    }  # fmt: skip
    return sorted(received, reverse=True)[1 : EARLIER + 1]
