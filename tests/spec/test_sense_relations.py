"""What the checks find between indicators, populations and the plan around them, and what they leave alone."""

from fractions import Fraction
from pathlib import Path

import pytest

from outturn.catalogue.library import load_catalogue
from outturn.judgement.settings import AGES, Population
from outturn.plans.action import Action, ActionState
from outturn.plans.risk import Risk
from outturn.plans.service_plan import Resource
from outturn.sense.links import links, read_key
from outturn.sense.relations import implied_counts
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.terms.unit import Unit
from outturn.terms.value import read_value
from tests.spec.sense_stories import found, indicator, line, picture, row

PEOPLE = tuple(
    Population(year, ages, people, "ONS")
    for year, three in {
        2015: (170_157, 133_120, 37_037), 2016: (171_662, 134_151, 37_511), 2017: (171_639, 133_757, 37_882),
    }.items()
    for ages, people in zip(AGES, three, strict=True)
)  # fmt: skip
RATES = {"framework": "ascof-2015-18", "unit": "per 100,000"}
AVERAGE = {"unit": "per 100,000", "basis": "year-to-date average"}


def only(rule, *things, **more):
    """The words of the one finding."""
    (finding,) = found(rule, *things, **more)
    return finding.words


def test_every_link_is_to_an_indicator_that_is_defined(examples_catalogue):
    known, told = set(examples_catalogue.indicators), links()
    meant = {*told.rates, *told.not_published, *told.scores, *(key for key, *_ in told.plan_facts)}
    meant |= {key for pair in (*told.parts, *told.same_denominator) for key in pair}
    meant |= {key for whole, parts in told.sums for key in (whole, *parts)}
    meant |= {key for one, other, *_ in (*told.counts, *told.alike) for key in (one, other)}
    assert not meant - known
    assert {rate.ages for rate in told.rates.values()} <= set(AGES)


@pytest.fixture(scope="module")
def examples_catalogue():
    return load_catalogue([("york", Path(__file__).parents[2] / "examples/york/definitions")])


# One indicator on two bases


@pytest.mark.parametrize(
    ("one", "other", "figures", "mislabelled"),
    [
        ("year-to-date sum", "snapshot", "683.1 | 647.8", True),
        ("year-to-date average", "snapshot", "13.2 | 16.85", True),
        ("year-to-date average", "year-to-date sum", "13.2 | 16.85", True),
        ("year-to-date sum", "rolling 12 months", "683.1 | 647.8", False),  # at a year's end they are one
        ("annual", "snapshot", "97.6 | 99.9", False),  # a year's figure may be that of its last day
        ("year-to-date sum", "snapshot", "0 | 0", False),
    ],
)
def test_two_kinds_of_figure_cannot_be_the_same(one, other, figures, mislabelled):
    defined = indicator("X1", basis=f"{one}, {other}")
    assert bool(found("K1", row(defined, figures, basis=one), row(defined, figures, basis=other))) is mislabelled


def test_two_kinds_of_figure_that_differ_are_right():
    defined = indicator("X1", basis="year-to-date sum, snapshot")
    rows = [row(defined, "683.1 | 647.8"), row(defined, "683.1 | 51.2", basis="snapshot")]
    assert not found("K1", *rows)


# Counts, rates and populations


@pytest.mark.parametrize(
    ("code", "year", "printed", "implied"),
    [  # worked out by hand from ONS mid-year estimates
        ("ascof-2015-18/ASCOF2A2", 2015, "683.1", {2015: 253}),
        ("ascof-2015-18/ASCOF2A2", 2016, "647.8", {2016: 243}),
        ("ascof-2015-18/ASCOF2A1", 2016, "11.18", {2016: 15}),
        ("york/PVP15", 2016, "2.11", {2015: 43}),
        ("york/PVP16", 2016, "10.77", {2015: 220}),
        ("ascof-2015-18/ASCOF2C2", 2016, "7.49", {2015: 153}),
        ("york/PVP14", 2016, "6.07", {2016: 125, 2015: 124, 2017: 125}),  # 0.2 of a person: a few will do
        ("ascof-2015-18/ASCOF2C1", 2015, "13.2", {}),  # two people wide: it tells nothing
        ("ascof-2015-18/ASCOF2C1", 2017, "13.65", {}),  # delayed days by then, no whole number of people
        ("york/PVP02", 2016, "6.07", {}),  # no rate
    ],
)
def test_the_count_that_a_rate_implies(code, year, printed, implied):
    figure = read_value(printed)
    point = Period.year(year), figure, Fraction(figure.amount)
    counts = implied_counts(picture(populations=PEOPLE), read_key(code), point)
    assert list(counts.items()) == list(implied.items())  # the year itself first, then the one before
    quarter = Period.quarter(year, 4), *point[1:]
    assert not implied_counts(picture(populations=PEOPLE), read_key(code), quarter)


def admissions(count, rate):
    return row("PVP02", count, framework="york"), row("ASCOF2A2", rate, **RATES)


