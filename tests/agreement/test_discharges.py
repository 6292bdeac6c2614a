"""ASCOF 2D on every engine against a second telling of it, over people drawn at the edges of its rules."""

from collections import Counter
from datetime import date, timedelta

from outturn.measures.library import load_measures
from outturn.measures.running import Run
from outturn.records.methods import method
from outturn.terms.period import Period
from tests.agreement.agreeing import TOLD, oracle
from tests.agreement.histories import Histories

PEOPLE, SEED = 600, 4
PERIODS = [Period.year(2024), Period.quarter(2024, 4), Period.rolling(date(2025, 6, 30))]
EDGES = [day for period in PERIODS for day in (period.start, period.end)]
ST_MAX = "Short term support: ST-Max"
LONG_TERM = [f"Long term support: {kind}" for kind in ("Community", "Residential care", "Nursing care", "Prison")]


def mostly(draw, usual, *others):
    """The usual value five times in six."""
    return usual if draw.random() < 5 / 6 else draw.choice(others)


class Patients(Histories):
    """People who leave hospital near an edge, with reablement, readmissions and moves a day either side of a limit."""

    def _history(self, person):
        draw = self.draw
        out = draw.choice(EDGES) + timedelta(draw.choice([-8, -1, 0, 1, 30]))
        born = draw.choice([65, 75, 85]) * 365.25 + draw.choice([-1, 0, 1, 2000, 2000])
        born = (out - timedelta(born)).replace(day=1)
        council = draw.choice(["950", "951"])
        self._stay(person, born, out, draw.choice([0, 1, 3, 9]))
        for _ in range(draw.choice([0, 1, 2])):
            self._stay(person, born, out + timedelta(draw.choice([-2, 0, 1, 5])), draw.choice([1, 2, 9]))
        start = out + timedelta(draw.choice([-4, -3, -1, 0, 1, 6, 7, 8]))
        for _ in range(draw.choice([0, 0, 1])):
            days = draw.choice([1, 2])
            again = draw.choice([start, start + timedelta(1), *(out + timedelta(day) for day in (0, 1, 84, 85))])
            self._stay(person, born, again + timedelta(days), days)
        for _ in range(draw.choice([1, 2, 3])):
            end = mostly(draw, start + timedelta(draw.choice([0, 3, 40])), None, start - timedelta(1))
            self._support(council, person, ST_MAX, mostly(draw, "Reablement", "Equipment", None), start, end)
            start = draw.choice([start, end or start]) + timedelta(draw.choice([0, 6, 7, 8]))
        for _ in range(draw.choice([0, 0, 1, 2])):
            start = out + timedelta(draw.choice([-300, -300, -1, 0, 83, 84, 85]))
            end = draw.choice([None, start, out - timedelta(9), out - timedelta(10), out])
            self._support(draw.choice([council, council, "952"]), person, draw.choice(LONG_TERM), None, start, end)
        deaths = [out + timedelta(days) for days in (-2, -1, 0, 84, 85, 86, 89)]
        death = draw.choice([None] * 9 + deaths)
        for la_code in {row["la_code"] for row in self.events if row["person"] == person}:
            self.persons[la_code, person] = {"la_code": la_code, "person": person, "death_date": death}

    def _stay(self, person, born, out, days):
        draw = self.draw
        self.discharges.append({
            "la_of_residence": mostly(draw, "950", "951", "999", None), "person": mostly(draw, person, person, None),
            "spell": str(len(self.discharges)), "admission_date": out - timedelta(days), "discharge_date": out,
            "birth_month": mostly(draw, born, born, None), "gender": draw.choice(["Male", "Female", None]),
            "admission_method": mostly(draw, "21", "31", "82", None),
            "discharge_method": mostly(draw, "1", "4", "5", None), "destination": mostly(draw, "19", "51", None),
            "treatment_function": mostly(draw, "430", "651", "700", "199", "920", None),
            "management_type": draw.choice(["EM", "EM", "NE", "EL", None]), "last_episode": mostly(draw, 1, 0, None),
        })  # fmt: skip

    def _support(self, council, person, kind, component, start, end):
        client = mostly(self.draw, "Service user", "Service user", "Unpaid carer")
        self.events.append({
            "la_code": council, "person": person, "record_id": len(self.events), "event_type": "Service",
            "client_type": client, "service_type": kind, "service_component": component, "start_date": start,
            "end_date": end,
        })  # fmt: skip


def test_every_engine_gives_the_rows_of_the_second_telling(engine, tmp_path):
    drawn, used, again = Patients(PEOPLE, SEED), method(), oracle("oracle_2d")
    tables = drawn.write(tmp_path)
    for name in ("events", "persons", "discharges"):
        engine.load(name, [tables[name]])
    rows = Run(engine, used, PERIODS).cohort(load_measures()["2D"])
    found = Counter((row["period"], *(row[name] for name in TOLD)) for row in rows)
    expected = Counter(
        (period.code, *row) for period in PERIODS
        for row in again.cohort(drawn.events, drawn.persons, (period.start, period.end), used, drawn.discharges)
    )  # fmt: skip
    assert found == expected
    outcomes, steps = ({row[name] for row in rows} for name in ("outcome", "step"))
    assert outcomes == {None, "died", "readmitted as an emergency", "moved to a care home", "in the community"}
    assert len(steps) == 9, "the draws are dull: some reason never occurs"
    counted = [row for row in rows if row["counted"]]
    assert {row["older_age_band"] for row in counted} == {"65 to 74", "75 to 84", "85 and above"}
    assert {row["support_before"] for row in counted} == {"Long-term community support", "No long-term support"}
