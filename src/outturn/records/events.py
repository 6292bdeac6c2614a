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
from .selection import Candidate, select, select_single
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
    single_to: date | None = None,
    connection: "DuckDBPyConnection | None" = None,
    layout: Layout | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Prepared:
    """A council's joined events and people, made or found under `store` (`<workspace>/records/prepared/cld`).

    With `single_to` the events of the one file that covers the twelve months to that day: costs kept and compared,
    nothing cropped. Rows under an old code of the council, as `codes` has it, count with those under its present one.
    No file may serve: the tables are then empty, and `selection` says why.
    """
    known = list(submissions)
    by_id = {one.id: one for one in known}
    area = codes.current(area)
    ours = candidates(known, area, method, codes)
    selection = select_single(area, ours, method, single_to, as_of) if single_to else select(area, ours, method, as_of)
    chosen = [(by_id[period.candidate.id], period) for period in selection.periods]
    with Workshop(store, method, codes, layout or load_layout(), connection, single_to is not None) as workshop:
        pieces = workshop.pieces(area, chosen, lambda share: progress(0.7 * share))
        folder = workshop.joined(selection, pieces)
        progress(1.0)
        return Prepared(area, method, selection, tuple(pieces), folder, workshop.built, workshop.reused)


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
    """What `prepare` gives for each council, in order. Each core makes one at a time, with an engine of its own."""
    layout, cores = load_layout(), min(os.cpu_count() or 1, len(areas))
    by_area: dict[str, list[Submission]] = defaultdict(list)
    for one in submissions:
        for area in {codes.current(code) for code in one.areas}:
            by_area[area].append(one)

    def make(area: str, connection: "DuckDBPyConnection | None" = None) -> Prepared:
        return prepare(
            by_area[codes.current(area)], area, method, as_of=as_of, store=store, codes=codes, single_to=single_to,
            connection=connection, layout=layout,
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
