"""`synthesise`: a made-up council's submissions, written to a folder."""

import csv
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from outturn import __version__
from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.returns.layout import load_layout
from outturn.workspace import Refusal

from .choices import FIRST_NAMES, HOUSES, LAST_NAMES, PLACES, choices, script
from .faults import KEY, Planted, Planter, write_key
from .quarters import LATEST_END, MOST, Quarter, quarters_to
from .wording import submission_sql, with_headings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

MARKER = "made-up.json"  # says that a folder is ours to replace
BATCH = 100_000  # people at a time, so that memory does not grow with the council
LIVES = ("people", "journeys", "requests", "assessments", "services", "reviews")
MOST_PEOPLE, MOST_FAULTS = 8_000_000, 0.5
ADULTS_PER_PERSON_A_YEAR = {"18 to 64": 18.0, "65 and above": 5.6}  # residents to each person known in a year

Progress = Callable[[str, float], None]  # what is being done, and how much of everything is done, from 0 to 1


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One submission. `received` is the day the council sent it, `rows` how many events it holds."""

    file: str
    received: date
    rows: int
    release: int


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the folder, its submissions (oldest first) and how many faults were planted."""

    folder: Path
    area: str
    people: int
    seed: int
    files: tuple[MadeFile, ...]
    faults: int

    @property
    def rows(self) -> int:
        """Rows of all submissions together."""
        return sum(file.rows for file in self.files)


def _silent(words: str, share: float) -> None:
    """Nobody wants to know."""


def synthesise(
    out: Path, *, people: int, seed: int, quarters: int = 8, faults: float = 0, area: str = "950",
    threads: int | None = None, progress: Progress = _silent,
) -> Made:  # fmt: skip
    """Write the submissions of a made-up council to the folder `out`.

    The same arguments give the same bytes. More people leave those of fewer people as they are. `faults` is the share
    of rows that get a planted fault, which `faults.csv` then lists. The folder appears when all is done; one that an
    earlier run made is replaced. `threads`: pieces of work at once, by default as many as there are processors.
    Raises Refusal for arguments out of range and folders that are not ours.
    """
    _check(people, seed, quarters, faults, area)
    out = out.absolute()
    _check_folder(out)
    workers = threads or os.cpu_count() or 1
    with _beside(out) as folder, _workshop(folder) as connection:
        sent = quarters_to(LATEST_END, quarters)
        batches = _live(connection, folder, people, seed, sent, workers, progress)
        source = f"read_parquet([{', '.join(literal(batch) for batch in batches)}])"
        if faults:
            connection.execute(f"SET threads = {workers}")
            planter = Planter(connection, load_layout(), seed, people, faults)
            files, planted = _submit_faulty(planter, folder, source, sent, area, progress), planter.planted
        else:
            files, planted = _submit(connection, folder, source, sent, area, workers, progress), []
        made = Made(out, area, people, seed, files, len(planted))
        _write_lists(folder, made, sent, planted, faults)
    return made


def _live(
    connection: "DuckDBPyConnection", folder: Path, people: int, seed: int, sent: tuple[Quarter, ...],
    workers: int, progress: Progress,
) -> list[Path]:  # fmt: skip
    """Everyone's life, a batch of people at a time: a Parquet file of recorded events each, in the order of people."""
    connection.execute(script("draws.sql"))
    connection.execute("CREATE TABLE words (choice VARCHAR, slots VARCHAR[])")
    for choice in choices():
        connection.execute(choice.macro)
        connection.execute("INSERT INTO words VALUES (?, ?)", [choice.name, choice.slots])
    batches = [(first, min(people, first + BATCH - 1)) for first in range(1, people + 1, BATCH)]
    files = [folder / "lives" / f"{number:04}.parquet" for number in range(len(batches))]
    progress("Living the lives", 0)
    jobs = [
        partial(_live_batch, seed=seed, sent=sent, batch=batch, file=file)
        for batch, file in zip(batches, files, strict=True)
    ]
    for number, _ in enumerate(_side_by_side(connection, jobs, workers), 1):
        progress("Living the lives", 0.5 * number / len(jobs))
    return files


