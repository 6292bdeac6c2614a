"""Generated histories come to the same cases on every engine, and in a second telling of the rules in plain Python."""

import time
from collections import Counter

import pytest

from outturn.measures.parameters import WINDOWS

from .agreeing import answers, difference, questions, second_opinions, told
from .conftest import opened
from .histories import DAYS, EDGES, Histories

STANDARD = ("DHSC-2526", "executed")
FEW, MANY = 400, 2000
NAMES = {"duckdb": "DuckDB", "postgres": "PostgreSQL", "spark": "Spark"}


class Agreement:
    """Histories, and what DuckDB makes of them."""

    def __init__(self, number, seed, folder):
        self.histories = Histories(number, seed)
        self.histories.add_costs()
        self.number, self.tables, self.asked = number, self.histories.write(folder), questions()

    def check(self, request, names, folder):
        """Compare the first engine with the others and with the oracles. Words about what was compared."""
        found, seconds = {}, []
        for name in names:
            began = time.monotonic()
            with opened(request, name, folder / name) as engine:
                found[name] = answers(engine, self.tables, self.asked)
            seconds.append(f"{NAMES[name]} {time.monotonic() - began:.0f} s")
        again = second_opinions(self.histories, self.asked)
        ours = found[names[0]]
        wrong = [
            f"{one}\n{words}"
            for one in self.asked
            for name in names[1:]
            if (words := difference(NAMES[names[0]], ours[one], NAMES[name], found[name][one], self.histories))
        ]
        wrong += [
            f"{one}\n{words}"
            for one, rows in again.items()
            if (words := difference(NAMES[names[0]], told(one, ours[one]), "the oracle", rows, self.histories))
        ]
        assert not wrong, f"{len(wrong)} differences\n\n" + "\n\n".join(wrong[:3])
        rows, codes = sum(rows.total() for rows in ours.values()), len({one.code for one in self.asked})
        return (
            f"{self.number:,} histories, {rows:,} cohort rows, {codes} measures under {len(self.asked)} definitions, "
            f"{len({one.code for one in again})} told twice, engines {', '.join(seconds)}: no difference"
        )


@pytest.mark.slow
@pytest.mark.postgres
def test_postgres_and_plain_python_agree_with_duckdb(request, tmp_path, record_property):
    record_property("said", Agreement(FEW, 1, tmp_path).check(request, ["duckdb", "postgres"], tmp_path))


@pytest.mark.spark
def test_all_engines_agree_on_many_histories(request, tmp_path, record_property):
    record_property("said", Agreement(MANY, 2, tmp_path).check(request, ["duckdb", "postgres", "spark"], tmp_path))


def test_the_drawn_histories_are_not_dull():
    """A test by drawing is worth what is drawn: dates at the edges, and each kind of thing often enough."""
    histories = Histories(FEW)
    edges = {(event["start_date"] - edge).days for event in histories.events for edge in EDGES}
    assert edges >= {sign * days for days in DAYS for sign in (1, -1)}
    for field, least in (("event_type", 5), ("client_type", 4), ("service_type", 10), ("event_outcome", 19)):
        drawn = Counter(event[field] for event in histories.events)
        assert len(drawn) >= least, field
        assert min(drawn.values()) >= 3, drawn
    assert sum(person["birth_month"] is None for person in histories.persons.values()) > 10
    assert sum(person["death_date"] is not None for person in histories.persons.values()) > 40
    assert len({council for council, _ in histories.persons}) == 3


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, -1])
def test_a_fault_of_a_single_day_would_be_seen(request, tmp_path, days):
    """Every window moved by a day gives other cases; otherwise the comparison would prove little."""
    asked = [one for one in questions(["2A", "2B", "2C", "2D"]) if (one.method, one.reading) == STANDARD]
    tables = Histories(MANY).write(tmp_path)
    with opened(request, "duckdb", tmp_path / "spill") as engine:
        right = answers(engine, tables, asked)
        unseen = [window for window in WINDOWS if answers(engine, tables, asked, **{window: days}) == right]
    assert not unseen
