"""One edition after another: what visitors see of newer figures, and that two editions tell no more than one."""

import json
import sqlite3
import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.results.edition import KEPT, Memory, next_edition
from outturn.results.release import Ledger
from tests.unit.attacker import Solver
from tests.unit.figures import cells_of, figure, table

FIRST = datetime(2026, 7, 21)
PROVISIONAL = ("provisional",)


class Public:
    """Visitors, who are given one edition after another."""

    def __init__(self):
        self.entries, self.memory, self.day = {}, Memory(), FIRST

    def sees(self, *results, flags=PROVISIONAL):
        """What there is to see after newer results: a number, None where it is withheld, and ~ where it was kept."""
        self.day += timedelta(days=1)
        newest = [{**one, "as_of": self.day.isoformat(), "flags": list(flags)} for one in results]
        self.entries, self.memory = next_edition(self.entries, self.memory, newest)
        shown = [entry.shown for entry in self.entries.values()]
        return [f"~{one['numerator']}" if KEPT in one["notes"] else one["numerator"] for one in shown]


def test_a_figure_stays_until_it_has_moved_by_five():
    """Nobody learns that one person was added, nor that none was."""
    public = Public()
    assert public.sees(figure(60)) == [60]
    assert public.sees(figure(61)) == ["~60"]
    assert public.sees(figure(60)) == ["~60"]
    assert public.sees(figure(64)) == ["~60"]
    assert public.sees(figure(65)) == [65]


def test_what_becomes_final_is_shown_whatever_it_moved_by():
    """Once. After that it stays again."""
    public = Public()
    public.sees(figure(60))
    assert public.sees(figure(61), flags=()) == [61]
    assert public.sees(figure(63), flags=()) == ["~61"]


def test_those_not_counted_are_people_too():
    """5 more were reviewed, and 2 more were not: 2 cannot be told."""
    public = Public()
    public.sees(figure(40, 60, unit="%"))
    assert public.sees(figure(45, 67, unit="%")) == ["~40"]
    assert public.sees(figure(45, 65, unit="%")) == [45]


def test_an_amount_moves_with_its_people():
    public = Public()
    public.sees(figure(900, unit="weeks", units=60))
    assert public.sees(figure(925, unit="weeks", units=61)) == ["~900"]
    assert public.sees(figure(901, unit="weeks", units=60)) == [901]  # nobody came or went


def test_a_rate_of_a_newer_population_is_shown():
    """The people are the same, the figure is not."""
    public = Public()
    public.sees(figure(60, 10_000, unit="per 100,000"))
    assert public.sees(figure(60, 10_000, unit="per 100,000")) == ["~60"]
    assert public.sees(figure(60, 10_400, unit="per 100,000") | {"value": 576.9}) == [60]


def test_a_total_is_not_shown_where_it_gives_a_kept_part_away():
    """b moved by 12 and a by 2: the total less b would tell of the 2. So b waits until it is final."""
    public = Public()
    public.sees(figure(60), *parts(20, 40))
    assert public.sees(figure(74), *parts(22, 52)) == [74, "~20", "~40"]
    assert public.sees(figure(74), *parts(22, 52), flags=()) == [74, 22, 52]


def test_what_is_final_and_needed_as_cover_is_withheld():
    """A final figure that is out by 12 would be wrong for good."""
    public = Public()
    public.sees(figure(60), *parts(20, 40))
    assert public.sees(figure(56), *parts(4, 52), flags=()) == [56, None, None]


def test_the_cover_stays_when_another_would_be_smaller():
    """a and c were withheld. b is smaller now, but with c shown a would be the difference from before."""
    public = Public()
    assert public.sees(figure(100), *parts(3, 60, 37)) == [100, None, 60, None]
    assert public.sees(figure(70), *parts(3, 30, 37)) == [70, None, 30, None]


def test_when_nothing_is_small_any_more_all_is_shown():
    """There is nothing left to protect once the small one has grown by 5."""
    public = Public()
    public.sees(figure(100), *parts(3, 60, 37))
    assert public.sees(figure(110), *parts(13, 60, 37)) == [110, 13, "~60", 37]


def test_what_was_withheld_and_grew_by_a_few_is_withheld():
    """Of fewer than 5 to 6: that would be a change of fewer than 5. When the period is final it is shown."""
    public = Public()
    public.sees(figure(4))
    assert public.sees(figure(6)) == [None]
    assert public.sees(figure(6), flags=()) == [6]


def test_what_falls_below_five_is_withheld():
    """To leave 40 there would be wrong, and 4 more wrong than right."""
    public = Public()
    public.sees(figure(40))
    assert public.sees(figure(4)) == [None]


def test_a_breakdown_that_is_no_more_goes_unless_it_would_tell():
    """7 are gone: that may be known. Of the 2 who were withheld it may not."""
    public = Public()
    public.sees(figure(100), *parts(7, 60, 33))
    assert public.sees(figure(93), *parts(60, 33, first="b")) == [93, "~60", "~33"]
    public = Public()
    public.sees(figure(100), *parts(2, 60, 38))
    assert public.sees(figure(98), *parts(60, 38, first="b")) == ["~100", "~60", None, None]


def test_what_is_not_asked_for_stays_and_is_remembered():
    """The first quarter is released alone, and later the second: their sum would give it away."""
    public = Public()
    about = {"measure": "REQUESTS"}
    public.sees(figure(40, period="2026-27 to 2026-06-30", **about))
    assert public.sees(figure(43, period="2026-27 to 2026-09-30", **about)) == [40, None]


