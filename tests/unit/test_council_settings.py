"""What a council settles in its file: read as it is meant, every fault told at once, and read again as it was."""

import re
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.catalogue.library import load_catalogue
from outturn.judgement import direction, rag
from outturn.judgement.overrule import AcceptedVariance, Overrule
from outturn.judgement.rag import RollUpBy, Shape, status
from outturn.judgement.settings import Chosen, DatedRebase, Judging, PeerGroup, Population
from outturn.plans.files import read_council_files
from outturn.plans.settings import DIRECTION_RULES, STATUS_RULES, read_settings, settings_of
from outturn.plans.words import read_words
from outturn.terms.period import Period
from outturn.terms.polarity import Better, Polarity
from outturn.terms.status import Rag
from outturn.terms.value import read_value
from outturn.textfiles import Faults, FaultyFiles, read_text, record_of

HEAD = "name: Testham Council\nshort_name: Testham\nkind: made up\nsource: a test\nabsences: {nil: not collected}\n"
FRAMEWORK = "title: Ours\npublisher: Testham\neditions: 2018/19\n"
DEFINITION = """
code: {code}
title: {code}
meaning: A measure.
numerator: People
denominator: none
unit: count
bases: [year-to-date sum, rolling 12 months]
polarity: higher
source: Case system
frequency: quarterly
standing: established
came_from: a test
"""
CARD = """
scorecard: {title: Card, directorate: Adults, year: 2026/27, source: a test}
blocks:
  - heading: One
    kind: directorate priorities
    shows: []
    priorities:
      - title: Help
        portfolios: [Adults]
        measures:
          - {code: REV, title: Reviews, basis: year-to-date sum, results: {Q1: "10", Q2: "22"}}
          - {code: REV, title: Reviews, basis: rolling 12 months, results: {Q2: "41"}}
"""
HIGHER = Polarity(Better.HIGHER)


@pytest.fixture
def testham(tmp_path: Path):
    """Read a council that has one scorecard, with what a test writes below its name."""
    folder = tmp_path / "testham"
    (folder / "definitions").mkdir(parents=True)
    (folder / "definitions" / "framework.yaml").write_text(FRAMEWORK, "utf-8")
    for code in ("REV", "START-DAYS"):
        (folder / "definitions" / f"{code}.yaml").write_text(DEFINITION.format(code=code).lstrip(), "utf-8")
    (folder / "scorecard-2026-27.yaml").write_text(CARD.lstrip(), "utf-8")

    def read(settings: str):
        (folder / "council.yaml").write_text(HEAD + textwrap.dedent(settings).lstrip("\n"), "utf-8")
        return read_council_files(folder, lambda slug, path: load_catalogue([(slug, path)]))

    return read


def refused(testham, settings: str) -> list[str]:
    with pytest.raises(FaultyFiles) as error:
        testham(settings)
    return [str(fault).removeprefix("council.yaml, line ") for fault in error.value.faults]


def test_a_council_that_says_nothing_is_judged_within_5_per_cent_and_against_the_result_before(testham):
    council = testham("").council
    assert council.judging == Judging()
    assert council.judging.chosen("rev-rolling-12-months") == Chosen()
    assert status(read_value("95"), read_value("100"), HIGHER, Chosen().status).rag is Rag.AMBER
    assert Chosen().direction.against is direction.Against.LAST_PERIOD
    assert (council.populations, council.peers.region, council.peers.groups) == ((), "", ())


def test_rules_are_named_in_any_capitals_and_an_indicator_may_differ(testham):
    judging = testham("""
        judging:
          status: havering
          direction: York
          priorities: Worst
          indicators:
            rev-rolling-12-months: {status: Within 10%}
            START-DAYS:
              direction: Trend
              rebases: [{from: Q2 2025/26, because: A second team began.}]
    """).council.judging
    assert (judging.status, judging.direction, judging.priorities) == (rag.HAVERING, direction.YORK, RollUpBy.WORST)
    assert judging.chosen("rev-rolling-12-months") == Chosen(rag.WITHIN_10_PER_CENT, direction.YORK)
    assert judging.chosen("rev-year-to-date-sum") == Chosen(rag.HAVERING, direction.YORK)
    by_code = Chosen(
        rag.HAVERING, direction.TREND, rebases=(DatedRebase(Period.quarter(2025, 2), "A second team began."),)
    )
    assert judging.chosen("start-days-snapshot") == judging.chosen("start-days") == by_code


