"""Stories of measures are told on DuckDB, and in “bootstrap.py test engines” on the other engines too."""

import pytest

from outturn.engines.postgres import PostgresEngine
from outturn.engines.spark import SparkEngine
from tests.agreement.conftest import SHORT_LIVED
from tests.spec.measure_stories import Stories

ELSEWHERE = [pytest.param(name, marks=pytest.mark.spark) for name in ("postgres", "spark")]


def pytest_generate_tests(metafunc):
    """Every test that asks for something its own file sets up, such as stories, runs once for each engine."""
    if any(name in vars(metafunc.module) for name in metafunc.fixturenames):
        metafunc.parametrize("engine_of_stories", ["duckdb", *ELSEWHERE], indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def engine_of_stories(request):
    """Has all stories told on an engine."""
    usual, name = Stories.runs_on, getattr(request, "param", "duckdb")
    if name == "postgres":
        address = request.getfixturevalue("postgres_server")
        Stories.runs_on = staticmethod(lambda _: PostgresEngine(address))
    elif name == "spark":
        Stories.runs_on = staticmethod(lambda _: SparkEngine(settings=SHORT_LIVED))
    yield
    Stories.runs_on = usual
