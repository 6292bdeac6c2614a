"""What the checks found when they last looked, for pages that cannot wait until they have looked at everything again.

The site as served looks again in a thread, once for however many changes came meanwhile. A page waits for it a moment,
which is all that most councils take, and otherwise shows what was found before. Elsewhere, as in commands and tests, no
thread looks, and everything is found on the spot.
"""

import logging
import sys
import threading
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import close_old_connections

from outturn.site.councils.models import Council
from outturn.site.rounds.visible import PUBLIC, Reader
from outturn.site.trail import clock
from outturn.site.trail.memory import version

from .reading import Found, found_now

MOMENT = 0.05  # seconds that a page waits
SWITCH = 0.0005  # seconds after which the thread makes room for a page, which has many short pauses to read in
Of = tuple[int, Reader]  # a council's key, and for whose eyes
Version = tuple[Any, date]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and whether anything has changed since."""

    found: Found
    is_behind: bool = False


_looks: dict[Of, tuple[Version, Found]] = {}
_wanted: dict[Of, Council] = {}
_news = threading.Condition()
_looker: threading.Thread | None = None


def lately(council: Council, reader: Reader = PUBLIC) -> Look:
    """The last look, or one taken now where there was none yet, nobody looks, or the page is one of the past."""
    if _looker is None or clock.past():
        return Look(found_now(council, reader))
    of, now = (council.pk, reader), _version(council)
    with _news:
        if of in _looks and _looks[of][0] != now:
            _wanted[of] = council
            _news.notify_all()
            _news.wait_for(lambda: _looks[of][0] == now, MOMENT)
        if of in _looks:
            at, found = _looks[of]
            return Look(found, at != now)
    return Look(_look(of, council))


def _version(council: Council) -> Version:
    return version(council.slug), clock.today()


def _look(of: Of, council: Council) -> Found:
    at = _version(council)  # before it is read: what changes meanwhile is looked at again
    found = found_now(council, of[1])
    with _news:
        _looks[of] = at, found
        _news.notify_all()
    return found


def look_in_background() -> None:
    """Begin to look in a thread that ends with the process."""
    global _looker
    sys.setswitchinterval(SWITCH)
    _looker = threading.Thread(target=_look_for_ever, name="checks", daemon=True)
    _looker.start()


def _look_for_ever() -> None:
    while True:
        with _news:
            _news.wait_for(lambda: _wanted)
            of, council = _wanted.popitem()
        try:
            _look(of, council)
        except Exception:  # a fault of the database must not end it
            logging.getLogger(__name__).exception("The checks could not look again.")
        finally:
            close_old_connections()
