"""What every engine must do alike, before any measure is asked for."""

import sys
from _thread import interrupt_main
from datetime import date, timedelta
from threading import Timer

import pytest

from outturn.engines.choice import open_engine
from outturn.engines.duck import open_duckdb
from outturn.engines.engine import EngineUnavailable
from outturn.engines.postgres import PostgresEngine

ODD = ["a\\b", "tab\there", "two\nlines", "\r", "", "it's", '"quoted"', "\\N", "£ é 😀", None]


@pytest.fixture
def written(tmp_path):
    """A Parquet file of a select."""

    def write(select, name="cells"):
        path = tmp_path / f"{name}.parquet"
        with open_duckdb(tmp_path / "writing") as connection:
            connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
        return path

    return write


def test_every_kind_of_column_arrives_as_it_was(engine, written):
    path = written(
        "SELECT DATE '2024-02-29' AS day, true AS yes, CAST(NULL AS BOOLEAN) AS unsaid, CAST(3 AS SMALLINT) AS small, "
        "5000000001 AS big, CAST(12.50 AS DECIMAL(18,2)) AS cost, 'words' AS words, CAST(NULL AS DATE) AS never"
    )
    engine.load("cells", [path])
    assert engine.query(
        [], "SELECT s.day, s.small + 1, s.big, s.words, s.never, s.unsaid FROM cells s WHERE s.yes"
    ) == [(date(2024, 2, 29), 4, 5000000001, "words", None, None)]
    assert engine.query([], "SELECT CAST(s.cost * 100 AS BIGINT) AS pence FROM cells s") == [(1250,)]


def test_odd_text_arrives_as_it_was_and_nothing_is_not_empty(engine, written, tmp_path):
    with open_duckdb(tmp_path / "odd") as connection:
        connection.execute("CREATE TABLE odd (place INTEGER, words VARCHAR)")
        connection.executemany("INSERT INTO odd VALUES (?, ?)", list(enumerate(ODD)))
        connection.execute(f"COPY odd TO '{tmp_path / 'odd.parquet'}' (FORMAT parquet)")
    engine.load("odd", [tmp_path / "odd.parquet"])
    assert engine.query([], "SELECT o.place, o.words FROM odd o ORDER BY o.place") == list(enumerate(ODD))


def test_rows_arrive_as_they_were(engine):
    rows = [("2024-25", date(2024, 4, 1), 1, 5000000001), (None, None, None, None), ("it's", None, 2, 3)]
    columns = {"code": "VARCHAR", "day": "DATE", "number": "INTEGER", "big": "BIGINT"}
    engine.rows("small", columns, rows)
    assert set(engine.query([], "SELECT s.code, s.day, s.number, s.big FROM small s")) == set(rows)
    engine.rows("small", columns, [])
    assert engine.query([], "SELECT s.code FROM small s") == []


def test_files_of_several_councils_are_one_relation(engine, written):
    engine.load("all_of_them", [written(f"SELECT '{code}' AS la_code", code) for code in ("815", "383")])
    assert sorted(engine.query([], "SELECT a.la_code FROM all_of_them a")) == [("383",), ("815",)]


def test_days_are_counted_and_moved_alike(engine):
    engine.rows("d", {"a": "DATE", "b": "DATE"}, [(date(2024, 2, 28), date(2024, 3, 1)), (None, date(2024, 3, 1))])
    assert engine.query(
        [],
        "SELECT days_between(d.a, d.b), days_between(d.b, DATE '2024-02-28'), d.a + 7, d.b - 7 FROM d "
        "ORDER BY CASE WHEN d.a IS NULL THEN 1 ELSE 0 END",
    ) == [(2, -2, date(2024, 3, 6), date(2024, 2, 23)), (None, -2, None, date(2024, 2, 23))]


def test_a_step_may_read_those_before_it_and_is_gone_afterwards(engine):
    steps = [("one", "SELECT 1 AS x UNION ALL SELECT 2"), ("two", "SELECT o.x + 10 AS y FROM one o -- a comment")]
    select = "SELECT sum(o.x), count(*) FILTER (WHERE t.y = 12) FROM one o CROSS JOIN two t"
    assert engine.query(steps, select) == [(6, 2)]
    assert engine.query(steps, select) == [(6, 2)]
    with pytest.raises(Exception, match="one"):
        engine.query([], "SELECT one.x FROM one")


