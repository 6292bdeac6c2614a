"""What an entry says: its figures, its status and its words. It is what people sign, and what is published."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from outturn.site.indicators.models import Result
from outturn.site.indicators.reading import read_period, stored_value
from outturn.terms.period import Period
from outturn.terms.value import Figure, Value

from .models import Entry

Content = Mapping[str, Any]

WORDS = ("happened", "why", "doing", "by_when", "help_needed")
FOR_READERS = WORDS[:-1]  # what help is needed is said inside the council
FIGURE = ("printed", "absence", "numerator", "denominator", "as_of", "source", "note")
FIGURE_LABELS = {
    "printed": "Figure", "absence": "Why there is no figure", "numerator": "Numerator", "denominator": "Denominator",
    "as_of": "Data as at", "source": "Source", "note": "Note on the figure",
}  # fmt: skip


def falls_in(period: Period, quarter: Period) -> bool:
    """Whether a figure for a period becomes known with a quarter: it ends in it."""
    return quarter.start <= period.end <= quarter.end


def content_of(entry: Entry, results: Iterable[Result]) -> Content:
    """What it says now. `results`: its indicator's for periods that end in the quarter."""
    figures = {row.period: {name: _plain(getattr(row, name)) for name in FIGURE} for row in results}
    return {"figures": figures, "status": entry.status, **{name: getattr(entry, name) for name in WORDS}}


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def digest_of(content: Any) -> str:
    """Equal for equal content only."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def results_from(content: Content, indicator: int) -> list[Result]:
    """The figures it holds, as they would stand in the database."""
    return [
        Result(
            indicator_id=indicator, period=period, printed=said["printed"], absence=said["absence"],
            numerator=Decimal(said["numerator"]) if said["numerator"] else None,
            denominator=Decimal(said["denominator"]) if said["denominator"] else None,
            as_of=date.fromisoformat(said["as_of"]) if said["as_of"] else None,
            source=said["source"], note=said["note"],
        )
        for period, said in content["figures"].items()
    ]  # fmt: skip


def value_in(content: Content, period: str) -> Value | None:
    """Its figure for a period, or the word for why there is none."""
    said = content["figures"].get(period)
    return stored_value(said["printed"], said["absence"]) if said else None


def text_of(content: Content) -> str:
    """Its words for readers, a paragraph for each part that was written."""
    return "\n\n".join(words for name in FOR_READERS if (words := content[name].strip()))


def owing(entry: Entry, content: Content) -> tuple[str, ...]:
    """What is still to be written, a sentence each."""
    wanted = []
    if entry.indicator_id:
        value = value_in(content, entry.period)
        if value is None:
            wanted.append("Type the figure, or the word for why there is none.")
        elif entry.confirmed != digest_of(content["figures"]):
            wanted.append("Confirm the figure.")
        if isinstance(value, Figure) and not content["figures"][entry.period]["source"]:
            wanted.append("Say where the figure comes from.")
    elif not content["status"]:
        wanted.append("Choose the overall progress.")
    if not content["happened"].strip():
        wanted.append("Write what happened.")
    return tuple(wanted)


def differences(before: Content, after: Content) -> list[tuple[str, str, str]]:
    """Label, what was and what is, for all that differs."""
    found = [(_label(name), before[name], after[name]) for name in ("status", *WORDS) if before[name] != after[name]]
    for code in sorted({*before["figures"], *after["figures"]}):
        old, new = (each["figures"].get(code, dict.fromkeys(FIGURE, "")) for each in (before, after))
        found += [
            (f"{FIGURE_LABELS[name]}, {read_period(code).words}", old[name], new[name])
            for name in FIGURE if old[name] != new[name]
        ]  # fmt: skip
    return found


def _label(name: str) -> str:
    words = str(Entry._meta.get_field(name).verbose_name)
    return words[:1].upper() + words[1:]