@pytest.mark.parametrize(
    ("rule", "result", "target", "rag"),
    [
        ("{amber: 5%}", "100", "100", "Green"),
        ("{amber: 5%}", "99", "100", "Amber"),
        ("{amber: 5%}", "95", "100", "Amber"),
        ("{amber: 5%}", "94.9", "100", "Red"),
        ("{amber: 5%}", "1.8", "2", "Red"),  # 5% of 2 is a tenth
        ("{amber: 5}", "1.8", "2", "Amber"),  # five of its own unit
        ("{amber: 5}", "-5", "0", "Amber"),
        ("{amber: 5%}", "-5", "0", None),  # a share of nothing
        ("{green: 2, amber: 5%}", "98", "100", "Green"),
        ("{rule: Lincolnshire, amber: 10%}", "90", "100", "Amber"),
        ("East Sussex", "99", "100", "Red"),
    ],
)
def test_a_tolerance_is_a_share_of_the_target_or_in_the_measures_own_unit(testham, rule, result, target, rag):
    chosen = testham(f"judging: {{status: {rule}}}").council.judging.chosen("rev")
    assert status(read_value(result), read_value(target), HIGHER, chosen.status).rag == (rag and Rag(rag))


def test_an_own_tolerance_keeps_the_councils_words_and_its_name_says_that_it_differs(testham):
    judging = testham("""
        judging:
          status: Lincolnshire
          direction: York
          indicators:
            REV: {status: {amber: 10%}, direction: {tolerance: 1%}}
    """).council.judging
    rule, way = judging.chosen("rev").status, judging.chosen("rev").direction
    assert rule.name == "Lincolnshire, with a tolerance of its own"
    assert rule.sentence == (
        "Achieved at target or better, otherwise Improving but not achieved if within 10% of target, otherwise Not "
        "achieved."
    )
    assert way.sentence == "By the latest three results, if every step goes one way; a change of 1% or more counts."


def test_milestones_are_read_in_the_councils_own_words(testham):
    chosen = testham("""
        judging:
          indicators:
            REV: {milestones: {Q1 2026/27: "1,200", Q2 2026/27: nil}}
    """).council.judging.chosen("rev")
    assert chosen.shape is Shape.GIVEN
    assert {period.words: value.printed for period, value in chosen.milestones.items()} == {
        "Quarter 1 2026/27": "1,200", "Quarter 2 2026/27": "nil",
    }  # fmt: skip


def test_people_and_peers(testham):
    council = testham("""
        populations:
          - {year: 2015, ages: 65 and over, people: "37,037", source: mid-2015 estimates}
        region: E12000003
        peers:
          - {name: Cathedral cities, areas: [E06000014, Lincoln], note: Agreed in May.}
        judging: {indicators: {REV: {peers: Cathedral cities}}}
    """).council
    assert council.populations == (Population(2015, "65 and over", 37037, "mid-2015 estimates"),)
    assert council.peers.region == "E12000003"
    assert council.peers.groups == (PeerGroup("Cathedral cities", ("E06000014", "Lincoln"), "Agreed in May."),)
    assert council.judging.chosen("rev").peers == ("Cathedral cities",)


def test_every_fault_is_told_at_once_with_its_line_and_what_to_write(testham):
    found = refused(testham, """
        judging:
          status: {rule: Kent, green: 10%, amber: 5 points}
          direction: {rule: Trend, tolerance: 1%}
          priorities: best
          indicators:
            RVE: {status: Within 10%}
            REV: {status: {green: 10%, amber: 5%}, shape: straight line, milestones: {Q1 2026/27: "7", Q5: "8"}}
            rev: {shape: as given, directoin: York, peers: [Nearest]}
            START-DAYS:
              rebases: [{from: spring}]
              status: {green: 5%}
        populations:
          - {year: mid-2015, ages: 65+, people: many, source: here}
          - {year: 2016, ages: 18 to 64, people: "9", source: here}
          - {year: 2016, ages: 18 to 64, people: "9", source: here}
        peers:
          - {name: "Near: all", areas: []}
        """)  # fmt: skip
    starts = [
        "7: rule: “Kent” is not a rule for the status. Write one of: Havering; East Sussex; ",
        "7: amber: “5 points” is not a tolerance. Write 5% for a share of the target, or 5 for five of the measure’s",
        "8: A trend is told from chance by its own test, so it takes no tolerance.",
        "9: priorities: “best” is not a way to give a priority its status. Write one of: worst; most; judged.",
        "11: There is no indicator “RVE”. Did you mean REV?",
        "12: milestones: “Q5” is not a period.",
        "12: With targets for parts of the year the shape is “as given”, not “straight line”.",
        "12: Amber (5%) is nearer the target than Green (10%). Widen it.",
        "13: “rev” stands here twice. Keep one.",
        "13: The shape is “as given”, so give the targets for parts of the year, as milestones.",
        "13: There is no group of peers “Nearest”.",
        "13: “directoin” is not known. Did you mean “direction”?",
        "15: from: “spring” is not a period.",
        "15: “because” is missing or blank.",
        "16: “amber” is missing or blank. Write amber: 5%",
        "18: year: “mid-2015” is not a year.",
        "18: ages: “65+” is not an age group. Write one of: 18 and over; 18 to 64; 65 and over.",
        "18: people: “many” is not a number of people.",
        "20: People aged 18 to 64 in 2016 stand here twice. Keep one.",
        "22: The group has no councils in it.",
        "22: Colons and semicolons divide groups and councils where staff edit them.",
    ]
    for start in starts:
        assert any(words.startswith(start) for words in found), (start, found)
    assert len(found) == len(starts), found


