"""Reading and printing values, over everything that can be written and much that cannot."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outturn.terms.value import (
    STANDARD_TOKENS,
    Absence,
    Figure,
    Flag,
    Missing,
    Notation,
    UnreadableValue,
    read_value,
)

FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
WORDS = ["", " people per week", " days", " FTE", " members of staff", " kilos", " millionaires"]
ASIDES = ["", " (p)", " (provisional)", " (e, r)", " (estimated, provisional, revised, forecast)"]


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A figure as a council may print it, with its amount by arithmetic on whole numbers."""
    whole = draw(st.one_of(st.integers(0, 1_100), st.integers(0, 10**12)))
    fraction = draw(st.text("0123456789", max_size=5))
    scale, pound = draw(st.sampled_from(list(FACTORS))), draw(st.sampled_from(["", "£"]))
    grouped = draw(st.booleans())
    digits = (f"{whole:,}" if grouped else str(whole)) + ("." + fraction if fraction else "")
    tail = scale + draw(st.sampled_from(["", "%"])) + draw(st.sampled_from(WORDS))
    shape = draw(st.sampled_from(["{p}{d}", "+{p}{d}", "-{p}{d}", "{p}-{d}", "({p}{d})"]))
    size = Fraction(int(str(whole) + fraction) * FACTORS[scale], 10 ** len(fraction))
    return shape.format(p=pound, d=digits + tail), -size if "-" in shape or "(" in shape else size


ALPHABET = "0123456789.,%£km+-() :NCA/apefrestyndYo*[]c\u00a0\u0661\uff11\u2212\u202e\x00\n\t\ud800é½"
FRAGMENTS = [
    "£", "-", "(", ")", " (", "1,762", "7.2", "m", "k", "%", " million", "0", "007", " (p", ", ", "e)", "yes", "1:35",
    "est year end ", "provisional", "9" * 40, "N/A", "+", " people",
]  # fmt: skip
NEAR_FIGURES = st.one_of(st.text(ALPHABET, max_size=20), st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join))


@given(figures(), st.sampled_from(ASIDES))
def test_a_figure_prints_as_it_was_written_and_its_amount_is_exact(figure, aside):
    text, amount = figure
    value = read_value(text + aside)
    assert isinstance(value, Figure)
    assert value.printed == text + aside
    assert Fraction(value.amount) == amount
    assert {flag.value[0] for flag in value.flags} == {name.strip(" ()")[0] for name in aside.split(",") if name}


@given(figures(), figures(), st.sampled_from([" (est year end {})", " ({})"]))
def test_a_second_figure_in_the_cell_prints_as_it_was_written(first, second, shape):
    if second[0].startswith("("):
        second = (second[0][1:-1], -second[1])
    text = first[0] + shape.format(second[0])
    value = read_value(text)
    assert isinstance(value, Figure)
    other = value.year_end or value.equivalent
    assert other
    assert (value.printed, Fraction(value.amount), Fraction(other.amount)) == (text, first[1], second[1])


@given(st.one_of(NEAR_FIGURES, st.text()))
@example("-0.0%")
@example("(-5)")
@example("5 (E)")
@example("Yes (p)")
@example("5 (p) (r) (e) (f) (p)")
@example("1 " + "(2) " * 49)
def test_any_text_is_a_value_that_prints_the_same_or_is_refused(text):
    tidy = " ".join(text.split())
    try:
        value = read_value(text, {"": Absence.AWAITED})
    except UnreadableValue:
        return
    assert value.printed.casefold() == tidy.casefold()
    assert read_value(value.printed, {"": Absence.AWAITED}) == value


