"""Small numbers are withheld from the public, and nobody gets them by subtracting."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.measures.library import load_library
from outturn.results import links
from outturn.results.audit import Reader, ranges
from outturn.results.disclosure import BECAUSE, published
from outturn.results.tables import Tables, tables
from tests.unit.attacker import Guesser, learn_all
from tests.unit.figures import cells_of, figure, table

ORACLE = Path(__file__).parents[1] / "oracles" / "data" / "sdc"
JUNE, SEPTEMBER, YEAR = "2026-27 to 2026-06-30", "2026-27 to 2026-09-30", "2026-27"


def withheld(*figures):
    """For each figure whether it is withheld."""
    return [one["state"] == "suppressed" for one in published(figures)]


def test_fewer_than_five_are_withheld_with_everything_that_tells_of_them():
    """None and five may be known."""
    found = published([figure(4)])[0]
    assert [found[name] for name in ("value", "numerator", "denominator", "interval", "year_end")] == [None] * 5
    assert (found["state"], found["because"]) == ("suppressed", BECAUSE)
    assert [withheld(figure(number))[0] for number in (0, 1, 4, 5, 1000)] == [False, True, True, False, False]


def test_of_a_proportion_those_not_counted_are_people_too():
    """All but two had their review: the two are known to their neighbours."""
    assert withheld(figure(98, 100, unit="%")) == [True]
    assert withheld(figure(100, 100, unit="%")) == [False]
    assert withheld(figure(0, 3, unit="%")) == [True]
    assert withheld(figure(0, 0, unit="%")) == [False]


def test_of_a_rate_only_those_counted_matter_because_populations_are_public():
    """Also while there is no population file."""
    assert withheld(figure(3, 134_325, unit="per 100,000")) == [True]
    assert withheld(figure(9, 12, unit="per 100,000")) == [False]
    assert withheld(figure(3, None, unit="per 100,000")) == [True]


def test_medians_and_sums_of_few_are_withheld():
    """A median has its number as denominator, a sum has it as units."""
    assert withheld(figure(None, 4, unit="days")) == [True]
    assert withheld(figure(None, 5, unit="days")) == [False]
    assert withheld(figure(25_537, unit="weeks", units=2)) == [True]
    assert withheld(figure(3, unit="weeks", units=20)) == [False]


def test_what_has_no_figure_stays_as_it_is():
    """An absence tells of nobody."""
    awaited = figure(None, unit="%") | {"state": "awaited", "because": "No file.", "value": None}
    assert published([awaited]) == [awaited]


def test_a_cell_alone_takes_the_next_smallest_with_it():
    """3 of 100 would be the total less the others."""
    assert withheld(figure(100), figure(3, setting="a"), figure(60, setting="b"), figure(37, setting="c")) == [
        False, True, False, True,
    ]  # fmt: skip


def test_nobody_is_no_cover():
    """To withhold a nought beside a three tells the three."""
    assert withheld(figure(63), figure(3, setting="a"), figure(0, setting="b"), figure(60, setting="c")) == [
        False, True, False, True,
    ]  # fmt: skip


def test_two_small_cells_that_together_give_themselves_away_take_a_third():
    """If two withheld come to two, each is one."""
    assert withheld(figure(62), figure(1, setting="a"), figure(1, setting="b"), figure(60, setting="c")) == [
        False, True, True, True,
    ]  # fmt: skip


def test_where_nothing_else_is_left_the_total_goes():
    """A breakdown of one value is its total."""
    assert withheld(figure(3), figure(3, setting="a"), figure(0, setting="b")) == [True, True, False]
    assert withheld(figure(98, 100, unit="%"), figure(40, 40, unit="%", setting="a"),
                    figure(58, 60, unit="%", setting="b")) == [True, False, True]  # fmt: skip


def test_a_council_is_not_had_from_the_total_of_several():
    """York had 3 and Leeds 40: all of them less Leeds is York."""
    assert withheld(figure(3, area="york"), figure(40, area="leeds"), figure(60, area="hull"),
                    figure(103, area="all")) == [True, True, False, False]  # fmt: skip


def test_another_breakdown_is_not_touched():
    """Ages are withheld, settings add up to the same total and may stay."""
    assert withheld(
        figure(100), figure(3, age="18"), figure(97, age="65"), figure(50, setting="a"), figure(50, setting="b")
    ) == [False, True, True, False, False]


def test_the_small_one_cannot_be_told_from_its_cover():
    """All that are withheld say the same."""
    found = published([figure(100), figure(3, setting="a"), figure(97, setting="b")])
    assert {one["because"] for one in found if one["state"]} == {BECAUSE}


def test_side_counts_are_withheld_by_themselves():
    """The figure stays; a withheld side count is None."""
    found = published(
        [
            figure(100, sides={"NHS": 13, "deceased": 20}),
            figure(40, sides={"NHS": 2}, age="18"),
            figure(60, sides={"NHS": 11, "deceased": 20}, age="65"),
        ]
    )
    assert [one["state"] for one in found] == [None] * 3
    assert [one["side_counts"] for one in found] == [
        {"NHS": 13, "deceased": 20}, {"NHS": None}, {"NHS": None, "deceased": 20},
    ]  # fmt: skip


def test_a_figure_given_twice_is_refused():
    """Two that differ would be a leak nobody looked at."""
    with pytest.raises(ValueError, match="two figures"):
        published([figure(7), figure(8)])


def test_what_is_given_is_not_changed():
    """The caller's results stay whole for those who may see them."""
    ours = figure(3, sides={"NHS": 1})
    published([ours])
    assert (ours["numerator"], ours["side_counts"]) == (3, {"NHS": 1})