def test_a_count_that_its_rate_does_not_bear_out():
    words = only("S3", *admissions("260 | 248", "683.1 | 647.8"), populations=PEOPLE)
    assert "imply 253 and 243 admissions, not 260 and 248" in words
    assert "With 260 and 248 the rates would be 702.0 and 661.1." in words


@pytest.mark.parametrize(
    ("count", "rate", "people"),
    [
        ("253 | 243", "683.1 | 647.8", PEOPLE),
        ("260 | 248", "683.1 | 647.8", ()),  # no population, no telling
        ("260 | NC", "- | 647.8", PEOPLE),
        ("260", "690.0", PEOPLE),  # no whole number gives that: it rests on another population
    ],
)
def test_a_count_that_cannot_be_held_against_its_rate(count, rate, people):
    assert not found("S3", *admissions(count, rate), populations=people)


def delays(count, **more):
    return row("PVP04", count, framework="york", **{"basis": "snapshot", **more})


def test_a_snapshot_that_is_the_total_behind_a_rate():
    rate = row("PVP14", "- | 6.07", framework="york", **AVERAGE)
    words = only("K2", delays("189 | 124"), rate, populations=PEOPLE)
    assert "is called a snapshot, but PVP14 of 6.07 comes from 124 delays over 12 counts" in words
    assert not found("K2", delays("189 | 11"), rate, populations=PEOPLE)
    assert not found("K2", delays("189 | 124", basis="year-to-date sum"), rate, populations=PEOPLE)


def test_rates_of_one_year_on_two_populations():
    rows = [row("PVP15", "- | 2.11", framework="york", **AVERAGE), row("ASCOF2A2", "- | 647.8", **RATES)]
    (finding,) = found("S4", *rows, populations=PEOPLE)
    assert "PVP15 only on that of mid-2015; ASCOF2A2 only on that of mid-2016" in finding.words
    assert {subject.title for subject in finding.also} == {"PVP15", "ASCOF2A2"}
    other = row("ASCOF2A1", "- | 11.18", **RATES)
    assert not found("S4", other, rows[1], populations=PEOPLE)


# Parts and wholes


@pytest.mark.parametrize(
    ("part", "whole", "above"), [("2", "3", False), ("3", "3", False), ("4", "3", True), ("-", "3", False)]
)
def test_a_part_is_not_above_its_whole(part, whole, above):
    rows = row("CORP02La", part, framework="york"), row("CORP01L", whole, framework="york")
    assert bool(found("S1", *rows)) is above


def test_a_year_is_not_held_against_a_day():
    year, day = row("CORP02La", "4", framework="york"), row("CORP01L", "3", framework="york", basis="snapshot")
    assert not found("S1", year, day)


def test_rates_that_rounding_may_have_lifted_are_left_alone():
    def both(part):
        return row("ASCOF2C2", part, **RATES), row("ASCOF2C1", "13.2", **RATES)

    assert not found("S1", *both("13.25"))
    assert "13.4 of 13.2 in 2015/16" in only("S1", *both("13.4"))


def test_a_count_above_what_the_rate_of_its_whole_means():
    whole = row("PVP15", "- | 2.11", framework="york", **AVERAGE)
    words = only("S1", row("PVP05", "137 | 89", framework="york", basis="snapshot"), whole, populations=PEOPLE)
    assert words.startswith("It prints 89 in 2016/17, but PVP15, of which it is a part, means 43 (2.11 for every")
    assert not found("S1", row("PVP05", "137 | 43", framework="york", basis="snapshot"), whole, populations=PEOPLE)


def money(label, amount, part_of=""):
    return Resource(label, read_value(amount), Unit.POUNDS, part_of)


def staff(label, amount, part_of=""):
    return Resource(label, read_value(amount), Unit.FTE, part_of)


def test_parts_of_the_staff_may_overlap_but_none_is_above_the_whole():
    posts = staff("Social workers", "68.5", "Staff"), staff("Qualified staff", "90.0", "Staff")
    assert not found("S1", resources=(staff("Staff", "120.0"), *posts))
    assert "its part, Qualified staff 90.0, is more" in only("S1", resources=(staff("Staff", "80.0"), *posts))


def test_a_part_of_the_budget_above_the_budget():
    net = money("Net budget", "£44.53m")
    assert "£44.53m, but its part, Fund £50.17m, is more" in only(
        "S1", resources=(net, money("Fund", "£50.17m", "Net budget"))
    )
    parts = money("Older people", "£27.9m", "Net budget"), money("Others", "£16.64m", "Net budget")
    assert not found("S1", resources=(net, *parts))  # a hundredth over, which is rounding
    assert not found("S1", resources=(net, parts[0]))  # a list may leave parts out
    unknown = money("Income", "N/A", "Net budget")
    assert not found("S1", resources=(net, money("Fund", "£50.17m", "Net budget"), unknown))