@pytest.mark.parametrize(
    "text",
    [
        "١٢", "１２", "²", "½", "1\u00a0762", "−5", "–5", "£", "%", "-", "()", "(5", "5)", "1,76", "1762,000", ".5",
        "5.", "1.2.3", "1e5", "0x10", "NaN", "Infinity", "nan%", "5 000", "£5 £6", "\x00", "5\x00", "\u202e5",
        "5\u200b", "\ud800", "1:60", "99999:00", "£-", "--5", "+-5", "(-5)", "(+5)", "-£-5", "007", "00", "01:35",
        "0,762", "5 (p, e)", "5 (p,e)", "5 (p, p)", "5 (p", "5 ()", "5 ( )", "5 (9 people )", "5 (N/A)", "7.2 m",
        "£7.2 Million", "3 bn", "5 thousand people", "7.2M", "5 (est year end N/A)",
        "5 (est year end )", "yes please", "9" * 19,
        "0." + "0" * 18, "TBC", "no tgt",
    ],
)  # fmt: skip
def test_refused(text):
    with pytest.raises(UnreadableValue):
        read_value(text)


def test_huge_text_is_refused_quickly_and_not_repeated():
    with pytest.raises(UnreadableValue) as refused:
        read_value("9 (," * 225_000 + "9")
    assert str(refused.value) == "This has 900,001 characters. Write a figure of at most 200."
    with pytest.raises(UnreadableValue) as refused:
        read_value("1" + ",000" * 6)
    assert str(refused.value) == "This has 19 digits. Write a figure of at most 18."
    assert read_value("9" * 12 + "." + "9" * 6 + "m").printed == "9" * 12 + "." + "9" * 6 + "m"


@pytest.mark.parametrize(
    ("amount", "decimals", "printed"),
    [
        ("12.25", 1, "12.3"), ("12.35", 1, "12.4"), ("-12.25", 1, "-12.3"), ("0.5", 0, "1"), ("-0.5", 0, "-1"),
        ("1.5", 0, "2"), ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("2.4999", 0, "2"),
        ("-0.4", 0, "0"), ("0.4", 0, "0"), ("-0.0", 1, "-0.0"),
        ("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("999.95", 1, "1000.0"), ("3", 2, "3.00"),
    ],
)  # fmt: skip
def test_rounding_is_half_away_from_zero(amount, decimals, printed):
    assert Notation(decimals=decimals).write(Decimal(amount)) == printed


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(0, 3), st.sampled_from(list(FACTORS)))
def test_rounding_agrees_with_whole_number_arithmetic(number, decimals, dropped, scale):
    amount = Decimal(number).scaleb(-decimals - dropped) * FACTORS[scale]
    unit = 10**dropped
    size = (2 * abs(number) + unit) // (2 * unit)
    digits = str(size).rjust(decimals + 1, "0")
    expected = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    sign = "-" if number < 0 and size else ""
    assert Notation(decimals=decimals, scale=scale).write(amount) == sign + expected + scale


def test_minutes_and_seconds_are_rounded_to_the_second():
    written = [Notation(clock=True).write(Decimal(seconds)) for seconds in ("95", "95.5", "59.6", "0", "-95", "3600")]
    assert written == ["1:35", "1:36", "1:00", "0:00", "-1:35", "60:00"]


def test_a_token_is_read_in_any_capitals_and_printed_as_it_was():
    for token, absence in STANDARD_TOKENS.items():
        for spelling in (token, token.upper(), token.lower(), f"  {token} "):
            assert read_value(spelling) == Missing(absence, spelling.strip())


def test_a_councils_own_token_wins_over_the_standard_meaning_and_over_a_figure():
    own = {"n/a": Absence.AWAITED, "0": Absence.NOT_COLLECTED, "-": Absence.SUPPRESSED}
    assert [read_value(text, own).words for text in ("N/A", "n/a", "0", "-", "awaited")] == [
        "awaited", "awaited", "not collected", "suppressed", "awaited",
    ]  # fmt: skip
    assert read_value("0") == Figure(Decimal(0))


def test_every_absence_and_flag_has_a_wording_that_reads_back():
    for absence in Absence:
        assert read_value(absence.value) == Missing(absence, absence.value)
    for flag in Flag:
        assert read_value(f"5 ({flag})").words == flag.value
        assert read_value(f"5 ({flag[0].upper()})").printed == f"5 ({flag[0]})"
