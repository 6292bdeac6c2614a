"""Red, amber, green and direction of travel, as councils print them."""

from enum import StrEnum


class Rag(StrEnum):
    """A status. Always shown with its word and a shape, never by colour alone."""

    RED = "Red"
    AMBER = "Amber"
    GREEN = "Green"

    @classmethod
    def read(cls, text: str) -> "Rag":
        """Read the word or its first letter, in any capitals."""
        for rag in cls:
            if text.strip().casefold() in (rag.value.casefold(), rag.value[0].casefold()):
                return rag
        raise ValueError(f"“{text}” is not a status. Write Red, Amber or Green (or R, A, G).")


class Direction(StrEnum):
    """A direction of travel that was published. `Neutral` can mean three things, which only its publisher knows."""

    GOOD = "Good"
    BAD = "Bad"
    NEUTRAL = "Neutral"

    @classmethod
    def read(cls, text: str) -> "Direction":
        """Read the word, in any capitals."""
        for direction in cls:
            if text.strip().casefold() == direction.value.casefold():
                return direction
        raise ValueError(f"“{text}” is not a direction of travel. Write Good, Bad or Neutral.")
