"""York's plan of 2018: what a careful reader found in its text, actions and risks (Y3 to Y23), and what the made-up
councils hold. Both ways: every number has its place, and every finding its number or its reason.
"""

import pytest

from .sense_examples import beyond, everything, fits, ours

FOUND = {  # number: rule, subject, words
    3: [("C1", "plan:2018-19", "direct payment is growing", "ASCOF1C2a was 22.40% in 2015/16 and 20.49% in 2016/17")],
    5: [("C1", "plan:2018-19", "In non-acute hospitals", "cannot be checked: of PVP16 and PVP17")],
    7: [("I3", "plan:2018-19", "The actions have no ASCP07.")],
    8: [("A1", "plan:2018-19", "Of 22 actions, 16 say Ongoing", "three say Complete")],
    9: [("A2", "action:ASCP02", "“Its recommendations being considered” was due March 2018"),
        ("A2", "action:ASCP08", "“Policy to be agreed with partners” was due July 2017")],
    10: [("A3", "action:ASCP06", "“from July”"), ("A3", "action:ASCP17", "“April”, “June” and “October”"),
         ("A2", "action:ASCP17", "was due Mar 2018"), ("A3", "action:ASCP20", "“June”"),
         ("A2", "action:ASCP20", "was due Mar 2018"),
         ("A3", "action:ASCP20", "(Mar 2018) is open", "(June 2018) is done")],
    11: [("A4", "action:ASCP04", "what “this” is"), ("A4", "action:ASCP04", "“TC Plan in place” stands in ASCP03 too")],
    12: [("O1", "plan:2018-19", "Two or more posts answer for ASCP09, ASCP17 and ASCP20")],
    13: [("A3", "plan:2018-19", "ASCP21 and ASCP22 have no milestone"),
         ("A4", "action:ASCP23", "HR and business” breaks off")],
    14: [("A1", "plan:2018-19", "Complete and not when (ASCP10, ASCP13 and ASCP16)")],
    15: [("C2", "indicator:corp01l", "one action of type Major (ASCP17)")],
    16: [("A5", "plan:2018-19", "No action is marked as statutory",
          "ASCP01 (Care Act), ASCP08 (S117) and ASCP19 (DoLS)")],
    18: [("R1", "plan:2018-19", "Seven risks (0544, 2002", "one letter")],
    20: [("I3", "plan:2018-19", "The risks have no 2003 and 2007.")],
    21: [("T3", "risk:0544", "It is Amber", "PVP12", "ASCOF2C1 (13.2 to 16.85)", "ASCOF2C2", "marked Bad")],
}  # fmt: skip
NOT_FOUND = {
    4: "Passes: the text says that satisfaction slipped, and it went from 64.0% to 62.4%.",
    6: "The template's instructions and the running header are left out of our data.",
    17: "Owners and cells that wrap over rows are whole in our data.",
    22: "Controls are a list in our data, however they were printed.",
    23: "Column headings are not recorded, so that they differ is not either.",
}
IN_PART = {
    5: "The first half passes: delays in acute hospitals went from 189 to 124 (PVP04).",
    12: "The comma at the end of ASCP13 and the “e.g.” of ASCP11 are condensed away.",
    20: "0544 and 2076 stand apart, so what lies between is another service's.",
}
NOT_ON_THE_LIST = {
    ("A5", "plan:2018-19", "name no indicator and no risk"): "Links are ours: the plan names none at all.",
}

OTHERS = {  # every finding in the made-up councils, as they stood on 25 November 2026, and why it is right
    "harrowmere": {
        ("A2", "action:HASC01", "31 October 2026"): "the last note is of September",
        ("A2", "action:HASC03", "“Care provider appointed”"): "the last note is of August",
        ("A2", "action:HASC04", "review"): "the last note is of July",
        ("A2", "action:HASC05", "30 September 2026"): "the last note is five days before",
        ("A2", "action:HASC06", "October 2026"): "the last note is of September",
        ("A2", "action:HASC07", "July 2026"): "put back on 20 July, with no new date since",
        ("A2", "action:HASC12", "review"): "the last note is of June",
        ("A5", "plan:2026-27", "HASC12 names no indicator"): "it names neither",
        ("O1", "plan:2026-27", "HASC02 and HASC11"): "two posts each",
        ("T3", "risk:RSK-05", "SW-FTE (59.8 to 58.9)"): "Amber, and its only indicator is marked Bad",
        ("C1", "priority:4", "have yet to join the daily meeting"): "Green, and a step due in September is missed",
        ("T1", "priority:4", "SG-CONCERNS says neither better nor worse"): "a count without a wanted direction",
        ("T1", "priority:12", "no measure (“n/a” is printed)"): "Millbrook Court has dates and no measure",
        ("T3", "priority:6", "START-DAYS: 24.1 is 14.8% worse", "Amber"): "falling, but still beyond 10%",
    },
    "exampleshire": {
        ("C1", "priority:1", "“the best for two years”", "REABLE-OUT -"): "the figure typed in is awaited",
        ("C1", "priority:2", "“fewer people take them as a direct payment”"): "34.2% to 35.6%",
        ("T2", "indicator:reable-start", "33", "40 is due"): "41.3% at half-year",
        ("T3", "priority:1", "33 is 17.5% worse", "Green"): "by its own rule: Within 5%, worst of its measures",
        ("T3", "priority:2", "SDS: 89.3%", "Green"): "0.8% short is Amber by that rule",
        ("T3", "priority:2", "SDS: 91%", "Amber"): "both meet their targets",
        ("T3", "priority:4", "REVIEWED: 66.7%", "Amber"): "both are beyond 5%",
        ("T3", "priority:4", "REVIEWED: 66.9%", "Amber"): "10.8% short",
        ("T3", "priority:5", "SICKNESS: 9.4", "Green"): "4.4% over",
        ("T3", "priority:5", "SICKNESS: 9.9", "Green"): "10% over",
        ("W2", "priority:5", "Spending on care homes is in line with the budget."): "in both quarters",
    },
}


def test_every_number_of_the_list_has_its_place():
    assert {*FOUND, *NOT_FOUND} == {*range(3, 24)} - {19}  # 19 is told among the indicators
    assert not FOUND.keys() & NOT_FOUND.keys()
    assert IN_PART.keys() <= FOUND.keys()


@pytest.mark.parametrize("number", FOUND, ids=lambda number: f"Y{number}")
def test_what_a_reader_found_in_the_plan_is_found(number):
    for told in FOUND[number]:
        assert any(fits(finding, told) for finding in everything("york")), told


def test_nothing_else_is_found_in_york():
    assert beyond("york", [*NOT_ON_THE_LIST, *(each for entries in FOUND.values() for each in entries)]) == []
    assert len({finding.key for finding in ours("york")}) == len(ours("york"))


@pytest.mark.parametrize("council", OTHERS)
def test_what_is_found_in_the_made_up_councils_is_all_there_is(council):
    assert beyond(council, list(OTHERS[council])) == []
    for told in OTHERS[council]:
        assert [finding for finding in ours(council) if fits(finding, told)], told