# Figures that are of the same people


def test_a_quarter_is_not_had_from_the_year_to_date():
    """43 by September less 40 by June are the 3 of the second quarter; 60 less 40 may be known."""
    started = {"measure": "REABLEMENT", "part": "started"}
    assert withheld(figure(40, period=JUNE, **started), figure(43, period=SEPTEMBER, **started)) == [True, False]
    assert withheld(figure(40, period=JUNE, **started), figure(60, period=SEPTEMBER, **started)) == [False, False]


def test_a_withheld_quarter_takes_another_of_the_year_with_it():
    """The year less the three others is the one."""
    quarters = [figure(number, measure="REQUESTS", period=f"2026-27 Q{place}")
                for place, number in enumerate((30, 3, 25, 40), 1)]  # fmt: skip
    assert withheld(figure(98, measure="REQUESTS", period=YEAR), *quarters) == [False, False, True, True, False]


def test_months_and_their_quarter():
    months = [figure(number, measure="REQUESTS", period=f"month 2026-0{month}")
              for month, number in ((4, 2), (5, 50), (6, 9))]  # fmt: skip
    quarter = figure(61, measure="REQUESTS", period="2026-27 Q1")
    assert withheld(*months, quarter) == [True, False, True, False]


def test_two_windows_of_twelve_months_tell_of_no_month():
    """What they differ by is one month less another, which is nobody's number."""
    windows = [figure(number, measure="2C", unit="per 100,000", period=f"12m to 2026-0{month}-{day}")
               for month, day, number in ((5, 31, 60), (6, 30, 62), (7, 31, 63))]  # fmt: skip
    assert withheld(*windows) == [False, False, False]


def test_twelve_months_less_the_year_so_far_are_the_rest_of_last_year():
    """60 in 12 months to June, of them 57 since April: 3 from July to March."""
    about = {"measure": "2C", "unit": "per 100,000"}
    twelve, so_far = figure(60, period="12m to 2026-06-30", **about), figure(57, period=JUNE, **about)
    assert withheld(twelve, so_far, figure(20, period="2025-26 to 2025-06-30", **about)) == [False, True, False]


def test_who_is_supported_in_two_quarters_is_one_person():
    """Nothing follows from the difference of two counts of people supported at some time."""
    carers = {"measure": "CARERS", "part": "supported"}
    assert withheld(figure(40, period=JUNE, **carers), figure(43, period=SEPTEMBER, **carers)) == [False, False]


def test_admissions_by_two_names():
    """Everybody less those of 65 and over are the 3 younger ones, who are withheld as 2B."""
    everybody = figure(63, measure="HOME-ADMISSIONS", part="aged 18 and over", period=YEAR)
    younger = figure(3, measure="2B", unit="per 100,000", period=YEAR)
    older = figure(60, measure="2C", unit="per 100,000", period=YEAR)
    assert withheld(everybody, younger, older) == [False, True, True]
    assert withheld(everybody, older) == [False, True]
    assert withheld(younger, older) == [True, False]


def test_the_same_people_are_withheld_under_each_of_their_names():
    """98 of 100 were reviewed: the 2 others are those overdue."""
    reviewed = figure(98, 100, unit="%", measure="REVIEWED", period="at 2026-06-30")
    overdue = figure(2, measure="REVIEWS-OVERDUE", period="at 2026-06-30")
    assert withheld(reviewed, overdue) == [True, True]
    older = [figure(60, 69, unit="%", measure="REVIEWED", period="at 2026-06-30", age_band="65 and above"),
             figure(9, measure="REVIEWS-OVERDUE", period="at 2026-06-30", age_band="65 and above")]  # fmt: skip
    everybody = figure(82, 93, unit="%", measure="REVIEWED", period="at 2026-06-30")
    assert withheld(everybody, *older) == [False, True, True]  # 11 less 9 are of the younger


