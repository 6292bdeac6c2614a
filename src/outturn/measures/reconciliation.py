"""A list of cases from elsewhere beside our cohort of a measure: every difference, with its reason in plain words."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .definition import Measure, Step
from .library import Library
from .running import Run

ONLY_THEIRS, ONLY_OURS, NUMERATOR = "only in theirs", "only in ours", "numerator differs"
FROM = re.compile(r"\bFROM\s+([a-z_][a-z0-9_]*)")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One unit on which two lists differ. `row` is theirs in their file, `record_id` the row that stands for ours."""

    kind: str
    part: str | None
    person: str
    row: int | None
    record_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two lists of a measure and period compared. Numbers are of units: numerator, and all that are in."""

    measure: str
    period: str
    area: str
    theirs: tuple[int, int]
    ours: tuple[int, int]
    agreed: int
    differences: tuple[Difference, ...]

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def compare(run: Run, measure: Measure, period: str, area: str, theirs: Sequence[Row], ours: Sequence[Row]) -> Compared:
    """Compare rows of their file with rows of our cohort, both of one measure and period.

    Units are matched by person: several of one person (episodes, say) each with one that is alike, if there is one.
    """
    people = _People(run, theirs, ours)
    listed, cohort = defaultdict(list), defaultdict(list)
    for row in theirs:
        listed[row["part"], people.of(row)].append(row)
    for row in ours:
        cohort[row["part"], row["person"]].append(row)
    differences: list[Difference] = []
    agreed = 0
    unexplained: list[tuple[Row, str]] = []
    for part, person in sorted({*listed, *cohort}, key=str):
        rows, units = listed[part, person], cohort[part, person]
        pairs, theirs_left, ours_left = _matched(rows, units)
        unlike = [(row, our) for row, our in pairs if _counts(row) != bool(our["counted"])]
        agreed += len(pairs) - len(unlike)
        left_out = [our for our in units if not our["included"]]
        unexplained += [(row, person) for row in theirs_left[len(left_out) :]]
        not_in = [row["row"] for row in rows if not _is_in(row)] or [None]
        found = [(NUMERATOR, row["row"], our, _numerator(row, our)) for row, our in unlike]
        found += [
            (ONLY_THEIRS, row["row"], our, f"We looked at it and left it out: {_step(our)}.")
            for row, our in zip(theirs_left, left_out, strict=False)
        ]
        found += [(ONLY_OURS, not_in[0], our, _missing(measure, rows, our)) for our in ours_left]
        differences += [Difference(kind, part, person, row, our["record_id"], why) for kind, row, our, why in found]
    reasons = _Reasons(run, measure, [person for _, person in unexplained], people, cohort)
    differences += [
        Difference(ONLY_THEIRS, row["part"], person, row["row"], None, reasons.of(row, person))
        for row, person in unexplained
    ]
    return Compared(
        measure.code, period, area,
        (sum(map(_counts, theirs)), sum(map(_is_in, theirs))),
        (sum(row["counted"] for row in ours), sum(row["included"] for row in ours)),
        agreed, tuple(sorted(differences, key=lambda one: (one.kind, one.part or "", one.row or 0, one.person))),
    )  # fmt: skip


def _is_in(row: Row) -> bool:
    """Whether it is in their list: of a rate or a count the denominator says nothing."""
    return bool(row["numerator"] or row["denominator"])


def _counts(row: Row) -> bool:
    return bool(row["numerator"])


def _matched(theirs: Iterable[Row], ours: Iterable[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Units of one person in pairs, those alike first, and what is left on either side."""
    left, right = [row for row in theirs if _is_in(row)], [row for row in ours if row["included"]]
    pairs = []
    for must_agree in (True, False):
        for row in list(left):
            found = [our for our in right if not must_agree or bool(our["counted"]) == _counts(row)]
            if found:
                pairs.append((row, found[0]))
                left.remove(row)
                right.remove(found[0])
    return pairs, left, right


def _missing(measure: Measure, rows: Sequence[Row], our: Row) -> str:
    if not rows:
        why = "They have no row of it"
    elif all(map(_is_in, rows)):
        why = f"They have fewer {measure.counts} of this person"
    else:
        why = "They have it neither in numerator nor in denominator"
    return f"{why}. We {_have(our)}: {_step(our)}."


def _numerator(row: Row, our: Row) -> str:
    theirs = "They count it" if _counts(row) else "They have it in the denominator only"
    return f"{theirs}; we {_have(our)}: {_step(our)}."


def _have(our: Row) -> str:
    return "count it" if our["counted"] else "have it in the denominator only"