def test_whole_numbers_are_whole(engine):
    engine.rows("n", {"big": "BIGINT"}, [(5000000001,), (1,)])
    [row] = engine.query([], "SELECT sum(n.big), count(*), max(n.big) FROM n")
    assert row == (5000000002, 2, 5000000001)
    assert {type(cell) for cell in row} == {int}


def test_a_table_is_kept_until_it_is_made_anew_or_dropped(engine):
    engine.table("kept", [("step", "SELECT 1 AS x")], "SELECT s.x + 1 AS x FROM step s")
    assert engine.query([], "SELECT k.x FROM kept k") == [(2,)]
    engine.table("kept", [], "SELECT 5 AS x")
    assert engine.query([], "SELECT k.x FROM kept k") == [(5,)]
    engine.drop("kept")
    engine.drop("kept")
    with pytest.raises(Exception, match="kept"):
        engine.query([], "SELECT k.x FROM kept k")


def test_a_query_that_fails_leaves_no_steps(engine):
    steps = [("one", "SELECT 1 AS x")]
    with pytest.raises(Exception, match="nowhere"):
        engine.query(steps, "SELECT n.x FROM nowhere n")
    assert engine.query(steps, "SELECT o.x FROM one o") == [(1,)]


# Where an engine is not there, or must stop


@pytest.mark.parametrize(
    ("name", "address", "words"),
    [
        ("postgres", None, "needs the address of a database, such as postgresql://user:password@host:5432/name"),
        ("postgres", "postgresql://ada:secret@127.0.0.1:1/care", r"PostgreSQL at 127\.0\.0\.1/care cannot be used"),
        ("postgres", "care", "PostgreSQL at that address cannot be used"),
        ("sparc", None, r"no engine sparc\. Did you mean spark\? The engines are duckdb, postgres, spark\."),
    ],
)
def test_an_engine_that_is_not_there_says_what_to_do(tmp_path, name, address, words):
    with pytest.raises(EngineUnavailable, match=words) as refused:
        open_engine(name, address, tmp_path)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(("name", "module"), [("postgres", "psycopg"), ("spark", "pyspark")])
def test_an_engine_that_is_not_installed_says_how_to_install_it(tmp_path, monkeypatch, name, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EngineUnavailable, match=rf"pip install 'outturn\[{name}\]'"):
        open_engine(name, "anywhere", tmp_path)


@pytest.mark.postgres
def test_postgres_stops_what_is_interrupted_or_lasts_too_long(postgres):
    stopped = pytest.raises(TimeoutError, match=r"longest that one may last is 0:00:01")
    with PostgresEngine(postgres, longest=timedelta(seconds=1)) as engine, stopped:
        engine.query([], "SELECT pg_sleep(30)")
    with PostgresEngine(postgres, longest=timedelta(minutes=1)) as engine:
        Timer(0.3, interrupt_main).start()
        with pytest.raises(KeyboardInterrupt):
            engine.query([], "SELECT pg_sleep(30)")
        assert engine.query([], "SELECT 1") == [(1,)]
        others = "FROM pg_stat_activity a WHERE a.state = 'active' AND a.pid <> pg_backend_pid()"
        assert engine.query([], f"SELECT a.query {others}") == []


@pytest.mark.postgres
def test_postgres_keeps_nothing(postgres):
    with PostgresEngine(postgres) as engine:
        engine.rows("events", {"day": "DATE"}, [(date(2024, 4, 1),)])
        engine.table("kept", [("step", "SELECT e.day FROM events e")], "SELECT s.day FROM step s")
    with PostgresEngine(postgres) as engine:
        assert engine.query([], "SELECT c.relname FROM pg_class c WHERE c.relname IN ('events', 'kept', 'step')") == []


@pytest.mark.spark
def test_spark_that_cannot_be_reached_is_a_sentence(tmp_path):
    with pytest.raises(EngineUnavailable, match=r"Spark Connect|does not answer"):
        open_engine("spark", "sc://127.0.0.1:1", tmp_path)
