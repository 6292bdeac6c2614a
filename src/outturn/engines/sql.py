"""Pieces of SQL text, safe to put together."""

from pathlib import Path


def literal(text: str | Path) -> str:
    """A text or a path as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as the name of a column."""
    return '"' + text.replace('"', '""') + '"'
