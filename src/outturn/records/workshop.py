"""Makes a council's pieces and joined tables, each kept under the name of what it is made from.

Nothing is made twice, and a new submission has only its council's affected pieces made, and that council joined anew:

* a *piece* is one submission's rows for one reference period. Pieces made together lie in one *batch*, `events.parquet`
  with the column `piece`; a note for each says where it lies, how many rows were kept, and why the others are out;
* a *joined table* holds a council's events over all periods: `events.parquet`, `superseded.parquet` (for each duplicate
  the event that won, and what decided), `persons.parquet` and `cared-for.parquet` (see `persons`), and `counts.json`.
"""

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.engines.duck import engine_version
from outturn.engines.sql import literal
from outturn.returns.layout import Layout

from .areas import AreaCodes
from .methods import Method
from .persons import PERSONS_VERSION, make_persons
from .ranks import OutcomeRanks
from .selection import ReferencePeriod, Selection
from .store import Submission
from .tables import COLUMNS, COSTS, Piece

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PIECE_VERSION = "4"  # raise when filter.sql or events.sql would give other rows for the same file
JOINED_VERSION = "3"  # raise when duplicates.sql would
SQL = Path(__file__).parent / "sql"
DAY = 86_400
FILLERS = ", ".join(literal(digit * 10) for digit in "0123456789")

Wanted = tuple[Path, Submission, ReferencePeriod]  # the piece's note, and whose rows