def test_a_figure_that_goes_away_is_not_forgotten():
    """A file was withdrawn, and sent again: in between there is no figure."""
    public = Public()
    public.sees(figure(60))
    awaited = figure(None) | {"value": None, "state": "awaited", "because": "No file."}
    assert public.sees(awaited) == [None]
    assert public.sees(figure(62)) == ["~60"]
    public = Public()
    public.sees(figure(100), *parts(3, 60, 37))
    public.sees(*(awaited | {"breakdown": one["breakdown"]} for one in (figure(0), *parts(0, 0, 0))))
    assert public.sees(figure(70), *parts(3, 30, 37)) == [70, None, 30, None]  # the cover is the one from before


def test_side_counts_stay_by_themselves():
    public = Public()
    public.sees(figure(60, sides={"NHS": 20, "deceased": 8}))
    public.sees(figure(70, sides={"NHS": 22, "deceased": 2}))
    (entry,) = public.entries.values()
    assert (entry.shown["numerator"], entry.shown["side_counts"]) == (70, {"NHS": 20, "deceased": None})


def test_what_others_published_is_never_withheld_or_kept():
    public = Public()
    assert public.sees(figure(3, 50, unit="%"), flags=("published",)) == [3]
    assert public.sees(figure(4, 50, unit="%"), flags=("published",)) == [4]


def parts(*numbers, first="a"):
    return [figure(number, part_of=chr(ord(first) + place)) for place, number in enumerate(numbers)]


# Somebody who has kept every edition

size = st.sampled_from((0, 1, 2, 3, 4, 7, 15, 30, 60))
move = st.sampled_from((0, 0, 0, 1, -1, 2, 3, 6, -7, 12))
SEEN = Counter()


@settings(max_examples=25, deadline=None)
@given(st.lists(size, min_size=4, max_size=4), st.lists(st.lists(move, min_size=4, max_size=4), max_size=2))
def test_no_small_number_and_no_small_change_is_known_from_all_editions(first, moves):
    """Of a table of two by two. They know which cells moved, though not by how much, and try all whole numbers."""
    worlds, public, unknowns, attacker, before = [first], Public(), [[0, 1, 2, 3]], Solver(12), {}
    for change in moves:
        worlds.append([max(0, number + moved) for number, moved in zip(worlds[-1], change, strict=True)])
        unknowns.append([
            was if old == new else 4 * len(unknowns) + place
            for place, (was, old, new) in enumerate(zip(unknowns[-1], worlds[-2], worlds[-1], strict=True))
        ])  # fmt: skip
    for edition, world in enumerate(worlds):
        results = table([world[:2], world[2:]])
        public.sees(*results)
        seen = {key: entry.shown for key, entry in public.entries.items()}
        for one in seen.values():
            if one["numerator"] is not None:
                of = (datetime.fromisoformat(one["as_of"]) - FIRST).days - 1
                attacker.learn([unknowns[of][cell] for cell in cells_of(one, 2, 2)], one["numerator"])
        for result, (key, one) in zip(results, seen.items(), strict=True):
            SEEN["withheld" if one["state"] else "kept" if KEPT in one["notes"] else "shown"] += 1
            moved = result["numerator"] - before.get(key, result["numerator"])
            if 0 < result["numerator"] < 5 or 0 < abs(moved) < 5:
                low, high = attacker.limits([unknowns[edition][cell] for cell in cells_of(result, 2, 2)])
                assert low < high
        before = {key: one["numerator"] for key, one in seen.items() if one["numerator"] is not None}


# The ledger


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "new folder" / "results.sqlite3")


def current(ledger, area="950"):
    return {about: [one["numerator"] for one in found] for about, found in
            ledger.current(area, ["M"], ["2024-25", "2025-26"]).items()}  # fmt: skip


def test_what_is_released_is_read_in_one_question_and_reading_writes_nothing(ledger):
    assert current(ledger) == {}
    assert not ledger.path.exists()
    ledger.release("950", [figure(60), figure(3, age="18"), figure(57, age="65")], FIRST)
    ledger.release("951", [figure(70, area="951")], FIRST)
    assert current(ledger) == {("M", "2024-25"): [60, None, None]}
    assert current(ledger, "951") == {("M", "2024-25"): [70]}


def test_a_results_file_of_before_has_nothing_released(ledger):
    ledger.path.parent.mkdir()
    sqlite3.connect(ledger.path).close()
    assert current(ledger) == {}


def test_the_same_again_adds_no_row_and_every_edition_can_be_seen_again(ledger):
    for number in (60, 60, 70):
        ledger.release("950", [figure(number), figure(3, age="18"), figure(number - 3, age="65")], FIRST)
    with sqlite3.connect(ledger.path) as database:
        rows = database.execute("SELECT figures FROM released ORDER BY id").fetchall()
    assert [json.loads(text)[0]["behind"]["numerator"] for (text,) in rows] == [60, 70]


def test_what_is_refused_changes_nothing(ledger):
    ledger.release("950", [figure(60)], FIRST)
    with pytest.raises(ValueError, match="two figures"):
        ledger.release("950", [figure(80), figure(81)], FIRST)
    assert current(ledger) == {("M", "2024-25"): [60]}


def test_what_was_remembered_comes_back_from_the_file(ledger):
    """The cover stays, also for a process that did not choose it."""
    for results in ([figure(100), *parts(3, 60, 37)], [figure(70), *parts(3, 30, 37)]):
        Ledger(ledger.path).release("950", [{**one, "flags": ["provisional"]} for one in results], FIRST)
    assert current(ledger) == {("M", "2024-25"): [70, None, 30, None]}


def test_two_who_release_at_once_do_so_one_after_the_other(ledger):
    """Whoever comes second starts from what the first released."""
    ledger.release("950", [figure(60)], FIRST)
    threads = [threading.Thread(target=ledger.release, args=("950", [figure(number)], FIRST)) for number in (63, 66)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert current(ledger) == {("M", "2024-25"): [66]}
