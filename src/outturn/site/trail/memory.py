"""Keeps what was read of the database until anything changes.

Every change leaves a row in the trail, in its own transaction, so a council's newest row is the version of all that it
has. What is kept is plain, frozen data; a page for ten readers is read from the database once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model

from .clock import past
from .models import Change

T = TypeVar("T")
MOST_KEPT = 256  # plans, scorecards and series, for each kind of reader; a large one is a megabyte

_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = threading.Lock()


def version(council: str) -> tuple[Any, ...] | None:
    """A council's newest change. Its time belongs to it: a transaction rolled back gives its number to the next.

    Of a past moment it is the newest then, and what was remembered of that time is remembered still.
    """
    changes, moment = Change.objects.filter(council=council), past()
    if moment:
        changes = changes.filter(id__lte=moment.change)
    return changes.order_by("-id").values_list("id", "at").first()


def remembered(read: Callable[..., T]) -> Callable[..., T]:
    """Call `read(stored)` once for each version of its council. Nothing is kept before the first change.

    What else it depends on, such as the day, is given after `stored`.
    """

    @wraps(read)
    def read_or_remember(stored: Model, *also: Hashable) -> T:
        now = version(getattr(stored, "council", stored).slug)
        if now is None:
            return read(stored, *also)
        key = (read.__module__, read.__name__, stored.pk, now, also)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        found = read(stored, *also)
        with _lock:
            _kept[key] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return found

    return read_or_remember


def forget() -> None:
    """Drop everything kept, as tests must, whose databases come and go."""
    with _lock:
        _kept.clear()