def test_one_part_within_another():
    """52 direct their own support, 49 of them by direct payment: 3 have a budget that the council manages."""
    directed = figure(52, 80, unit="%", measure="3D", part="1a", period=YEAR)
    payments = figure(49, 80, unit="%", measure="3D", part="2a", period=YEAR)
    assert sorted(withheld(directed, payments)) == [False, True]
    assert withheld(figure(70, 80, unit="%", measure="3D", part="1a", period=YEAR), payments) == [False, False]


def test_the_last_day_is_the_same_by_whatever_period_it_is_reached():
    """Direct payments on 31 March, for the year, the twelve months and the quarter, and as SELF-DIRECTED that day."""
    on_the_day = [figure(3, 80, unit="%", measure="3D", part="2a", period=period)
                  for period in (YEAR, "12m to 2027-03-31", "2026-27 Q4")]  # fmt: skip
    on_the_day.append(figure(3, 80, unit="%", measure="SELF-DIRECTED", part="direct payments", period="at 2027-03-31"))
    assert len({quantity for item in tables(on_the_day).items for quantity in item.names.values()}) == 3


def test_those_in_no_band_are_people_too():
    """2 are of unknown age: one more band is withheld, or they would be the difference."""
    assert withheld(figure(100), figure(40, age="18"), figure(58, age="65")) == [False, True, False]
    assert withheld(figure(100), figure(40, age="18"), figure(50, age="65")) == [False, False, False]


def test_every_link_is_of_measures_that_are_there():
    """Of their parts, breakdowns and kinds."""
    library = load_library().measures
    for subject, where in (
        *((link.subject, {}) for link in links.SAME), *((link.as_subject, link.where) for link in links.SAME),
        *((subject, {}) for subject in links.ON_THE_LAST_DAY), *(((code, None), {}) for code in links.ADD_OVER_TIME),
    ):  # fmt: skip
        measure = library[subject[0]]
        assert subject[1] is None or subject[1] in measure.parts
        assert where.keys() - {"part"} <= {name for group in measure.groups for name in group}


# Bad input


def test_what_no_count_can_be_is_withheld_or_left():
    assert withheld(figure(-3)) == [True]
    assert withheld(figure(0), figure(0, age="18"), figure(0, age="65")) == [False] * 3
    assert withheld(figure(12, 9, unit="%")) == [False]  # as 2D 2 may be, whose two numbers are of different people
    assert withheld(figure(3, age="18"), figure(60, age="65")) == [True, False]  # without a total
    assert withheld(figure(3, period="at some time"), figure(60)) == [True, False]
    assert withheld() == []


# Somebody who tries everything

cells = st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 9, 12))
WITHHELD = Counter()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_small_number_of_a_table_is_known_within_five(numbers):
    """Whoever tries all tables with the published numbers finds ones in which it is another by 5 or more."""
    before = table(numbers)
    after = published(before)
    attacker = Guesser(4, 18)
    learn_all(attacker, after, lambda one: cells_of(one, 2, 2))
    for one, shown in zip(before, after, strict=True):
        WITHHELD["withheld" if shown["state"] else "shown", 0 < one["numerator"] < 5] += 1
        if 0 < one["numerator"] < 5:
            low, high = attacker.limits(cells_of(one, 2, 2))
            assert high - low >= 5
            assert shown["state"] == "suppressed"


def test_not_everything_is_withheld():
    """Of tables of a few dozen people: more is shown than is withheld. The numbers are printed with -s."""
    shown = published(table([[40, 3, 25], [60, 12, 18], [22, 9, 31]]))
    assert sum(one["state"] is not None for one in shown) == 4
    print(f"\nOf tables of about 20 people: {dict(WITHHELD)}")


