"""Why a file cannot be read at all, in sentences for the person who sent it."""

from collections.abc import Iterable

SHOWN = 60  # characters of a heading that a sentence quotes


class UnreadableFile(Exception):
    """A file that cannot be used. Each of `reasons` says what is wrong, where, and what to do; none holds a value."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("\n".join(self.reasons))


def shown(heading: str) -> str:
    """A heading as a sentence quotes it: on one line, and not too long."""
    plain = " ".join(heading.split())
    return f"“{plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + '…'}”"


def listed(words: Iterable[str], most: int = 8) -> str:
    """Some words as a list, with the number of those left out."""
    everything = list(words)
    more = f" and {len(everything) - most:,} more" if len(everything) > most else ""
    return ", ".join(everything[:most]) + more


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 row, 2,000 rows."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
