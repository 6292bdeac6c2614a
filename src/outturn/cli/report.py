"""What a command says: progress and sentences for people, or one JSON value for programs."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Report:
    """Progress goes to standard output for people, and out of the way of the JSON for programs."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, words: str) -> None:
        """A line for people."""
        print(words, file=sys.stderr if self.as_json else sys.stdout, flush=True)

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """A piece of work, with the time it took."""
        stream = sys.stderr if self.as_json else sys.stdout
        print(f"{words} … ", end="", file=stream, flush=True)
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            print(file=stream)
            raise
        print(f"{time.perf_counter() - began:.1f} s", file=stream, flush=True)

    def give(self, value: Any) -> None:
        """The answer for programs."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False), flush=True)

    def refuse(self, faults: list[dict[str, Any]], words: str) -> None:
        """Why the command did not do its work."""
        self.give({"faults": faults})
        if not self.as_json:
            print(words, file=sys.stderr)
