"""When a page is: now, or the past moment that its reader asked for.

Pages ask here what day it is, so that a page of the past counts what was late then, and reads what was told by then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Past:
    """A moment: after that change and before the next, with the database as it was."""

    change: int
    at: datetime
    asked: str  # as addresses have it
    database: Path


_past: ContextVar[Past | None] = ContextVar("past", default=None)


def past() -> Past | None:
    """The moment that the page being made is of, or None for now."""
    return _past.get()


@contextmanager
def going_to(moment: Past) -> Iterator[None]:
    """Make a page of the past."""
    token = _past.set(moment)
    try:
        yield
    finally:
        _past.reset(token)


def today() -> date:
    """The day it is, or was."""
    at = _at()
    return timezone.localdate(at) if at else timezone.localdate()


def local_time() -> datetime:
    """The time it is, or was, here."""
    return timezone.localtime(_at())


def told_until() -> datetime | None:
    """Up to which moment of this computer's clock figures count as told; None for all of them."""
    at = _at()
    return at.astimezone().replace(tzinfo=None) if at else None


def _at() -> datetime | None:
    moment = past()
    return moment.at if moment else None
