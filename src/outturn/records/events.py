"""Joined events: what remains of a council's submissions after filter, cropping and removal of duplicates.

Two stages, each kept in a folder named after everything it was made from, so that nothing is made twice and a new
submission rebuilds only its council's affected quarters:

* a *piece* holds one submission's rows for one reference period: `events.parquet` (those kept), `out.parquet` (row and
  reason of the others) and `counts.json`;
* a *joined table* holds a council's events over all periods: `events.parquet`, `superseded.parquet` (for each duplicate
  the event that won, and what decided), `persons.parquet` and `cared-for.parquet` (see `persons`), and `counts.json`.

COLUMNS says what each column of `events.parquet` means. Rows lie in the order of person and start.
"""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.engines.sql import literal
from outturn.returns.layout import Layout, load_layout, text_key

from .areas import NO_CHANGES, AreaCodes
from .coverage import Coverage, coverage, month_counts
from .methods import Method
from .persons import PERSONS_VERSION, make_persons
from .selection import Candidate, ReferencePeriod, Selection, select, select_single
from .store import Submission

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PIECE_VERSION = "1"  # raise when filter.sql or events.sql would give other rows for the same file
JOINED_VERSION = "1"  # raise when duplicates.sql would
ROWS_OF_A_SUBMISSION = 1_000_000_000  # a record id is its submission's sequence times this, plus its row
BLANK_RANK = 999
MOST_WORDINGS = 20_000
SQL = Path(__file__).parent / "sql"
DAY = 86_400

