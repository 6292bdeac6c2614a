"""York's service plan of 2018 against the list of what a careful reader found in it, Y1 to Y59, both ways.

Every number of the list is found by the checks, or stands here with the plain reason why not; and every finding of the
rules on indicators has a number. What concerns actions and risks (Y3 to Y14, Y16, Y17, Y20 to Y23) is told elsewhere.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from outturn.catalogue.library import load_catalogue
from outturn.judgement.direction import YORK
from outturn.plans.files import read_council_files
from outturn.sense import changes, checking, directions, facts, figures, indicators, relations
from outturn.sense.files import picture_of
from outturn.sense.finding import Finding
from outturn.sense.rule import CHECKS, RULES

EXAMPLES = Path(__file__).parents[2] / "examples"
OURS = {module.__name__ for module in (changes, directions, facts, figures, indicators, relations)}
TOLD_ELSEWHERE = {*range(3, 15), 16, 17, *range(20, 24)}

FOUND = {  # number: rule, what it is about first or also, words in it
    1: [("S1", "Adult Social Care Provision and Care Management", "£44.53m", "£50.17m")],
    2: [("C2", "STF08", "594.2", "329.27")],
    15: [("C2", "CORP01L", "It is 3", "one action of type Major (ASCP17)")],
    19: [("C2", "COR01", "It is 4", "seven risks, one of them Red")],
    24: [("O2", "PVP01", "PVP06 (2015/16)", "PVP07 (2015/16)"), ("D2", "PVP07", "on one result, PVP01, PVP06, PVP07")],
    25: [("S5", "PVP01", "93.88%", "97.60%")],
    26: [("D3", "PVP02", "Neutral is printed", "the direction is Good")],
    27: [("S3", "PVP02", "imply 253 and 243 admissions, not 260 and 248", "702.0 and 661.1")],
    28: [("D3", "PVP04 (snapshot)", "PVP04, PVP05, ASCOF2C1", "the years before 2017/18")],
    29: [("K2", "PVP04 (snapshot)", "6.07 × 170,157 × 12 / 100,000")],
    30: [("S1", "PVP05 (snapshot)", "89", "means 43")],
    31: [("S5", "PVP06", "21.63%", "96.97%")],
    32: [("B1", "PVP09", "2,435", "−62%")],
    33: [("D3", "PVP12", "Bad is printed", "8,551", "Neutral")],
    34: [("D2", "PVP14", "PVP14, PVP15, PVP16, PVP17"), ("N5", "PVP14", "PVP14, PVP15, PVP16, PVP17", "2017/18")],
    35: [("S4", "PVP15", "PVP15 and PVP16 only on that of mid-2015", "ASCOF2A2 only on that of mid-2016")],
    36: [("I3", "Adult Social Care Provision and Care Management", "PVP03, PVP10 and PVP13")],
    37: [("D4", "ASCOF1B", "ASCOF1A +1.0%", "ASCOF1B +1.2%")],
    38: [("D4", "ASCOF1H", "ASCOF1H +38%", "ASCOF1F +31%", "ASCOF1I1 +8.1%", "ASCOF4A +6.1%", "ASCOF4B +2.6%")],
    39: [("D4", "ASCOF1E", "ASCOF1E −14%", "ASCOF1C2a −8.5%", "ASCOF2B2 −65%", "ASCOF1C1b −2.1%", "ASCOF3A −2.5%")],
    40: [("S5", "ASCOF1C2b", "94.50% in 2015/16 and 92.54% in 2016/17")],
    41: [("B2", "ASCOF1F", "8.79%"), ("B2", "ASCOF1H", "39.21%")],
    42: [("D2", "ASCOF3C", "on one result, ASCOF3C and ASCOF3D2"), ("D2", "ASCOF1D", "ASCOF1D, ASCOF1I2 and ASCOF3B")],
    43: [("K1", "ASCOF2A1 (year-to-date sum)", "11.3 and 11.18"), ("K1", "ASCOF2A2 (snapshot)", "683.1 and 647.8")],
    44: [("K1", "ASCOF2C1 (snapshot)", "13.2 and 16.85"), ("K1", "ASCOF2C2 (snapshot)", "6.9 and 7.49")],
    45: [("I1", "ASCOF2C1 (snapshot)", "ASCOF2C 2, ASCOF3D 1", "ASCOF2C1 is printed both ways")],
    46: [("B1", "ASCOF2B2", "−65%"), ("D4", "ASCOF2B2", "ASCOF2B2 −65%")],
    47: [("B1", "ASCOF2D", "37.0 percentage points up")],
    48: [("D3", "ASCOF2C2 (year-to-date average)", "ASCOF2C1, ASCOF2C2", "the years before 2017/18")],
    49: [("B3", "ASCOF1C1a", "All 17 percentages for 2015/16 end in 0", "11 of 21"),
         ("B3", "ASCOF2C1 (snapshot)", "6.9, 7.49")],
    50: [("V1", "Adult Social Care Provision and Care Management", "ASCOF1J", "ASCOF2C3")],
    51: [("P1", "STF90", "“Up is Bad”", "higher is better")],
    52: [("D2", "STF100", "TAP09", "STF100", "STF107", "COR01")],
    53: [("U1", "BPI108", "£191", "£191k"), ("P1", "BPI108", "within 0 to 0"), ("N5", "BPI108", "2017/18"),
         ("D3", "BPI108", "ASCOF2C2 and BPI108", "the years before 2017/18")],
    54: [("D4", "COR01", "COR01 +33%")],
    55: [("M1", "CORP02Ma", "“N/a”", "“N/A”")],
    56: [("O2", "CFD03a", "CFD03a, CFS01, COMP01, COMP02, YCC121 and YCC201"), ("D2", "CFD03a", "on no results")],
    57: [("O1", "STF08", "“Organisational Health Check”", "STF08, BPI108 and CFD03a"),
         ("O1", "STF100", "12 indicators", "STF100, STF107, STF90")],
}  # fmt: skip

NOT_FOUND = {
    18: "Only a letter for each risk was published, and only that is recorded; the rules on risks look at it.",
    58: "Two levels of headings: the examples hold them joined, “Performance: Finance”, so nothing is lost.",
    59: "Targets and benchmarks were never printed, so there is none to check; units are in the definitions.",
}
IN_PART = {
    33: "The change of 2.1% on 2015/16 is left to the reader.",
    35: "That the parts add up to 2C1 and 2C2 is right. PVP14, PVP17 and 2C1 alone would fit mid-2016 too.",
    42: "NC between two surveys is right.",
    45: "The code that a page break cut in two is whole in our data.",
    48: "The change of method in April 2017 is a break in the definitions, and so not asked about.",
    52: "STF08 wants no direction, so Neutral is right for it.",
    53: "There is no target, so its tolerance cannot be asked for.",
}


def picture_of_council(name, today):
    kept = []

    def load(slug, folder):
        kept.append(load_catalogue([(slug, folder)]))
        return kept[-1]

    files = read_council_files(EXAMPLES / name, load)
    return picture_of(files, kept[-1].indicators, today)


def our_findings(picture):
    """Those of the rules on indicators, whatever else the other rules find."""
    return [
        finding for rule in RULES for check in CHECKS[rule] if check.__module__ in OURS for finding in check(picture)
    ]


@pytest.fixture(scope="module")
def york():
    return our_findings(picture_of_council("york", date(2026, 11, 25)))


def fits(finding: Finding, told: tuple[str, ...]) -> bool:
    rule, about, *words = told
    subjects = {subject.title for subject in (finding.subject, *finding.also)}
    return finding.rule == rule and about in subjects and all(word in finding.words for word in words)


def test_every_number_of_the_list_has_its_place():
    assert {*FOUND, *NOT_FOUND, *TOLD_ELSEWHERE} == {*range(1, 60)}
    assert not FOUND.keys() & NOT_FOUND.keys()
    assert IN_PART.keys() <= FOUND.keys()


@pytest.mark.parametrize("number", FOUND, ids=lambda number: f"Y{number}")
def test_what_a_reader_found_in_the_plan_is_found(york, number):
    for told in FOUND[number]:
        assert any(fits(finding, told) for finding in york), told


def test_nothing_else_is_found(york):
    told = [each for entries in FOUND.values() for each in entries]
    assert [finding.words for finding in york if not any(fits(finding, each) for each in told)] == []


def test_no_finding_is_told_twice(york):
    assert len({finding.key for finding in york}) == len(york)


# The other examples: what is found in them is all of it, with why that is right


OTHERS = {
    "leeds": {
        ("P1", "indicator:safeguarding"): "L17: a share of referrals also rises when referrals are turned away",
    },
    "harrowmere": {
        ("U1", "indicator:budget-annual"): "£1,127 stands for thousands of pounds",
        ("U1", "indicator:budget-forecast"): "£685 stands for thousands of pounds",
        ("P1", "indicator:budget-annual"): "a variation from the budget with “Up is Bad”",
        ("P1", "indicator:budget-forecast"): "a variation from the budget with “lower”",
        ("N5", "indicator:ya-adm-rolling-12-months"): "2025/26 is awaited at the end of September",
        ("D2", "plan:2026-27"): "Neutral on two results, by the latest three: four indicators",
    },
    "exampleshire": {
        ("B3", "indicator:sds"): "89.3% and 91% in one row",
    },
}


@pytest.mark.parametrize("council", OTHERS)
def test_the_other_examples(council):
    picture = picture_of_council(council, date(2026, 11, 25))
    by_three = replace(picture.council, judging=replace(picture.council.judging, direction=YORK, own={}))
    found = our_findings(replace(picture, council=by_three))  # Harrowmere's plan prints directions by that rule
    assert {(finding.rule, finding.subject.key) for finding in found} == OTHERS[council].keys()


def test_all_rules_are_run():
    assert {rule for rule in CHECKS if any(check.__module__ in OURS for check in CHECKS[rule])} <= set(RULES)
    assert checking.findings(picture_of_council("leeds", date(2026, 11, 25)))
