"""Stories of single people from a small text table, and what a measure makes of each.

    told = Stories('''
        story   | start      | end        | type                       | outcome
        1 plain | 2024-06-01 | 2024-07-12 | Short term support: ST-Max | NFA: Support ended as planned
    ''', tmp_path)
    told.cohort("2A", year="2024-25") == {"1 plain": [{"counted": 1, …}]}

Each story is one person of one council, named after the story; rows of one name tell one story. They go the true
road: one submission, prepared tables, the measure. Columns are those of `cld_rows`, and those in MORE. A blank client
is a service user, a blank event a service, a blank `born` 15 June 1950 (write `unknown` for none).
"""

from outturn.engines.duck import DuckEngine
from outturn.measures.library import load_measures
from outturn.measures.running import Run
from outturn.records.methods import method
from outturn.terms.period import Period

from .cld_rows import SHORT, Council, table

MORE = {"mechanism": "delivery_mechanism", "route": "request_route_of_access", "description": "event_description"}
COVERS = {"covers": "2022-04-01 2025-12-31", "received": "2026-01-20"}
COVERS_2023 = {"covers": "2023-04-01 2024-03-31", "received": "2024-05-20"}


class Stories:
    """The stories of a table, computed once for each method, reading, period and engine."""

    runs_on = DuckEngine  # what gives an engine, from a folder it may write to; see measures/conftest.py

    def __init__(self, text, folder, **covers):
        self.folder, self.covers = folder, covers
        self.rows = [
            self._row(row) for row in ([dict(one) for one in text] if not isinstance(text, str) else table(text))
        ]
        self.prepared, self.asked = {}, {}

    def _row(self, row):
        found = {MORE.get(name, SHORT.get(name, name)): cell for name, cell in row.items()}
        born = found.setdefault("date_of_birth", None) or "1950-06-15"
        found["date_of_birth"] = None if born == "unknown" else born
        found["la_person_unique_identifier"] = found.pop("story")
        return {name: cell for name, cell in found.items() if cell is not None}

    def tables(self, name, reading):
        """The prepared tables under a method."""
        if (name, reading) not in self.prepared:
            folder = self.folder / f"{name}-{reading}"
            with DuckEngine(folder / "spill") as engine:
                council = Council(folder, engine.connection)
                covers = self.covers or (COVERS_2023 if name == "NHSE-2324" else COVERS)
                council.sends("stories.csv", self.rows, **covers)
                self.prepared[name, reading] = council.prepared(name, reading)
        return self.prepared[name, reading]

    def cohort(self, code, *, year=None, period=None, method_name="DHSC-2526", reading="executed", engine=None):
        """For each story the rows of the measure's cohort, as dictionaries, parts in order. Without any: no key."""
        periods = tuple(Period.read(one) for one in ([period] if isinstance(period, str) else period or [year]))
        key = (code, periods, method_name, reading, engine.name if engine else self.runs_on)
        if key not in self.asked:
            self.asked[key] = {}
            rows = self._run(method_name, reading, periods, engine, lambda run: run.cohort(load_measures()[code]))
            for row in sorted(rows, key=lambda row: [str(row[name]) for name in ("period", "part", "start_date")]):
                story = row["person"].removeprefix("950_")
                self.asked[key].setdefault(story.casefold(), []).append(row)
        return _Found(self.asked[key])

    def counts(self, code, *, year=None, period=None, method_name="DHSC-2526", reading="executed", by=None):
        """The measure's figures over all stories."""
        periods = tuple(Period.read(one) for one in ([period] if isinstance(period, str) else period or [year]))
        return self._run(
            method_name, reading, periods, None, lambda run: run.counts(load_measures()[code], ["950"], by)
        )

    def _run(self, name, reading, periods, engine, ask):
        prepared = self.tables(name, reading)
        if engine is not None:
            return self._asked(engine, prepared, name, reading, periods, ask)
        with self.runs_on(self.folder / "running") as own:
            return self._asked(own, prepared, name, reading, periods, ask)

    def _asked(self, engine, prepared, name, reading, periods, ask):
        engine.load("events", [prepared.events])
        engine.load("persons", [prepared.persons])
        return ask(Run(engine, method(name, reading), periods))


class _Found(dict):
    """Stories by name, capitals or not (a person's own number is kept in capitals). A story without rows has none."""

    def __getitem__(self, story):
        return self.get(story.casefold(), [])

    def decided(self, story):
        """Of each of a story's rows: included and counted, as `1/0`."""
        return [f"{row['included']}/{row['counted']}" for row in self[story]]
