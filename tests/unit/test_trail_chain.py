"""The chain: whatever is done to a row or to their order is found, at the first link that does not hold."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from outturn.site.trail.chain import CONTENT, Broken, Head, canonical, digest_of, follow

START = datetime(2026, 10, 1, 9, tzinfo=UTC)


def chained(count):
    rows = []
    for number in range(1, count + 1):
        row = {
            "id": number, "at": START + timedelta(minutes=number), "by": "ada", "verb": "changed", "council": "york",
            "kind": "risk", "subject": "2018-19/0544", "title": "0544 Fire", "before": {"rating": "Red"},
            "after": {"rating": "Amber"}, "reason": "", "undo": [["plans_risk", 4, {"rating": "Red"}]],
            "prior": rows[-1]["digest"] if rows else "",
        }  # fmt: skip
        rows.append({**row, "digest": digest_of(row)})
    return rows


def head_of(rows):
    return Head(rows[-1]["id"], rows[-1]["digest"])


def broken(rows, *outside):
    with pytest.raises(Broken) as found:
        list(follow(rows, outside))
    return found.value


ROWS = chained(5)


def test_a_chain_holds():
    assert [head.row for head in follow(ROWS, [head_of(ROWS), head_of(ROWS[:2])])] == [1, 2, 3, 4, 5]
    assert list(follow([])) == []


@pytest.mark.parametrize("name", [*CONTENT, "digest"])
def test_each_field_of_a_row_is_sealed(name):
    other = {"id": 30, "at": START, "before": {}, "after": {"rating": "Green"}, "undo": None}.get(name, "x")
    rows = [{**row, name: other} if row["id"] == 3 else row for row in ROWS]
    found = broken(rows)
    assert found.row == (30 if name == "id" else 3)
    assert "its content is not what was written" in str(found)


def test_a_row_that_is_altered_with_its_digest_is_found_at_the_next():
    altered = {**ROWS[2], "by": "ben"}
    altered["digest"] = digest_of(altered)
    found = broken([*ROWS[:2], altered, *ROWS[3:]])
    assert (found.row, found.at) == (4, "2026-10-01T09:04:00.000000Z")
    assert str(found) == (
        "Row 4 (2026-10-01T09:04:00.000000Z): it does not follow row 3. That row was altered, or rows between were "
        "taken away or put in."
    )


@pytest.mark.parametrize(
    ("order", "row", "words"),
    [
        ([0, 2, 1, 3, 4], 3, "does not follow row 1"),
        ([0, 1, 3, 4], 4, "does not follow row 2"),
        ([1, 2, 3, 4], 2, "does not follow the beginning"),
        ([0, 1, 1, 2, 3, 4], 2, "stands after row 2"),
        ([4, 0], 5, "does not follow the beginning"),
    ],
)
def test_rows_moved_taken_away_or_put_in_are_found(order, row, words):
    found = broken([ROWS[place] for place in order])
    assert found.row == row
    assert words in str(found)


def test_contents_that_change_places_are_found():
    swapped = [{**ROWS[1], "id": 3}, {**ROWS[2], "id": 2}]
    assert broken([ROWS[0], swapped[1], swapped[0], *ROWS[3:]]).row == 2


def test_rows_taken_away_at_the_end_are_found_by_the_head_outside():
    list(follow(ROWS[:3]))  # which the chain itself cannot tell
    found = broken(ROWS[:3], head_of(ROWS))
    assert found.row == 3
    assert "the trail ends here, but went on to row 5" in str(found)
    assert broken([], head_of(ROWS)).row == 0


def test_a_chain_made_anew_is_found_by_the_head_outside():
    anew = chained(6)
    anew = [{**row, "by": "ben"} for row in anew]
    prior = ""
    for row in anew:
        row["prior"] = prior
        prior = row["digest"] = digest_of(row)
    list(follow(anew))
    assert broken(anew, head_of(ROWS)).row == 5


def test_the_same_moment_and_number_have_one_form():
    row = ROWS[0]
    there = {**row, "at": row["at"].astimezone(timezone(timedelta(hours=5)))}
    assert canonical(there) == canonical(row)
    assert canonical({**row, "after": {"a": 2.0}}) == canonical({**row, "after": {"a": 2}})
    assert canonical({**row, "after": {"b": 1, "a": "é"}}) == canonical({**row, "after": {"a": "é", "b": 1}})


def test_a_head_is_known_by_what_is_printed_of_it():
    head = head_of(ROWS)
    printed = head.words.rpartition(", ")[2]
    assert head.is_called(printed.upper())
    assert head.is_called(head.digest)
    assert not head.is_called(head.digest[:8])
    assert not head.is_called("0" * 32)
    assert Head().words == "Trail of changes: empty"
