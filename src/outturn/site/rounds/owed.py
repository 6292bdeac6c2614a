"""What each person owes, from everything that can owe anything: the one list behind “My work” and the notices."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from outturn.plans.roles import Person


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that a person has to do."""

    kind: str  # what it is: figure and commentary, check, action, risk, request …
    title: str
    due: date | None
    href: str
    overdue: bool
    because: str  # a sentence: why it is theirs, or what has to be done
    council: str = ""  # its slug


Provider = Callable[[Person, date], Iterable[Owed]]

PROVIDERS: list[Provider] = []
"""An app adds its own when it is ready: `def ready(self): PROVIDERS.append(owed_actions)`."""


def owed_by(person: Person, council: str | None = None, today: date | None = None) -> list[Owed]:
    """All that a person owes, in one council or in all: what is overdue first, then by date, then what has none."""
    day = today or timezone.localdate()
    found = (one for provider in PROVIDERS for one in provider(person, day))
    kept = [one for one in found if council is None or one.council == council]
    return sorted(kept, key=lambda one: (not one.overdue, one.due or date.max, one.kind, one.title))
