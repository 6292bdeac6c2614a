"""A measure's definition, read from its file: a head in YAML within the opening comment, then sections of SQL.

A section is one select. It begins with `-- step NAME` and the step's words in comment lines, and ends where the next
one begins. The last section of a measure is `-- cohort`, that of a table which measures share is `-- table`. Sections
may read `events`, `persons`, `periods` and the like, the shared tables that the head `uses`, and the sections before
them. `:name` stands for a parameter (see `parameters`), `:population` for the age band of the head. Where two measures
differ in nothing else, the one's head may say that it has the `sections_of` the other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from outturn.engines.sql import literal
from outturn.records.methods import Method
from outturn.terms.polarity import Polarity
from outturn.textfiles import Faults, Record, read_text, read_words

COHORT = (
    "period", "la_code", "part", "person", "record_id", "start_date", "end_date", "included", "counted", "step",
    "outcome", "side", "amount", "age_band", "service_type", "setting",
)  # fmt: skip
OF_PERSONS = ("gender", "ethnicity_group", "primary_support_reason")
ALL = "all"  # the name under which a head gives something for all parts
BANDS = ("18 to 64", "65 and above")
GENDERS = ("Male", "Female")
UNITS = ("%", "per 100,000", "number", "days", "weeks", "£")
HEAD = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
E = TypeVar("E", bound=StrEnum)
SECTION = re.compile(r"^-- (?:step ([a-z][a-z0-9_]*)|(cohort|table))[ \t]*$", re.MULTILINE)


class Kind(StrEnum):
    """What is made of a cohort."""

    PROPORTION = "proportion"  # counted out of included, in per cent
    RATE = "rate"  # counted for each 100,000 of a population
    COUNT = "count"
    SUM = "sum"  # of the amounts of what is counted
    MEDIAN = "median"  # of those amounts


class AskedFor(StrEnum):
    """The stretches of time a measure makes sense for."""

    YEAR = "year"
    YEAR_TO_DATE = "year to date"
    ROLLING = "rolling"
    QUARTER = "quarter"
    MONTH = "month"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Step:
    """One select under a name, and what it does in words."""

    name: str
    words: str
    sql: str


@dataclass(frozen=True, slots=True)
class SharedTable:
    """A table that several measures read, made once in a run, for all its periods at once."""

    name: str
    title: str
    meaning: str
    uses: tuple[str, ...]
    switches: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. Every word of it comes from its file."""

    code: str
    title: str
    edition: str
    kind: Kind
    unit: str
    decimals: int
    polarity: Polarity
    counts: str
    numerator: str
    denominator: str
    periods: tuple[AskedFor, ...]
    parts: Mapping[str, str]
    groups: tuple[tuple[str, ...], ...]
    bands: Mapping[str, tuple[str, ...]]
    dimensions: tuple[str, ...]
    population: str
    divisor: int
    uses: tuple[str, ...]
    needs: str
    side_counts: Mapping[str, str]
    switches: tuple[str, ...]
    serves: tuple[str, ...]
    meaning: str
    source: str
    owner: str
    checker: str
    next_check: str
    notes: str
    file: str
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its cohort, in order."""
        return COHORT + self.dimensions

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """Everything its figures can be broken down by."""
        return ("age_band", *OF_PERSONS, "service_type", "setting", *self.dimensions)

    def bands_of(self, part: str | None) -> tuple[str, ...]:
        """The age bands in which a part is published."""
        return self.bands.get(part or ALL, self.bands.get(ALL, BANDS))


def read_measure(path: Path, faults: Faults) -> Measure | None:
    """The measure in a file, or None after noting what is wrong with it."""
    found = _sections(path, faults, last="cohort")
    if found is None:
        return None
    head, steps = found
    population = head.optional("population")
    measure = Measure(
        code=head.text("code", example="2A"),
        title=head.text("title"),
        edition=head.text("edition", example="ASCOF 2023-24 onwards"),
        kind=head.read("kind", _member(Kind), example="proportion") or Kind.COUNT,
        unit=head.read("unit", _one_of(UNITS), example='"%"') or "",
        decimals=head.read("decimals", int, example="1") or 0,
        polarity=head.read("polarity", Polarity.read, example="higher") or Polarity.read("neutral"),
        counts=head.text("counts", example="people"),
        numerator=head.text("numerator"),
        denominator=head.text("denominator", example="none"),
        periods=head.read("periods", _asked_for, example="year, quarter") or (),
        parts={name: text.words for name, text in head.pairs("parts")},
        groups=tuple(() if one == "total" else _list(one) for one in head.texts("groups")) or ((),),
        bands={part: _list(text.words) for part, text in head.pairs("bands")},
        dimensions=_list(head.optional("dimensions")),
        population=population,
        divisor=head.read_optional("divisor", int) or 1,
        uses=_list(head.optional("uses")),
        needs=head.read_optional("needs", _one_of(("costs", "discharges"))) or "",
        side_counts={name: text.words for name, text in head.pairs("side_counts")},
        switches=_switches(head),
        serves=_list(head.optional("serves")),
        meaning=head.text("meaning"),
        source=head.text("source"),
        owner=head.text("owner"),
        checker=head.text("checker"),
        next_check=head.text("next_check", example="2027-04-30"),
        notes=head.optional("notes"),
        file=path.name,
        steps=tuple(replace(step, sql=step.sql.replace(":population", literal(population))) for step in steps),
    )
    head.close()
    for group in measure.groups:
        for dimension in group:
            if dimension not in measure.breakdowns:
                head.fault(f"groups: “{dimension}” is none of {', '.join(measure.breakdowns)}.", "groups")
    if measure.kind is Kind.RATE and not measure.population:
        head.fault("A rate needs the age band of its population. Write population: 18 to 64")
    return measure


def read_shared_table(path: Path, faults: Faults) -> SharedTable | None:
    """The shared table in a file, or None after noting what is wrong with it."""
    found = _sections(path, faults, last="table")
    if found is None:
        return None
    head, steps = found
    table = SharedTable(
        name=head.text("table", example=path.stem),
        title=head.text("title"),
        meaning=head.text("meaning"),
        uses=_list(head.optional("uses")),
        switches=_switches(head),
        steps=steps,
    )
    head.optional("notes")
    head.close()
    return table


def _sections(path: Path, faults: Faults, *, last: str) -> tuple[Record, tuple[Step, ...]] | None:
    text = read_words(path, faults, path.name)
    if text is None:
        return None
    opening = HEAD.match(text)
    if opening is None:
        faults.add(path.name, 1, "The file should begin with a head between /* and */.")
        return None
    padding = "\n" * text.count("\n", 0, opening.start(1))  # so that lines are numbered as in the file
    head = read_text(padding + opening[1], faults, path.name)
    if head and (other := head.optional("sections_of")):
        text = read_words(path.with_name(f"{other}.sql"), faults, path.name) or ""
    steps = _steps(text, last)
    if not steps:
        faults.add(path.name, None, f"The file should have sections “-- step NAME”, and “-- {last}” as the last one.")
    return (head, steps) if head and steps else None


def _steps(text: str, last: str) -> tuple[Step, ...]:
    """The sections of a file, or none where they are not as they should be."""
    marks = list(SECTION.finditer(text))
    if not marks or marks[-1][2] != last or any(mark[2] for mark in marks[:-1]):
        return ()
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return tuple(_step(mark[1] or last, text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True))


def _step(name: str, text: str) -> Step:
    lines = text.strip().splitlines()
    words = []
    while lines and lines[0].startswith("--"):
        words.append(lines.pop(0).removeprefix("--").strip())
    return Step(name, " ".join(words), "\n".join(lines).strip().removesuffix(";"))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        raise ValueError(f"“{text}” is none of {', '.join(words)}.")

    return read


def _member(kind: type[E]) -> Callable[[str], E]:
    return lambda text: kind(_one_of(list(kind))(text))


def _asked_for(text: str) -> tuple[AskedFor, ...]:
    return tuple(map(_member(AskedFor), _list(text)))


def _switches(head: Record) -> tuple[str, ...]:
    found = _list(head.optional("switches"))
    known = Method.__dataclass_fields__
    for name in found:
        if name not in known:
            head.fault(f"switches: there is no switch “{name}” in a method.", "switches")
    return found
