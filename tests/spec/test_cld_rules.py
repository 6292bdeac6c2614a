"""Every rule of the catalogue, on a file received: its failing example gets just its complaint, its passing one none.

The rows of an example are laid over a clean row and stand in a file with the clean rows of other people. Rules that
look at one row share a file, each on a person of its own. The faults that the made-up council plants are tried too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from outturn.engines.duck import open_duckdb
from outturn.returns.checking import COMPLAINTS, check_file
from outturn.returns.rules import Cells, Rule, load_rules
from tests.spec.cld_files import CLEAN, LAYOUT, write_cld

RECEIVED = datetime(2025, 7, 25)
RULES = [rule for rule in load_rules(LAYOUT) if not rule.found_by]
IDENTITY = {"nhs_number", "la_person_unique_identifier", "la_code"}
Found = tuple[int | None, str, str | None]  # row by place from 0, rule, column


def complaints_of(rows: Sequence[Cells], folder: Path) -> list[Found]:
    """What is complained of in a file of these rows."""
    check_file(write_cld(folder / "cld.csv", rows), folder, received=RECEIVED)
    with open_duckdb(folder, threads=1) as connection:
        found = connection.execute(f"SELECT * FROM read_parquet('{folder / COMPLAINTS}')").fetchall()
    return [(row - 2 if row else None, rule, column) for row, rule, column in found]  # row 1 holds the headings


def in_release_1(row: Cells) -> dict[str, str]:
    """A row of Release 2 values in the wording of Release 1."""
    found = dict(row)
    for field in LAYOUT.fields:
        value = LAYOUT.lists[field.list].by_words.get(row.get(field.name, "")) if field.list else None
        if value and value.release_1:
            found[field.name] = value.release_1[0]
    return found


def rows_of(rule: Rule, overlays: Sequence[Cells]) -> list[Cells]:
    """The file of one rule's example. What is said of the file as a whole stands on each of its rows."""
    clean = {name: in_release_1(row) if rule.release == 1 else row for name, row in CLEAN.items()}
    if rule.whole_file:
        return [{**row, **overlays[0]} for row in clean.values()]
    others = [row for name, row in clean.items() if name != rule.base]
    return [*({**clean[rule.base], **cells} for cells in overlays), *others]


def column_of(rule: Rule) -> str | None:
    """The column complained of; for a family that of the first cell of its failing example."""
    return next(iter(rule.fails[0])) if rule.for_each else rule.column


def shares_a_file(rule: Rule) -> bool:
    return not (rule.query or rule.release == 1 or IDENTITY & {*rule.fails[0], *rule.passes[0]})


TOGETHER = [rule for rule in RULES if shares_a_file(rule)]
ALONE = [rule for rule in RULES if not shares_a_file(rule)]


def found_together(examples: Iterable[tuple[Rule, Cells]], folder: Path) -> dict[str, list[tuple[str, str | None]]]:
    """The complaints about each rule's example, in one file; those about the clean rows beside them under “”."""
    rows: list[Cells] = []
    rules = []
    for number, (rule, cells) in enumerate(examples):
        rows.append({**CLEAN[rule.base], "la_person_unique_identifier": f"Q-{number}", "nhs_number": "", **cells})
        rules.append(rule)
    found = defaultdict(list)
    for row, rule_id, column in complaints_of([*rows, *CLEAN.values()], folder):
        found[rules[row].id if row is not None and row < len(rules) else ""].append((rule_id, column))
    return found


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    return found_together([(rule, rule.fails[0]) for rule in TOGETHER], tmp_path_factory.mktemp("failing"))


@pytest.fixture(scope="module")
def passing(tmp_path_factory):
    return found_together([(rule, rule.passes[0]) for rule in TOGETHER], tmp_path_factory.mktemp("passing"))


@pytest.mark.parametrize("rule", TOGETHER, ids=lambda rule: rule.id)
def test_a_rule_complains_of_its_failing_row_and_nothing_else_does(rule, failing):
    assert failing[rule.id] == [(rule.id, column_of(rule))]


@pytest.mark.parametrize("rule", TOGETHER, ids=lambda rule: rule.id)
def test_nothing_complains_of_a_passing_row(rule, passing):
    assert passing[rule.id] == []


def test_nothing_complains_of_the_clean_rows_beside_them(failing, passing):
    assert failing[""] == passing[""] == []


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_a_rule_with_a_file_of_its_own_complains_of_what_fails_and_nothing_else_does(rule, tmp_path):
    places = [None] if rule.whole_file else rule.reported
    assert complaints_of(rows_of(rule, rule.fails), tmp_path) == [(at, rule.id, column_of(rule)) for at in places]


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_nothing_complains_of_what_passes_in_a_file_of_its_own(rule, tmp_path):
    assert complaints_of(rows_of(rule, rule.passes), tmp_path) == []


# Planting


PLANTED = [rule for rule in RULES if not rule.whole_file and (rule.plant or not rule.query)]
MORE_CLEAN: list[Cells] = [
    {**CLEAN["service"], "event_end_date": "", "event_outcome": ""},
    {**CLEAN["request"], "date_of_death": "2025-04-08"},
]


