"""Published figures carried where none can be worked out: as published, with who published them, and nothing added."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from outturn.returns.published import DENOMINATOR, NUMERATOR, OUTCOME, Theirs
from outturn.terms.value import Absence

from .result import PUBLISHED, Absent, Result

MARKERS = {
    "[c]": Absent(Absence.SUPPRESSED, "The publisher withholds it, because it is small."),
    "[x]": Absent(Absence.NOT_COLLECTED, "The publisher has no figure, or a denominator of nought."),
    "[z]": Absent(Absence.NOT_APPLICABLE, "The publisher says that it does not apply."),
    "[u]": Absent(Absence.SUPPRESSED, "The publisher withholds it, because it is not reliable."),
    "[low]": Absent(Absence.SUPPRESSED, "The publisher has a figure that rounds to nought, and does not print it."),
}
NOBODY = Absent(Absence.NOT_APPLICABLE, "The publisher has a denominator of nought.")


def carried(result: Result, theirs: Theirs, origin: str, as_of: datetime) -> Result:
    """A result that has no figure of its own, with the published one, or why there is none; `origin` is its note."""
    value = theirs.numbers.get(OUTCOME)
    absent = None if value is not None else _absent(theirs)
    return replace(
        result, numerator=_whole(theirs.numbers.get(NUMERATOR)), denominator=_whole(theirs.numbers.get(DENOMINATOR)),
        value=value, state=absent.absence.value if absent else None, because=absent.because if absent else "",
        flags=(PUBLISHED,), notes=(origin,), side_counts={}, interval=None, year_end=None, as_of=as_of,
    )  # fmt: skip


def _absent(theirs: Theirs) -> Absent:
    marker = theirs.markers[OUTCOME]
    if marker == "[x]" and theirs.numbers.get(DENOMINATOR) == 0:
        return NOBODY
    told = f"The publisher prints {marker}, and the published file says what that means."
    return MARKERS.get(marker, Absent(Absence.SEE_ELSEWHERE, told))


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)
