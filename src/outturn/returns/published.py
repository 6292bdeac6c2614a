"""Published ASCOF figures, in the long format of the national files: what is in a row, and what its codes mean to us.

The one reader of such files: for the return `comparators`, whose figures are shown where none can be worked out, and
for what `outturn reconcile` compares with ours.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from outturn.terms.period import Period, UnreadablePeriod, read_span
from outturn.textfiles import Faults, read_file

from .refusals import UnreadableFile, listed
from .table import Check, Column, Table

CODES = Path(__file__).parent / "published-codes.yaml"
GROUPS_OF_ITS_OWN = ("2D",)  # measures whose groups have a list of their own there
OF_OLD = "It has a column Measure Group, as files up to 2022-23 have. Their codes mean other measures than ours."
NUMERATOR, DENOMINATOR, OUTCOME = "numerator", "denominator", "outcome"
SORTS = (NUMERATOR, DENOMINATOR, OUTCOME)
NO_PERIOD = "It names no period. Say for which year: outturn submit comparators FILE --year 2024-25"
MARGINS = ("margin of error", "me")
OF_SURVEYS = ("base", *MARGINS)
SHOWN = 5  # rows that a complaint names
Key = tuple[str, str | None, str, str, tuple[tuple[str, str], ...]]  # measure, part, area, period, breakdown

MEASURE = Column(
    "measure", "Measure", "a measure’s code, such as 2A",
    also=("ASCOF Measure", "ASCOF Measure Code", "Measure Code"), needed=True, filled=True,
)  # fmt: skip
PERIOD = Column("period", "Period", "a period, such as 2024-25", also=("Reporting Period",))

FIGURES = Table(
    name="comparators",
    area="area",
    rows='"row", measure, period, area, level, name, ons, breakdown, type, value, old_group',
    is_strict=True,
    columns=(
        MEASURE,
        PERIOD,
        Column(
            "area", "Geographical Code", "a council’s code, such as 104", "upper({text})",
            also=("Geography Code", "Area Code", "LA Code"), needed=True, filled=True,
        ),
        Column("level", "Geographical Level", "such as Local authority", "lower({text})"),
        Column("name", "Geographical Description", "an area’s name"),
        Column("ons", "ONS Code", "such as E06000014", "upper({text})"),
        Column(
            "breakdown", "Disaggregation Level", "such as Total or 18 to 64", also=("Disaggregation",),
            needed=True, filled=True,
        ),
        Column("type", "Measure Type", "such as Numerator", "lower({text})", needed=True, filled=True),
        Column(
            "value", "Measure Value", "a number, or a marker such as [c]",
            "CASE WHEN regexp_full_match(lower({text}), '\\[[a-z]+\\]') THEN lower({text}) "
            "WHEN TRY_CAST(replace(rtrim({text}, '%'), ',', '') AS DECIMAL(18, 6)) IS NOT NULL "
            "THEN replace(rtrim({text}, '%'), ',', '') END",
            also=("Value",), needed=True, filled=True,
        ),
        Column("old_group", "Measure Group", "only in files up to 2022-23"),
    ),
    checks=(
        Check(
            "twice", "value", "count(*) OVER (PARTITION BY measure, period, area, breakdown, type) > 1",
            "Another row is for the same figure.", "Keep the right one of them.",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theirs:
    """A figure as published. A number that is missing has its marker in `markers`, or was not given."""

    numbers: Mapping[str, Decimal]
    markers: Mapping[str, str] = field(default_factory=dict)


@cache
def _names() -> tuple[dict[str, str], set[str], dict[str, dict[str, str]]]:
    """Codes; codes of what other sources decide; and groups, those of a measure of its own under its code."""
    faults = Faults()
    record = read_file(CODES, faults)
    faults.raise_any()
    assert record is not None
    codes = {_plain(name): text.words for name, text in record.pairs("codes")}
    groups = {
        measure: {_plain(name): text.words for name, text in record.pairs(f"breakdowns {measure}".rstrip())}
        for measure in ("", *GROUPS_OF_ITS_OWN)
    }
    return codes, {_plain(code) for code in record.texts("elsewhere")}, groups


def _plain(text: str) -> str:
    return " ".join(text.casefold().removeprefix("ascof").split())


def measure_and_part(code: str) -> tuple[str, str | None] | None:
    """Our code and part for a code of published files; None for one we do not know."""
    measure, _, part = _names()[0].get(_plain(code), "").partition(" ")
    return (measure, part or None) if measure else None


def group_of(measure: str, printed: str) -> tuple[tuple[str, str], ...] | None:
    """Our breakdown for a group of published files, empty for everybody; None for one we do not know."""
    dimension, _, value = _groups(measure).get(_plain(printed), "").partition(" ")
    return None if not dimension else ((dimension, value),) if value else ()


def _groups(measure: str) -> dict[str, str]:
    groups = _names()[2]
    return groups.get(measure, groups[""])


def collected(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[Key, Theirs], list[str]]:
    """The figures of a published file by what they are about; and what is wrong with it, unknown codes above all."""
    numbers: dict[Key, dict[str, Decimal]] = defaultdict(dict)
    markers: dict[Key, dict[str, str]] = defaultdict(dict)
    texts: dict[tuple[Key, str], str] = {}
    wrong = Complaints()
    for row in rows:
        key, kind, text = _about(row, wrong), row["type"], row["value"]
        if key is None:
            continue
        if texts.setdefault((key, kind), text) != text:
            wrong.add(row, "value", "Another row has another value for the same figure. Keep the right one of them.")
        elif text.startswith("["):
            markers[key][kind] = text
        elif _is_odd(kind, number := Decimal(text)):
            wrong.add(row, "value", "A published figure is not below nought, and what it is out of is a whole number.")
        else:
            numbers[key][kind] = number
    found = {key: Theirs(numbers[key], markers[key]) for key in dict.fromkeys(key for key, _ in texts)}
    return found, wrong.sentences()


def _about(row: Mapping[str, Any], wrong: "Complaints") -> Key | None:
    """What a row is about; None where Client Level Data do not decide it, or something is wrong."""
    codes, elsewhere, _ = _names()
    kind = row["type"]
    if row["old_group"]:
        wrong.add(row, "old_group", OF_OLD)
        return None
    if _plain(row["measure"]) in elsewhere or kind in OF_SURVEYS:
        return None
    if kind not in SORTS:
        wrong.add(row, "type", f"“{kind}” is no measure type we know. We know {', '.join(SORTS)}.")
        return None
    ours = measure_and_part(row["measure"])
    if ours is None:
        wrong.add(row, "measure", f"“{row['measure']}” is no measure code we know. We know {', '.join(codes)}.")
        return None
    group = group_of(ours[0], row["breakdown"])
    if group is None:
        known = ", ".join(_groups(ours[0]))
        wrong.add(row, "breakdown", f"“{row['breakdown']}” is no group we know. We know {known}.")
        return None
    return (*ours, row["area"], row["period"], group)


def _is_odd(kind: str, number: Decimal) -> bool:
    return number < 0 or (kind != OUTCOME and number != number.to_integral_value())


class Complaints:
    """What is wrong with a file, each complaint once, with its column and the first rows it is about."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, row: Mapping[str, Any], column: str, words: str) -> None:
        """A complaint about a row."""
        self.found[FIGURES.column(column).heading, words].append(row["row"])

    def sentences(self) -> list[str]:
        """Each as “row 2, 5, Measure: …”."""
        return [
            f"row {', '.join(map(str, rows[:SHOWN]))}{' …' if rows[SHOWN:] else ''}, {heading}: {words}"
            for (heading, words), rows in self.found.items()
        ]