def nhs_number(number: int) -> str:
    """A valid one from the range kept for tests."""
    for nine in range(999_100_000 + 10 * number, 999_100_010 + 10 * number):
        last = -sum(int(digit) * weight for digit, weight in zip(str(nine), range(10, 1, -1), strict=True)) % 11
        if last < 10:
            return f"{nine}{last}"
    raise AssertionError


def planted_rows(rules: Sequence[Rule], folder: Path, release: int) -> tuple[list[Cells], list[Found]]:
    """A file that holds each fault once, each on a person of its own, and what should be found in it."""
    rows: list[Cells] = []
    expect: list[Found] = []
    names = [field.name for field in LAYOUT.fields]
    with open_duckdb(folder, threads=1) as connection:
        connection.execute(f"CREATE TABLE texts ({', '.join(f'{name} VARCHAR' for name in names)})")
        for number, rule in enumerate(rules):
            own = {"la_person_unique_identifier": f"Q-{number}", "nhs_number": nhs_number(number)}
            clean = [{**row, **own} for row in (*CLEAN.values(), *MORE_CLEAN)]
            clean = [in_release_1(row) for row in clean] if release == 1 else clean
            connection.execute("DELETE FROM texts")
            connection.executemany(
                f"INSERT INTO texts VALUES ({', '.join('?' * len(names))})",
                [[row.get(name) or None for name in names] for row in clean],
            )
            cells = rule.plant or {name: f"'{text}'" for name, text in rule.fails[0].items()}
            events = ", ".join(f"'{event}'" for event in rule.events)
            may_take = f"event_type IN ({events}) AND ({rule.plant_where or 'TRUE'})"
            change = f"* REPLACE ({', '.join(f'{sql} AS {name}' for name, sql in cells.items())})"
            for what in ("*", change) if rule.query else (change,):
                row = connection.execute(f"SELECT {what} FROM texts WHERE {may_take} LIMIT 1").fetchone()
                assert row, f"no clean row may take {rule.id}"
                rows.append({name: text or "" for name, text in zip(names, row, strict=True)})
            expect.append(
                (len(rows) - 1, rule.id, next(iter(rule.plant or rule.fails[0])) if rule.for_each else rule.column)
            )
    return rows, expect


def in_british_dates(row: Cells) -> dict[str, str]:
    """A row as a spreadsheet in Britain writes it: the text received then differs from what a date prints as."""
    dates = {field.name for field in LAYOUT.fields if field.type == "date"}
    return {
        name: "/".join(reversed(text.split("-"))) if name in dates and text.count("-") == 2 else text
        for name, text in row.items()
    }


@pytest.mark.parametrize("dates", [dict, in_british_dates])
@pytest.mark.parametrize("release", [2, 1])
def test_every_planted_fault_is_found_and_nothing_else_is(release, dates, tmp_path):
    rules = [rule for rule in PLANTED if rule.release == release]
    rows, expect = planted_rows(rules, tmp_path, release)
    clean = [in_release_1(row) if release == 1 else row for row in CLEAN.values()]
    found = complaints_of([dates(row) for row in (*rows, *clean, *clean_again(clean, 200))], tmp_path)
    assert [one for one in found if one not in expect] == []
    assert [one for one in expect if one not in found] == []


def clean_again(rows: Sequence[Cells], times: int) -> list[Cells]:
    """More people like these, so that what is planted stays a small part of the file."""
    return [
        {**row, "la_person_unique_identifier": f"R-{number}-{place}", "nhs_number": ""}
        for number in range(times)
        for place, row in enumerate(rows)
    ]


def test_clean_rows_of_release_2_get_no_complaint(tmp_path):
    assert complaints_of(list(CLEAN.values()), tmp_path) == []


def test_clean_rows_of_release_1_get_no_complaint(tmp_path):
    assert complaints_of([in_release_1(row) for row in CLEAN.values()], tmp_path) == []


# One cause, one complaint


@pytest.mark.parametrize("text", ["", "=nonsense", "2025-02-30"])
def test_one_bad_cell_gets_one_complaint_at_most(text, tmp_path):
    "Any one cell of any clean row is blanked or spoilt; free text that looks like a formula is no fault."
    rows: list[Cells] = []
    for number, row in enumerate(CLEAN.values()):
        for field in LAYOUT.fields:
            own = {"la_person_unique_identifier": f"Q-{len(rows)}", "nhs_number": nhs_number(len(rows))}
            spoilt = f"{text} {number}" if text and field.type == "person id" else text
            rows.append({**row, **own, field.name: spoilt})
    found = defaultdict(list)
    for at, rule, column in complaints_of([*rows, *CLEAN.values()], tmp_path):
        found[at].append((rule, column))
    assert {at: several for at, several in found.items() if len(several) > 1} == {}
    free = {field.name for field in LAYOUT.fields if field.type == "text" and field.module in ("person", "event")}
    assert not [one for several in found.values() for one in several if one[1] in free]