def _step(our: Row) -> str:
    when = f", {our['start_date']} to {our['end_date'] or 'now'}" if our["start_date"] else ""
    outcome = f" ({our['outcome']})" if our["outcome"] and our["outcome"] != our["step"] else ""
    return f"{our['step']}{outcome}{when}"


class _People:
    """Who a row of their list is in our records: by the NHS number, or by the council's own."""

    def __init__(self, run: Run, theirs: Sequence[Row], ours: Sequence[Row]) -> None:
        own = {row["own_number"] for row in theirs if row["own_number"]}
        self.by_own: dict[str, set[str]] = defaultdict(set)
        self.known: set[str] = set()
        for person, number in run.people():
            self.known.add(person)
            if number and number in own:
                self.by_own[number].add(person)
        self.in_cohort = {row["person"] for row in ours}

    def of(self, row: Row) -> str:
        """The person as in our events; where we know nobody of that number, the number as they gave it."""
        for number in (row["nhs_number"], row["own_number"]):  # the latter is the person in a list of our own
            if number in self.known:
                return str(number)
        found = sorted(self.by_own.get(row["own_number"], ()), key=lambda one: (one not in self.in_cohort, one))
        return found[0] if found else str(row["nhs_number"] or row["own_number"])


class _Reasons:
    """Why a unit of theirs is not among ours, from how far the person's rows get through the measure's steps."""

    def __init__(
        self, run: Run, measure: Measure, people: Collection[str], known: _People,
        cohort: Mapping[tuple[str | None, str], Sequence[Row]],
    ) -> None:  # fmt: skip
        self.measure, self.people, self.library = measure, known, run.library
        self.parts: dict[str, set[str]] = defaultdict(set)
        for (part, person), rows in cohort.items():
            if rows:
                self.parts[person].add(part or "")
        self.reached = run.reached(measure, way(measure, run.library), people) if people else {}

    def of(self, row: Row, person: str) -> str:
        """One or two sentences."""
        if person not in self.people.known:
            return "Nobody of that number is in our events. Check the number, or submit the file that has the person."
        if person in self.reached["cohort"]:
            others = sorted(self.parts[person] - {row["part"] or "", ""})
            if others and row["part"] not in self.parts[person]:
                return f"We have this person in the part {', '.join(others)} only."
            return f"They have more {self.measure.counts} of this person than we have."
        told = list(dict.fromkeys(_stops(self.measure, self.library, self.reached, person)))
        return f"Nothing that we hold of this person gets through this step: {' Or: '.join(told[:2])}"


def _stops(
    measure: Measure, library: Library, reached: Mapping[str, Collection[str]], person: str
) -> Iterator[str]:  # fmt: skip
    """The words of the first steps that nothing of a person gets through, on the way from the events to the cohort."""
    steps = {step.name: step for step in measure.steps}

    def walk(step: Step) -> Iterator[str]:
        for source in sources(step):
            if person in reached.get(source, {person}) or source not in (*steps, *library.tables):
                yield step.words
            elif source in steps:
                yield from walk(steps[source])
            else:
                yield library.tables[source].meaning

    yield from walk(steps["cohort"])


def way(measure: Measure, library: Library) -> list[str]:
    """The relations between the events and the cohort that have a person in each row."""
    steps = {step.name: step for step in measure.steps}
    found: dict[str, bool] = {}

    def has_person(name: str) -> bool:
        if name not in found and (name in steps or name in library.tables):
            step = steps[name] if name in steps else library.tables[name].steps[-1]
            columns = re.split(r"\bFROM\b", _outermost(step)[0])[0]
            made_of = [has_person(source) for source in sources(step)] if name in steps else [True]
            found[name] = bool(re.search(r"\bperson\b", columns)) or ("*" in columns and any(made_of))
        return found.get(name, True)  # events, or made of them

    has_person("cohort")
    return [name for name, has in found.items() if has]


def sources(step: Step) -> list[str]:
    """What a step is made from: of each of its selects the relation after FROM, not those joined to it or asked about.

    Selects within brackets are looked into only where nothing else stands after FROM.
    """
    outermost, inner = _outermost(step)
    return list(dict.fromkeys(FROM.findall(outermost) or FROM.findall(inner)))


def _outermost(step: Step) -> tuple[str, str]:
    """A step's SQL without texts, comments and what stands in brackets; and the same with the outermost brackets."""
    text, inner = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", step.sql), ""
    while (closed := re.sub(r"\([^()]*\)", "", text)) != text:
        inner, text = text, closed
    return text, inner
