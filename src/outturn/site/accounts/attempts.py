"""Counts failed attempts to sign in, so that a password cannot be guessed by trying."""

import time
from collections.abc import Callable, Hashable
from threading import Lock

MOST, MINUTES = 10, 15
MOST_KEPT = 10_000  # keys; beyond it the oldest are forgotten, so that guessing cannot fill the memory


class Attempts:
    """Attempts in the last minutes by key, in this process's memory: one process serves the site."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: dict[Hashable, list[float]] = {}
        self._lock = Lock()

    def begin(self, key: Hashable) -> bool:
        """Count an attempt before its outcome is known, so that many at once gain nothing. False: too many."""
        now = self._clock()
        with self._lock:
            recent = [at for at in self._times.pop(key, []) if at > now - MINUTES * 60]
            allowed = len(recent) < MOST
            self._times[key] = [*recent, now] if allowed else recent
            while len(self._times) > MOST_KEPT:
                del self._times[next(iter(self._times))]
        return allowed

    def forget(self, key: Hashable) -> None:
        """The attempt succeeded."""
        with self._lock:
            self._times.pop(key, None)


ATTEMPTS = Attempts()