YOUNG, OLD = {"age_band": "18 to 64"}, {"age_band": "65 and above"}
ADMISSIONS = {  # which of the two ages, by measure and part
    ("HOME-ADMISSIONS", "aged 18 and over"): (({}, (0, 1)), (YOUNG, (0,)), (OLD, (1,))),
    ("HOME-ADMISSIONS", "aged 65 and over"): (({}, (1,)),),
    ("2B", None): (({}, (0,)),),
    ("2C", None): (({}, (1,)),),
}
QUARTERS = {JUNE: (0,), SEPTEMBER: (0, 1), "2026-27 Q2": (1,)}


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(cells, cells, cells, cells),
    st.dictionaries(st.sampled_from(list(ADMISSIONS)), st.sets(st.sampled_from(list(QUARTERS)), min_size=1)),
)
def test_no_small_number_follows_from_several_measures_and_periods(people, asked):
    """Two ages in two quarters, shown as any of four measures for any of three periods."""
    made_of = {}
    for (measure, part), periods in asked.items():
        for period in sorted(periods):
            for breakdown, ages in ADMISSIONS[measure, part]:
                places = [age * 2 + quarter for age in ages for quarter in QUARTERS[period]]
                number = sum(people[place] for place in places)
                made_of[measure, part, period, *breakdown.values()] = places, figure(
                    number, unit="per 100,000" if part is None else "number", measure=measure, part=part,
                    period=period, **breakdown,
                )  # fmt: skip
    attacker = Guesser(4, 18)
    after = published([one for _, one in made_of.values()])
    learn_all(attacker, after, lambda one: made_of[
        one["measure"], one["part"], one["period"], *one["breakdown"].values()][0])  # fmt: skip
    for ages in ((0,), (1,), (0, 1)):
        for quarters in QUARTERS.values():
            places = [age * 2 + quarter for age in ages for quarter in quarters]
            if 0 < sum(people[place] for place in places) < 5:
                low, high = attacker.limits(places)
                assert high - low >= 5


def test_who_knows_our_rule_does_not_know_which_is_small():
    """100 less 63 shown are 37 in two cells. Many of the pairs that they can be would be withheld just so."""
    def pattern(first):
        return withheld(figure(100), figure(first, a="1"), figure(37 - first, a="2"), figure(63, a="3"))

    alike = [first for first in range(38) if pattern(first) == pattern(3)]
    assert {1, 2, 3, 4, 33, 34, 35, 36} <= set(alike)


# What others withhold


def test_the_tables_that_gauss_suppression_withheld():
    """The same cells are small; no line of ours has one withheld alone; none is known within 5."""
    with (ORACLE / "gausssuppression_results.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["maxN"] == "4" and row["protectZeros"] == "FALSE"]
    for case in sorted({row["case"] for row in rows}):
        theirs = [row for row in rows if row["case"] == case]
        localities = _localities() if "ward" in case else {}
        results = [figure(int(row["freq"]), **_breakdown(row, localities)) for row in theirs]
        found = tables(results)
        hidden = [one["state"] is not None for one in published(results)]
        small = [row["primary"] == "TRUE" for row in theirs]
        assert [bool(item.secrets) for item in found.items] == small
        assert sum(hidden) <= sum(row["suppressed"] == "TRUE" for row in theirs) + 2
        _check_audited(found, hidden)
        _check_audited(found, [row["suppressed"] == "TRUE" for row in theirs])


def _localities():
    with (ORACLE / "gausssuppression_inputs.csv").open(newline="") as file:
        return {row["ward"]: row["locality"] for row in csv.DictReader(file)}


def _breakdown(row, localities):
    found = {name: row[name] for name in ("psr", "area", "age", "ward", "service") if row[name] not in ("", "Total")}
    if (ward := found.pop("ward", None)) is None:
        return found
    return found | ({"ward": ward, "locality": localities[ward]} if ward in localities else {"locality": ward})


def _check_audited(found: Tables, hidden):
    withheld = {quantity for item, is_hidden in zip(found.items, hidden, strict=True) if is_hidden
                for quantity in item.numbers}  # fmt: skip
    reader = Reader(found.sums, ())
    reader.show(quantity for quantity in found.numbers if quantity not in withheld)
    limits = ranges(found.sums, found.numbers, withheld, found.secrets)
    assert withheld >= found.secrets
    for one in found.sums:
        assert len(withheld & one.keys()) != 1 or not found.secrets & one.keys()
    for secret, (low, high) in limits.items():
        assert not reader.follows(secret)
        assert high is None or high - low >= 5


# The solver itself


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), st.sets(st.integers(0, 8)))
def test_limits_are_those_of_trying_everything(numbers, hidden):
    results = table([numbers[:2], numbers[2:]])
    found = tables(results)
    quantities = [next(iter(item.numbers)) for item in found.items]
    attacker = Guesser(4, 13)  # more than any total here
    for place, one in enumerate(results):
        if place not in hidden:
            attacker.learn(cells_of(one, 2, 2), one["numerator"])
    wanted = {quantities[place]: cells_of(results[place], 2, 2) for place in hidden}
    for quantity, (low, high) in ranges(found.sums, found.numbers, wanted, wanted).items():
        least, most = attacker.limits(wanted[quantity])
        assert low == least
        assert high == most if high is not None else most >= 13  # which is as far as it tried
