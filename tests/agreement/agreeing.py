"""Every measure asked of an engine, under every method that makes a difference, and answers compared row by row."""

import importlib.util
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from outturn.measures.library import load_library
from outturn.measures.parameters import filled_in, parameters
from outturn.measures.running import Run
from outturn.records.methods import PROFILES, READINGS, method

from .histories import PERIODS

ORACLES = Path(__file__).parents[1] / "spec" / "measures"
TOLD_AGAIN = {
    "2A": "oracle_2a", "2B": "oracle_2bc", "2C": "oracle_2bc", "2D": "oracle_2d", "2E": "oracle_2e", "3D": "oracle_3d",
}  # fmt: skip
PEOPLE_WHO_COUNT = ("2B", "2C")  # whose oracle says nothing of others
# The columns of a cohort that an oracle tells.
TOLD = ("la_code", "part", "person", "start_date", "included", "counted", "outcome")


@dataclass(frozen=True)
class Asked:
    """A measure under a method, for some periods at once."""

    code: str
    method: str
    reading: str
    periods: tuple

    def __str__(self):
        return f"{self.code} by {self.method} as {self.reading}"


def questions(codes=None, profiles=PROFILES):
    """Every measure under every method and reading, but for those whose SQL is the same as under an earlier one."""
    library, found, seen = load_library(), [], set()
    for name in sorted(profiles, key=lambda name: name != "DHSC-2526"):
        for reading in READINGS:
            for measure in library.measures.values():
                periods = tuple(period for kind, period in PERIODS.items() if kind in measure.periods)
                values = parameters(method(name, reading), periods)
                parts = [*library.tables_for(measure), measure]
                text = tuple(filled_in(step.sql, values) for part in parts for step in part.steps)
                if (measure.code, text) not in seen and (codes is None or measure.code in codes):
                    seen.add((measure.code, text))
                    found.append(Asked(measure.code, name, reading, periods))
    return found


def answers(engine, tables, asked, **moved):
    """Each question's cohort on an engine, as a count of its rows. `moved` adds days to windows of the methods."""
    for name in ("events", "persons", "discharges"):
        engine.load(name, [tables[name]])
    engine.load("all_costs", [tables["costs"]])
    together, found = defaultdict(list), {}
    for one in asked:
        together[one.method, one.reading, one.periods].append(one)
    for (name, reading, periods), ones in together.items():
        used = method(name, reading)
        used = replace(used, **{window: getattr(used, window) + days for window, days in moved.items()})
        run = Run(engine, used, periods)
        run.given["costs"] = [("costs", "SELECT a.* FROM all_costs a")]
        for one in ones:
            rows = run.cohort(run.library.measures[one.code])
            found[one] = Counter(tuple(row.items()) for row in rows)
    return found


def oracle(name):
    """The module of an oracle."""
    spec = importlib.util.spec_from_file_location(name, ORACLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def second_opinions(histories, asked):
    """For each question that an oracle answers, its answer in the columns of `told`."""
    modules, found = {name: oracle(name) for name in set(TOLD_AGAIN.values())}, {}
    for one in asked:
        module = modules.get(TOLD_AGAIN.get(one.code))
        if module:
            more = [histories.discharges] if one.code == "2D" else []
            found[one] = Counter()
            for period in one.periods:
                days, used = (period.start, period.end), method(one.method, one.reading)
                for row in module.cohort(histories.events, histories.persons, days, used, *more):
                    if one.code not in PEOPLE_WHO_COUNT:
                        found[one][period.code, *row] += 1
                    elif row[1] == one.code:  # the oracle tells of both measures, in the place of parts
                        found[one][period.code, row[0], None, *row[2:]] += 1
    return found


def told(one, answer):
    """An engine's answer in the columns that oracles tell."""
    found = Counter()
    for row, times in answer.items():
        cells = dict(row)
        if cells["counted"] or one.code not in PEOPLE_WHO_COUNT:
            found[cells["period"], *(cells[name] for name in TOLD)] += times
    return found


def difference(name, answer, other_name, other, histories):
    """Words about the first rows that only one of two answers has, with a history behind them; none if equal."""
    if answer == other:
        return ""
    lines = []
    for who, rows in ((name, answer - other), (other_name, other - answer)):
        lines += [f"{rows.total()} rows of {who} only:", *(f"  {row}" for row in list(rows)[:3])]
    first = next(iter(answer - other or other - answer))
    return "\n".join([*lines, histories.told(dict(first)["person"] if isinstance(first[0], tuple) else first[3])])
