"""Leeds' scorecard of Quarter 1 2012/13 against the list of what a careful reader found in it, L1 to L32, both ways.

Every number is found by the checks, or passes, or stands here with the plain reason why our data do not hold it: they
have the sheet as it was understood, its prose condensed in our own words.
"""

import pytest

from outturn.judgement.rag import FIVE_AND_TEN
from outturn.sense.told import reports

from .sense_examples import beyond, everything, example, fits, ours

FOUND = {  # number: rule, subject, words
    6: [("T1", "priority:1", "Amber", "APPRAISALS N/A")],
    7: [("T3", "priority:2", "71%", "4.1%", "74%", "which is Green", "The priority is Amber")],
    8: [("C1", "priority:3", "Green", "“said little", "whether the measure counts what matters")],
    9: [("T4", "indicator:budget", "£0", "£49k does not say whether that is over or under"),
        ("U1", "indicator:budget", "£0", "£49k", "differ in scale")],
    10: [("T2", "indicator:reablement", "9.4%", "500 is due", "ends at 748"),
         ("T3", "priority:7", "187 is 62.6% worse than the target of 500", "which is Red", "Amber")],
    11: [("C1", "priority:7", "“compares very well", "REABLEMENT 187 against 2000 is Red")],
    12: [("T1", "priority:8", "No status", "SELF-DIRECTED 42% against 100% (Red"),
         ("W4", "priority:8", "2011/12 (45% and 52%)", "the result is 42%")],
    13: [("T1", "priority:8", "No status", "CONTROL 68% against 85% (Red")],
    14: [("T1", "priority:9", "Neither a status nor a measure")],
    15: [("U1", "indicator:bed-weeks", "32117 and 128469", "commas")],
    16: [("T3", "priority:11", "29.5% is 34.4% worse than the target of 45%", "which is Red", "Amber"),
         ("W4", "priority:11", "2011/12 (36% and 38%)", "the result is 29.5%"),
         ("C3", "priority:11", "36% and 38% leave 26% for “the rest”")],
    17: [("P1", "indicator:safeguarding", "turned away")],
    18: [("T1", "priority:12", "Green", "SAVINGS blank against £7.2m"),
         ("C1", "priority:12", "“on course", "no result"),
         ("C1", "priority:5", "Green", "“cannot be confirmed yet”")],
    19: [("T3", "priority:13", "1.92 is 28% worse than the target of 1.50", "which is Red", "The priority is Green"),
         ("C1", "priority:13", "no word on its measure", "DELAYS")],
    20: [("U1", "indicator:delays", "1.50 and 9.28 people per week", "618,667 people")],
    22: [("T1", f"priority:{number}", "a status but has no measure (“N/A” is printed)") for number in (6, 15, 16, 17)],
    23: [("A4", "priority:17", "more than 450 Health and Social Care staff across the city")],
    24: [("C1", "priority:14", "Green", "“will miss its original date of March 2012")],
    25: [("T1", "priority:18", "Amber", "SMOKING blank")],
    26: [("L3", "priority:19", "Amber", "two measures: EMERGENCY-ADMISSIONS", "RESIDENTIAL-ADMISSIONS"),
         ("T1", "priority:19", "Amber", "See report card")],
    27: [("T1", "priority:20", "LTC-SUPPORTED has no target")],
    28: [("T1", "priority:21", "Neither a status nor a figure", "See report card")],
    29: [("L4", "scorecard:2012-13", "“City Priority Plans” prints no progress and no target")],
    31: [("L4", "scorecard:2012-13", "nothing under the heading “Self Assessment”")],
}  # fmt: skip

NOT_FOUND = {
    1: "The page image was cut with overlap; pages are not recorded.",
    2: "The half sentence that stands twice across the cut is condensed into one.",
    3: "The detached columns are rejoined in order, as the file says.",
    4: "That pages 2 and 3 have no column header: pages are not recorded.",
    5: "Text that spills into the rows around: each priority has its text here.",
    21: "Passes: 89.5% is within 5% of 90%, and the priority is Green.",
    30: "Slips of spelling are condensed away.",
    32: "A count over the whole sheet: the test below.",
}
IN_PART = {
    5: "“Adult Social Care / Health and Well Being” is two portfolios here.",
    8: "Which of quality and presence is counted no rule can tell; it asks.",
    11: "That 70% is another measure is left to the reader; that praise stands beside Red is found.",
    13: "The 74% of the council's own account is in a note of the definition, not among the figures.",
    15: "128,469 passes: 32,116.5 to 32,117.5 make 128,466 to 128,470.",
    27: "That 42% stands twice by chance is not remarked on, and should not be.",
}


def test_every_number_of_the_list_has_its_place():
    assert {*FOUND, *NOT_FOUND} == {*range(1, 33)}
    assert not FOUND.keys() & NOT_FOUND.keys()
    assert IN_PART.keys() <= {*FOUND, *NOT_FOUND}


@pytest.mark.parametrize("number", FOUND, ids=lambda number: f"L{number}")
def test_what_a_reader_found_on_the_sheet_is_found(number):
    for told in FOUND[number]:
        assert any(fits(finding, told) for finding in everything("leeds")), told


def test_nothing_else_is_found():
    assert beyond("leeds", [each for entries in FOUND.values() for each in entries]) == []
    assert len({finding.key for finding in ours("leeds")}) == len(ours("leeds"))


def test_what_passes():
    "L15, L21 and L27."
    about = [(finding.rule, finding.subject.key) for finding in ours("leeds")]
    assert not [rule for rule, _ in about if rule == "T5"]
    assert ("T3", "priority:2012-13/14") not in about
    assert not [finding for finding in ours("leeds") if "SELF-DIRECTED" in finding.words and "LTC" in finding.words]


def test_the_whole_sheet_judged_by_five_and_ten_per_cent():
    "L32: 13 measures have a target, 11 under a status; two have no usable result, and the budget cannot be rated."
    leeds = example("leeds")
    assert leeds.council.judging.status is FIVE_AND_TEN
    judged = {
        told.line.code: (told.status.rag, report.said.status)
        for report in reports(leeds) for told in report.measures if told.line.target
    }  # fmt: skip
    assert judged == {
        "APPRAISALS": (None, "Amber"),  # N/A
        "STAFF-ENGAGEMENT": ("Green", "Amber"),
        "CONSULTATION": ("Green", "Green"),
        "EQUALITY": ("Green", "Green"),
        "BUDGET": (None, "Green"),  # a share of nothing
        "REABLEMENT": ("Red", "Amber"),
        "SELF-DIRECTED": ("Red", None),
        "CONTROL": ("Red", None),
        "BED-WEEKS": ("Green", "Green"),
        "SAFEGUARDING": ("Red", "Amber"),
        "SAVINGS": (None, "Green"),  # blank
        "DELAYS": ("Red", "Green"),
        "HOME-91-DAYS": ("Green", "Green"),
    }
    assert len(judged) == 13
    assert len([printed for _, printed in judged.values() if printed]) == 11
