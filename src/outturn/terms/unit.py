"""Units of indicators."""

from enum import Enum


class Unit(Enum):
    """A unit: its wording in files, the words a page uses, and whether its figures may ever be added."""

    COUNT = ("count", "number", True)
    PERCENT = ("%", "per cent", False)
    PER_100K = ("per 100,000", "per 100,000 people", False)
    SCORE = ("score", "score", False)
    POUNDS = ("£", "pounds", True)
    POUNDS_000 = ("£000s", "thousands of pounds", True)
    DAYS = ("days", "days", True)
    WEEKS = ("weeks", "weeks", True)
    YEARS = ("years", "years", False)  # a gap in life expectancy, not a stretch of time that adds up
    SECONDS = ("seconds", "seconds", False)  # an average speed of answer
    FTE = ("FTE", "full-time equivalents", True)
    YES_NO = ("yes/no", "yes or no", False)

    def __init__(self, wording: str, words: str, is_additive: bool) -> None:
        self.wording = wording
        self.words = words
        self.is_additive = is_additive

    @classmethod
    def read(cls, text: str) -> "Unit":
        """The unit of that wording. Raises ValueError listing all of them."""
        for unit in cls:
            if unit.wording.casefold() == " ".join(text.split()).casefold():
                return unit
        raise ValueError(f"“{text}” is not a unit. Write one of: {', '.join(unit.wording for unit in cls)}.")
