"""WEEKLY-COST: what the services open on a day cost in a week."""

from datetime import date

import pytest

from outturn.engines.duck import DuckEngine
from outturn.measures.library import load_measures
from outturn.measures.running import Run
from outturn.records.methods import method
from outturn.terms.period import Period
from tests.spec.cld_rows import Council, table

COMMUNITY = "Long term support: Community"
STORIES = """
story            | start      | end        | cost   | frequency   | units | pence per week
weekly           | 2024-05-01 |            | 123.45 | Weekly      |       | 12345
weekly, 2 a week | 2024-05-01 |            | 123.45 | Weekly      | 2     | 12345
fortnightly      | 2024-05-01 |            | 100.01 | Fortnightly |       | 5000.5
4-weekly         | 2024-05-01 |            | 100    | 4-weekly    |       | 2500
monthly          | 2024-05-01 |            | 520    | Monthly     |       | 12000
quarterly        | 2024-05-01 |            | 520    | Quarterly   |       | 4000
annually         | 2024-05-01 |            | 520    | Annually    |       | 1000
hourly           | 2024-05-01 |            | 20.50  | Hourly      | 10.25 | 21012.5
daily            | 2024-05-01 |            | 100    | Daily       | 7     | 70000
per session      | 2024-05-01 |            | 40     | Per session | 3     | 12000
no frequency     | 2024-05-01 |            | 40     |             | 3     | 12000
minus sign       | 2024-05-01 |            | -40    | Hourly      | -3    | 12000
no units         | 2024-05-01 |            | 40     | Hourly      |       | cost not recorded
no cost          | 2024-05-01 |            |        | Weekly      |       | cost not recorded
nought           | 2024-05-01 |            | 0      | Weekly      |       | cost not recorded
one-off          | 2024-05-01 |            | 400    | One-off     | 1     | one-off cost
last day         | 2024-05-01 | 2025-03-31 | 10     | Weekly      |       | 1000
ended before     | 2024-05-01 | 2025-03-30 | 10     | Weekly      |       |
begins then      | 2025-03-31 |            | 10     | Weekly      |       | 1000
"""
DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("costs")
    rows = [
        {
            "person": story["story"], "born": "1950-06-15", "start": story["start"], "end": story["end"],
            "type": COMMUNITY, "unit_cost": story["cost"], "cost_frequency_unit_type": story["frequency"],
            "planned_units_per_week": story["units"],
        }
        for story in table(STORIES)
    ]  # fmt: skip
    with DuckEngine(folder / "spill") as engine:
        council = Council(folder, engine.connection)
        council.sends("april.csv", rows, covers="2024-04-01 2025-03-31", received="2025-04-20")
        prepared, single = council.prepared(), council.single("2025-03-31")
        engine.load("events", [prepared.events])
        engine.load("persons", [prepared.persons])
        engine.load("costs_0", [single.events])
        run = Run(engine, method(), [Period.snapshot(DAY)])
        run.given["costs"] = [("costs", f"SELECT '{Period.snapshot(DAY).code}' AS period, c.* FROM costs_0 c")]
        yield run


@pytest.mark.parametrize("story", table(STORIES), ids=lambda story: story["story"])
def test_cost_of_a_week(run, story):
    "Amounts are pence times 5,200, so that a twelfth of a year's 52 weeks and a hundredth of an hour stay whole."
    rows = run.cohort(load_measures()["WEEKLY-COST"], f"c.person = '950_{story['story'].upper()}'")
    expected = story["pence per week"]
    seen = [row["amount"] if row["counted"] else row["side"] for row in rows]
    if expected is None:
        assert seen == []
    elif expected[0].isdigit():
        assert seen == [float(expected) * 5200]
    else:
        assert seen == [expected]


def test_pounds_a_week_in_all(run):
    measure = load_measures()["WEEKLY-COST"]
    (count,) = run.counts(measure, ["950"], [()])
    pounds = sum(float(cell) for story in table(STORIES) if (cell := story["pence per week"] or "")[:1].isdigit()) / 100
    assert count.amount / measure.divisor == pounds
    assert count.numerator == 14
    assert count.side_counts == {"cost not recorded": 3, "one-off cost": 1}


def test_by_service_type(run):
    counts = run.counts(load_measures()["WEEKLY-COST"], ["950"], [("service_type",)])
    assert [one.breakdown for one in counts] == [{"service_type": COMMUNITY}]
