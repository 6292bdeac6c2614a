"""What councils print, what it means, and that a page shows it as it was printed.

The tables were written by hand from the York service plan (July 2018) and the Leeds scorecard (quarter 1 2012/13).
"""

from decimal import Decimal

import pytest

from outturn.terms.value import Absence, Figure, Flag, Missing, UnreadableValue, read_value

YORK = {"NC": Absence.NOT_COLLECTED, "-": Absence.AWAITED}

FIGURES = """
    printed        | amount
    260            | 260
    0              | 0
    1,762          | 1762
    10,535         | 10535
    93.88%         | 93.88
    64.00%         | 64.00
    0.78%          | 0.78
    100%           | 100
    11.18          | 11.18
    £-201          | -201
    £191           | 191
    £0             | 0
    £49k           | 49000
    £7.2m          | 7200000
    £44.53m        | 44530000
    (3,709)        | -3709
    -£5            | -5
    -0.4%          | -0.4
    +3             | 3
    32117          | 32117
    1:35           | 95
    Yes            | 1
    No             | 0
"""
ABSENCES = """
    printed         | reason
    NC              | not collected
    -               | awaited
    N/A             | not applicable
    N/a             | not applicable
    n/a             | not applicable
    See report card | see elsewhere
    [c]             | suppressed
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize(("printed", "amount"), rows(FIGURES))
def test_a_printed_figure_has_its_amount_and_prints_the_same(printed, amount):
    "£49k is forty-nine thousand pounds, £-201 is less than nothing, and 42% is 42."
    value = read_value(printed, YORK)
    assert isinstance(value, Figure)
    assert value.amount == Decimal(amount)
    assert value.printed == printed
    assert not value.is_missing


@pytest.mark.parametrize(("printed", "reason"), rows(ABSENCES))
def test_no_figure_is_a_reason_and_never_a_nought(printed, reason):
    "York prints NC for the carers' survey in years it does not run, and a dash for what has not come yet."
    value = read_value(printed, YORK)
    assert isinstance(value, Missing)
    assert (value.words, value.printed) == (reason, printed)
    assert value.is_missing
    assert not hasattr(value, "amount")


def test_the_same_letters_mean_different_things_in_different_councils():
    "East Sussex prints NC for “not comparable”, York for “not collected”: only the council's own file can say."
    sussex = {"NC": Absence.NOT_COMPARABLE}
    assert read_value("NC", YORK) == Missing(Absence.NOT_COLLECTED, "NC")
    assert read_value("NC", sussex) == Missing(Absence.NOT_COMPARABLE, "NC")
    with pytest.raises(UnreadableValue, match="“NC” is neither a figure nor one of the words for no figure"):
        read_value("NC")


def test_a_year_end_estimate_in_the_same_cell_is_kept_apart_from_the_figure():
    "Leeds' bed weeks: 32,117 so far, and 128,469 expected by 31 March."
    value = read_value("32117 (est year end 128469)")
    assert isinstance(value, Figure)
    assert value.year_end
    assert (value.amount, value.year_end.amount) == (32117, 128469)
    assert value.printed == "32117 (est year end 128469)"


def test_the_same_quantity_in_other_words_is_kept_beside_the_figure():
    "Leeds' delays: 1.50 per 100,000 is 9.28 people a week."
    value = read_value("1.50 (9.28 people per week)")
    assert isinstance(value, Figure)
    assert value.equivalent
    assert (value.amount, value.equivalent.amount) == (Decimal("1.50"), Decimal("9.28"))
    assert value.equivalent.notation.words == "people per week"
    assert value.printed == "1.50 (9.28 people per week)"


@pytest.mark.parametrize(
    ("printed", "flags"),
    [
        ("79.25% (provisional)", "provisional"),
        ("79.25% (p)", "provisional"),
        ("12 (estimated, revised)", "estimated, revised"),
        ("£7.2m (f)", "forecast"),
    ],
)
def test_a_flag_travels_with_its_figure(printed, flags):
    "A reader must know that a figure is provisional before relying on it."
    value = read_value(printed)
    assert (value.words, value.printed) == (flags, printed)


def test_a_blank_cell_says_nothing_unless_its_council_says_what():
    "A blank is a quarter not reached in one table, and a gap in another."
    assert read_value(" ", {"": Absence.NOT_YET_DUE}) == Missing(Absence.NOT_YET_DUE, "")
    with pytest.raises(UnreadableValue) as refused:
        read_value("", {"NC": Absence.NOT_COLLECTED})
    assert str(refused.value) == (
        "The cell is blank. Write a figure, or why there is none: NC, not collected, N/A, not applicable, not yet due, "
        "awaited, [c], suppressed, not comparable, see elsewhere, See report card."
    )


def test_money_in_loose_words_is_refused_rather_than_read_a_million_times_too_small():
    "£7.2 million is not £7.20."
    with pytest.raises(UnreadableValue) as refused:
        read_value("£7.2 million", {"NC": Absence.NOT_COLLECTED})
    assert str(refused.value) == (
        "“£7.2 million” is neither a figure nor one of the words for no figure. Write a figure such as 1,762, 93.88%, "
        "£-201 or £7.2m, or one of: NC, not collected, N/A, not applicable, not yet due, awaited, [c], suppressed, "
        "not comparable, see elsewhere, See report card."
    )


def test_text_that_would_be_shown_differently_is_refused_with_what_to_write():
    "A page shows a figure as it was printed, so what cannot be shown so is not taken in."
    with pytest.raises(UnreadableValue) as refused:
        read_value("0,762")
    assert str(refused.value) == "“0,762” reads as “762”. Write that, if it is what you mean."


def test_one_remark_in_brackets_is_enough():
    "A second one would need a rule for which belongs to which."
    with pytest.raises(UnreadableValue) as refused:
        read_value("32117 (est year end 128469) (p)")
    assert str(refused.value) == "“(p)” is a second remark in brackets. Keep one, and put the rest in the note."


def test_flags_are_named_in_one_order():
    assert Figure(Decimal(5), flags=frozenset({Flag.REVISED, Flag.ESTIMATED})).printed == "5 (estimated, revised)"