COLUMNS: Mapping[str, str] = {
    "la_code": "the council",
    "person": "the NHS number as given, or else the council's code, _ and its own number; unique within a council",
    "record_id": "sequence of the submission times 1,000,000,000, plus the row of the file",
    "event_type": "Request, Assessment, Service, Review, or Invalid and not mapped",
    "client_type": "as cleaned, Release 2 wording, like every coded column here",
    "start_date": "event start as given",
    "end_date": "event end after the death date was applied and after cropping; NULL where a service is open",
    "reference_start": "first day of the stretch for which this file was chosen",
    "reference_end": "its last day",
    "request_route_of_access": "requests only",
    "assessment_type": "assessments only",
    "service_type": "as cleaned",
    "service_component": "as cleaned",
    "delivery_mechanism": "as cleaned",
    "event_outcome": "as cleaned",
    "outcome_rank": "place in the method's order of outcomes, 1 best; 999 where blank or invalid",
    "unable_to_classify": "whether the outcome is one by which ASCOF 2A cannot classify; so too blank and invalid ones",
    "conversation": "whether the description speaks of a conversation (inferred from “three conversations” practice)",
    "birth_date": "as given on this row; 1 January 1800 is read as unknown. Measures use the person table's",
    "death_date": "as given on this row. Measures use the person table's",
    "gender": "… and the further attributes of the person as given on this row",
    "ethnicity": "",
    "primary_support_reason": "",
    "accommodation_status": "",
    "employment_status": "",
    "has_unpaid_carer": "",
    "visual_impairment": "",
    "hearing_impairment": "",
    "dementia": "",
    "autism": "",
    "client_funding_status": "",
    "own_number": "the council's own number of the person, trimmed and in capitals",
    "linked_1": "own number of the first adult cared for; so too linked_2 and linked_3",
    "linked_2": "",
    "linked_3": "",
    "cropped": "whether the end is the period's, because the next file no longer has the service",
}
COSTS: Mapping[str, str] = {
    "unit_cost": "only in the table of a single submission",
    "cost_frequency_unit_type": "only in the table of a single submission",
    "planned_units_per_week": "only in the table of a single submission",
}
OUT: Mapping[str, str] = {
    "no person": "it has neither an NHS number nor the council’s own number",
    "ambiguous person": "it has no NHS number, but its own number occurs with one elsewhere, and this method drops it",
    "no event type": "it has no event type",
    "invalid type": "its event type or client type is invalid (this method removes such rows)",
    "no start": "it has no start date",
    "died before it started": "the person died before it started",
    "died before the period": "the person died before the period began",
    "starts after the period": "it starts after the period’s last day",
    "not ended": "it has no end date, and only a service may be open",
    "ended before the period": "it ended before the period began",
    "ended after the period": "it ended after the period’s last day",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One submission's rows for one reference period. Every row of the council is either kept or out, for a reason."""

    folder: Path
    submission: str
    period: ReferencePeriod
    kept: int
    out: Mapping[str, int]

    @property
    def rows(self) -> int:
        """All rows of the council in the file."""
        return self.kept + sum(self.out.values())


@dataclass(frozen=True)
class Prepared:
    """A council's prepared tables under a method as of a date, and the counts of every step."""

    area: str
    method: Method
    selection: Selection
    pieces: tuple[Piece, ...]
    folder: Path
    built: int
    reused: int

    @property
    def events(self) -> Path:
        """The events that remain; see COLUMNS."""
        return self.folder / "events.parquet"

    @property
    def superseded(self) -> Path:
        """record_id, reference_start, winner (a record id), decided_by."""
        return self.folder / "superseded.parquet"

    @property
    def persons(self) -> Path:
        """One row per person; see `persons.COLUMNS`."""
        return self.folder / "persons.parquet"

    @property
    def cared_for(self) -> Path:
        """person, start_date, end_date: when a carer's record names the person; see `persons.persons_in`."""
        return self.folder / "cared-for.parquet"

    @cached_property
    def counts(self) -> Mapping[str, Any]:
        """`kept` by the filter, `cropped`, `superseded` by what decided, `events` and `persons` that remain."""
        found: dict[str, Any] = json.loads((self.folder / "counts.json").read_text("utf-8"))
        return found

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Every step with how many rows it took and left, for reports: {"step", "rows", "left", "why"}."""
        steps = []
        for piece in self.pieces:
            span = f"{piece.period.start} to {piece.period.end}"
            steps.append(
                {"step": f"filter {piece.period.candidate.file} {span}", "rows": piece.rows, "left": piece.kept,
                 "why": dict(piece.out)}
            )  # fmt: skip
        kept = sum(piece.kept for piece in self.pieces)
        steps.append(
            {"step": "remove duplicates", "rows": kept, "left": self.counts["events"], "why": self.counts["superseded"]}
        )
        return steps


def candidates(
    submissions: Iterable[Submission], area: str, method: Method, codes: AreaCodes = NO_CHANGES
) -> list[Candidate]:
    """A council's rows in each submission, under any of its codes, with what they cover."""
    ours = codes.codes_of(area)
    return [
        Candidate(
            one.id,
            one.file,
            area,
            one.sequence,
            one.received,
            coverage_of(one, area, method, codes),
            withdrawn=one.withdrawn is not None,
        )
        for one in submissions
        if any(code in one.areas for code in ours)
    ]


def coverage_of(submission: Submission, area: str, method: Method, codes: AreaCodes = NO_CHANGES) -> Coverage:
    """What a submission covers for a council under a method."""
    months = month_counts(submission.months, *codes.codes_of(area))
    return coverage(method, area, months, submission.received.date(), submission.claimed)


def prepare(
    submissions: Iterable[Submission],
    area: str,
    method: Method,
    *,
    as_of: date,
    store: Path,
    codes: AreaCodes = NO_CHANGES,
    connection: "DuckDBPyConnection | None" = None,
    layout: Layout | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Prepared:
    """A council's joined events and people, made or found under `store` (`<workspace>/records/prepared/cld`).

    Rows under an old code of the council, as `codes` has it, count with those under its present one. No file may serve
    any quarter: the tables are then empty, and `selection` says why.
    """
    known = list(submissions)
    area = codes.current(area)
    selection = select(area, candidates(known, area, method, codes), method, as_of)
    return _prepare(known, selection, method, store, codes, connection, layout, progress, single=False)


def prepare_single(
    submissions: Iterable[Submission],
    area: str,
    method: Method,
    *,
    end: date,
    as_of: date,
    store: Path,
    codes: AreaCodes = NO_CHANGES,
    connection: "DuckDBPyConnection | None" = None,
    layout: Layout | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Prepared:
    """The events of the one file that covers the twelve months to `end`: costs kept and compared, nothing cropped."""
    known = list(submissions)
    area = codes.current(area)
    selection = select_single(area, candidates(known, area, method, codes), method, end, as_of)
    return _prepare(known, selection, method, store, codes, connection, layout, progress, single=True)


def _prepare(
    submissions: Sequence[Submission],
    selection: Selection,
    method: Method,
    store: Path,
    codes: AreaCodes,
    connection: "DuckDBPyConnection | None",
    layout: Layout | None,
    progress: Callable[[float], None],
    *,
    single: bool,
) -> Prepared:
    store.mkdir(parents=True, exist_ok=True)
    _clear_unfinished(store)
    tidy(store)
    by_id = {one.id: one for one in submissions}
    with _Workshop(store, method, codes, layout or load_layout(), connection, single) as workshop:
        pieces = []
        for number, period in enumerate(selection.periods):
            pieces.append(workshop.piece(by_id[period.candidate.id], selection.area, period))
            progress((number + 1) / (len(selection.periods) + 2))
        folder = workshop.joined(selection, pieces)
        progress(1.0)
        return Prepared(selection.area, method, selection, tuple(pieces), folder, workshop.built, workshop.reused)


class _Workshop:
    """Makes pieces and joined tables with an engine that is opened only when something must be made."""

    def __init__(
        self, store: Path, method: Method, codes: AreaCodes, layout: Layout, connection: "DuckDBPyConnection | None",
        single: bool,
    ) -> None:  # fmt: skip
        self.store, self.method, self.codes, self.layout, self.single = store, method, codes, layout, single
        self.given = connection
        self.opened: DuckDBPyConnection | None = None
        self.ranks = OutcomeRanks(method, layout)
        self.built = self.reused = 0

    def __enter__(self) -> "_Workshop":
        return self

    def __exit__(self, *_: object) -> None:
        if self.opened is not None:
            self.opened.close()
            shutil.rmtree(self.spill, ignore_errors=True)

    @property
    def connection(self) -> "DuckDBPyConnection":
        if self.given is not None:
            return self.given
        if self.opened is None:
            from outturn.engines.duck import open_duckdb

            self.spill = self.store / f".spill-{secrets.token_hex(4)}.unfinished"
            self.opened = open_duckdb(self.spill)
        return self.opened

    def piece(self, submission: Submission, area: str, period: ReferencePeriod) -> Piece:
        """The piece of a submission for a reference period."""
        method = self.method
        made_from = {
            "version": PIECE_VERSION, "submission": submission.id, "sequence": submission.sequence, "area": area,
            "start": str(period.start), "end": str(period.end), "single": self.single,
            "identity": method.identity, "event_key": method.event_key, "invalid": method.invalid,
            "first_day_death": method.first_day_death, "ranks": self.ranks.digest, **self._old_codes(submission, area),
        }  # fmt: skip
        folder = self._kept("pieces", made_from, lambda beside: self._make_piece(beside, submission, area, period))
        counts = json.loads((folder / "counts.json").read_text("utf-8"))
        return Piece(folder, submission.id, period, counts["kept"], counts["out"])

    def _old_codes(self, submission: Submission, area: str) -> dict[str, list[str]]:
        """The old codes of a council that a submission has rows under; no entry where there are none."""
        old = [code for code in self.codes.codes_of(area)[1:] if code in submission.areas]
        return {"old_codes": old} if old else {}

    def joined(self, selection: Selection, pieces: Sequence[Piece]) -> Path:
        """The joined table of pieces, with its people."""
        made_from = {
            "version": [JOINED_VERSION, PERSONS_VERSION], "area": selection.area, "single": self.single,
            "pieces": [[piece.folder.name, piece.period.last] for piece in pieces],
            "submissions": [piece.submission for piece in pieces],
            "settled": sorted(settled(self.layout).items()), "accommodation": self.method.accommodation,
        }  # fmt: skip
        return self._kept("joined", made_from, lambda beside: self._make_joined(beside, pieces))

    def _kept(self, kind: str, made_from: dict[str, Any], fill: Callable[[Path], None]) -> Path:
        """The folder named after what it is made from, filled beside its place and renamed if it was not there."""
        text = json.dumps(made_from, sort_keys=True)
        folder = self.store / kind / hashlib.sha256(text.encode()).hexdigest()[:20]
        if folder.is_dir():
            self.reused += 1
            (folder / "made-from.json").touch()  # used now; see `tidy`
            return folder
        beside = self.store / f".{folder.name}-{secrets.token_hex(4)}.unfinished"
        beside.mkdir(parents=True)
        try:
            fill(beside)
            (beside / "made-from.json").write_text(text + "\n", "utf-8")
            folder.parent.mkdir(exist_ok=True)
            try:
                beside.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another run made the same at the same time
                    raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        self.built += 1
        return folder

    def _make_piece(self, beside: Path, submission: Submission, area: str, period: ReferencePeriod) -> None:
        connection, method = self.connection, self.method
        rows = submission.rows_file
        self.ranks.into(connection, rows)
        connection.execute(_sql("macros"))
        judged = judging(rows, method, self.codes.codes_of(area))
        switches = filter_parameters(method, area, period)
        shape = {
            "sequence": submission.sequence,
            "as_typed": method.event_key == "as typed",
            "costs_in_key": self.single,
        }
        _copy(connection, judged + _sql("events"), beside / "events.parquet", {**switches, **shape})
        reasons = 'SELECT CAST("row" AS INTEGER) AS "row", reason FROM judged WHERE reason IS NOT NULL'
        _copy(connection, judged + reasons, beside / "out.parquet", switches)
        counts = {
            "kept": _count(connection, beside / "events.parquet"),
            "out": _tally(connection, beside / "out.parquet", "reason"),
        }
        (beside / "counts.json").write_text(json.dumps(counts) + "\n", "utf-8")

    def _make_joined(self, beside: Path, pieces: Sequence[Piece]) -> None:
        connection = self.connection
        files = self._files(beside, pieces)
        earlier = [] if self.single else [piece.period.end for piece in pieces if not piece.period.last]
        periods = "[" + ", ".join(f"DATE '{end}'" for end in earlier) + "]::DATE[]"
        connection.execute(_sql("duplicates").format(pieces=files, periods=periods))
        left_out = "event_key" if self.single else ", ".join(["event_key", *COSTS])
        remaining = f"""
            SELECT pieces.* EXCLUDE ({left_out}) REPLACE (places.end_date AS end_date), places.cropped
            FROM read_parquet({files}) AS pieces
            JOIN places ON places.record_id = pieces.record_id AND places.reference_end = pieces.reference_end
            WHERE places.stays ORDER BY person, start_date, pieces.record_id
        """
        superseded = """
            SELECT record_id, reference_start, winner, decided_by FROM places WHERE NOT stays
            ORDER BY record_id, reference_start
        """
        _copy(connection, remaining, beside / "events.parquet", {})
        _copy(connection, superseded, beside / "superseded.parquet", {})
        cropped = connection.execute("SELECT count(*) FROM places WHERE cropped").fetchone()
        connection.execute("DROP TABLE places")
        (beside / "nothing.parquet").unlink(missing_ok=True)
        latest_start = self.method.accommodation == "latest start"
        people = make_persons(connection, beside, settled(self.layout), latest_start=latest_start)
        counts = {
            "kept": sum(piece.kept for piece in pieces),
            "cropped": cropped[0] if cropped else 0,
            "superseded": _tally(connection, beside / "superseded.parquet", "decided_by"),
            "events": _count(connection, beside / "events.parquet"),
            "persons": people,
        }
        (beside / "counts.json").write_text(json.dumps(counts) + "\n", "utf-8")

    def _files(self, beside: Path, pieces: Sequence[Piece]) -> str:
        """The pieces' files as an SQL list. Where there are none, an empty table of the same columns stands in."""
        files = [piece.folder / "events.parquet" for piece in pieces]
        if not files:
            files = [beside / "nothing.parquet"]
            self._make_nothing(files[0])
        return "[" + ", ".join(literal(file) for file in files) + "]"

    def _make_nothing(self, out: Path) -> None:
        connection = self.connection
        dates = {"start_date", "end_date", "reference_start", "reference_end", "birth_date", "death_date"}
        types = dict.fromkeys(dates, "DATE") | {
            "record_id": "BIGINT", "outcome_rank": "SMALLINT", "event_key": "UBIGINT",
            "conversation": "BOOLEAN", "unable_to_classify": "BOOLEAN",
            "unit_cost": "DECIMAL(18,2)", "planned_units_per_week": "DECIMAL(18,2)",
        }  # fmt: skip
        names = [name for name in (*COLUMNS, *COSTS, "event_key") if name != "cropped"]
        columns = ", ".join(f"CAST(NULL AS {types.get(name, 'VARCHAR')}) AS {name}" for name in names)
        _copy(connection, f"SELECT {columns} WHERE false", out, {})


class OutcomeRanks:
    """A method's order of event outcomes, read from the value lists."""

    def __init__(self, method: Method, layout: Layout) -> None:
        outcomes = layout.lists["event-outcome"].values
        self.release_2 = {one.words: int(one.facts["rank"]) for one in outcomes if "rank" in one.facts}
        self.unable = {one.words for one in outcomes if one.facts.get("unable_to_classify") == "yes"}
        self.order: dict[str, int] = {}
        self.back: dict[str, int] = {}
        if method.outcome_order != "release 2":
            fact = "rank_release_1" if method.outcome_order == "release 1" else "rank_nhse"
            older = layout.lists["event-outcome-release-1"].values
            self.order = {text_key(value.words): int(value.facts[fact]) for value in older if fact in value.facts}
            self.back = self._mapped_back(layout)
        everything = [self.release_2, self.order, self.back, sorted(self.unable)]
        self.digest = hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()[:16]

    def _mapped_back(self, layout: Layout) -> dict[str, int]:
        """For Release 2 wordings the best place among the Release 1 wordings that became it."""
        back: dict[str, int] = {}
        for value in layout.lists["event-outcome"].values:
            places = [self.order[text_key(words)] for words in value.release_1 if text_key(words) in self.order]
            own = self.order.get(text_key(value.words))
            if own is not None or places:
                back[value.words] = own if own is not None else min(places)
        return back

    def rank(self, cleaned: str | None, received: str | None) -> int:
        """The place of an outcome, given its Release 2 wording and the text as received; 999 where it has none."""
        if cleaned is None:
            return BLANK_RANK
        if not self.order:
            return self.release_2.get(cleaned, BLANK_RANK)
        place = self.order.get(text_key(received or cleaned))
        return place if place is not None else self.back.get(cleaned, BLANK_RANK)

    def into(self, connection: "DuckDBPyConnection", rows: Path) -> None:
        """A table `ranks` of every outcome that a file holds."""
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE ranks "
            "(event_outcome VARCHAR, event_outcome_raw VARCHAR, outcome_rank SMALLINT, unable BOOLEAN)"
        )
        wordings = connection.execute(
            f"SELECT DISTINCT event_outcome, event_outcome_raw FROM read_parquet({literal(rows)}) "
            f"WHERE event_outcome IS NOT NULL LIMIT {MOST_WORDINGS}"
        ).fetchall()
        found = [[cleaned, raw, self.rank(cleaned, raw), cleaned in self.unable] for cleaned, raw in wordings]
        if found:
            columns = [list(column) for column in zip(*found, strict=True)]
            connection.execute("INSERT INTO ranks SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)


def settled(layout: Layout) -> dict[str, bool]:
    """For each accommodation status whether the person lives in their own home or with family."""
    values = layout.lists["accommodation-status"].values
    return {value.words: value.facts.get("settled", "no").lower() in ("yes", "1", "true") for value in values}


def judging(rows: Path, method: Method, codes: Sequence[str]) -> str:
    """The opening of a query of which `judged` has every row of a council with its person, end and reason to be out.

    `codes` are all codes of the council.
    """
    source, listed = literal(rows), ", ".join(map(literal, codes))
    ambiguous = "false"
    if method.identity == "own number if unambiguous":
        ambiguous = _sql("ambiguous").format(rows=source, codes=listed)
    return _sql("filter").format(rows=source, codes=listed, ambiguous=ambiguous)


def filter_parameters(method: Method, area: str, period: ReferencePeriod) -> dict[str, Any]:
    """What `judging` must be told."""
    return {
        "area": area,
        "start": period.start,
        "end": period.end,
        "ends_on_first_day": method.first_day_death == "ends",
        "remove_invalid": method.invalid == "removed",
    }


def tidy(store: Path, *, unused_for: timedelta = timedelta(days=100)) -> int:
    """Remove prepared tables that nothing has asked for lately; they are made again on demand. Says how many."""
    before = time.time() - unused_for.total_seconds()
    old = [path.parent for path in store.glob("*/*/made-from.json") if path.stat().st_mtime < before]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _clear_unfinished(store: Path) -> None:
    """What a killed run left behind; younger ones may belong to a run that is alive."""
    for folder in store.glob(".*.unfinished"):
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(folder, ignore_errors=True)


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text("utf-8")


def _copy(connection: "DuckDBPyConnection", query: str, out: Path, parameters: dict[str, Any]) -> None:
    connection.execute(f"COPY ({query}) TO {literal(out)} (FORMAT parquet, COMPRESSION zstd)", parameters)


def _count(connection: "DuckDBPyConnection", file: Path) -> int:
    found = connection.execute(f"SELECT count(*) FROM read_parquet({literal(file)})").fetchone()
    return int(found[0]) if found else 0


def _tally(connection: "DuckDBPyConnection", file: Path, column: str) -> dict[str, int]:
    found = connection.execute(
        f"SELECT {column}, count(*) FROM read_parquet({literal(file)}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return dict(found)
