"""What the site writes about its own failures."""

import logging
import traceback


class PlainFormatter(logging.Formatter):
    """One line, and for an exception its kind and where it arose.

    An exception's own words are left out: a database quotes the row it refused, and a row may name a person.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei) -> str:  # noqa: N802
        kind, error, _ = ei
        places = traceback.extract_tb(error.__traceback__) if error else []
        lines = [f"  {place.filename}, line {place.lineno}, in {place.name}" for place in places]
        return "\n".join([f"{kind.__name__ if kind else 'Unknown'}, most recent call last:", *lines])
