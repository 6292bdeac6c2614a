"""Reads what council.yaml settles: how the council is judged, its people, and who it is compared with.

The site keeps the same mapping and reads it back by the same code.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from ..catalogue.library import Catalogue
from ..judgement import direction, rag
from ..judgement.rag import RollUpBy, Rule, Shape, Tolerance
from ..judgement.settings import AGES, COUNTS, Chosen, DatedRebase, Judging, PeerGroup, Peers, Population
from ..terms.period import Period
from ..terms.value import STANDARD_TOKENS, Absence, Value, read_value
from ..textfiles import Faults, Record, record_of
from .reference import indicator_slug, slug_of

T = TypeVar("T")
Settings = tuple[Judging, tuple[Population, ...], Peers]
KEYS = ("judging", "populations", "region", "peers")
TOLERANCE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)(%?)")
OWN_TOLERANCE = ", with a tolerance of its own"
LIMITS_ONLY = Rule("Tolerances of its own", rag.AmberBy.DISTANCE)
"""What a council that names limits and no rule changes."""


def read_settings(record: Record, absences: Mapping[str, Absence], catalogue: Catalogue | None = None) -> Settings:
    """The settings in a council's record. Given a catalogue, an indicator without a definition in it is a fault."""
    peers = Peers(record.optional("region"), tuple(_peer_groups(record)))
    reader = _Reader({**STANDARD_TOKENS, **absences}, catalogue, peers)
    judging = record.record("judging")
    return reader.judging(judging) if judging else Judging(), tuple(_populations(record)), peers


def settings_of(plain: Mapping[str, Any], absences: Mapping[str, Absence]) -> Settings:
    """The settings in a mapping of `KEYS` that was read before. Raises FaultyFiles where it no longer can be."""
    faults = Faults()
    settings = read_settings(record_of(plain, faults, "settings"), absences)
    faults.raise_any()
    return settings


def read_tolerance(text: str) -> Tolerance:
    """`5%` is a share of the target, `5` is five of the measure's own unit. Raises ValueError saying so."""
    match = TOLERANCE.fullmatch(text)
    if not match:
        raise ValueError(
            f"“{text}” is not a tolerance. Write 5% for a share of the target, or 5 for five of the measure’s own unit."
        )
    return Tolerance(Decimal(match[1]), bool(match[2]))


def read_named(known: Mapping[str, T], noun: str) -> Callable[[str], T]:
    """A reader of names, in any capitals, whose ValueError lists them all."""
    found = {name.casefold(): thing for name, thing in known.items()}

    def read(text: str) -> T:
        if text.casefold() not in found:
            raise ValueError(f"“{text}” is not {noun}. Write one of: {'; '.join(known)}.")
        return found[text.casefold()]

    return read


STATUS_RULES = {rule.name: rule for rule in rag.RULES}
DIRECTION_RULES = {rule.name: rule for rule in direction.RULES}
ROLL_UPS = {way.name.lower(): way for way in RollUpBy}
SHAPES = {shape.value: shape for shape in Shape}
read_status_rule = read_named(STATUS_RULES, "a rule for the status")
read_direction_rule = read_named(DIRECTION_RULES, "a rule for the direction")
read_roll_up = read_named(ROLL_UPS, "a way to give a priority its status")
read_counts = read_named({name: name for name in COUNTS}, "a way to round counts")
read_shape = read_named(SHAPES, "a shape of the year")


class _Reader:
    """Reads how a council is judged."""

    def __init__(self, tokens: Mapping[str, Absence], catalogue: Catalogue | None, peers: Peers) -> None:
        self.tokens, self.peers = tokens, peers
        self.known = _names(catalogue) if catalogue else None

    def judging(self, record: Record) -> Judging:
        usual = Judging()
        judging = Judging(
            _status(record, LIMITS_ONLY) or usual.status,
            _direction(record, usual.direction),
            record.read_optional("priorities", read_roll_up) or usual.priorities,
            public_counts=record.read_optional("public_counts", read_counts) or usual.public_counts,
        )
        own = dict(self._own(record, judging))
        record.close()
        return replace(judging, own=own)

    def _own(self, record: Record, council: Judging) -> Iterator[tuple[str, Chosen]]:
        indicators = record.record("indicators")
        seen: set[str] = set()
        for name in list(indicators.entries) if indicators else []:
            entry = indicators.record(name) if indicators else None
            slug = slug_of(name)
            if not indicators or not entry:
                continue
            if self.known and slug not in self.known:
                near = difflib.get_close_matches(slug, self.known, 1)
                advice = f"Did you mean {self.known[near[0]]}?" if near else "Write a definition for it first."
                indicators.fault(f"There is no indicator “{name}”. {advice}", name)
            if slug in seen:
                indicators.fault(f"“{name}” stands here twice. Keep one.", name)
            seen.add(slug)
            yield slug, self._chosen(entry, council)
            entry.close()

    def _chosen(self, entry: Record, council: Judging) -> Chosen:
        milestones = self._milestones(entry)
        shape = entry.read_optional("shape", read_shape) or (Shape.GIVEN if milestones else Shape.STRAIGHT)
        if milestones and shape is not Shape.GIVEN:
            entry.fault(f"With targets for parts of the year the shape is “{Shape.GIVEN}”, not “{shape}”.", "shape")
        if shape is Shape.GIVEN and "milestones" not in entry.entries:
            entry.fault(f"The shape is “{shape}”, so give the targets for parts of the year, as milestones.", "shape")
        return Chosen(
            _status(entry, council.status) or council.status,
            _direction(entry, council.direction),
            shape,
            milestones,
            tuple(_rebases(entry)),
            tuple(self._peers(entry)),
        )

    def _milestones(self, entry: Record) -> dict[Period, Value]:
        found: dict[Period, Value] = {}
        for name, text in entry.pairs("milestones"):
            try:
                period, value = Period.read(name), read_value(text.words, self.tokens)
                if period in found:
                    raise ValueError(f"{period.words} stands here twice. Keep one.")
                found[period] = value
            except ValueError as error:
                entry.faults.add(text.file, text.line, f"milestones: {error}")
        return found

    def _peers(self, entry: Record) -> Iterator[str]:
        names = [group.name for group in self.peers.groups]
        for name in entry.texts("peers"):
            if name in names:
                yield name
            else:
                there = f"The groups are: {'; '.join(names)}." if names else "Write it under peers: first."
                entry.fault(f"There is no group of peers “{name}”. {there}", "peers")


