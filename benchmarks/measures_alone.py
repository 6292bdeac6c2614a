"""Each measure alone: Outturn, the same in plain pandas, and the floor, which is DuckDB decoding the same columns once.

    python benchmarks/measures_alone.py [--from WORKSPACE] [--events 20] [--slope 2,6,20] [--keep FOLDER]

Needs pandas 3 and pyarrow, which Outturn does not: pip install pandas pyarrow. Without them: --without-pandas

A workspace with one council's submissions (without --from one is made up) is prepared and copied with DuckDB under 153
codes, each copy with people of its own, until there are so many million events: files as Outturn prepares them. Every
figure is that of a process of its own: seconds from opening the engine, or from pandas' first read, to the figures;
memory is the process's peak. The best of several runs counts. Outturn's figures and those of pandas must be the same.

Then the cost of all of ASCOF from 2 to 20 million events, and that of five years by month against one year.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from measures import stored

from outturn.engines.duck import DuckEngine, open_duckdb
from outturn.engines.sql import literal
from outturn.measures.definition import OF_PERSONS, AskedFor, Measure
from outturn.measures.library import load_library
from outturn.measures.running import Run
from outturn.records.events import prepare
from outturn.records.methods import method
from outturn.records.persons import COLUMNS as PERSONS
from outturn.records.store import Records
from outturn.records.tables import COLUMNS as EVENTS
from outturn.terms.period import Period
from outturn.workspace import Workspace

COUNCILS, FIRST_CODE = 153, 300  # no council has three digits from here
YEAR = Period.year(2025)
METHOD = method("DHSC-2526")
ASCOF = ("2A", "2B", "2C", "2E", "3D")
PANDAS = ("plain pandas", CATEGORIES := "pandas with categories")
SERIES = {"2A": "12 months to each", "2C": "12 months to each", "SELF-DIRECTED": "each last day"}
ENOUGH = 120  # seconds: what took so long, in two runs at least, is not run once more
Answer = dict[str, Any]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", type=Path, help="a workspace with one council's submissions")
    parser.add_argument("--events", type=float, default=20, help="million events for each measure alone (20)")
    parser.add_argument("--slope", default="2,6,20", help="million events for all measures together (2,6,20)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="make the tables in this folder, or use those that are there")
    parser.add_argument("--without-pandas", action="store_true")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        what, *arguments = json.loads(chosen.alone)
        print(json.dumps(WORK[what](*arguments)))
        return
    with tempfile.TemporaryDirectory(prefix="outturn-benchmark-") as place:
        keep = chosen.keep or Path(place)
        one = chosen.source or stored(keep / "one", people=16_200, quarters=8)
        folder = tables(one, keep, chosen.events)
        beside("ASCOF", ASCOF, folder, chosen.runs, ways=() if chosen.without_pandas else PANDAS)
        local = [one.code for one in load_library().measures.values() if one.code not in ASCOF and not one.needs]
        beside("Local measures", local, folder, chosen.runs)
        slope([(float(size), tables(one, keep, float(size))) for size in chosen.slope.split(",")], chosen.runs)
        series(tables(stored(keep / "five-years", people=21_000, quarters=14), keep, None), chosen.runs)


# What is printed


def beside(title: str, codes: Iterable[str], folder: Path, runs: int, *, ways: Iterable[str] = ()) -> None:
    """Each measure's seconds and memory beside the floor and ways of doing it in pandas."""
    print(f"\n{title}, {about(folder)}\n")
    of_ways = ([f"{way} s", "MB", "times our s", "times our MB"] for way in ways)
    heading("measure", "Outturn s", "MB", "floor s", "MB", "times the floor", *chain(*of_ways))
    for code in codes:
        ours, floor = best(runs, "ours", str(folder), [code]), best(runs, "floor", str(folder), code)
        cells = [*shown(ours), *shown(floor), times(ours, floor, "seconds")]
        for way in ways:
            theirs = best(runs, "pandas", str(folder), code, way)
            assert theirs["figures"] == ours["figures"], f"{code}: pandas has other figures than Outturn"
            cells += [*shown(theirs), times(theirs, ours, "seconds"), times(theirs, ours, "memory")]
        line(code, *cells)


def slope(sizes: list[tuple[float, Path]], runs: int) -> None:
    """All ASCOF measures at growing sizes, and the slope of the line through the logarithms (least squares)."""
    print("\nAll five of ASCOF in one run, for a year\n")
    heading("million events", "s", "MB")
    points = []
    for size, folder in sizes:
        ours = best(runs, "ours", str(folder), list(ASCOF))
        points.append((math.log(size), math.log(ours["seconds"])))
        line(f"{size:g}", *shown(ours))
    if len(points) > 1:
        x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
        slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, b in points)
        print(f"\nSlope of log time on log events: {slope:.2f}")


