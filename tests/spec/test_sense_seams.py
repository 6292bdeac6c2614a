"""What a table loses where it was cut over a page: rows torn in two, texts that overlap, columns that came apart."""

from dataclasses import replace

import pytest

from outturn.sense.finding import Severity

from .sense_stories import found, picture, priority, row
from .test_sense_commentary import share


def words(rule, *things, **more):
    return [one.words for one in found(rule, *things, **more)]


def test_a_row_with_nothing_but_words_may_be_the_rest_of_the_row_above():
    first = row("2A1", "11.3 | 11.2", title="Admissions per 100,000 population", direction="Bad")
    rest = row("1", title="(younger adults)", owner="")
    assert words("I2", first, rest) == [
        "Only “(younger adults)” stands in this row. If it ends that of 2A1, join the two."
    ]


@pytest.mark.parametrize("row_of_its_own", [
    row("X1", title="(younger adults)", owner="Head of Care"),
    row("X1", "5", title="(younger adults)", owner=""),
    row("X1", title="Younger adults", owner=""),
])  # fmt: skip
def test_a_row_with_anything_of_its_own_stands_alone(row_of_its_own):
    assert words("I2", row("2A1", "11.3 | 11.2"), row_of_its_own) == []


def test_words_taken_twice_over_a_cut_are_found():
    first = priority(title="First", q1="Plans are drawn up that meet the needs of older people")
    second = priority(title="Second", q1="meet the needs of older people, and are costed.")
    (one,) = found("L1", first, replace(second, number=2))
    assert one.severity is Severity.WARNING
    assert one.words == (
        "“meet the needs of older people” ends the text of “First” and begins this one. Keep it in one."
    )


def test_texts_that_share_a_word_or_two_are_not_doubled():
    first = priority(title="First", q1="Plans are drawn up for older people.")
    second = priority(title="Second", q1="Older people were asked.")
    assert words("L1", first, replace(second, number=2)) == []


def test_the_head_of_the_table_within_a_text_is_found():
    text = "The project began. Progress Summary Overall Progress Supporting Measures It goes on."
    assert words("L1", priority(share(), q1=text)) == [
        "The text holds headings of the table: “overall progress” and “progress summary”. Take them out."
    ]


def with_portfolios(*portfolios):
    """A block whose priorities have those portfolios."""
    return [replace(priority(title=f"Priority {number}", q1="Green: All is well."), number=number, portfolios=each)
            for number, each in enumerate(portfolios, 1)]  # fmt: skip


def test_a_column_beside_the_last_row_only_came_apart():
    (said,) = words("L2", *with_portfolios((), (), ("Leader", "Health", "Adults")))
    assert said.startswith("3 portfolios stand here, and 2 others of “")


@pytest.mark.parametrize("portfolios", [
    (("Leader",), ("Health",), ("Adults", "Health")),
    ((), ("Health", "Adults", "Leader")),
    ((), ()),
])  # fmt: skip
def test_a_column_that_fits_its_rows_is_left_alone(portfolios):
    assert words("L2", *with_portfolios(*portfolios)) == []


def test_an_empty_picture_has_no_seams():
    assert [one for rule in ("I2", "L1", "L2") for one in found(rule)] == []
    assert picture().scorecards == ()
