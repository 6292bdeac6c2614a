"""Red, amber, green and published directions of travel."""

import pytest

from outturn.terms.status import Direction, Rag


@pytest.mark.parametrize(
    ("printed", "rag"),
    [("Red", Rag.RED), (" amber ", Rag.AMBER), ("GREEN", Rag.GREEN), ("R", Rag.RED), ("a", Rag.AMBER)],
)
def test_a_status_in_any_capitals_or_by_its_letter(printed, rag):
    assert Rag.read(printed) is rag


@pytest.mark.parametrize("text", ["", "Re", "Blue", "Ambergris", "\x00", "R A"])
def test_no_status(text):
    with pytest.raises(ValueError) as refused:
        Rag.read(text)
    assert str(refused.value) == f"“{text}” is not a status. Write Red, Amber or Green (or R, A, G)."


def test_directions():
    assert [Direction.read(text) for text in ("Good", " bad ", "NEUTRAL")] == list(Direction)
    with pytest.raises(ValueError) as refused:
        Direction.read("G")
    assert str(refused.value) == "“G” is not a direction of travel. Write Good, Bad or Neutral."