# People's words


WORD = """
words:
  - indicator: rev-year-to-date-sum
    period: Q2 2026/27
    status: {status}
    because: The spring was slow.
    by: Head of Reviews
    since: {since}
    until: {until}
"""


def word(status="Amber", since="15 October 2026", until="31 January 2027") -> str:
    return WORD.format(status=status, since=since, until=until)


def test_a_word_overrules_a_status_or_accepts_it(testham):
    told = "The spring was slow.", "Head of Reviews", date(2026, 10, 15), date(2027, 1, 31)
    for status_word, said in (("amber", Overrule(Rag.AMBER, *told)), ("accepted", AcceptedVariance(*told))):
        words = testham(word(status_word)).words
        assert [(each.indicator, each.period, each.said) for each in words] == [
            ("rev-year-to-date-sum", Period.quarter(2026, 2), said)
        ]


def test_a_code_on_two_time_bases_means_the_one_that_has_a_result_then(testham):
    first_quarter = word().replace("rev-year-to-date-sum", "REV").replace("Q2", "Q1")
    assert [each.indicator for each in testham(first_quarter).words] == ["rev-year-to-date-sum"]
    assert refused(testham, first_quarter.replace("Q1", "Q2")) == [
        "7: REV has results on several time bases then. Write one of: rev-rolling-12-months, rev-year-to-date-sum."
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (word(until="14 October 2026"), "13: That is before 15 October 2026, on which it begins."),
        (word(until="16 October 2027"), "13: That is more than a year after 15 October 2026. Write 15 October 2027 or"),
        (word(since="29 February 2028", until="1 March 2029"), "13: That is more than a year after 29 February 2028. "
                                                               "Write 28 February 2029 or an earlier day."),
        (word(status="Blue"), "9: status: “Blue” is neither Red, Amber or Green nor “accepted”."),
        (word().replace("The spring was slow.", ""), "10: “because” is missing or blank."),
        (word().replace("Head of Reviews", ""), "11: “by” is missing or blank."),
        (word().replace("Q2 2026/27", "Q3 2026/27"), "7: rev-year-to-date-sum has no result for Quarter 3 2026/27 in"),
        (word().replace("rev-", "rve-"), "7: rve-year-to-date-sum has no result for Quarter 2 2026/27 in these files"),
        (word() + word().split("words:\n")[1], "14: There is another word on rev-year-to-date-sum for Q"),
    ],
)  # fmt: skip
def test_a_word_that_does_not_hold_water_is_refused(testham, words, said):
    found = refused(testham, words)
    assert len(found) == 1, found
    assert found[0].startswith(said), found


def test_a_fault_in_a_row_does_not_make_its_words_faults_too(testham, tmp_path):
    card = tmp_path / "testham" / "scorecard-2026-27.yaml"
    card.write_text(card.read_text("utf-8").replace('Q2: "22"', 'Q2: "about 22"'), "utf-8")
    found = refused(testham, word())
    assert len(found) == 1, found
    assert "about 22" in found[0]


# The reference


def test_the_examples_of_the_reference_can_be_read_and_it_names_every_rule():
    text = (Path(__file__).parents[2] / "docs" / "reference" / "council-files.md").read_text("utf-8")
    blocks = re.findall("```yaml\n((?:judging|populations|words):.*?)```", text, re.DOTALL)
    faults = Faults()
    record = read_text("".join(blocks), faults, "council-files.md")
    judging, populations, peers = read_settings(record, {})
    assert all((judging.own, populations, peers.groups, read_words(record, None)))
    record.close()
    assert not faults.found
    assert [name for name in (*STATUS_RULES, *DIRECTION_RULES) if name not in text] == []


# What the database keeps


def test_what_the_files_settle_reads_back_from_plain_data(testham):
    files = testham("""
        judging:
          status: {rule: Reigate, amber: 2.5%}
          indicators: {REV: {milestones: {2026/27: "5"}, rebases: [{from: 2026/27, because: "A: B"}]}}
        populations: [{year: 2015, ages: 18 to 64, people: "12", source: "x: y"}]
        peers: [{name: All, areas: [A, B]}]
    """)
    council = files.council
    assert settings_of(files.settled, council.absences) == (council.judging, council.populations, council.peers)
    assert council.judging.status.amber.size == Decimal("2.5")


def test_settings_that_can_no_longer_be_read_are_not_passed_over():
    with pytest.raises(FaultyFiles, match="“Kent” is not a rule for the status"):
        settings_of({"judging": {"status": "Kent"}}, {})


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).map(str.strip).filter(bool)
PLAIN = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(WORDS, PLAIN, max_size=4))
def test_plain_data_made_a_record_and_plain_again_are_the_same(plain):
    faults = Faults()
    record = record_of(plain, faults, "settings")
    assert {key: record.plain(key) for key in plain} == plain
    assert not faults.found
