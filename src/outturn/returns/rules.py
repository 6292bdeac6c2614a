"""The catalogue of checks: what each rule looks for, what it says, and the SQL that finds it.

A rule is an entry of a file in `cld/rules`, one file a group. Loading reads them all, holds every column and
placeholder against the layout, and raises every fault at once. `expand` then turns rules into checks, one for each
column a rule speaks of.

A condition is SQL over one row of the relation `cells`, true where there is something to complain of:

* `name` is a field's cleaned value, `name_raw` its text as received where that differs, `name_how` how a coded value
  was recognised (see `cleaning`);
* `event_type`, `is_carer` and `area` say what the row is about; `file_release`, `received`, `period_start` and
  `period_end` are the same on every row;
* in a rule for many fields, `{field}`, `{raw}` and `{how}` are the field's columns, `{required}` is whether this row
  must hold it, `{elsewhere}` whether this row is known to be one that it does not belong to.

A query, for rules across rows, selects `"row"` of those to complain of; NULL is the file as a whole. In a query
`{every_field}` lists all columns of cleaned values, and `{person}` is who the row is about: the NHS number, unless that
is a stand-in, else the council's own number.

A rule can be planted in a made-up file: `plant` gives cells as SQL over the texts of a clean row of one of its events
for which `plant_where` holds; without `plant` the cells are those of `fails`. For a rule with a query they are the
cells of a copy of the row, added after it; a query without `plant` cannot be planted by itself.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml

from ..textfiles import Faults, Record, read_file
from .layout import Field, Layout

FOLDER = Path(__file__).parent
GROUPS = (
    "structure", "types", "lists", "release", "mandatory", "identity", "dates", "services", "carers", "costs",
    "duplicates", "across",
)  # fmt: skip
EXAMPLE_ROWS = "example-rows.yaml"
EVENTS = ("Request", "Assessment", "Service", "Review")
GRADES = ("E", "I", "K", "X", "own")
FOUND_BY = ("reading", "comparison")
FILE_COLUMNS = ("row", "area", "is_carer", "file_release", "received", "period_start", "period_end")
STAND_INS = {"every_field", "person"}  # placeholders that need no for_each
PLACEHOLDERS = ("field", "raw", "how", "required", "elsewhere", *sorted(STAND_INS))
PERSON = (
    "COALESCE(CASE WHEN nhs_number <> repeat(left(nhs_number, 1), 10) THEN nhs_number END, la_person_unique_identifier)"
)
BY_FIELD = "by field"

Cells = Mapping[str, str]  # texts of some fields of a row, by field name


class Severity(StrEnum):
    """How much a complaint matters.

    Error: the national body or a measure will drop or misread the row. Warning: probably wrong, or it costs a figure.
    Note: worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ForEach:
    """The fields a rule is put to: those of a kind, less `but`."""

    kind: str  # a key of KINDS
    words: tuple[str, ...]
    but: tuple[str, ...]

    def takes(self, field: Field, layout: Layout) -> bool:
        """Whether the rule is put to this field."""
        return field.name not in self.but and KINDS[self.kind](field, layout, self.words)


