"""Every measure keeps to the SQL that means the same on all three engines."""

import re

import pytest
import sqlglot
from sqlglot import exp

from outturn.measures.library import load_library
from outturn.measures.parameters import filled_in, parameters
from outturn.records.methods import method
from outturn.terms.period import Period

LIBRARY = load_library()
VALUES = parameters(method(), [Period.year(2024)])
SECTIONS = [
    pytest.param(step.sql, id=f"{name}-{step.name}")
    for name, part in (*LIBRARY.tables.items(), *LIBRARY.measures.items())
    for step in part.steps
]
DIALECTS = ("duckdb", "postgres", "spark")
# What divides or rounds, sorts texts, or is spelt or understood in another way somewhere.
FORBIDDEN = (
    exp.Div, exp.Mod, exp.Round, exp.Qualify, exp.With, exp.Lateral, exp.Array, exp.Limit, exp.ILike, exp.RegexpLike,
    exp.CurrentDate, exp.Interval, exp.Concat, exp.DPipe, exp.TryCast, exp.Substring, exp.Extract, exp.DateDiff,
)  # fmt: skip
FUNCTIONS = {
    "CASE", "IF", "COALESCE", "NULLIF", "COUNT", "SUM", "MIN", "MAX", "LOWER", "TRIM", "CAST", "EXISTS", "AND", "OR",
    "ROW_NUMBER", "RANK", "DENSE_RANK", "DAYS_BETWEEN",
}  # fmt: skip
TYPES = {"INT", "BIGINT", "DATE"}


def faults(sql):
    """What is wrong with a section, in words."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    found = [f"{node.sql()} is not allowed" for node in tree.find_all(*FORBIDDEN)]
    for function in tree.find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        if name.upper() not in FUNCTIONS:
            found.append(f"{name} is not among the functions that all engines have")
    for cast in tree.find_all(exp.Cast):
        what = cast.to.sql()
        is_typed_null = isinstance(cast.this, exp.Null) and what in ("TEXT", "VARCHAR")
        if what not in TYPES and not is_typed_null:
            found.append(f"CAST to {what}")
    for star in tree.find_all(exp.Star):
        if star.args.get("except_") or star.args.get("except") or star.args.get("replace"):
            found.append("a star with exceptions")
    for ordered in tree.find_all(exp.Ordered):
        if ordered.sql().upper().endswith(("NULLS FIRST", "NULLS LAST")) and "NULLS" in sql.upper():
            found.append("NULLS FIRST or LAST: write CASE WHEN x IS NULL THEN 1 ELSE 0 END before it")
    for group in tree.find_all(exp.Group):
        if group.args.get("all") or any(isinstance(one, exp.Literal) for one in group.expressions):
            found.append("GROUP BY ALL or by position")
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", sql)
    return found + [f"{mark} in the text" for mark in ("::", '"', "`") if mark in bare]


@pytest.mark.parametrize("sql", SECTIONS)
def test_every_section_is_one_select_that_all_engines_read_alike(sql):
    text = filled_in(sql, VALUES)
    assert faults(text) == []
    for dialect in DIALECTS:
        (tree,) = sqlglot.parse(text, dialect=dialect)
        assert isinstance(tree, exp.Query), dialect


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a.x / 2 FROM a", "SELECT a.x % 2 FROM a", "SELECT round(a.x) FROM a", "SELECT a.x::DATE FROM a",
        "SELECT a.x FROM a QUALIFY row_number() OVER (ORDER BY a.x) = 1", "WITH b AS (SELECT 1 AS x) SELECT b.x FROM b",
        'SELECT a."x" FROM a', "SELECT a.* EXCLUDE (x) FROM a", "SELECT CAST(a.x AS VARCHAR) FROM a",
        "SELECT CURRENT_DATE FROM a", "SELECT a.x FROM a LIMIT 1", "SELECT date_diff('day', a.x, a.y) FROM a",
        "SELECT a.x, count(*) FROM a GROUP BY ALL", "SELECT a.x, count(*) FROM a GROUP BY 1",
        "SELECT strftime(a.x, '%Y') FROM a", "SELECT a.x || a.y FROM a", "SELECT [1, 2] AS x",
        "SELECT rank() OVER (ORDER BY a.x NULLS LAST) FROM a", "SELECT a.x + INTERVAL 7 DAY FROM a",
    ],
)  # fmt: skip
def test_what_is_forbidden_is_found(sql):
    assert faults(sql)


def test_what_is_allowed_passes():
    assert not faults("""
        -- a "comment" with 50% / 2
        SELECT CASE WHEN a.day + 7 > DATE '2024-04-01' THEN '1/2' END AS x, CAST(NULL AS BIGINT) AS y,
            max(a.day) FILTER (WHERE a.n = 1) OVER (PARTITION BY a.p ORDER BY a.n DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS z, days_between(a.day, a.other) AS d
        FROM (SELECT 1 AS n UNION ALL SELECT 2) a LEFT JOIN b ON b.n = a.n AND b.s IS NOT DISTINCT FROM a.s
        WHERE a.s LIKE 'x%' AND NOT EXISTS (SELECT 1 FROM c WHERE c.n = a.n)
    """)