# A file as the return `comparators`


def dated(rows: Sequence[Mapping[str, Any]], year: str, wrong: Complaints) -> list[dict[str, Any]]:
    """The rows with the codes of their periods; `year` is that of rows that name none."""
    periods: dict[str, Period] = {}
    found = []
    for row in rows:
        text = row["period"] or year
        if not text:
            wrong.add(row, "period", NO_PERIOD)
            continue
        try:
            period = periods.setdefault(text, periods.get(text) or read_span(text))
        except UnreadablePeriod as error:
            wrong.add(row, "period", str(error))
            continue
        found.append({**row, "period": period.code})
    return found


def check_figures(rows: Sequence[Mapping[str, Any]], year: str) -> str:
    """What a file of published figures holds, in a sentence. Raises UnreadableFile with everything that is wrong."""
    wrong = Complaints()
    figures, faults = collected(dated(rows, year, wrong))
    reasons = [f"{words[0].upper()}{words[1:]}" for words in (*wrong.sentences(), *faults)]
    if year and all(row["period"] for row in rows):
        reasons.append(f"Every row names its period, so {year} would be of none. Leave out --year.")
    if not reasons and not figures:
        reasons.append("It has only measures that Client Level Data do not decide. Nothing of it would be shown.")
    if reasons:
        raise UnreadableFile(reasons)
    measures, periods = dict.fromkeys(key[0] for key in figures), dict.fromkeys(key[3] for key in figures)
    return f"Published figures of {listed(measures)} for {listed(periods)}."
