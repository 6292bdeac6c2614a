"""Which way is better."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.terms.polarity import Better, Polarity

AMOUNTS = st.decimals(-1_000, 1_000, places=2)


@pytest.mark.parametrize(
    ("printed", "wording", "sentence"),
    [
        ("Up is Good", "higher", "Higher is better."),
        ("Up is Bad", "lower", "Lower is better."),
        ("Neutral", "neutral", "No direction is better."),
        ("High", "higher", "Higher is better."),
        ("lower  IS better", "lower", "Lower is better."),
        ("within 85 to 95", "within 85 to 95", "Between 85 and 95 is best."),
        ("Within -1.5 to 0.25", "within -1.5 to 0.25", "Between -1.5 and 0.25 is best."),
        ("within 0.000001 to 1", "within 0.000001 to 1", "Between 0.000001 and 1 is best."),
        ("within 0 to 0", "within 0 to 0", "0 is best."),
    ],
)
def test_as_councils_print_it(printed, wording, sentence):
    polarity = Polarity.read(printed)
    assert (polarity.wording, polarity.sentence) == (wording, sentence)
    assert Polarity.read(polarity.wording) == polarity


@pytest.mark.parametrize(
    "text",
    [
        "", "up", "within 95 to 85", "within 1.2.3 to 5", "within . to .", "within -- to 5", "within 1 to NaN",
        "within ١ to ٢", "within 1e5 to 1e6", "within 1 to " + "9" * 400, "Neutral\x00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a polarity"):
        Polarity.read(text)


@given(st.one_of(st.text(), st.from_regex(r"within [-.0-9e]{0,9} to [-.0-9e]{0,9}", fullmatch=True)))
def test_any_text_reads_back_or_is_refused(text):
    try:
        polarity = Polarity.read(text)
    except ValueError:
        return
    assert Polarity.read(polarity.wording) == polarity


@given(AMOUNTS, AMOUNTS)
def test_less_distance_is_always_better(one, other):
    higher, lower = Polarity(Better.HIGHER), Polarity(Better.LOWER)
    assert (higher.distance(one) < higher.distance(other)) == (one > other)
    assert (lower.distance(one) < lower.distance(other)) == (one < other)
    assert Polarity(Better.NEUTRAL).distance(one) is None


@pytest.mark.parametrize(
    ("amount", "distance"), [("84", 1), ("85", 0), ("90", 0), ("95", 0), ("95.5", "0.5"), ("0", 85)]
)
def test_distance_from_a_range_counts_from_its_nearer_end(amount, distance):
    assert Polarity.read("within 85 to 95").distance(Decimal(amount)) == Decimal(distance)
