"""The reference page of a return, made from its layout and rules. `python -m outturn.returns.reference` prints it."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from .layout import EVENT_TYPES, GRADES, MODULES, Field, Layout, ListValue, ValueList, load_layout
from .rules import Rule, Severity, load_rules

INTRODUCTION = """\
This page is made from the files that Outturn itself reads (`src/outturn/returns/{name}`), so it says what the program
does. Make it again with `python -m outturn.returns.reference > docs/reference/client-level-data.md`.

Contents: [fields](#fields) · [lists](#lists) · [from Release 1 to Release 2](#from-release-1-to-release-2){checks} ·
[a council's own values](#a-councils-own-values)

**How sure.** The national specification itself is a spreadsheet that we could not read, so every entry says how firmly
it is known: *established* in an official source, *inferred* from official code, *background knowledge*, or *not
established*. What is not established is accepted widely, with a warning at most.
"""

HOW_READ = """\
A heading is known whatever its case, spaces, underscores and punctuation, and columns may stand in any order. Blank
cells and the text `NULL` are blanks; `Unknown` is an answer. Dates are best written `2025-03-31`; `31/03/2025`,
`31 Mar 2025` and Excel's day numbers are read too.
"""

HOW_MATCHED = """\
Case, white space and the kind of dash or apostrophe do not matter to what a value stands for, but a spelling that
differs from the list is pointed out, because the national checks are stricter. A value that is not on a *closed list*
becomes `Invalid and not mapped`, and the text received is kept beside it. On an *open list*, one that we could not
establish in full, it is kept as it is, with a warning.
"""

HOW_SHOWN = """\
Under each rule stand its id, how much it matters, how sure we are, and what it looks at; then an example that fails and
one that passes, as the cells that differ from a row without faults.
"""

OWN_VALUES = """\
A council can add values to a list, and spellings of the values it has. Put a file of the list's name, such as
`service-component.yaml`, in the folder of additions:

```yaml
values:
  - value: Assistive technology        # a value of our own
    release_1: Telecare                # what it was called in Release 1; leave it out where it was called the same
accepts:                               # a text our system writes: the value it stands for
  Homecare: Home support or domiciliary care
```

Every fault in such files is reported at once, with file, line and what to write instead.
"""

HOLDS = {
    "text": "text",
    "date": "date",
    "integer": "whole number",
    "decimal": "number with two decimals",
    "nhs number": "NHS number, ten digits",
    "person id": "the council's own number for a person",
    "la code": "council code, three digits",
    "postcode": "postcode",
    "gp code": "ODS code of the practice",
    "cqc location": "CQC location, as 1-123456789",
}
FACTS = {
    "unpaid_carer": "Unpaid carer",
    "group": "Group",
    "settled": "Settled",
    "rank": "Rank",
    "accommodation": "Accommodation it implies",
    "usual_service_type": "Usual service type",
    "units_per_week": "Units per week",
    "review_type": "Type of review",
    "unable_to_classify": "2A cannot classify",
    "mapped_back": "Mapped back",
    "rank_release_1": "Rank, Release 1",
    "rank_nhse": "Rank, NHS England 2023/24",
    "becomes": "Becomes",
}
SEVERITIES = {
    Severity.ERROR: "Error: a measure or the national body would drop or misread the row.",
    Severity.WARNING: "Warning: probably wrong, or it costs a figure.",
    Severity.NOTE: "Note: worth knowing.",
}


def page(layout: Layout, rules: Sequence[Rule] | None = None) -> str:
    """The reference page in Markdown: fields, lists, the mapping between releases and, where given, the checks."""
    parts = [
        f"# {layout.title}: fields, lists and checks",
        INTRODUCTION.format(name=layout.return_name, checks=" · [checks](#checks)" if rules else ""),
        *_fields(layout),
        *_lists(layout),
        *_mapping(layout),
        *(_checks(rules, layout) if rules else ()),
        "## A council's own values",
        OWN_VALUES,
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [headings, ["---"] * len(headings), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# Fields


def _fields(layout: Layout) -> Iterator[str]:
    yield f"## Fields\n\n{len(layout.fields)} fields, in the order of the national specification.\n\n{HOW_READ}"
    numbered = {found.name: str(number) for number, found in enumerate(layout.fields, 1)}
    for module, title in MODULES.items():
        fields = [found for found in layout.fields if found.module == module]
        rows = [_field_row(numbered[found.name], found, layout) for found in fields]
        if rows:
            headings = ("No.", "Heading", "Holds", "Belongs to", "Must be filled", "How sure", "Notes")
            yield f"### {title}\n\n{_table(headings, rows)}"


def _field_row(number: str, found: Field, layout: Layout) -> tuple[str, ...]:
    heading = f"**{found.header}**<br>`{found.name}`"
    if found.also:
        heading += f"<br>also known as {'; '.join(found.also)}"
    return (number, heading, _holds(found, layout), _belongs(found), _required(found), GRADES[found.grade], found.notes)


def _holds(found: Field, layout: Layout) -> str:
    if found.list:
        return f"[{layout.lists[found.list].title}](#{_anchor(layout.lists[found.list].title)})"
    return HOLDS[found.type]


def _belongs(found: Field) -> str:
    events = "every row" if found.events == frozenset(EVENT_TYPES) else _names(found.events)
    clients = "unpaid carers" if found.carers_only else "service users" if found.service_users_only else ""
    if not clients:
        return events
    return f"rows of {clients}" if events == "every row" else f"{events}, of {clients}"


def _required(found: Field) -> str:
    if not found.mandatory:
        return "depends, see notes" if found.depends else "no"
    where = "always" if found.is_always_mandatory else f"on {_names(found.mandatory)}"
    return where if found.missing_is == "error" else f"{where}, it seems (a blank is a warning)"


def _names(events: frozenset[str]) -> str:
    names = [f"{event.lower()}s" for event in EVENT_TYPES if event in events]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


# Lists


def _lists(layout: Layout) -> Iterator[str]:
    yield f"## Lists\n\n{HOW_MATCHED}"
    for values in sorted(layout.lists.values(), key=lambda values: values.title):
        yield _list(values, [found for found in layout.fields if found.list == values.name])


def _list(values: ValueList, fields: Sequence[Field]) -> str:
    used = ", ".join(found.header for found in fields)
    opening = [
        f"For {used}." if used else "",
        "Open list." if values.is_open else "Closed list.",
        values.notes,
        f"Source: {values.source}.",
    ]
    facts = [fact for fact in values.facts if any(value.facts.get(fact) for value in values.values)]
    extras = [("Also accepted", _accepted), ("Notes", lambda value: value.notes)]
    shown = [(title, read) for title, read in extras if any(read(value) for value in values.values)]
    headings = ["Release 2", "Release 1", *(FACTS.get(fact, fact) for fact in facts), "How sure"]
    rows = [
        [
            _in_release_2(value), _in_release_1(value), *(value.facts.get(fact, "") for fact in facts), _sure(value),
            *(read(value) for _, read in shown),
        ]
        for value in values.values
    ]  # fmt: skip
    words = " ".join(part for part in opening if part)
    return f"### {values.title}\n\n{words}\n\n{_table([*headings, *(title for title, _ in shown)], rows)}"


def _in_release_2(value: ListValue) -> str:
    if value.only_release == 1:
        return ""
    return f"*{value.words}* (made by the method, cannot be submitted)" if value.derived else value.words


def _in_release_1(value: ListValue) -> str:
    if value.only_release == 1:
        return value.words
    if value.only_release == 2 or (value.derived and not value.release_1):
        return "–"
    return "<br>".join("same" if words == value.words else words for words in value.release_1) or "same"


def _sure(value: ListValue) -> str:
    sure = GRADES[value.grade]
    return f"{sure}; Release 1 {GRADES[value.mapping]}" if value.mapping not in ("", value.grade) else sure


def _accepted(value: ListValue) -> str:
    return "<br>".join([*value.accepts, *([f"any text with “{value.contains}”"] if value.contains else [])])


# From one release to the other


def _mapping(layout: Layout) -> Iterator[str]:
    rows = [
        (values.title, words, value.words, GRADES[value.mapping or value.grade])
        for values in layout.lists.values()
        for value in values.values
        for words in value.release_1
        if words != value.words
    ]
    yield (
        "## From Release 1 to Release 2\n\nEvery Release 1 wording that differs, and what it becomes. In a Release 2 "
        "file the Release 1 wordings are pointed out.\n\n"
        + _table(("List", "Release 1", "Release 2", "How sure"), rows)
    )
    yield "In Release 1 only:\n\n" + _only_in(1, layout)
    yield "New in Release 2:\n\n" + _only_in(2, layout)


def _only_in(release: int, layout: Layout) -> str:
    found = [(values.title, value) for values in layout.lists.values() for value in values.values]
    rows = [(title, value.words, value.notes) for title, value in found if value.only_release == release]
    return _table(("List", "Value", "Notes"), rows)


# Checks


def _checks(rules: Sequence[Rule], layout: Layout) -> Iterator[str]:
    kinds = "\n".join(f"- {words}" for words in SEVERITIES.values())
    yield f"## Checks\n\n{len(rules)} rules.\n\n{kinds}\n\n{HOW_SHOWN}"
    for group, of_group in groupby(rules, key=lambda rule: rule.group):
        yield f"### Checks: {group}"
        for rule in of_group:
            yield _check(rule, layout)


def _check(rule: Rule, layout: Layout) -> str:
    about = [f"`{rule.id}`", "as the field says" if rule.by_field else str(rule.severity), GRADES[rule.grade]]
    if rule.column:
        about.append(layout.field(rule.column).header)
    if rule.events != frozenset(EVENT_TYPES):
        about.append(f"on {_names(rule.events)}")
    lines = [
        f"#### {rule.title}\n",
        f"{' · '.join(about)}\n",
        f"- Says: {_with_any_heading(rule.sentence)}",
        f"- What to do: {_with_any_heading(rule.do)}",
        f"- Why: {rule.why}",
        *_examples("Fails", rule.fails, layout),
        *_examples("Passes", rule.passes, layout),
    ]
    return "\n".join(lines)


def _with_any_heading(words: str) -> str:
    """A sentence of a rule for many fields, with dots where the field's heading goes."""
    return words.replace("{header}", "…")


def _examples(word: str, rows: Sequence[Mapping[str, str]], layout: Layout) -> Iterator[str]:
    shown = [
        ", ".join(f"{layout.field(name).header} = {f'`{text}`' if text else 'blank'}" for name, text in row.items())
        for row in rows
    ]
    if shown:
        yield f"- {word}: {'; beside a row with '.join(cells or 'nothing changed' for cells in shown)}"


def _anchor(title: str) -> str:
    """The address a heading has on the page, as code hosts make them."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def main() -> None:
    """Print the reference page of Client Level Data."""
    layout = load_layout()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a Windows console is not UTF-8
    sys.stdout.write(page(layout, load_rules(layout)))


if __name__ == "__main__":
    main()