class Workshop:
    """Makes what is not there, with an engine that is opened only when something must be made."""

    def __init__(
        self, store: Path, method: Method, codes: AreaCodes, layout: Layout, connection: "DuckDBPyConnection | None",
        single: bool,
    ) -> None:  # fmt: skip
        self.store, self.method, self.codes, self.layout, self.single = store, method, codes, layout, single
        self.given = connection
        self.opened: DuckDBPyConnection | None = None
        self.ranks = OutcomeRanks(method, layout)
        self.built = self.reused = 0
        store.mkdir(parents=True, exist_ok=True)
        _swept(store)

    def __enter__(self) -> "Workshop":
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

    # Pieces

    def pieces(
        self, area: str, periods: Iterable[tuple[Submission, ReferencePeriod]], progress: Callable[[float], None]
    ) -> list[Piece]:
        """The piece of each submission for its reference period. Those that are not there are made together."""
        wanted = [(self._note(area, submission, period), submission, period) for submission, period in periods]
        rounds = _rounds([one for one in wanted if not self._has_piece(one[0])])
        for number, some in enumerate(rounds):
            self._make_pieces(area, some)
            progress((number + 1) / len(rounds))
        return [_piece(note, submission, period) for note, submission, period in wanted]

    def _note(self, area: str, submission: Submission, period: ReferencePeriod) -> Path:
        """The note of a piece, which is there once the piece was made."""
        method = self.method
        made_from = {
            "version": PIECE_VERSION, "submission": submission.id, "sequence": submission.sequence, "area": area,
            "start": str(period.start), "end": str(period.end), "single": self.single,
            "identity": method.identity, "event_key": method.event_key, "invalid": method.invalid,
            "first_day_death": method.first_day_death, "ranks": self.ranks.digest, **self._old_codes(submission, area),
            "engine": engine_version(),  # whose hash tells events apart
        }  # fmt: skip
        return self._place("pieces", json.dumps(made_from, sort_keys=True)).with_suffix(".json")

    def _old_codes(self, submission: Submission, area: str) -> dict[str, list[str]]:
        """The old codes of a council that a submission has rows under; no entry where there are none."""
        old = [code for code in self.codes.codes_of(area)[1:] if code in submission.areas]
        return {"old_codes": old} if old else {}

    def _make_pieces(self, area: str, wanted: Sequence[Wanted]) -> None:
        """Judge the rows of several submissions in one go, each for its period."""
        connection, method = self.connection, self.method
        rows = rows_for([(one.rows_file, one.sequence, period) for _, one, period in wanted])
        self.ranks.into(connection, rows)
        connection.execute(_sql("macros"))
        judged = judging(rows, method, self.codes.codes_of(area))
        switches = filter_parameters(method, area)
        shape = {"as_typed": method.event_key == "as typed", "costs_in_key": self.single}
        names = json.dumps([note.stem for note, _, _ in wanted])
        batch = self._place("batches", names)
        with _Beside(self.store, batch, names) as beside:
            _copy(connection, judged + _sql("events"), beside / "events.parquet", {**switches, **shape})
            kept = connection.execute(
                f"SELECT piece, count(*) FROM {_parquet([beside / 'events.parquet'])} GROUP BY piece"
            ).fetchall()
        out = connection.execute(
            f"{judged}SELECT piece, reason, count(*) FROM judged WHERE reason IS NOT NULL GROUP BY ALL ORDER BY ALL",
            switches,
        ).fetchall()
        for number, (note, _, _) in enumerate(wanted):
            self._write_note(note, {
                "batch": batch.name, "piece": number, "kept": dict(kept).get(number, 0),
                "out": {reason: rows for piece, reason, rows in out if piece == number},
            })  # fmt: skip
            self.built += 1

    def _write_note(self, note: Path, content: dict[str, Any]) -> None:
        beside = self.store / f".{note.name}-{secrets.token_hex(4)}.unfinished"
        beside.write_text(json.dumps(content) + "\n", "utf-8")
        note.parent.mkdir(exist_ok=True)
        beside.replace(note)

    def _has_piece(self, note: Path) -> bool:
        try:
            batch = json.loads(note.read_text("utf-8"))["batch"]
        except FileNotFoundError:
            return False
        return self._is_there(self.store / "batches" / batch)

    # Joined tables

    def joined(self, selection: Selection, pieces: Sequence[Piece]) -> Path:
        """The joined table of pieces, with its people."""
        made_from = {
            "version": [JOINED_VERSION, PERSONS_VERSION], "area": selection.area, "single": self.single,
            "pieces": [[piece.name, piece.period.last] for piece in pieces],
            "submissions": [piece.submission for piece in pieces],
            "settled": sorted(settled(self.layout).items()), "accommodation": self.method.accommodation,
        }  # fmt: skip
        text = json.dumps(made_from, sort_keys=True)
        folder = self._place("joined", text)
        if not self._is_there(folder):
            with _Beside(self.store, folder, text) as beside:
                self._make_joined(beside, pieces)
            self.built += 1
        return folder

    def _make_joined(self, beside: Path, pieces: Sequence[Piece]) -> None:
        connection = self.connection
        events = self._events_of(beside, pieces)
        earlier = [] if self.single else [piece.period.end for piece in pieces if not piece.period.last]
        periods = "[" + ", ".join(f"DATE '{end}'" for end in earlier) + "]::DATE[]"
        connection.execute(_sql("duplicates").format(pieces=events, periods=periods))
        left_out = "event_key" if self.single else ", ".join(["event_key", *COSTS])
        remaining = f"""
            SELECT pieces.* EXCLUDE (piece, {left_out}) REPLACE (places.end_date AS end_date), places.cropped
            FROM {events} AS pieces
            JOIN places ON places.record_id = pieces.record_id AND places.reference_end = pieces.reference_end
            WHERE places.stays
        """
        superseded = """
            SELECT record_id, reference_start, winner, decided_by FROM places WHERE NOT stays
            ORDER BY record_id, reference_start
        """
        _copy(connection, remaining, beside / "events.parquet")
        _copy(connection, superseded, beside / "superseded.parquet")
        cropped, stay = connection.execute(
            "SELECT count(*) FILTER (cropped), count(*) FILTER (stays) FROM places"
        ).fetchone() or (0, 0)
        decided = connection.execute(
            "SELECT decided_by, count(*) FROM places WHERE NOT stays GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        connection.execute("DROP TABLE places")
        (beside / "nothing.parquet").unlink(missing_ok=True)
        latest_start = self.method.accommodation == "latest start"
        people = make_persons(connection, beside, settled(self.layout), latest_start=latest_start)
        counts = {
            "kept": sum(piece.kept for piece in pieces), "cropped": cropped, "superseded": dict(decided),
            "events": stay, "persons": people,
        }  # fmt: skip
        (beside / "counts.json").write_text(json.dumps(counts) + "\n", "utf-8")

    def _events_of(self, beside: Path, pieces: Sequence[Piece]) -> str:
        """The pieces' events as one relation. Where there are none, an empty table of the same columns stands in."""
        if not pieces:
            self._make_nothing(beside / "nothing.parquet")
            return _parquet([beside / "nothing.parquet"])
        batches: dict[str, list[int]] = {}
        for piece in pieces:
            batches.setdefault(piece.batch, []).append(piece.number)
        parts = [
            f"SELECT * FROM {_parquet([self.store / 'batches' / batch / 'events.parquet'])} "
            f"WHERE piece IN ({', '.join(map(str, numbers))})"
            for batch, numbers in batches.items()
        ]
        return f"({' UNION ALL '.join(parts)})"

    def _make_nothing(self, out: Path) -> None:
        dates = {"start_date", "end_date", "reference_start", "reference_end", "birth_date", "death_date"}
        types = dict.fromkeys(dates, "DATE") | {
            "piece": "INTEGER", "record_id": "BIGINT", "outcome_rank": "SMALLINT", "event_key": "UBIGINT",
            "conversation": "BOOLEAN", "occupational_therapy": "BOOLEAN", "unable_to_classify": "BOOLEAN",
            "unit_cost": "DECIMAL(18,2)", "planned_units_per_week": "DECIMAL(18,2)",
        }  # fmt: skip
        names = [name for name in ("piece", *COLUMNS, *COSTS, "event_key") if name != "cropped"]
        columns = ", ".join(f"CAST(NULL AS {types.get(name, 'VARCHAR')}) AS {name}" for name in names)
        _copy(self.connection, f"SELECT {columns} WHERE false", out)

    # What is kept

    def _place(self, kind: str, made_from: str) -> Path:
        return self.store / kind / hashlib.sha256(made_from.encode()).hexdigest()[:20]

    def _is_there(self, folder: Path) -> bool:
        if not folder.is_dir():
            return False
        self.reused += 1
        (folder / "made-from.json").touch()  # used now; see `tidy`
        return True


class _Beside:
    """A folder to fill beside its place, renamed into it in the end; another run may have made the same meanwhile."""

    def __init__(self, store: Path, folder: Path, made_from: str) -> None:
        self.folder, self.made_from = folder, made_from
        self.beside = store / f".{folder.name}-{secrets.token_hex(4)}.unfinished"

    def __enter__(self) -> Path:
        self.beside.mkdir(parents=True)
        return self.beside

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                (self.beside / "made-from.json").write_text(self.made_from + "\n", "utf-8")
                self.folder.parent.mkdir(exist_ok=True)
                self._rename()
        finally:
            shutil.rmtree(self.beside, ignore_errors=True)

    def _rename(self) -> None:
        try:
            self.beside.rename(self.folder)
        except OSError:
            if not self.folder.is_dir():
                raise


def _piece(note: Path, submission: Submission, period: ReferencePeriod) -> Piece:
    found = json.loads(note.read_text("utf-8"))
    return Piece(note.stem, found["batch"], found["piece"], submission.id, period, found["kept"], found["out"])


def _rounds(wanted: Sequence[Wanted]) -> list[list[Wanted]]:
    """Such that no round has two pieces of one submission."""
    rounds: list[list[Wanted]] = []
    for one in wanted:
        for some in rounds:
            if all(other[1].id != one[1].id for other in some):
                some.append(one)
                break
        else:
            rounds.append([one])
    return rounds


def rows_for(files: Sequence[tuple[Path, int, ReferencePeriod]]) -> str:
    """A relation of submissions' rows, each with the `piece` (its place in the list), sequence and period."""

    def of_file(values: Iterable[object]) -> str:
        return f"list_extract([{', '.join(map(str, values))}], CAST(file_index AS INTEGER) + 1)"

    return f"""(
        SELECT
            *, CAST(file_index AS INTEGER) AS piece, {of_file(sequence for _, sequence, _ in files)} AS sequence,
            {of_file(f"DATE '{period.start}'" for _, _, period in files)} AS period_start,
            {of_file(f"DATE '{period.end}'" for _, _, period in files)} AS period_end
        FROM {_parquet([file for file, _, _ in files])}
    )"""


def judging(rows: str, method: Method, codes: Sequence[str]) -> str:
    """The opening of a query of which `judged` has every row of a council with its person, end and reason to be out.

    `rows` is a relation such as `rows_for` gives, `codes` are all codes of the council.
    """
    listed = ", ".join(map(literal, codes))
    ambiguous = "false"
    if method.identity == "own number if unambiguous":
        ambiguous = _sql("ambiguous").format(rows=rows, codes=listed)
    return _sql("filter").format(rows=rows, codes=listed, ambiguous=ambiguous, fillers=FILLERS)


def filter_parameters(method: Method, area: str) -> dict[str, Any]:
    """What `judging` must be told."""
    return {
        "area": area,
        "ends_on_first_day": method.first_day_death == "ends",
        "remove_invalid": method.invalid == "removed",
    }


def settled(layout: Layout) -> dict[str, bool]:
    """For each accommodation status whether the person lives in their own home or with family."""
    values = layout.lists["accommodation-status"].values
    return {value.words: value.facts.get("settled", "no").lower() in ("yes", "1", "true") for value in values}


@cache
def _swept(store: Path) -> None:
    """Once for each process: clear away what nobody needs."""
    for folder in store.glob(".*.unfinished"):  # a killed run's; younger ones may belong to a run that is alive
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(folder, ignore_errors=True)
    tidy(store)


def tidy(store: Path, *, unused_for: timedelta = timedelta(days=100)) -> int:
    """Remove prepared tables that nothing has asked for lately; they are made again on demand. Says how many."""
    before = time.time() - unused_for.total_seconds()
    old = [path.parent for path in store.glob("*/*/made-from.json") if path.stat().st_mtime < before]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


@cache
def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text("utf-8")


def _parquet(files: Iterable[Path]) -> str:
    return "read_parquet([" + ", ".join(literal(file) for file in files) + "])"


def _copy(
    connection: "DuckDBPyConnection", query: str, out: Path, parameters: Mapping[str, Any] | None = None
) -> None:
    connection.execute(f"COPY ({query}) TO {literal(out)} (FORMAT parquet, COMPRESSION zstd)", parameters or {})
