"""Why is this row not in the figure? The road from a file to the events, walked for one row.

No name, number, birth or death of a person is ever in the answer; the row itself is with whoever has the file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.returns.layout import Layout, load_layout
from outturn.returns.rules import Rule, load_rules
from outturn.workspace import Refusal

from .areas import NO_CHANGES, AreaCodes
from .coverage import Coverage, covered_v1, covered_v2, in_words, month_counts
from .events import prepare
from .methods import Method
from .selection import Choice, ReferencePeriod, Selection
from .store import Records, Submission
from .tables import OUT, ROWS_OF_A_SUBMISSION, Piece, Prepared
from .workshop import filter_parameters, judging, rows_for

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DECIDED_BY: Mapping[str, str] = {
    "later period": "it comes from a later reference period",
    "later end": "both are of one reference period, and it ends later or is still open",
    "outcome": "both end on the same day, and its outcome ranks higher",
    "conversation": "the two agree in period, end and outcome, and its description speaks of a conversation",
    "later record": "the two agree in period, end and outcome, and it stands later in the files",
}
KEY_FIELDS: Mapping[str, str] = {
    "Request": "its end and the route of access",
    "Assessment": "its end and the assessment type",
    "Review": "its end",
    "Service": "the service type and the service component",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road: its name, what came of it in a word or two, and a sentence for an analyst."""

    step: str
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The road of one row under a method as of a date. `in_events`: whether it is among the joined events."""

    file: str
    submission: str
    row: int
    area: str | None
    method: str
    reading: str
    as_of: date
    in_events: bool
    steps: tuple[Step, ...]

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": self.file,
            "submission": self.submission,
            "row": self.row,
            "area": self.area,
            "method": self.method,
            "reading": self.reading,
            "as_of": self.as_of.isoformat(),
            "in_events": self.in_events,
            "steps": [{"step": one.step, "outcome": one.outcome, "words": one.words} for one in self.steps],
        }


def parse_row(text: str) -> tuple[str, int]:
    """FILE:ROW as a file and a row number. Raises Refusal."""
    file, _, row = text.rpartition(":")
    if not file or not re.fullmatch(r"[0-9]{1,9}", row) or int(row) == 0:
        raise Refusal(
            f"“{text}” does not name a row. Write the file’s name or its id, a colon, and the row as a spreadsheet "
            "numbers it, such as cld-2025-q1.csv:214."
        )
    return file, int(row)


def trace_row(
    records: Records, text: str, method: Method, *, as_of: date, codes: AreaCodes = NO_CHANGES,
    layout: Layout | None = None, rules: Sequence[Rule] | None = None,
) -> Trace:  # fmt: skip
    """Walk the road for FILE:ROW. Raises Refusal where there is no such file or row."""
    file, row = parse_row(text)
    submission = records.find("cld", file)
    layout = layout or load_layout("cld")
    rules = load_rules(layout) if rules is None else rules
    walk = _Walk(records, submission, row, method, as_of, codes, layout, rules)
    spill = records.prepared / "cld" / "spill"
    with open_duckdb(spill) as connection:
        walk.walk(connection)
    return Trace(
        submission.file, submission.id, row, walk.area, method.name, method.reading, as_of, walk.in_events,
        tuple(walk.steps),
    )  # fmt: skip


class _Walk:
    """The steps found so far. Each method adds its own and says whether the road goes on."""

    def __init__(
        self, records: Records, submission: Submission, row: int, method: Method, as_of: date, codes: AreaCodes,
        layout: Layout, rules: Sequence[Rule],
    ) -> None:  # fmt: skip
        self.records, self.submission, self.row, self.method, self.as_of = records, submission, row, method, as_of
        self.codes, self.layout, self.rules = codes, layout, {rule.id: rule for rule in rules}
        self.stored = records.submissions("cld")
        self.area: str | None = None
        self.in_events = False
        self.steps: list[Step] = []

    def walk(self, connection: "DuckDBPyConnection") -> None:
        self.connection = connection
        if not self.reading():
            return
        self.checks()
        if self.area is None:
            self.add(
                "council",
                "none",
                "The row names no council, so it belongs to no council’s figures. Give it an LA Code.",
            )
            return
        self.covers(self.area)
        prepared = prepare(
            self.stored, self.area, self.method, as_of=self.as_of, store=self.records.prepared / "cld",
            codes=self.codes, connection=connection, layout=self.layout,
        )  # fmt: skip
        pieces = [piece for piece in prepared.pieces if piece.submission == self.submission.id]
        self.chosen(prepared.selection, [piece.period for piece in pieces])
        kept = [piece for piece in pieces if self.filtered(piece)]
        if kept:
            self.key()
            self.joined(prepared, kept)
        self.result()

    def add(self, step: str, outcome: str, words: str) -> None:
        self.steps.append(Step(step, outcome, words))

    # What was read and checked

    def reading(self) -> bool:
        for one in self.submission.rows_set_aside():
            if one["row"] == self.row:
                self.add("reading", "set aside", f"The row could not be read as a row, and was set aside: {one['why']}")
                self.result()
                return False
        found = self.one(f'SELECT area FROM read_parquet({literal(self.submission.rows_file)}) WHERE "row" = $row')
        if found is None:
            raise Refusal(self.no_such_row())
        self.area = found[0] and self.codes.current(found[0])
        self.add("reading", "read", f"The row was read as row {self.row:,} of {self.submission.file}.")
        return True

    def no_such_row(self) -> str:
        span = self.one(
            f'SELECT min("row"), max("row") FROM read_parquet({literal(self.submission.rows_file)})', row=False
        )
        first, last = span if span and span[0] is not None else (0, 0)
        return (
            f"{self.submission.file} has no row {self.row:,}: its rows are {first:,} to {last:,}, numbered as a "
            "spreadsheet shows them, the headings included. Empty rows are passed over."
        )

    def checks(self) -> None:
        complaints = self.connection.execute(
            f'SELECT rule, "column" FROM read_parquet({literal(self.submission.complaints_file)}) WHERE "row" = $row',
            {"row": self.row},
        ).fetchall()
        if not complaints:
            self.add("checks", "clean", "The checks found nothing to complain of.")
            return
        told = "; ".join(self.complaint(rule, column) for rule, column in complaints)
        count = "1 complaint" if len(complaints) == 1 else f"{len(complaints)} complaints"
        self.add("checks", count, f"The checks made {count}: {told}. A complaint alone takes no row out of a figure.")

    def complaint(self, rule_id: str, column: str | None) -> str:
        rule = self.rules.get(rule_id)
        title = f"{rule.title} ({rule_id}, {rule.severity})" if rule else rule_id
        return f"{title} in {self.layout.field(column).header}" if column else title

    # Which file serves which period

    def covers(self, area: str) -> None:
        one = self.submission
        months = month_counts(one.months, *self.codes.codes_of(area))
        received, claimed = one.received.date(), one.claimed
        stated = f"{in_words(claimed[0])} to {in_words(claimed[1])}" if claimed else "no period"
        found = {
            "v1": covered_v1(
                months, received, claimed, small_files_as_stated=self.method.small_files == "stated period"
            ),
            "v2": covered_v2(area, months, received, claimed),
        }
        words = [f"The file states {stated}"]
        words += [f"worked out from its months ({version}) it covers {_span(one)}" for version, one in found.items()]
        own = found[self.method.coverage].span if self.method.coverage in found else claimed
        self.add(
            "covers", _span_words(own), f"{'; '.join(words)}. {self.method.name} goes by {_versions(self.method)}."
        )

    def chosen(self, selection: Selection, periods: Sequence[ReferencePeriod]) -> None:
        words = [f"It is used for {in_words(one.start)} to {in_words(one.end)}." for one in periods]
        for why, lost in self.lost(selection).items():
            words.append(f"It is not used for {_quarters(lost)}: {why}.")
        if not selection.choices:
            words = ["No file covers a whole quarter as of this date, so there are no events yet."]
        self.add("chosen", "used" if periods else "not used", " ".join(words) or "It covers no whole quarter.")

    def lost(self, selection: Selection) -> Mapping[str, list[Choice]]:
        """The quarters another file serves though this one holds some of them, by the reason."""
        lost: dict[str, list[Choice]] = {}
        for choice in selection.choices:
            for other, why in choice.others:
                span = other.coverage.span
                touches = span is None or (span[0] <= choice.end and span[1] >= choice.start)
                if other.id == self.submission.id and touches:
                    lost.setdefault(why, []).append(choice)
        return lost

    # What the filter makes of the row

    def filtered(self, piece: Piece) -> bool:
        assert self.area is not None
        period = piece.period
        judged = self.one(
            judging(self.source(period), self.method, self.codes.codes_of(self.area))
            + "SELECT event_type, event_start_date, event_end_date, ends, death, reason, "
            'by_nhs_number, own IS NOT NULL FROM judged WHERE "row" = $row',
            **filter_parameters(self.method, self.area),
        )
        assert judged is not None
        event, start, given, ends, death, reason, by_nhs_number, has_own = judged
        if not any(one.step == "identity" for one in self.steps):
            self.identity(by_nhs_number, has_own)
        self.event = event
        by_death = ends is not None and ends == death and ends != given
        dates = f"starts on {in_words(start)}" if start else "has no start"
        if by_death:
            dates += " and, by the death date, ends on the day of death"
        else:
            dates += f" and ends on {in_words(ends)}" if ends else " and has no end"
        about = f"The {(event or 'event').lower() if event in KEY_FIELDS else 'event'} {dates}."
        span = f"{in_words(period.start)} to {in_words(period.end)}"
        if reason:
            self.add("filter", reason, f"{about} It is out for {span}, because {OUT[reason]}.")
        else:
            self.add("filter", "kept", f"{about} It belongs to {span}.")
        return reason is None

    def source(self, period: ReferencePeriod) -> str:
        return rows_for([(self.submission.rows_file, self.submission.sequence, period)])

    def identity(self, by_nhs_number: bool | None, has_own: bool) -> None:
        if by_nhs_number:
            self.add("identity", "NHS number", "The person is known by the NHS number as given.")
        elif has_own:
            self.add(
                "identity", "own number",
                "The row has no NHS number of ten digits, so the person is known by the council’s own number. Rows of "
                "the same person that do have one count as another person.",
            )  # fmt: skip
        else:
            self.add("identity", "none", "The row has neither an NHS number nor the council’s own number.")

    def key(self) -> None:
        compared = "as typed" if self.method.event_key == "as typed" else "as cleaned"
        more = KEY_FIELDS.get(self.event or "", "its end")
        self.add(
            "key", compared,
            f"Two rows are one event where council, person, start, client type, event type, {more} are the same; "
            f"wordings are compared {compared}.",
        )  # fmt: skip

    # What joining makes of it

    def joined(self, prepared: Prepared, pieces: Iterable[Piece]) -> None:
        record = self.submission.sequence * ROWS_OF_A_SUBMISSION + self.row
        remaining = self.one(
            f"SELECT end_date, cropped FROM read_parquet({literal(prepared.events)}) WHERE record_id = $record",
            row=False, record=record,
        )  # fmt: skip
        if remaining:
            self.in_events = True
            if remaining[1]:
                self.add(
                    "cropping", "closed",
                    f"The file of the next period no longer has this service, so it ends on {in_words(remaining[0])}.",
                )  # fmt: skip
            else:
                self.add("cropping", "unchanged", "Its end is left as it is.")
            self.add("duplicates", "kept", "No other row of the same event comes before it.")
            return
        for piece in pieces:
            lost = self.one(
                f"SELECT winner, decided_by FROM read_parquet({literal(prepared.superseded)}) "
                "WHERE record_id = $record AND reference_start = $start",
                row=False, record=record, start=piece.period.start,
            )  # fmt: skip
            if lost:
                self.add(
                    "duplicates",
                    lost[1],
                    f"{self.place(lost[0])} is the same event and is kept: {DECIDED_BY[lost[1]]}.",
                )

    def place(self, record: int) -> str:
        sequence, row = divmod(record, ROWS_OF_A_SUBMISSION)
        file = next(one.file for one in self.stored if one.sequence == sequence)
        return f"{file}:{row}"

    def result(self) -> None:
        under = f"under {self.method.name} ({self.method.reading}) as of {in_words(self.as_of)}"
        if self.in_events:
            self.add("result", "in", f"The row is among the events that figures are made from, {under}.")
        else:
            self.add("result", "out", f"The row is not among the events that figures are made from, {under}.")

    def one(self, query: str, row: bool = True, **parameters: Any) -> tuple[Any, ...] | None:
        if row:
            parameters["row"] = self.row
        found: tuple[Any, ...] | None = self.connection.execute(query, parameters).fetchone()
        return found


def _span(coverage: Coverage) -> str:
    return _span_words(coverage.span)


def _span_words(span: tuple[date, date] | None) -> str:
    return f"{in_words(span[0])} to {in_words(span[1])}" if span else "no period"


def _versions(method: Method) -> str:
    return "the stated period" if method.coverage == "stated" else method.coverage


def _quarters(choices: Sequence[Choice]) -> str:
    """Quarters in words; neighbours are told as one stretch."""
    spans: list[tuple[date, date]] = []
    for choice in choices:
        if spans and (choice.start - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], choice.end)
        else:
            spans.append((choice.start, choice.end))
    return " and ".join(_span_words(span) for span in spans)
