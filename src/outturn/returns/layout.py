"""The layout of a return: its fields and value lists, read from text files, and what a submitted text stands for.

The files live beside the return (`cld/layout/fields.yaml`, `cld/layout/lists/*.yaml`); a council adds values and
spellings by files of its own, in a folder it keeps. Every value of either release maps to the wording of Release 2.
"""

import difflib
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ..textfiles import Faults, Record, read_file

RETURNS = Path(__file__).parent  # one folder per return
INVALID = "Invalid and not mapped"
EVENT_TYPES = ("Request", "Assessment", "Service", "Review")
MODULES = {
    "submission": "Submission",
    "person": "Person",
    "event": "Events of every type",
    "request": "Requests",
    "assessment": "Assessments",
    "service": "Services",
    "review": "Reviews",
    "carer": "Unpaid carers and the adults they care for",
    "cost": "Costs of services",
}
TYPES = (
    "text", "date", "integer", "decimal", "list", "nhs number", "person id", "la code", "postcode", "gp code",
    "cqc location",
)  # fmt: skip
CLIENTS = ("service users", "unpaid carers")
SEVERITIES = ("error", "warning")
GRADES = {
    "E": "established",
    "I": "inferred",
    "K": "background knowledge",
    "X": "not established",
    "own": "our own",
}
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u2032\u02bc\u00b4`]")
_AROUND_SIGNS = re.compile(r" ?([-/:,;&()]) ?")
_FOLDED_PLAIN = re.compile(r"[^a-z0-9]")


def text_key(text: str) -> str:
    """What makes two texts one value: case, white space and the kind of dash or apostrophe do not count.

    Nor does white space beside a sign, so that “NFA- Other”, “NFA - Other” and “nfa – other” are one.
    """
    plain = _APOSTROPHES.sub("'", _DASHES.sub("-", text))
    return _AROUND_SIGNS.sub(r"\1", " ".join(plain.casefold().split()))


def heading_key(text: str) -> str:
    """What makes two headings one: only letters and digits count, in either case."""
    return _FOLDED_PLAIN.sub("", text.casefold())


@dataclass(frozen=True, slots=True)
class ListValue:
    """One value of a list, in the wording of Release 2."""

    words: str
    release_1: tuple[str, ...]  # its wordings in Release 1; empty where the wording is the same
    only_release: int | None  # 1 or 2 where the other release has no such value
    derived: bool  # made by the method; cannot be submitted
    facts: Mapping[str, str]  # what a list says of its values: group, settled, rank…, as text
    accepts: tuple[str, ...] = ()  # spellings of neither release that are taken for it
    contains: str = ""  # any text that contains this word is taken for it
    grade: str = "own"  # how firmly the value is known, a key of GRADES
    mapping: str = ""  # the same for its wording in Release 1, where that is less sure
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ValueList:
    """The values a field may hold. `is_open`: the list could not be established in full, so others are accepted."""

    name: str
    title: str
    is_open: bool
    values: tuple[ListValue, ...]
    source: str = ""
    notes: str = ""
    facts: tuple[str, ...] = ()
    exact: Mapping[str, tuple[str, str]] = field(init=False, repr=False, compare=False)  # wording → (words, how)
    keys: Mapping[str, str] = field(init=False, repr=False, compare=False)  # text_key → words
    by_words: Mapping[str, ListValue] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exact: dict[str, tuple[str, str]] = {}
        keys: dict[str, str] = {}
        for value in self.values:
            for spelling, how in _spellings(value):
                exact.setdefault(spelling, (value.words, how))
                keys.setdefault(text_key(spelling), value.words)
        object.__setattr__(self, "exact", MappingProxyType(exact))
        object.__setattr__(self, "keys", MappingProxyType(keys))
        object.__setattr__(self, "by_words", MappingProxyType({value.words: value for value in self.values}))

    def fact(self, words: str | None, name: str) -> str:
        """A fact about a value by its Release 2 wording, or empty where the list says nothing of it."""
        value = self.by_words.get(words or "")
        return value.facts.get(name, "") if value else ""

    def submittable(self, release: int = 2) -> tuple[str, ...]:
        """The wordings a file of a release may hold, in the order of the list; one for each value."""
        found: list[str] = []
        for value in self.values:
            if value.only_release not in (None, release) or (value.derived and (release == 2 or not value.release_1)):
                continue
            found += value.release_1[:1] if release == 1 and value.release_1 else [value.words]
        return tuple(found)


def _spellings(value: ListValue) -> Iterable[tuple[str, str]]:
    """Every exact wording of a value with the kind of match it is."""
    is_in_both = value.only_release is None and (not value.release_1 or value.words in value.release_1)
    if not value.derived:
        yield value.words, "valid" if is_in_both else f"release {value.only_release or 2}"
    for spelling in value.release_1:
        if value.derived or spelling != value.words:
            yield spelling, "release 1"
    for spelling in value.accepts:
        yield spelling, "spelling"


def classify(value_list: ValueList, text: str) -> tuple[str | None, str]:
    """What a submitted text stands for: the Release 2 wording (None for a blank text) and how it was found.

    How: “valid” (a wording of both releases), “release 2” or “release 1” (a wording of that release alone), “spelling”
    (a known value, spelt otherwise), “unlisted” (not on an open list, so kept as it is), “invalid” (not on a closed
    list), or empty for a blank text. White space at either end does not count.
    """
    text = text.strip()
    if not text:
        return None, ""
    if text in value_list.exact:
        return value_list.exact[text]
    key = text_key(text)
    if key in value_list.keys:
        return value_list.keys[key], "spelling"
    for value in value_list.values:
        if value.contains and value.contains in key:
            return value.words, "spelling"
    return (text, "unlisted") if value_list.is_open else (INVALID, "invalid")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a return."""

    header: str  # the heading as the national specification writes it
    name: str  # what we call it: the national database's name in lower case
    also: tuple[str, ...]  # other headings it is known by
    module: str  # a key of MODULES
    type: str  # one of TYPES
    list: str | None  # the name of its value list
    events: frozenset[str]  # the event types it applies to
    carers_only: bool
    mandatory: frozenset[str]  # the event types whose rows must fill it; empty for never
    missing_is: str  # error or warning: what a blank is where it must be filled
    personal: bool  # would it identify or describe one person in a log?
    grade: str  # a key of GRADES
    notes: str = ""
    service_users_only: bool = False  # rows of unpaid carers need not fill it, and may
    depends: bool = False  # whether it must be filled depends on other fields; the notes say on what

    @property
    def is_always_mandatory(self) -> bool:
        """Must every row fill it, whatever its event type, and even without one?"""
        return self.mandatory == frozenset(EVENT_TYPES)


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the files say about one return."""

    return_name: str
    title: str
    fields: tuple[Field, ...]
    lists: Mapping[str, ValueList]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    by_heading: Mapping[str, Field] = field(init=False, repr=False, compare=False)  # heading_key → field

    def __post_init__(self) -> None:
        by_heading = {key: found for found in self.fields for key in _heading_keys(found)}
        object.__setattr__(self, "by_name", MappingProxyType({found.name: found for found in self.fields}))
        object.__setattr__(self, "by_heading", MappingProxyType(by_heading))

    def field(self, name: str) -> Field:
        """The field of a name. Raises ValueError naming the nearest."""
        if name in self.by_name:
            return self.by_name[name]
        raise ValueError(f"There is no field {name}. {_nearest(name, self.by_name)}")

    def find_heading(self, text: str) -> str | None:
        """The name of the field a heading stands for, or None for a heading we do not know."""
        found = self.by_heading.get(heading_key(text))
        return found.name if found else None

    @staticmethod
    def heading_key(text: str) -> str:
        """As the function of this name."""
        return heading_key(text)


def _heading_keys(found: Field) -> set[str]:
    return {heading_key(text) for text in (found.header, found.name, *found.also)}


def load_layout(return_name: str = "cld", extra: Path | None = None) -> Layout:
    """The layout of a return, with what a council's own `extra` folder adds to its lists.

    Raises FaultyFiles with every fault of every file, and ValueError for a return we do not know.
    """
    return _load_own(return_name) if extra is None else _load(return_name, extra)


@functools.cache
def _load_own(return_name: str) -> Layout:
    return _load(return_name, None)


def _load(return_name: str, extra: Path | None) -> Layout:
    folder = RETURNS / return_name / "layout"
    if not (folder / "fields.yaml").is_file():
        known = sorted(path.parent.parent.name for path in RETURNS.glob("*/layout/fields.yaml"))
        raise ValueError(f"There is no return “{return_name}”. We know: {', '.join(known)}.")
    faults = Faults()
    lists: dict[str, ValueList] = {}
    for path in sorted((folder / "lists").glob("*.yaml")):
        record = read_file(path, faults)
        if record:
            lists[path.stem] = _read_list(path.stem, record)
    for path in sorted(extra.glob("*.yaml")) if extra else ():
        record = read_file(path, faults)
        if record and path.stem in lists:
            lists[path.stem] = _read_list(path.stem, record, lists[path.stem])
        elif record:
            record.fault(f"There is no list {path.stem}. {_nearest(path.stem, lists)}")
    record = read_file(folder / "fields.yaml", faults)
    title, fields = _read_fields(record, lists) if record else ("", ())
    faults.raise_any()
    return Layout(return_name, title, fields, MappingProxyType(lists))


def _read_fields(record: Record, lists: Mapping[str, ValueList]) -> tuple[str, tuple[Field, ...]]:
    title = record.text("title", example="Client Level Data")
    fields: list[Field] = []
    taken: dict[str, str] = {}
    for entry in record.records("fields"):
        found = _read_field(entry, lists)
        for key in sorted(_heading_keys(found)):
            if key in taken:
                entry.fault(f"The heading of {found.name} is that of {taken[key]} too. Give each its own.")
            taken[key] = found.name
        fields.append(found)
    record.close()
    return title, tuple(fields)


def _read_field(entry: Record, lists: Mapping[str, ValueList]) -> Field:
    header = entry.text("header", example="LA Code")
    name = entry.text("name", example="la_code")
    type_ = _one_of(entry, "type", TYPES)
    list_name = entry.optional("list")
    if type_ == "list" and list_name not in lists:
        entry.fault(f"The list “{list_name}” of {name} is not there. {_nearest(list_name, lists)}", "list")
    if type_ != "list" and list_name:
        entry.fault(f"{name} has a list and is of type {type_}. Write type: list, or leave out the list.", "list")
    clients = _one_of(entry, "clients", CLIENTS, default="")
    events = _event_types(entry, "events") or frozenset(EVENT_TYPES)
    mandatory = _mandatory(entry)
    if mandatory - events:
        where = ", ".join(sorted(mandatory - events))
        entry.fault(f"{name} is mandatory for {where}, where it does not apply.", "mandatory")
    return Field(
        header, name, tuple(entry.texts("also")), _one_of(entry, "module", MODULES), type_, list_name or None, events,
        clients == "unpaid carers", mandatory,
        _one_of(entry, "missing_is", SEVERITIES, default=None if mandatory else "error"),
        _yes_or_no(entry, "personal"), _one_of(entry, "grade", GRADES), entry.optional("notes"),
        clients == "service users", entry.texts("mandatory") == ["depends"],
    )  # fmt: skip


def _mandatory(entry: Record) -> frozenset[str]:
    words = entry.texts("mandatory")
    if words == ["always"]:
        return frozenset(EVENT_TYPES)
    return frozenset() if words in (["never"], ["depends"]) else _event_types(entry, "mandatory")


def _event_types(entry: Record, key: str) -> frozenset[str]:
    found = entry.texts(key)
    for words in found:
        if words not in EVENT_TYPES:
            entry.fault(f"“{words}” is not an event type. Write some of: {', '.join(EVENT_TYPES)}.", key)
    return frozenset(found) & frozenset(EVENT_TYPES)


def _read_list(name: str, record: Record, base: ValueList | None = None) -> ValueList:
    """A list from its file, or `base` with what a council's file adds."""
    is_own = base is not None
    title = record.optional("title") if is_own else record.text("title", example="Gender")
    is_open = _yes_or_no(record, "open") if base is None else base.is_open
    facts = base.facts if base else tuple(record.texts("facts"))
    source, notes = record.optional("source"), record.optional("notes")
    values = list(base.values) if base else []
    spoken_for = {text_key(spelling): value.words for value in values for spelling in _every_spelling(value)}
    for entry in record.records("values"):
        value = _read_value(entry, facts, is_own=is_own)
        if value:
            _claim(entry, value, spoken_for)
            values.append(value)
    values = _with_accepted(record, values, spoken_for)
    record.close()
    if base:
        title, source, notes = base.title, base.source, base.notes
    return ValueList(name, title, is_open, tuple(values), source, notes, facts)


def _read_value(entry: Record, facts: tuple[str, ...], *, is_own: bool) -> ListValue | None:
    words = entry.text("value", example="Unknown")
    release = _one_of(entry, "only_release", ("1", "2"), default="")
    value = ListValue(
        words,
        tuple(entry.texts("release_1")),
        int(release) if release else None,
        _yes_or_no(entry, "derived"),
        MappingProxyType({fact: text for fact in facts if (text := entry.optional(fact))}),
        tuple(entry.texts("accepts")),
        entry.optional("contains").casefold(),
        _one_of(entry, "grade", GRADES, default="own" if is_own else None),
        _one_of(entry, "mapping", GRADES, default=""),
        entry.optional("notes"),
    )
    if release and value.release_1:
        entry.fault(f"“{words}” is in one release only, so leave out release_1.", "release_1")
    return value if words else None


def _every_spelling(value: ListValue) -> tuple[str, ...]:
    return (value.words, *value.release_1, *value.accepts)


def _claim(entry: Record, value: ListValue, spoken_for: dict[str, str]) -> None:
    """Note the spellings of a value; two values cannot share one, for then a text would stand for both."""
    if spoken_for.get(text_key(value.words)) == value.words:
        entry.fault(f"“{value.words}” is on the list already. Another spelling goes under accepts.", "value")
    for spelling in _every_spelling(value):
        owner = spoken_for.setdefault(text_key(spelling), value.words)
        if owner != value.words:
            entry.fault(f"“{spelling}” stands for “{owner}” already, so it cannot stand for “{value.words}” too.")


def _with_accepted(record: Record, values: list[ListValue], spoken_for: dict[str, str]) -> list[ListValue]:
    """The values with the spellings of the list's own `accepts` mapping (text: words) added."""
    by_words = {value.words: value for value in values}
    for spelling, words in record.pairs("accepts"):
        owner = spoken_for.get(text_key(spelling))
        if words.words not in by_words:
            advice = f"“{words.words}” is not on the list. {_nearest(words.words, by_words)}"
            record.faults.add(words.file, words.line, advice)
        elif owner and owner != words.words:
            record.faults.add(words.file, words.line, f"“{spelling}” stands for “{owner}” already. Leave it out.")
        else:
            spoken_for[text_key(spelling)] = words.words
            value = by_words[words.words]
            by_words[words.words] = replace(value, accepts=(*value.accepts, spelling))
    return list(by_words.values())


def _one_of(record: Record, key: str, known: Iterable[str], *, default: str | None = None) -> str:
    """One word out of a few; `default` where the key may be left out."""
    words = record.optional(key)
    choices = tuple(known)
    if words in choices:
        return words
    if not words and default is not None:
        return default
    record.fault(f"“{key}” should be one of: {', '.join(choices)}.", key)
    return choices[0]


def _yes_or_no(record: Record, key: str) -> bool:
    words = record.optional(key)
    if words not in ("yes", "no", ""):
        record.fault(f"“{key}” should be yes or no.", key)
    return words == "yes"


def _nearest(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1, 0.5)
    return f"Did you mean {near[0]}?" if near else f"We know: {', '.join(names)}."
