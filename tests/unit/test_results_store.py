"""Figures kept: yesterday's can be told again, and nothing is written twice."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from outturn.measures.running import Count
from outturn.results.result import Result
from outturn.results.store import Results

MONDAY, TUESDAY = datetime(2026, 1, 19, 9), datetime(2026, 1, 20, 9)


@pytest.fixture
def kept(tmp_path):
    return Results(tmp_path / "new folder" / "results.sqlite3")


def result(value="77.1", *, as_of=MONDAY, **changes):
    one = Result(
        "2A", None, "ASCOF 2023-24 onwards", "DHSC-2526", "executed", "950", "2024-25", "financial year", {}, 84, 109,
        Decimal(value), "%", None, "", (), (), {}, None, None, as_of,
    )  # fmt: skip
    return replace(one, **changes)


def rows(kept):
    with kept._open() as database:
        return database.execute("SELECT count(*) FROM told").fetchone()[0]


def test_what_was_told_last_is_told_again(kept):
    kept.tell([result("77.1")], "", MONDAY)
    kept.tell([result("77.4", as_of=TUESDAY)], "", TUESDAY)
    assert [one["value"] for one in kept.latest("950")] == [77.4]
    assert kept.latest("950", "3D") == kept.latest("219") == []
    with kept._open() as database:
        told = database.execute("SELECT told_at, results FROM told ORDER BY id").fetchall()
    assert [at for at, _ in told] == ["2026-01-19T09:00:00", "2026-01-20T09:00:00"]
    assert '"value": 77.1' in told[0][1]


def test_the_same_words_are_kept_once(kept):
    kept.tell([result()], "", MONDAY)
    kept.tell([result()], "", TUESDAY)
    assert rows(kept) == 1


def test_a_figure_that_changes_and_changes_back_is_kept_each_time(kept):
    for value in ("77.1", "77.4", "77.1"):
        kept.tell([result(value)], "", MONDAY)
    assert rows(kept) == 3


def test_breakdowns_asked_for_do_not_hide_what_pages_show(kept):
    kept.tell([result("77.1")], "", MONDAY)
    kept.tell([result("50.0", breakdown={"gender": "Male"})], "gender", TUESDAY)
    assert [one["value"] for one in kept.latest("950")] == [77.1]


def test_counts_come_back_as_they_were_and_are_never_replaced(kept):
    count = Count("2024-25", "950", "1a", {"age_band": "18 to 64"}, 3, 4, 5, Counter({7: 2}), Counter({"NHS": 1}))
    assert kept.counts(["a"]) == {}
    assert not kept.path.exists()  # to look is not to make
    kept.keep_counts({"a": [count], "none": []})
    kept.keep_counts({"a": []})
    assert kept.counts(["a", "none", "b"]) == {"a": [count], "none": []}


def test_more_keys_than_one_question_holds(kept):
    kept.keep_counts({f"k{number}": [] for number in range(1200)})
    assert len(kept.counts([f"k{number}" for number in range(1200)])) == 1200


def test_each_look_at_people_is_written_down(kept):
    assert kept.looks() == []
    for at, who in ((MONDAY, "Ann"), (TUESDAY, "Ben")):
        kept.note_look(at=at, by=who, area="950", measure="2A", period="2024-25", rows=132)
    assert [(one["by"], one["rows"]) for one in kept.looks()] == [("Ben", 132), ("Ann", 132)]
