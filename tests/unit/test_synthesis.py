"""The parts of the made-up council: quarters, choices, wordings, plants, and what a rehearsal says."""

from argparse import Namespace
from collections import Counter
from datetime import date

import pytest

from outturn.cli import rehearse as rehearse_command
from outturn.cli import synthesise as synthesise_command
from outturn.cli.report import Report
from outturn.returns.layout import load_layout
from outturn.returns.rules import load_rules
from outturn.synthesis.choices import Choice, choices
from outturn.synthesis.faults import plants
from outturn.synthesis.quarters import Quarter, quarters_to
from outturn.synthesis.rehearsal import _compare, rehearse
from outturn.synthesis.wording import STAND_INS, Words

LAYOUT = load_layout()


def test_a_quarter_covers_twelve_months():
    assert Quarter(date(2026, 9, 30)).start == date(2025, 10, 1)
    assert Quarter(date(2025, 12, 31)).start == date(2025, 1, 1)
    assert Quarter(date(2025, 3, 31)).file_name("816") == "cld_816_20240401_20250331.csv"


def test_quarters_go_back_from_the_last():
    ends = [quarter.end for quarter in quarters_to(date(2025, 6, 30), 4)]
    assert ends == [date(2024, 9, 30), date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30)]
    assert [quarter.release for quarter in quarters_to(date(2025, 9, 30), 2)] == [1, 2]


@pytest.mark.parametrize("choice", [choice for choice in choices() if choice.field], ids=lambda choice: choice.name)
def test_words_to_choose_from_are_those_of_release_2(choice):
    known = LAYOUT.lists[LAYOUT.field(choice.field).list].submittable(2)
    assert set(choice.words) <= set(known)


def test_slots_share_out_a_thousand_by_weight():
    slots = Choice("side", None, {"heads": 2, "tails": 1}).slots
    assert Counter(slots) == {"heads": 667, "tails": 333}
    assert all(len(choice.slots) == 1000 for choice in choices())


def test_release_1_words():
    words = Words(LAYOUT, 1)
    assert words.sql("client_type", "=Unpaid carer") == "'Carer'"
    assert words.sql("gender", "=Male") == "'Male'"
    assert words.sql("gender", "upper(gender)") == "upper(gender)"
    assert Words(LAYOUT, 2).sql("client_type", "=Unpaid carer") == "'Unpaid carer'"


def test_what_release_1_had_no_word_for_has_a_stand_in():
    for choice in choices():
        if choice.field:
            values = LAYOUT.lists[LAYOUT.field(choice.field).list].by_words
            assert [word for word in choice.words if values[word].only_release == 2 and word not in STAND_INS] == []


def test_every_rule_about_rows_can_be_planted():
    "A new rule needs a way to break it in plants.yaml, or the rehearsal proves nothing about it."
    rules = {rule.id for rule in load_rules(LAYOUT) if not rule.found_by and not rule.whole_file}
    assert rules - {plant.rule for plant in plants()} == set()
    assert {plant.rule for plant in plants()} - rules == set()


def test_plants_name_fields_and_words_of_their_lists():
    for plant in plants():
        assert LAYOUT.field(plant.column)
        for name, text in plant.cells.items():
            field = LAYOUT.field(name)
            if text.startswith("="):
                assert text[1:] in LAYOUT.lists[field.list].by_words


def test_what_is_missed_and_what_is_too_much():
    key = Counter({("a.csv", 2, "Gender", "missing"): 1, ("a.csv", 3, "Gender", "missing"): 1})
    reported = Counter({("a.csv", 3, "Gender", "missing"): 1, ("a.csv", None, "", "mixed-releases"): 1})
    outcome = _compare(10, key, reported)
    assert outcome.missed == (("a.csv", 2, "Gender", "missing"),)
    assert outcome.extra == (("a.csv", None, "", "mixed-releases"),)
    assert not outcome.is_perfect
    assert [(rule.rule, rule.planted, rule.reported, rule.extra) for rule in outcome.rules] == [
        ("missing", 2, 1, 0), ("mixed-releases", 0, 0, 1),
    ]  # fmt: skip


def test_every_planted_fault_is_reported_and_nothing_else():
    outcome = rehearse(people=1500, seed=1, faults=0.07, quarters=2, progress=lambda words, share: None)
    assert (outcome.missed, outcome.extra) == ((), ())
    assert outcome.planted > 150


def test_a_clean_council_gives_no_complaint():
    outcome = rehearse(people=5000, seed=2, faults=0, quarters=1, progress=lambda words, share: None)
    assert outcome.extra == ()


def test_the_commands_say_what_they_did(tmp_path, capsys):
    chosen = Namespace(out=tmp_path / "made", people=200, seed=1, quarters=1, faults=0.1, area="950")
    synthesise_command.run(chosen, Report(as_json=False))
    assert "200 people who never lived" in capsys.readouterr().out
    assert rehearse_command.run(chosen, Report(as_json=False)) == 0
    assert "0 missed; 0 complaints of what was not planted." in capsys.readouterr().out


def test_a_rehearsal_that_falls_short_exits_with_1(monkeypatch, capsys):
    short = _compare(10, Counter({("a.csv", 2, "Gender", "missing"): 1}), Counter())
    monkeypatch.setattr("outturn.synthesis.rehearsal.rehearse", lambda **_: short)
    chosen = Namespace(people=200, seed=1, quarters=1, faults=0.1)
    assert rehearse_command.run(chosen, Report(as_json=False)) == 1
    assert "Planted and not reported: a.csv, row 2, “Gender”: missing" in capsys.readouterr().out
