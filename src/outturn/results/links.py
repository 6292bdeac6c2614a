"""Which figures are of the same people, so that one can be taken from another. This is data: add a measure here when
you add its file.

It is read by `tables`. What is not named here is taken to have nothing in common but its own breakdowns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

OTHERS = "the others"
"""What a breakdown comes to beside the values that are given: whoever is in the total and in none of them."""

COUNTED, REST, ALL = "counted", "the rest", "all"  # the numerator, those not in it, and both together
AMOUNT = "amount"  # what a sum comes to

Subject = tuple[str, str | None]  # a measure and its part


@dataclass(frozen=True, slots=True)
class Same:
    """A number that another figure tells under another name. `where` narrows the other figure down."""

    subject: Subject
    number: str
    as_subject: Subject
    as_number: str
    where: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


YOUNGER, OLDER = {"age_band": "18 to 64"}, {"age_band": "65 and above"}
ADMITTED = ("HOME-ADMISSIONS", "aged 18 and over")
REVIEWED = ("REVIEWED", None)


def _within(measure: str, part: str, whole: str, *numbers: str) -> list[Same]:
    """A part that is of some of the people of another part: the difference between the two is people as well."""
    return [Same((measure, part), one, (measure, whole), one, {"part": part}) for one in numbers]


def _out_of_the_same(measure: str, part: str, whole: str) -> Same:
    return Same((measure, part), ALL, (measure, whole), ALL)


SAME = (
    Same(("2B", None), COUNTED, ADMITTED, COUNTED, YOUNGER),
    Same(("2C", None), COUNTED, ADMITTED, COUNTED, OLDER),
    Same(("HOME-ADMISSIONS", "aged 65 and over"), COUNTED, ADMITTED, COUNTED, OLDER),
    Same(("REVIEWS-OVERDUE", None), COUNTED, REVIEWED, REST),
    Same(("2D", "1"), ALL, ("2D", "2"), COUNTED),
    *_within("2E", "learning disability", "all", COUNTED, REST, ALL),
    *_within("3D", "2a", "1a", COUNTED), _out_of_the_same("3D", "2a", "1a"),
    *_within("3D", "2b", "1b", COUNTED), _out_of_the_same("3D", "2b", "1b"),
    *(Same(("SELF-DIRECTED", "self-directed support"), one, ("3D", "1a"), one) for one in (COUNTED, REST, ALL)),
    Same(("SELF-DIRECTED", "direct payments"), COUNTED, ("3D", "1a"), COUNTED, {"part": "2a"}),
    Same(("SELF-DIRECTED", "direct payments"), REST, ("3D", "2a"), REST),
    Same(("SELF-DIRECTED", "direct payments"), ALL, ("3D", "1a"), ALL),
    Same(("SELF-DIRECTED", "in the community"), COUNTED, ("3D", "1a"), ALL),
    *_within("SUPPORT-PACKAGES", "living independently", "any support", COUNTED),
    *_within("REABLEMENT", "no ongoing care", "completed", COUNTED),
    *_within("ASSESSED-28-DAYS", "occupational therapy", "all assessments", COUNTED, REST, ALL),
    *_within("WAITING", "to service", "to assessment or service", ALL),
)  # fmt: skip

ADD_OVER_TIME = {
    "2A": (COUNTED, REST, ALL), "2B": (COUNTED,), "2C": (COUNTED,), "2D": (COUNTED, REST, ALL),
    "HOME-ADMISSIONS": (COUNTED,), "REABLEMENT": (COUNTED,), "REQUESTS": (COUNTED,), "WAITING": (ALL,),
    "ASSESSED-28-DAYS": (COUNTED, REST, ALL), "ASSESSED-6-WEEKS": (COUNTED, REST, ALL), "BED-WEEKS": (AMOUNT,),
}  # fmt: skip
"""Numbers of what happens on a day, by measure: those of two quarters added are that of both. Who is supported on some
day of a quarter may be so in the next as well, and is not here; people newly admitted are, since nobody is twice in a
year."""

ON_THE_LAST_DAY = {("3D", "1a"), ("3D", "2a")}
"""Figures of a period that tell only of its last day, so that all periods that end then have the same. SELF-DIRECTED on
that day is the same again; over a longer period it is not, and meets none of these."""
