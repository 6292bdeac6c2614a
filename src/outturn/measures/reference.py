"""The reference page of the measures, made from their files. `python -m outturn.measures.reference` prints it."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from outturn.records.methods import DEFAULT, PROFILES, Method, method

from .definition import ALL, Measure, SharedTable, Step
from .library import FOLDERS, HERE, Library, load_library

INTRODUCTION = """\
This page is made from the files that Outturn itself runs (`src/outturn/measures`), so it says what the program does.
Make it again with `python -m outturn.measures.reference > docs/reference/measures.md`. `outturn explain CODE` says the
same of one measure, under any method.

A measure is a list of *units* (people, episodes, requests …), its *cohort*. Each unit says whether it is in the
denominator, whether it is in the numerator, and which step decided so. Figures, breakdowns and side counts are only
ever counted from that list, in whole numbers; they are divided and rounded once, half away from zero.
"""

NEEDS = {"costs": "the costs on service rows", "discharges": "a hospital discharge file"}
TITLES = {"ascof": "ASCOF", "local": "Local and operational measures"}

METHODS = """\
The national program has changed from year to year, and in places it does something else than its own description. Each
such point is a switch with a name. A *method* sets all of them as one year's program had them (`--method`). The
*reading* `executed` follows the program, `published` its words (`--reading`); it changes the switches marked with ◆.
"""


def page(library: Library) -> str:
    """The page in Markdown."""
    parts = [
        "# Measures",
        INTRODUCTION,
        "Contents: "
        + " · ".join(f"[{code}](#{_anchor(code)})" for code in library.measures)
        + " · [shared tables](#shared-tables) · [methods](#methods)",
    ]
    for folder in FOLDERS:
        files = {path.name for path in (HERE / folder).glob("*.sql")}
        measures = [one for one in library.measures.values() if one.file in files]
        parts += [f"## {TITLES[folder]}", _overview(measures), *(_measure(one, folder) for one in measures)]
    parts += ["## Shared tables", "Made once in a run and read by several measures."]
    parts += [_shared(table) for table in library.tables.values()]
    parts += ["## Methods", METHODS, _methods()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _overview(measures: Sequence[Measure]) -> str:
    rows = [
        [f"[{one.code}](#{_anchor(one.code)})", one.title, f"{one.kind}, {one.unit}", ", ".join(one.periods)]
        for one in measures
    ]
    return _table(("Code", "Title", "Kind and unit", "Given for"), rows)


def _measure(measure: Measure, folder: str) -> str:
    facts = [
        ("Counts", measure.counts),
        ("Numerator", measure.numerator),
        ("Denominator", "" if measure.denominator == "none" else measure.denominator),
        ("Population", measure.population and f"aged {measure.population}"),
        ("Given in", f"{measure.unit}, with {_places(measure.decimals)}. {measure.polarity.sentence}"),
        ("Given for", ", ".join(measure.periods)),
        ("Always given", "; ".join(_group(one) for one in measure.groups)),
        ("Age bands", "; ".join(_bands(part, bands) for part, bands in measure.bands.items())),
        ("Can be broken down by", ", ".join(map(_plain, measure.breakdowns))),
        ("Switches", ", ".join(map(_plain, measure.switches))),
        ("Needs", NEEDS.get(measure.needs, "")),
        ("Serves", ", ".join(measure.serves)),
        ("Source", measure.source),
        ("Kept by", f"{measure.owner}; checked by {measure.checker}; next check {measure.next_check}"),
        ("Edition and file", f"{measure.edition}; `src/outturn/measures/{folder}/{measure.file}`"),
    ]  # fmt: skip
    parts = [
        f"### {measure.code}",
        f"**{measure.title}.** {measure.meaning}",
        _table(("", ""), [[f"**{name}**", words] for name, words in facts if words]),
        _words("Parts", measure.parts.items()),
        _words("Counted beside it", measure.side_counts.items()),
        f"**How it is worked out**\n\n{_steps(measure.steps)}",
        f"**Notes.** {measure.notes}" if measure.notes else "",
    ]
    if measure.uses:
        used = ", ".join(f"[{name}](#{_anchor(name)})" for name in measure.uses)
        parts.insert(-2, f"It begins with the shared {'tables' if measure.uses[1:] else 'table'} {used}.")
    return "\n\n".join(filter(None, parts))


def _shared(table: SharedTable) -> str:
    switches = f"\n\nSwitches: {', '.join(map(_plain, table.switches))}." if table.switches else ""
    return f"### {table.name}\n\n**{table.title}.** {table.meaning}{switches}\n\n{_steps(table.steps)}"


def _steps(steps: Iterable[Step]) -> str:
    told = [step.words for step in steps if step.words]
    return "\n".join(f"{number}. {words}" for number, words in enumerate(told, 1))


def _methods() -> str:
    by_words = method(DEFAULT, "published")
    profiles = list(PROFILES.values())
    rows = [["", *(one.title for one in profiles), ""]]
    for name, _, why in profiles[0].switches():
        differs = getattr(by_words, name) != getattr(PROFILES[DEFAULT], name)
        rows.append(
            [f"**{_plain(name)}**{' ◆' if differs else ''}", *(str(getattr(one, name)) for one in profiles), why]
        )
    rows += [
        [f"**{_plain(name)}**", *(str(getattr(one, name)) for one in profiles), ""] for name in _windows(profiles[0])
    ]
    return _table(("Switch", *(one.name for one in profiles), "Why there is a choice"), rows)


def _windows(profile: Method) -> Iterator[str]:
    """The settings that are numbers of days."""
    yield from (name for name in profile.__dataclass_fields__ if isinstance(getattr(profile, name), int))


def _words(heading: str, pairs: Iterable[tuple[str, str]]) -> str:
    told = "\n".join(f"- *{name}*: {words}" for name, words in pairs)
    return f"**{heading}**\n\n{told}" if told else ""


def _group(group: Sequence[str]) -> str:
    return " and ".join(map(_plain, group)) or "total"


def _bands(part: str, bands: Sequence[str]) -> str:
    return f"{', '.join(bands)}{'' if part == ALL else f' ({part})'}"


def _places(decimals: int) -> str:
    return "1 decimal" if decimals == 1 else f"{decimals or 'no'} decimals"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _anchor(name: str) -> str:
    return name.lower()


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [headings, ["---"] * len(headings), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print the reference page of the measures."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a Windows console is not UTF-8
    sys.stdout.write(page(load_library()))


if __name__ == "__main__":
    main()