@pytest.mark.parametrize(("whole", "wrong"), [("16.85", False), ("16.84", False), ("16.90", True), ("-", False)])
def test_parts_add_up_but_for_rounding(whole, wrong):
    parts = [row("PVP14", "6.07", framework="york", **AVERAGE), row("PVP16", "10.77", framework="york", **AVERAGE)]
    seen = found("S2", row("ASCOF2C1", whole, **RATES), *parts)
    assert ["PVP14 6.07 and PVP16 10.77 add up to, which is 16.84" in one.words for one in seen] == [True] * wrong


# Twins, and facts that stand twice


def test_twins_are_asked_about_and_chance_is_not():
    one, other = row("X1", "94.50% | 92.54%", unit="%"), row("X2", "94.50% | 92.54%", unit="%")
    assert only("S5", one, other).startswith("X2 prints the same figures, 94.50% in 2015/16 and 92.54% in 2016/17.")
    assert not found("S5", row("X1", "42%", unit="%"), row("X2", "42%", unit="%"))
    assert not found("S5", row("X1", "0 | 0"), row("X2", "0 | 0"))
    assert not found("S5", one, row("X2", "94.50% | 92.54% | 93%", unit="%"))
    both = indicator("X1", unit="%", basis="annual, snapshot")
    assert not found("S5", row(both, "94.50% | 92.54%"), row(both, "94.50% | 92.54%", basis="snapshot"))


def test_indicators_alike_in_meaning_should_not_be_far_apart():
    def both(mine):
        return row("PVP01", mine, framework="york", unit="%"), row("ASCOF1C1a", "97.60%", framework="ascof-2015-18")

    assert "PVP01 is 93.88% and ASCOF1C1a 97.60% in 2015/16" in only("S5", *both("93.88%"))
    assert not found("S5", *both("96.60%"))


def test_a_fact_that_a_plan_tells_twice():
    risks = tuple(Risk(str(number), "…", "Head", rating=Rag.AMBER) for number in range(6))
    risks += (Risk("2002", "Budget", "Head", rating=Rag.RED),)
    action = Action("A1", "Theme", "Do it.", "Major", ("Head",), "Ongoing", ActionState.STANDING)
    staff = Resource("Staff FTEs", read_value("329.27"), Unit.FTE)
    around = {"risks": risks, "actions": (action,), "resources": (staff,)}
    differ = [row("STF08", "N/A | 617.8 | 594.2", framework="york", unit="FTE"),
              row("COR01", "- | 3 | 4", framework="york"), row("CORP01L", "N/A | 1 | 3", framework="york")]  # fmt: skip
    staff_words, risk_words, action_words = (finding.words for finding in found("C2", *differ, **around))
    assert "594.2 in 2017/18, but the plan's resources say 329.27 for Staff FTEs" in staff_words
    assert "4 in 2017/18, but the plan lists seven risks, one of them Red" in risk_words
    assert "3 in 2017/18, but the plan has one action of type Major (A1)" in action_words
    agree = [row("STF08", "329.3", framework="york", unit="FTE"), row("COR01", "7", framework="york"),
             row("CORP01L", "1", framework="york")]  # fmt: skip
    assert not found("C2", *agree, **around)
    assert not found("C2", *differ)  # a plan without risks, actions and resources says nothing of them


def test_two_shares_of_the_same_people_have_one_denominator():
    rows = [row(code, "82.6%", framework="ascof-2015-18", unit="%") for code in ("ASCOF1E", "ASCOF1G")]
    words = only("N6", *rows, counts={"ascof1e": (353, 428), "ascof1g": (353, 427)})
    assert words.startswith("428 people are behind it in 2015/16 and 427 behind ASCOF1G")
    assert not found("N6", *rows, counts={"ascof1e": (353, 428), "ascof1g": (40, 428)})


def test_a_list_with_most_of_a_framework_should_have_it_all():
    def listing(codes, figures):
        return [row(code, figures, framework="ascof-2015-18") for code in codes]

    codes = [key.code for key in load_catalogue().indicators if key.framework == "ascof-2015-18"]
    words = only("V1", *listing(codes, "1 | 2 | 3"))
    assert "ASCOF1J (adjusted quality of life, since 2016/17) and ASCOF2C3" in words
    assert "ASCOF2C3" not in only("V1", *listing(codes, "1 | 2"))
    assert not found("V1", *listing(codes, "1"))  # in 2015/16 there was nothing more
    assert not found("V1", *listing(codes[:3], "1 | 2 | 3"))


def test_a_figure_after_a_measure_has_ended():
    words = only("V1", row("ASCOF2C1", "13.2", first=2020, **RATES))
    assert words.startswith("It has figures for 2020/21, but the measure ended with 2019/20.")
    assert not found("V1", row("ASCOF2C1", "13.2", first=2019, **RATES), row("ASCOF1A", "19", first=2020, **RATES))


def test_a_line_of_a_scorecard_takes_part_too():
    assert found("S1", line("CORP02La", "4", framework="york"), line("CORP01L", "3", framework="york"))
