"""The chain: every row of the trail carries the digest of the row before and of its own content. Plain, no database.

Whoever alters, adds, moves or takes away a row breaks it there, and whoever mends the rest of the chain changes its
last digest, its head, which is kept outside the table: in the workspace, in exports and in committee packs.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

CONTENT = (
    "id", "at", "by", "verb", "council", "kind", "subject", "title", "before", "after", "reason", "undo", "prior",
)  # fmt: skip
Row = Mapping[str, Any]  # by the names of CONTENT, and its `digest`


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain. The head of an empty one is row 0 without a digest."""

    row: int = 0
    digest: str = ""
    at: str = ""

    @property
    def words(self) -> str:
        """For a committee pack: short enough to print, long enough that no other chain has it."""
        groups = " ".join(self.digest[place : place + 4] for place in range(0, 32, 4))
        return f"Trail of changes: row {self.row:,}, {self.at}, {groups}" if self.row else "Trail of changes: empty"

    def is_called(self, digest: str) -> bool:
        """Whether that is the digest, or the beginning of it that is printed."""
        typed = "".join(digest.split()).casefold()
        return len(typed) >= 16 and self.digest.startswith(typed)


class Broken(Exception):
    """The first link that does not hold: which row, of when, and what differs."""

    def __init__(self, at: Head, words: str) -> None:
        self.row, self.at, self.words = at.row, at.at, words
        super().__init__(f"Row {at.row:,} ({at.at or 'no time'}): {words}")


def canonical(row: Row) -> str:
    """A row's content in the one way in which it is digested, whatever database or file it comes from."""
    content = {name: _plain(row[name]) for name in CONTENT}
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value  # PostgreSQL writes 1e16 in digits


def stamp(at: datetime) -> str:
    """A moment, to the microsecond, whatever zone it is told in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest_of(row: Row) -> str:
    """The digest of a row's content, which holds the digest of the row before."""
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def follow(rows: Iterable[Row], outside: Iterable[Head] = ()) -> Iterator[Head]:
    """Each row in turn as the head of the chain that ends there. Raises Broken at the first link that does not hold.

    Rows are given in the order in which they stand; `outside` are heads that were written down elsewhere.
    """
    known = {head.row: head for head in outside}
    last = Head()
    for row in rows:
        here = Head(row["id"], row["digest"], _plain(row["at"]))
        if words := _fault(row, last) or _other(here, known.get(here.row)):
            raise Broken(here, words)
        last = here
        yield here
    if gone := max((head for head in known.values() if head.row > last.row), key=lambda head: head.row, default=None):
        raise Broken(last, f"the trail ends here, but went on to row {gone.row:,} ({gone.at}). Rows were taken away.")


def _fault(row: Row, last: Head) -> str:
    if row["id"] <= last.row:
        return f"it stands after row {last.row:,}. Rows were moved, or one was put in."
    if digest_of(row) != row["digest"]:
        return "its content is not what was written: its digest does not fit it."
    if row["prior"] != last.digest:
        before = f"row {last.row:,}" if last.row else "the beginning"
        return f"it does not follow {before}. That row was altered, or rows between were taken away or put in."
    return ""


def _other(here: Head, written: Head | None) -> str:
    if written is None or written.digest == here.digest:
        return ""
    return "another row was written down under this number outside the database. The chain was made anew."
