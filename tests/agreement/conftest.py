"""The three engines. Those of PostgreSQL and Spark are marked, as they need something installed."""

import pytest

from outturn.engines.choice import open_engine
from outturn.engines.spark import SparkEngine

# Java's second compiler pays off after minutes, and tests are over before.
SHORT_LIVED = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
MARKS = {"postgres": pytest.mark.postgres, "spark": pytest.mark.spark}


@pytest.fixture(params=[pytest.param(name, marks=MARKS.get(name, ())) for name in ("duckdb", "postgres", "spark")])
def engine(request, tmp_path):
    """Each engine in turn."""
    with opened(request, request.param, tmp_path / "spill") as found:
        yield found


def opened(request, name, spill):
    """An engine by name."""
    if name == "spark":
        return SparkEngine(settings=SHORT_LIVED)
    return open_engine(name, request.getfixturevalue("postgres") if name == "postgres" else None, spill)