def _live_batch(
    connection: "DuckDBPyConnection", *, seed: int, sent: tuple[Quarter, ...], batch: tuple[int, int], file: Path
) -> None:
    """One batch. Tables and variables are its connection's own."""
    _set(connection, seed, sent)
    connection.execute(f"SET VARIABLE first_person = {batch[0]}; SET VARIABLE last_person = {batch[1]}")
    for step in LIVES:
        connection.execute(script(f"{step}.sql"))
    connection.execute(f"COPY ({script('recorded.sql')}) TO {literal(file)} (FORMAT parquet, COMPRESSION lz4)")


def _side_by_side(
    connection: "DuckDBPyConnection", jobs: Sequence[Callable[["DuckDBPyConnection"], T]], workers: int
) -> Iterator[T]:
    """The jobs' results in their order, each done on a connection of its own, `workers` at a time.

    Half as fast again as letting DuckDB share out one query after another, as writing CSV in order hardly shares.
    """

    def on_its_own(job: Callable[["DuckDBPyConnection"], T]) -> T:
        with connection.cursor() as own:
            return job(own)

    pool = ThreadPoolExecutor(workers)
    try:
        yield from pool.map(on_its_own, jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _set(connection: "DuckDBPyConnection", seed: int, sent: tuple[Quarter, ...]) -> None:
    """The variables that the macros and the lives look at."""
    whole_years = sent[-1].end.year - sent[0].start.year + 1
    variables = {
        "seed": f"{seed}::BIGINT", "first_day": f"DATE '{sent[0].start}'", "last_day": f"DATE '{sent[-1].end}'",
        "last_made": f"DATE '{sent[-1].made}'", "years": str(whole_years), "first_names": _list(FIRST_NAMES),
        "last_names": _list(LAST_NAMES), "places": _list(PLACES), "houses": _list(HOUSES),
    }  # fmt: skip
    variables |= {f"words_{one.name}": f"(SELECT slots FROM words WHERE choice = '{one.name}')" for one in choices()}
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = {value}")


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(literal(word) for word in words) + "]"


def _submit(
    connection: "DuckDBPyConnection", folder: Path, source: str, sent: tuple[Quarter, ...], area: str, workers: int,
    progress: Progress,
) -> tuple[MadeFile, ...]:  # fmt: skip
    """The files, one a quarter, several at once."""
    layout = load_layout()
    told = {quarter: f"({submission_sql(layout, quarter, area, source)})" for quarter in sent}
    jobs = [partial(_copy, relation=told[quarter], file=folder / quarter.file_name(area)) for quarter in sent]
    made = []
    for quarter, rows in zip(sent, _side_by_side(connection, jobs, workers), strict=True):
        made.append(MadeFile(quarter.file_name(area), quarter.received, rows, quarter.release))
        progress("Writing the submissions", 0.5 + 0.5 * len(made) / len(sent))
    return tuple(made)


def _submit_faulty(
    planter: Planter, folder: Path, source: str, sent: tuple[Quarter, ...], area: str, progress: Progress
) -> tuple[MadeFile, ...]:
    """The files with their faults, one after another, as the planter goes on in each where it was in the last."""
    made = []
    for quarter in sent:
        file = quarter.file_name(area)
        relation = planter.plant(file, quarter, area, source, folder / "lives" / "clean.parquet")
        rows = _copy(planter.connection, relation=relation, file=folder / file)
        made.append(MadeFile(file, quarter.received, rows, quarter.release))
        progress("Writing the submissions", 0.5 + 0.5 * len(made) / len(sent))
    return tuple(made)


def _copy(connection: "DuckDBPyConnection", *, relation: str, file: Path) -> int:
    headed = with_headings(load_layout(), relation)
    counted = connection.execute(f"COPY ({headed}) TO {literal(file)} (FORMAT csv, HEADER)").fetchone()
    return int(counted[0]) if counted else 0


def _write_lists(
    folder: Path, made: Made, sent: tuple[Quarter, ...], planted: list[Planted], share: float
) -> None:
    """What goes with the files: when each was received, how many people live there, the key to the faults."""
    with (folder / "submissions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["file", "received", "rows"])
        writer.writerows([file.file, file.received.isoformat(), file.rows] for file in made.files)
    with (folder / "population.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["LA Code", "Age Band", "Population", "Year", "Source"])
        writer.writerows(_population(made, sent))
    if share:
        write_key(folder / KEY, planted, load_layout())
    about = {
        "made_by": "outturn synthesise", "outturn": __version__, "people": made.people, "seed": made.seed,
        "quarters": len(sent), "area": made.area, "share_of_faults": share, "rows": made.rows, "faults": made.faults,
        "files": [{**asdict(file), "received": file.received.isoformat()} for file in made.files],
    }  # fmt: skip
    (folder / MARKER).write_text(json.dumps(about, indent=2) + "\n", "utf-8", newline="\n")


def _population(made: Made, sent: tuple[Quarter, ...]) -> Iterator[list[str | int]]:
    """Middles of years, growing a little: in proportion to the people whom the council comes to know in a year."""
    years = (sent[-1].end - sent[0].start).days / 365.25
    for year in range(sent[0].start.year, sent[-1].end.year + 1):
        for band, adults in ADULTS_PER_PERSON_A_YEAR.items():
            grown = 1 + (year - sent[0].start.year) * (0.004 if band == "18 to 64" else 0.011)
            yield [made.area, band, round(made.people / years * adults * grown), year, "Made up by outturn synthesise"]


def _check(people: int, seed: int, quarters: int, faults: float, area: str) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise Refusal(f"{people:,} people cannot be made up. Ask for 1 to {MOST_PEOPLE:,} with --people.")
    if not 0 <= seed < 2**32:
        raise Refusal(f"{seed} cannot be a seed. Give a whole number from 0 to {2**32 - 1:,} with --seed.")
    if not 1 <= quarters <= MOST:
        raise Refusal(
            f"{quarters} quarterly submissions cannot be made. Ask for 1 to {MOST} with --quarters: "
            "the first Client Level Data that councils had to send was the year to June 2023."
        )
    if not 0 <= faults <= MOST_FAULTS:
        raise Refusal(f"{faults:g} of all rows cannot be faulty. Give a share from 0 to {MOST_FAULTS:g} with --faults.")
    if not re.fullmatch(r"[0-9]{3}", area):
        raise Refusal(f"“{area}” is not a council’s code. Give three digits with --area, such as 950.")


def _check_folder(out: Path) -> None:
    """Refuse to replace what another hand made."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / MARKER).is_file():
        raise Refusal(
            f"{out} holds something that “outturn synthesise” did not make. Nothing was changed. "
            "Name a new or an empty folder with --out."
        )


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of `out` when all went well and vanishes otherwise."""
    beside = out.with_name(out.name + ".unfinished")
    try:
        shutil.rmtree(beside, ignore_errors=True)  # what a killed run left
        (beside / "lives").mkdir(parents=True)
        yield beside
        shutil.rmtree(beside / "lives")
        if out.exists():
            shutil.rmtree(out)
        beside.rename(out)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        reason = (error.strerror or str(error)).lower()
        raise Refusal(f"{out} cannot be written: {reason}. Make room, or name another folder with --out.") from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


@contextmanager
def _workshop(folder: Path) -> Iterator["DuckDBPyConnection"]:
    """An engine that spills into the folder being filled. Each query is one thread's; several run at once."""
    connection = open_duckdb(folder / "lives", memory="1GB", threads=1)
    try:
        yield connection
    finally:
        connection.close()