def _names(catalogue: Catalogue) -> dict[str, str]:
    """Every name an indicator can have, as a slug and as we write it."""
    names = {slug_of(key.code): key.code for key in catalogue.indicators}
    for definition in catalogue.indicators.values():
        for basis in definition.bases:
            slug = indicator_slug(definition, basis)
            names.setdefault(slug, slug)
    return names


def _status(record: Record, base: Rule) -> Rule | None:
    """The rule that is named; or the base, or the one named, with tolerances of its own. None where there is none."""
    if not record.is_group("status"):
        return record.read_optional("status", read_status_rule)
    limits = record.record("status")
    if not limits:
        return None
    rule = limits.read_optional("rule", read_status_rule) or base
    green = limits.read_optional("green", read_tolerance)
    amber = limits.read("amber", read_tolerance, example="5%")
    limits.close()
    if not amber:
        return None
    tighter = green or rule.green
    if tighter.relative == amber.relative and tighter.size > amber.size:
        limits.fault(f"Amber ({amber.words}) is nearer the target than Green ({tighter.words}). Widen it.", "amber")
    return replace(rule.allowing(amber, green), name=_with_own_tolerance(rule.name))


def _direction(record: Record, base: direction.DirectionRule) -> direction.DirectionRule:
    """The rule that is named, or the base; either with a tolerance of its own."""
    if not record.is_group("direction"):
        return record.read_optional("direction", read_direction_rule) or base
    group = record.record("direction")
    if not group:
        return base
    rule = group.read_optional("rule", read_direction_rule) or base
    tolerance = group.read("tolerance", read_tolerance, example="1%")
    group.close()
    if rule.against is direction.Against.TREND:
        group.fault("A trend is told from chance by its own test, so it takes no tolerance. Leave it out.", "tolerance")
    if not tolerance:
        return rule
    return replace(rule, tolerance=tolerance, name=_with_own_tolerance(rule.name))


def _with_own_tolerance(name: str) -> str:
    return name if name == LIMITS_ONLY.name else name.removesuffix(OWN_TOLERANCE) + OWN_TOLERANCE


def _rebases(entry: Record) -> Iterator[DatedRebase]:
    seen: set[Period] = set()
    for rebase in entry.records("rebases"):
        period = rebase.read("from", Period.read, example="Q2 2025/26")
        because = " ".join(rebase.text("because").split())  # one line, as staff edit it
        if period in seen:
            rebase.fault("The limits are drawn anew from there twice. Keep one.", "from")
        elif period and because:
            seen.add(period)
            yield DatedRebase(period, because)


def _populations(record: Record) -> Iterator[Population]:
    seen: set[tuple[int, str]] = set()
    for entry in record.records("populations"):
        year = entry.read("year", _year, example="2015")
        ages = entry.read("ages", read_named({each: each for each in AGES}, "an age group"), example=AGES[0])
        people = entry.read("people", _people, example='"170,157"')
        source = entry.text("source")
        if not (year and ages and people and source):
            continue
        if (year, ages) in seen:
            entry.fault(f"People aged {ages} in {year} stand here twice. Keep one.")
        seen.add((year, ages))
        yield Population(year, ages, people, source)


def _year(text: str) -> int:
    if not re.fullmatch("(19|20)[0-9]{2}", text):
        raise ValueError(f"“{text}” is not a year. Write the one whose middle the estimate is of, such as 2015.")
    return int(text)


def _people(text: str) -> int:
    if not re.fullmatch("[1-9][0-9,]{0,11}", text):
        raise ValueError(f"“{text}” is not a number of people. Write it in digits, such as 170,157.")
    return int(text.replace(",", ""))


def _peer_groups(record: Record) -> Iterator[PeerGroup]:
    seen: set[str] = set()
    for entry in record.records("peers"):
        name, areas, note = entry.text("name"), tuple(entry.texts("areas")), entry.optional("note")
        if not areas:
            entry.fault("The group has no councils in it. Write areas: and their codes or names.", "areas")
        if name in seen:
            entry.fault(f"“{name}” stands here twice. Keep one.", "name")
        if ":" in name or any(";" in area for area in areas):
            entry.fault("Colons and semicolons divide groups and councils where staff edit them. Leave them out.")
        seen.add(name)
        if name and areas:
            yield PeerGroup(name, areas, note)