def series(folder: Path, runs: int) -> None:
    """Five years by month beside one year and its twelve months."""
    print(f"\nFive years by month, {about(folder)}; seconds\n")
    heading("measure", "one period", "12 months", "60 months", "60 to one", "60 to 12")
    for code, each in SERIES.items():
        one, year, years = (best(runs, "series", str(folder), code, months)["seconds"] for months in (1, 12, 60))
        line(
            f"{code}, {each}", f"{one:.3f}", f"{year:.3f}", f"{years:.3f}", f"{years / one:.1f}", f"{years / year:.1f}"
        )


def heading(*cells: str) -> None:
    line(*cells)
    line(*["---"] * len(cells))


def line(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def times(one: Answer, other: Answer, what: str) -> str:
    return f"{one[what] / other[what]:.1f}"


def shown(answer: Answer) -> list[str]:
    return [f"{answer['seconds']:.2f}", f"{answer['memory']:,.0f}"]


def about(folder: Path) -> str:
    counted = json.loads((folder / "about.json").read_text("utf-8"))
    return f"{counted['events']:,} events of {counted['persons']:,} people in {counted['councils']} councils"


# Processes of their own


def best(runs: int, what: str, *arguments: object) -> Answer:
    """The quickest of several runs."""
    found = [alone(what, *arguments)]
    while len(found) < runs and (len(found) < 2 or sum(answer["whole"] for answer in found) < ENOUGH):
        found.append(alone(what, *arguments))
    return min(found, key=lambda answer: float(answer["seconds"]))


def alone(what: str, *arguments: object) -> Answer:
    """What a piece of work answers in a process of its own, with the process's peak `memory` in MB."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, __file__, "--alone", json.dumps([what, *arguments])], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{what} {arguments} failed; see above.")
        out.seek(0)
        return {**json.load(out), "memory": usage.ru_maxrss / 1024, "whole": time.perf_counter() - began}


def ours(place: str, codes: list[str]) -> Answer:
    """Outturn's figures of some measures in one run."""
    measures = [load_library().find(code) for code in codes]
    counts = []

    def count() -> None:
        with engine_on(Path(place)) as engine:
            run = Run(engine, METHOD, [period_for(measures[0])])
            for measure in measures:
                counts.extend(run.counts(measure, areas_of(Path(place))))

    seconds = timed(count)
    return {
        "seconds": seconds,
        "figures": sorted(
            [one.la_code, one.part or "", sorted(one.breakdown.items()), one.numerator, one.denominator]
            for one in counts
            if one.denominator
        ),
    }


def in_pandas(place: str, code: str, way: str) -> Answer:
    """The same in pandas."""
    import pandas_measures

    found: list[Any] = []

    def count() -> None:
        figures = pandas_measures.measured(code, Path(place), YEAR.start, YEAR.end, categories=way == CATEGORIES)
        found.extend(figures.items())

    seconds = timed(count)
    figures = [[area, part or "", sorted(breakdown), *numbers] for (area, part, breakdown), numbers in found]
    return {"seconds": seconds, "figures": sorted(figures)}


def floor(place: str, code: str) -> Answer:
    """DuckDB decoding the columns that the measure and its shared tables name. A bare max is read from statistics."""
    measure = load_library().find(code)

    def decode() -> None:
        with engine_on(Path(place)) as engine:
            for relation, known in (("events", EVENTS), ("persons", PERSONS)):
                columns = named(measure, relation) & known.keys()
                if columns:
                    greatest = ", ".join(f"max({column})" for column in sorted(columns))
                    engine.query([], f"SELECT la_code, {greatest} FROM {relation} GROUP BY la_code")

    return {"seconds": timed(decode)}


def many(place: str, code: str, months: int) -> Answer:
    """Outturn's figures for so many months up to the year's end, or for the one year."""
    measure = load_library().find(code)
    ends = [Period.month(YEAR.end.year - back // 12, 12 - back % 12).end for back in range(9, 9 + months)]
    periods = [Period.snapshot(end) if is_snapshot(measure) else Period.rolling(end) for end in ends]

    def count() -> None:
        with engine_on(Path(place)) as engine:
            found = Run(engine, METHOD, periods).counts(measure, areas_of(Path(place)))
        assert len({one.period for one in found}) == months

    return {"seconds": timed(count)}


def timed(work: Callable[[], None]) -> float:
    """Seconds that a piece of work takes, once what it imports is there."""
    import duckdb  # noqa: F401

    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def engine_on(folder: Path) -> DuckEngine:
    """An engine that holds the events and persons of a folder."""
    engine = DuckEngine(folder / f".spill-{os.getpid()}")
    for relation in ("events", "persons"):
        engine.load(relation, sorted((folder / relation).iterdir()))
    return engine


def areas_of(folder: Path) -> list[str]:
    """The councils' codes."""
    return sorted(path.stem for path in (folder / "events").iterdir())


def period_for(measure: Measure) -> Period:
    """The year, or the year's last day where a measure is for days only."""
    return YEAR if AskedFor.YEAR in measure.periods else Period.snapshot(YEAR.end)


def is_snapshot(measure: Measure) -> bool:
    return AskedFor.SNAPSHOT in measure.periods


def named(measure: Measure, relation: str) -> set[str]:
    """The columns of a relation that a measure's SQL, its shared tables and its groups name: always behind an alias."""
    steps = [step for table in load_library().tables_for(measure) for step in table.steps]
    found = set()
    for step in [*steps, *measure.steps]:
        for alias in re.findall(rf"(?:FROM|JOIN) {relation} (\w+)", step.sql):
            found |= set(re.findall(rf"\b{alias}\.(\w+)", step.sql))
    if relation == "persons" and (groups := {name for group in measure.groups for name in group} & set(OF_PERSONS)):
        found |= {"la_code", "person", *groups}
    return found


# The tables


def tables(one: Path, keep: Path, millions: float | None) -> Path:
    """A folder with `events` and `persons`, a file each for every council: one council as it is, or an England."""
    folder = keep / (f"england-{millions:g}" if millions else f"{one.name}-alone")
    if not folder.exists():
        alone("make", str(one), str(folder), millions)
    return folder


def make(one: str, place: str, millions: float | None) -> Answer:
    """Prepare the council's tables, and copy them until there are so many million events."""
    records = Records(Workspace(Path(one)).records)
    submissions = records.submissions("cld")
    [area] = {area for submission in submissions for area in submission.areas}
    prepared = prepare(submissions, area, METHOD, as_of=datetime.now(UTC).date(), store=records.prepared / "cld")
    unfinished = Path(place).with_suffix(".unfinished")
    for relation in ("events", "persons"):
        (unfinished / relation).mkdir(parents=True)
    copies = millions * 1_000_000 / COUNCILS / prepared.counts["events"] if millions else 1.0
    councils = COUNCILS if millions else 1
    counted = {"councils": councils, "events": 0, "persons": 0}
    with open_duckdb(unfinished / ".spill") as connection:
        for council in range(councils):
            for relation, path, order in (
                ("events", prepared.events, "person, start_date, record_id"),
                ("persons", prepared.persons, "person"),
            ):
                selects = [
                    copy_of(relation, path, council, copy, min(1.0, copies - copy)) for copy in range(math.ceil(copies))
                ]
                out = unfinished / relation / f"{FIRST_CODE + council}.parquet"
                [rows] = connection.execute(
                    f"COPY ({' UNION ALL '.join(selects)} ORDER BY {order}) TO {literal(out)} "
                    "(FORMAT parquet, COMPRESSION zstd)"
                ).fetchall()[0]
                counted[relation] += rows
    (unfinished / "about.json").write_text(json.dumps(counted), "utf-8")
    unfinished.rename(place)
    return {}


def copy_of(relation: str, path: Path, council: int, copy: int, share: float) -> str:
    """SQL of a share of the people of one copy, in another council and under other numbers of the same length.

    The first digit tells copies apart; the other nine of an NHS number are moved by a step for each council.
    """
    code = FIRST_CODE + council
    digit = (9 + copy) % 10
    person = (
        f"CASE WHEN person LIKE '%\\_%' ESCAPE '\\' THEN '{code}_{digit}' || substr(split_part(person, '_', 2), 2) "
        f"ELSE '{digit}' || lpad(CAST((CAST(substr(person, 2) AS BIGINT) + {council * 6_535_947}) % 1000000000 AS "
        "VARCHAR), 9, '0') END"
    )
    changes = f"'{code}' AS la_code, {person} AS person"
    if relation == "events":
        changes += f", record_id + {(council * 10 + copy) * 10**11} AS record_id"
    return (
        f"SELECT * REPLACE ({changes}) FROM read_parquet({literal(path)}) "
        f"WHERE hash(person || '{code}') % 1000000 < {round(share * 1_000_000)}"
    )


WORK: dict[str, Callable[..., Answer]] = {
    "ours": ours, "pandas": in_pandas, "floor": floor, "series": many, "make": make,
}  # fmt: skip

if __name__ == "__main__":
    main()