KINDS: Mapping[str, Callable[[Field, Layout, tuple[str, ...]], bool]] = {
    "fields": lambda field, layout, words: field.name in words or words == ("all",),
    "types": lambda field, layout, words: field.type in words,
    "mandatory": lambda field, layout, words: bool(field.mandatory),
    "limited": lambda field, layout, words: field.carers_only or not field.events >= set(EVENTS),
    "lists": lambda field, layout, words: _has_list(field, layout, words),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of the catalogue. Every word of it comes from a file under review.

    `severity` is the worst it can have; `severity_at` is that at one field. `column` is the field complained of, None
    for a family (`for_each`) and for some about the file as a whole. Just one of `condition`, `query` and `found_by` is
    given.

    `fails` and `passes` are cells laid over the clean example row `base`, in a file of `release`; where `whole_file`,
    over every row of the file. `reported` are the places, from 0, of those rows of `fails` that are complained of. A
    family complains of the first cell of `fails`.
    """

    id: str
    group: str
    title: str
    severity: Severity
    by_field: bool
    column: str | None
    for_each: ForEach | None
    fields: tuple[str, ...]  # what it looks at
    events: frozenset[str]
    condition: str | None
    query: str | None
    found_by: str | None
    sentence: str
    do: str
    why: str
    grade: str
    base: str
    release: int
    fails: tuple[Cells, ...]
    passes: tuple[Cells, ...]
    reported: tuple[int, ...]
    whole_file: bool
    plant: Cells
    plant_where: str

    def severity_at(self, field: Field | None) -> Severity:
        """How much a complaint about this field matters: rules about missing entries follow the layout."""
        if not self.by_field or field is None:
            return self.severity
        return Severity(field.missing_is) if field.mandatory else Severity.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """A rule put to one column. `condition` is SQL over a row of `cells`; for a rule with a query it is that query."""

    rule: Rule
    column: str | None
    severity: Severity
    sentence: str
    do: str
    condition: str


def load_rules(layout: Layout, folder: Path | None = None) -> tuple[Rule, ...]:
    """Every rule for a return, in the order of its files. Raises FaultyFiles with all that is wrong in them."""
    return _load(folder or FOLDER / layout.return_name / "rules", layout.fields)


def load_example_rows(layout: Layout, folder: Path | None = None) -> Mapping[str, Cells]:
    """The clean example rows by name: Release 2 texts by field. Raises FaultyFiles."""
    return _load_examples(folder or FOLDER / layout.return_name / "rules", layout.fields)


def expand(rules: Iterable[Rule], layout: Layout) -> tuple[Check, ...]:
    """The checks to run: each rule once for each of its columns. Those that reading or comparing finds are left out."""
    return tuple(check for rule in rules if not rule.found_by for check in _checks(rule, layout))


def _checks(rule: Rule, layout: Layout) -> Iterator[Check]:
    for field in _columns(rule, layout):
        header = field.header if field else ""
        sentence, do = (words.replace("{header}", header) for words in (rule.sentence, rule.do))
        sql = _filled(rule.query or rule.condition or "", field, layout)
        condition = sql if rule.query else _limited(rule, sql)
        yield Check(rule, field.name if field else None, rule.severity_at(field), sentence, do, condition)


def _columns(rule: Rule, layout: Layout) -> list[Field | None]:
    if rule.for_each:
        return [field for field in layout.fields if rule.for_each.takes(field, layout)]
    return [layout.field(rule.column) if rule.column else None]


def _limited(rule: Rule, condition: str) -> str:
    """A rule for some event types is not put to the others."""
    if rule.events >= set(EVENTS):
        return f"({condition})"
    return f"(event_type IN ({_quoted(rule.events)}) AND ({condition}))"


def _filled(sql: str, field: Field | None, layout: Layout) -> str:
    words = {"every_field": ", ".join(known.name for known in layout.fields), "person": PERSON}
    if field:
        words |= {
            "field": field.name,
            "raw": f"{field.name}_raw",
            "how": f"{field.name}_how",
            "required": _required(field),
            "elsewhere": _elsewhere(field),
        }
    return re.sub(r"\{([a-z_]+)\}", lambda found: words[found[1]], sql)


def _required(field: Field) -> str:
    """SQL for the rows that must fill a field. Where all event types must, rows of an unreadable type must too."""
    clients = "is_carer" if field.carers_only else "client_type = 'Service user'" if field.service_users_only else ""
    parts = [clients] if clients else []
    parts += [] if field.is_always_mandatory else [f"event_type IN ({_quoted(field.mandatory)})"]
    return f"({' AND '.join(parts) or 'TRUE'})"


def _elsewhere(field: Field) -> str:
    """SQL for the rows a field certainly does not belong to: an unreadable event or client type proves nothing."""
    others = frozenset(EVENTS) - field.events
    parts = [f"event_type IN ({_quoted(others)})"] if others else []
    parts += ["client_type = 'Service user'"] if field.carers_only else []
    return f"COALESCE({' OR '.join(parts) or 'FALSE'}, FALSE)"


def _quoted(events: Iterable[str]) -> str:
    return ", ".join(f"'{event}'" for event in EVENTS if event in set(events)) or "NULL"


def _has_list(field: Field, layout: Layout, words: Sequence[str]) -> bool:
    if field.type != "list" or not field.list:
        return False
    return words == ("any",) or ("open" if layout.lists[field.list].is_open else "closed") in words


# Loading


@lru_cache(maxsize=8)
def _load(folder: Path, fields: tuple[Field, ...]) -> tuple[Rule, ...]:
    faults = Faults()
    reader = _Reader({field.name: field for field in fields}, faults)
    rules = [rule for group in GROUPS for rule in reader.group(folder, group)]
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in GROUPS and path.name != EXAMPLE_ROWS:
            faults.add(f"rules/{path.name}", None, f"No group of rules has this name. Known: {', '.join(GROUPS)}.")
    faults.raise_any()
    return tuple(rules)


@lru_cache(maxsize=8)
def _load_examples(folder: Path, fields: tuple[Field, ...]) -> Mapping[str, Cells]:
    faults = Faults()
    reader = _Reader({field.name: field for field in fields}, faults)
    found: dict[str, Cells] = {}
    file = read_file(folder / EXAMPLE_ROWS, faults, f"rules/{EXAMPLE_ROWS}")
    for name in list(file.entries) if file else []:
        row = file.record(name) if file else None
        if row:
            found[name] = reader.cells(row)
    faults.raise_any()
    return found


class _Reader:
    """Reads rules, noting every fault."""

    def __init__(self, fields: Mapping[str, Field], faults: Faults) -> None:
        self.fields = fields
        self.faults = faults
        self.seen: dict[str, str] = {}
        self.columns = {
            *FILE_COLUMNS, *fields, *(f"{name}_raw" for name in fields),
            *(f"{name}_how" for name, field in fields.items() if field.type == "list"),
        }  # fmt: skip

    def group(self, folder: Path, group: str) -> Iterator[Rule]:
        """The rules of one file."""
        file = read_file(folder / f"{group}.yaml", self.faults, f"rules/{group}.yaml")
        if file:
            for record in file.records("rules"):
                yield self.rule(record, group)
            file.close()

    def rule(self, record: Record, group: str) -> Rule:
        """One rule. After a fault it may be incomplete; nobody sees it then."""
        name = record.read("id", _slug, example="event-ends-before-it-starts") or ""
        if name in self.seen:
            record.fault(f"“{name}” is the id of another rule, in {self.seen[name]}. Choose another.", "id")
        self.seen.setdefault(name, f"{record.file}, line {record.line}")
        severity = record.read("severity", _severity, example="warning") or Severity.ERROR
        for_each = self._for_each(record)
        column = self._column(record)
        condition, query, found_by = (record.optional(key) or None for key in ("condition", "query", "found_by"))
        self._ways(record, (condition, query, found_by))
        self._placeholders(record, for_each)
        events = self._events(record)
        is_list = query is not None
        rule = Rule(
            id=name,
            group=group,
            title=record.text("title"),
            severity=Severity.ERROR if severity == BY_FIELD else Severity(severity),
            by_field=severity == BY_FIELD,
            column=column,
            for_each=for_each,
            fields=self._looked_at(column, condition or query or ""),
            events=events,
            condition=condition,
            query=query,
            found_by=found_by,
            sentence=record.text("sentence"),
            do=record.text("do"),
            why=record.text("why"),
            grade=record.read("grade", _one_of(GRADES), example="E") or "",
            base=record.optional("base") or next((event.lower() for event in EVENTS if event in events), ""),
            release=int(record.read_optional("release", _one_of(("1", "2"))) or 2),
            fails=self._examples(record, "fails", is_list),
            passes=self._examples(record, "passes", is_list),
            reported=tuple(record.read_optional("reported", _places) or ()) or ((0,) if not is_list else ()),
            whole_file=record.optional("whole_file") == "yes",
            plant=self._plant(record),
            plant_where=self._sql(record, "plant_where"),
        )
        if not found_by and not (rule.fails and rule.passes):
            record.fault("A rule needs an example that fails and one that passes. Write fails: {…} and passes: {…}")
        if is_list and not (rule.reported or rule.whole_file):
            record.fault("Say which rows of “fails” are complained of: reported: 1, counted from 0.", "query")
        return rule

    def cells(self, record: Record) -> Cells:
        """A row's texts by field, each field known to the layout."""
        found = {}
        for name in list(record.entries):
            text = record.optional(name)
            if name in self.fields:
                found[name] = text
            else:
                record.fault(f"“{name}” is not a field. {_nearest(name, self.fields)}", name)
        return found

    def _for_each(self, record: Record) -> ForEach | None:
        entry = record.record("for_each")
        if not entry:
            return None
        kinds = [kind for kind in KINDS if kind in entry.entries]
        if len(kinds) != 1:
            entry.fault(f"“for_each” should name one of: {', '.join(KINDS)}.")
            return None
        words = tuple(entry.texts(kinds[0]))
        but = tuple(entry.texts("but"))
        for name in (*but, *(words if kinds[0] == "fields" else ())):
            if name not in self.fields and name != "all":
                entry.fault(f"“{name}” is not a field. {_nearest(name, self.fields)}")
        entry.close()
        return ForEach(kinds[0], words, but)

    def _column(self, record: Record) -> str | None:
        column = record.optional("column") or None
        if column and column not in self.fields:
            record.fault(f"“{column}” is not a field. {_nearest(column, self.fields)}", "column")
            return None
        if column and "for_each" in record.entries:
            record.fault("Write either column or for_each, not both.", "column")
        return column

    def _events(self, record: Record) -> frozenset[str]:
        events = record.texts("events") or ["all"]
        for event in events:
            if event not in (*EVENTS, "all"):
                record.fault(f"“{event}” is not an event type. Known: {', '.join(EVENTS)}, all.", "events")
        return frozenset(EVENTS if events == ["all"] else events)

    def _ways(self, record: Record, ways: tuple[str | None, str | None, str | None]) -> None:
        if sum(way is not None for way in ways) != 1:
            record.fault("A rule has just one of: condition, query, found_by.")
        if ways[2] and ways[2] not in FOUND_BY:
            record.fault(f"“{ways[2]}” finds nothing. Known: {', '.join(FOUND_BY)}.", "found_by")
        for key in ("condition", "query"):
            self._sql(record, key)

    def _sql(self, record: Record, key: str) -> str:
        sql = record.optional(key)
        for word in _unknown_words(sql, self.columns):
            record.fault(f"{key}: “{word}” is not a column. {_nearest(word, self.columns)}", key)
        return sql

    def _plant(self, record: Record) -> Cells:
        entry = record.record("plant")
        cells = self.cells(entry) if entry else {}
        for sql in cells.values():
            for word in _unknown_words(sql, self.columns):
                record.fault(f"plant: “{word}” is not a column. {_nearest(word, self.columns)}", "plant")
        return cells

    def _placeholders(self, record: Record, for_each: ForEach | None) -> None:
        for key in ("condition", "query", "sentence", "do", "title", "why"):
            is_sql = key in ("condition", "query")
            allowed = PLACEHOLDERS if is_sql else ("header",) if key in ("sentence", "do") else ()
            for found in re.findall(r"\{([a-z_]+)\}", record.optional(key)):
                if found not in allowed:
                    record.fault(f"{key}: {{{found}}} is not a placeholder here. Known: {', '.join(allowed)}.", key)
                elif is_sql and found not in STAND_INS and not for_each:
                    record.fault(f"{key}: {{{found}}} belongs to rules with for_each.", key)

    def _looked_at(self, column: str | None, sql: str) -> tuple[str, ...]:
        words = set(_words(sql))
        named = {name for name in self.fields if words & {name, f"{name}_raw", f"{name}_how"}}
        return tuple(name for name in self.fields if name in named or name == column)

    def _examples(self, record: Record, key: str, is_list: bool) -> tuple[Cells, ...]:
        if isinstance(record.entries.get(key), yaml.SequenceNode):
            if not is_list:
                record.fault(f"“{key}” is one row here: {key}: {{field: text}}. A list is for rules with a query.", key)
            return tuple(self.cells(row) for row in record.records(key))
        row = record.record(key)
        return (self.cells(row),) if row else ()


# The few words of SQL that rules use. Any other word must be a column, so that a misspelt one is found at loading.
SQL_WORDS = """
    cells
    AND OR NOT IS NULL IN BETWEEN DATE INTERVAL DAY DAYS MONTH MONTHS YEAR YEARS CASE WHEN THEN ELSE END TRUE FALSE LIKE
    SELECT FROM WHERE GROUP BY ALL HAVING ORDER DISTINCT AS JOIN SEMI ANTI ON USING WITH UNION LIMIT OVER PARTITION ROWS
    UNBOUNDED PRECEDING FOLLOWING CURRENT ROW ASC DESC NULLS FIRST LAST VARCHAR INTEGER DECIMAL BIGINT FILTER EXISTS
"""


def _words(sql: str) -> list[str]:
    """The words of an SQL text that are neither in quotes nor the name of a function."""
    plain = re.sub(r"'(?:[^']|'')*'", " ", sql)
    return re.findall(r"\b[A-Za-z_]\w*\b(?!\s*\()", re.sub(r"\{[a-z_]+\}", " ", plain))


def _unknown_words(sql: str, columns: Iterable[str]) -> list[str]:
    named = set(re.findall(r"\bAS\s+(\w+)", sql)) | set(re.findall(r"\b(\w+)\s+AS\s*\(", sql))
    known = {*columns, *named, *SQL_WORDS.split()}
    return [word for word in dict.fromkeys(_words(sql)) if word not in known]


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"Did you mean “{near[0]}”?" if near else "The layout lists those there are."


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError(f"“{text}” should be lower-case words with hyphens between.")
    return text


def _severity(text: str) -> str:
    return text if text == BY_FIELD else _one_of(tuple(Severity))(text)


def _places(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"“{text}” should be places of rows counted from 0, as 1 or 1, 2.") from None


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"“{text}” is not known here. Write one of: {', '.join(known)}.")
        return text

    return read
