"""Small numbers are withheld from the public, and nobody gets them by subtracting."""

from datetime import datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.results.disclosure import BECAUSE, published


def figure(numerator, denominator=None, *, unit="number", area="950", sides=None, units=None, **breakdown):
    """A result as data, with the parts of it that reveal people."""
    return {
        "measure": "M", "part": None, "area": area, "period": "2024-25", "method": "DHSC-2526", "reading": "executed",
        "breakdown": breakdown, "numerator": numerator, "denominator": denominator, "value": 1.5, "unit": unit,
        "state": None, "because": "", "side_counts": sides or {}, "interval": [1, 2], "year_end": 3, "units": units,
        "as_of": datetime(2026, 1, 1).isoformat(),
    }  # fmt: skip


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


small = st.integers(0, 9)


@settings(max_examples=50)
@given(st.lists(st.lists(small, min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_withheld_cell_is_derivable_by_subtraction(table):
    """A table of two dimensions with its margins. What is published leaves every small cell free.

    All that adding and subtracting can do is solve the equations of the lines, so a cell is free if no combination of
    them comes to that cell alone: if to add it to the equations raises their rank.
    """
    rows, columns = range(len(table)), range(3)
    figures = [figure(sum(map(sum, table)))]
    figures += [figure(sum(table[row]), row=str(row)) for row in rows]
    figures += [figure(sum(line[column] for line in table), column=str(column)) for column in columns]
    figures += [figure(table[row][column], row=str(row), column=str(column)) for row, column in product(rows, columns)]
    given_out = published(figures)
    hidden = {_place(one): number for number, one in enumerate(given_out) if one["state"]}
    for one, before in zip(given_out, figures, strict=True):
        assert one["state"] == "suppressed" or not 0 < before["numerator"] < 5
        if one["state"] and 0 < before["numerator"] < 5:
            assert _can_move(_place(one), set(hidden), len(table))


def _place(one):
    return one["breakdown"].get("row"), one["breakdown"].get("column")


def _can_move(cell, hidden, height):
    """Whether a cell can differ with all given sums kept: whether a system of equations leaves it free (by rank)."""
    unknown = sorted(hidden, key=str)
    equations = []
    rows, columns = [None, *map(str, range(height))], [None, "0", "1", "2"]
    for row in rows:
        equations.append([_weight(place, lambda p, row=row: p[0] == row, p_total=(row, None)) for place in unknown])
    for column in columns:
        equations.append([_weight(place, lambda p, c=column: p[1] == c, p_total=(None, column)) for place in unknown])
    unit = [int(place == cell) for place in unknown]
    return _rank([*equations, unit]) > _rank(equations)


def _weight(place, on_line, p_total):
    return -1 if place == p_total else int(on_line(place))


def _rank(matrix, modulus=2_147_483_647):
    lines, rank = [line[:] for line in matrix], 0
    for column in range(len(lines[0])):
        pivot = next((number for number in range(rank, len(lines)) if lines[number][column] % modulus), None)
        if pivot is None:
            continue
        lines[rank], lines[pivot] = lines[pivot], lines[rank]
        inverse = pow(lines[rank][column], -1, modulus)
        for number in range(len(lines)):
            if number != rank and lines[number][column] % modulus:
                times = lines[number][column] * inverse
                lines[number] = [(a - times * b) % modulus for a, b in zip(lines[number], lines[rank], strict=True)]
        rank += 1
    return rank
