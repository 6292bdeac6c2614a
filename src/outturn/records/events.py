"""Joined events: what remains of a council's submissions after filter, cropping and removal of duplicates.

`selection` says which file serves which period, `workshop` makes the tables, `tables` says what is in them.
"""

import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from outturn.returns.layout import Layout, load_layout

from .areas import NO_CHANGES, AreaCodes
from .coverage import Coverage, coverage, month_counts
from .methods import Method
from .selection import Candidate, Selection, select, select_single
from .store import Submission
from .tables import Prepared
from .workshop import Workshop

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
    by_id = {one.id: one for one in submissions}
    chosen = [(by_id[period.candidate.id], period) for period in selection.periods]
    with Workshop(store, method, codes, layout or load_layout(), connection, single) as workshop:
        pieces = workshop.pieces(selection.area, chosen, lambda share: progress(0.7 * share))
        folder = workshop.joined(selection, pieces)
        progress(1.0)
        return Prepared(selection.area, method, selection, tuple(pieces), folder, workshop.built, workshop.reused)


def prepare_each(
    submissions: Iterable[Submission],
    areas: Sequence[str],
    method: Method,
    *,
    as_of: date,
    store: Path,
    codes: AreaCodes = NO_CHANGES,
    single_to: date | None = None,
) -> Iterator[Prepared]:
    """What `prepare` gives for each council, in order; with `single_to` what `prepare_single` gives for that day.

    Each core makes one council at a time, with an engine of its own.
    """
    layout, cores = load_layout(), min(os.cpu_count() or 1, len(areas))
    by_area: dict[str, list[Submission]] = defaultdict(list)
    for one in submissions:
        for area in {codes.current(code) for code in one.areas}:
            by_area[area].append(one)

    def make(area: str, connection: "DuckDBPyConnection | None" = None) -> Prepared:
        ours = by_area[codes.current(area)]
        if single_to:
            return prepare_single(
                ours, area, method, end=single_to, as_of=as_of, store=store, codes=codes, connection=connection,
                layout=layout,
            )  # fmt: skip
        return prepare(
            ours, area, method, as_of=as_of, store=store, codes=codes, connection=connection, layout=layout
        )  # fmt: skip

    if cores == 1 or len(areas) == 1:
        yield from map(make, areas)
        return
    with _engines(cores, store) as engines, ThreadPoolExecutor(cores) as pool:

        def make_with_one(area: str) -> Prepared:
            connection = engines.get()
            try:
                return make(area, connection)
            finally:
                engines.put(connection)

        yield from pool.map(make_with_one, areas)


@contextmanager
def _engines(number: int, store: Path) -> Iterator["Queue[DuckDBPyConnection]"]:
    """Engines of one core each, to be taken and given back."""
    from outturn.engines.duck import open_duckdb

    spill = store / f".spill-{secrets.token_hex(4)}.unfinished"
    engines: Queue[DuckDBPyConnection] = Queue()
    with ExitStack() as opened:
        opened.callback(shutil.rmtree, spill, ignore_errors=True)
        for place in range(number):
            engines.put(opened.enter_context(open_duckdb(spill / str(place), threads=1)))
        yield engines
