"""Reads how a council scores its risks from council.yaml. The site keeps the same mapping and reads it by this code."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..terms.status import Rag
from ..textfiles import Faults, Record, record_of
from .appetite import OUTSIDE, Level, RiskRules
from .scheme import FIVE_BY_FIVE, SCHEMES, Band, Line, Scheme
from .settings import read_named

KEY = "risks"
BAND = re.compile(r"(\S+) from ([0-9]{1,4})")
MOST_STEPS = 10
read_scheme_name = read_named(SCHEMES, "a scheme for scoring risks")


def read_risk_rules(record: Record) -> RiskRules:
    """The rules under `risks` in a council's record, or the usual ones."""
    entry = record.record(KEY)
    if not entry:
        return RiskRules()
    scheme = _scheme(entry) or FIVE_BY_FIVE
    rules = RiskRules(
        scheme,
        entry.read_optional("appetite", scheme.read_line),
        {name: line for name, line in sorted(_lines(entry, "appetites", scheme)) if line},
        dict(sorted(_escalation(entry, scheme), key=lambda found: list(Level).index(found[0]))),
    )
    entry.close()
    return rules


def risk_rules_of(plain: Mapping[str, Any]) -> RiskRules:
    """The rules in a mapping that was read before. Raises FaultyFiles where it no longer can be."""
    faults = Faults()
    rules = read_risk_rules(record_of({KEY: plain} if plain else {}, faults, "settings"))
    faults.raise_any()
    return rules


def _lines(entry: Record, key: str, scheme: Scheme, also: str = "") -> Iterator[tuple[str, Line | None]]:
    """Lines by name; `also` is a word that stands for no line."""
    for name, text in entry.pairs(key):
        try:
            yield name, None if also and text.words.casefold() == also else scheme.read_line(text.words)
        except ValueError as error:
            more = f" Or: {also}." if also else ""
            entry.faults.add(text.file, text.line, f"{key}, {name}: {error}{more}")


def _escalation(entry: Record, scheme: Scheme) -> Iterator[tuple[Level, Line | None]]:
    for name, line in _lines(entry, "escalation", scheme, also=OUTSIDE):
        if name in (Level.DIRECTORATE, Level.CORPORATE):
            yield Level(name), line
        else:
            entry.fault(f"Risks go on to a directorate or to corporate, not to “{name}”.", "escalation")


def _scheme(entry: Record) -> Scheme | None:
    if not entry.is_group("scheme"):
        return entry.read_optional("scheme", read_scheme_name)
    group = entry.record("scheme")
    return _own_scheme(group) if group else None


def _own_scheme(group: Record) -> Scheme | None:
    before = len(group.faults.found)
    name = group.text("name")
    likelihoods, impacts = tuple(group.texts("likelihood")), tuple(group.texts("impact"))
    for key, steps in (("likelihood", likelihoods), ("impact", impacts)):
        if not 2 <= len(steps) <= MOST_STEPS:
            group.fault(f"“{key}” takes 2 to {MOST_STEPS} words, the lowest first.", key)
    marks = tuple(group.texts("likelihood_marks")), tuple(group.texts("impact_marks"))
    for key, own, steps in zip(("likelihood_marks", "impact_marks"), marks, (likelihoods, impacts), strict=True):
        if own and len(own) != len(steps):
            group.fault(f"“{key}” has {len(own)} marks for {len(steps)} steps.", key)
    bands = tuple(_bands(group))
    ranks = {band.word.casefold(): band.start for band in bands}
    rows = dict(group.pairs("squares"))
    in_words = all(not text.words[:1].isdecimal() for text in rows.values()) and bool(rows)
    scores = tuple(_row(group, step, rows[step].words if step in rows else "", len(impacts), ranks, in_words)
                   for step in likelihoods) if rows else ()  # fmt: skip
    for step in rows.keys() - set(likelihoods):
        group.fault(f"“{step}” is not one of the likelihoods.", "squares")
    if not rows and bands and bands[-1].start > 1:
        group.fault(f"Scores below {bands[-1].start} are in no band. Let the lowest begin with 1.", "bands")
    source = group.optional("source")
    group.close()
    if len(group.faults.found) > before:
        return None
    lowest = min((score for row in scores for score in row), default=1)
    if lowest < bands[-1].start:
        group.fault(f"A square with {lowest} is in no band. Let the lowest begin there.", "bands")
        return None
    return Scheme(name, likelihoods, impacts, bands, scores, (marks[0], marks[1]), not in_words, source)


def _bands(group: Record) -> Iterator[Band]:
    """`High: Red from 16`, the highest first; `High: Red` where the squares are in words, and ranks stand in."""
    found = [(name, text) for name, text in group.pairs("bands")]
    if not found:
        group.fault("“bands” is missing. Write, the highest first: bands: {High: Red from 16, Low: Green from 1}")
    last: int | None = None
    for place, (name, text) in enumerate(found):
        match = BAND.fullmatch(" ".join(text.words.split()))
        start = int(match[2]) if match else len(found) - place
        try:
            rag = Rag.read(match[1] if match else text.words)
        except ValueError:
            words = f"{name}: “{text.words}” is no band. Write a colour and its lowest score: Amber from 11."
            group.faults.add(text.file, text.line, words)
            continue
        if last is not None and start >= last:
            group.faults.add(text.file, text.line, f"{name} begins at {start}, no lower than the band before it.")
        last = start
        yield Band(name, rag, start)


def _row(
    group: Record, step: str, text: str, wide: int, ranks: Mapping[str, int], in_words: bool
) -> tuple[int, ...]:  # fmt: skip
    """One row of the squares: scores, or bands where the scheme is in words."""
    parts = [part.strip() for part in text.split(",")] if text else []
    found: list[int] = []
    for part in parts:
        if in_words and part.casefold() in ranks:
            found.append(ranks[part.casefold()])
        elif not in_words and part.isdecimal() and len(part) < 5:
            found.append(int(part))
        else:
            group.fault(f"squares, {step}: “{part}” is no {'band' if in_words else 'score'}.", "squares")
    if len(parts) != wide:
        group.fault(f"squares, {step}: there are {len(parts)} for {wide} impacts. Divide them by commas.", "squares")
    return tuple(found)
