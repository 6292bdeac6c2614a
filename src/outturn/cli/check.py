"""`outturn check`: what does not add up in a council's plans, scorecards and figures."""

import argparse
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.workspace import Refusal

from .report import Report

if TYPE_CHECKING:
    from outturn.sense.finding import Finding

WIDTH = 100  # of a paragraph for people


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding in a council, with why it was dismissed if it was."""

    council: str  # its slug
    name: str
    finding: "Finding"
    dismissed: dict[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """As `--json` gives it."""
        from outturn.sense.rule import RULES

        one = self.finding
        return {
            "rule": one.rule, "name": RULES[one.rule].name, "severity": one.severity.value, "council": self.council,
            "subject": one.subject.key, "kind": one.subject.kind, "place": list(one.subject.place),
            "title": one.subject.title, "words": one.words, "periods": list(one.periods),
            "dismissed": self.dismissed, "key": one.key,
        }  # fmt: skip


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Check a workspace's councils or a folder; 1 where a finding of severity error is not dismissed."""
    if chosen.folder and chosen.council:
        raise Refusal("--council names a council of the workspace. Give it or a folder, not both.")
    found = _in_folder(chosen.folder, report) if chosen.folder else _in_workspace(chosen, report)
    if not report.as_json:
        _say(found, report, everything=chosen.all)
    report.give([one.as_json() for one in found])
    return int(any(one.finding.severity.value == "error" and not one.dismissed for one in found))


def _in_folder(folder: Path, report: Report) -> list[Checked]:
    """What is found in text files, read as `outturn load` reads them. Raises FaultyFiles."""
    from outturn.catalogue.library import Catalogue, load_catalogue
    from outturn.plans.files import read_council_files
    from outturn.sense.checking import findings
    from outturn.sense.files import picture_of

    from .load import check_folders

    check_folders([folder])
    catalogue = Catalogue({})

    def load(slug: str, definitions: Path) -> Catalogue:
        nonlocal catalogue
        catalogue = load_catalogue([(slug, definitions)] if definitions.is_dir() else [])
        return catalogue

    with report.step(f"Checking {folder.name}"):
        files = read_council_files(folder, load)
        found = findings(picture_of(files, catalogue.indicators, datetime.now().astimezone().date()))
    return [Checked(files.council.slug, files.council.name, one) for one in found]


def _in_workspace(chosen: argparse.Namespace, report: Report) -> list[Checked]:
    from .database import open_workspace, telling_database

    open_workspace(chosen.workspace)
    found: list[Checked] = []
    with telling_database():
        for council in _councils(chosen.council):
            with report.step(f"Checking {council.name}"):
                found += _in_council(council)
    return found


def _councils(wanted: str | None) -> list[Any]:
    """The councils of the workspace, or the one of that name."""
    from outturn.site.councils.models import Council

    every = list(Council.objects.order_by("name"))
    if not every:
        raise Refusal("There is no council in this workspace yet. Load one: outturn load FOLDER")
    if wanted is None:
        return every
    named = [one for one in every if wanted.casefold() in {n.casefold() for n in (one.slug, one.name, one.short_name)}]
    if not named:
        names = ", ".join(f"{one.slug} ({one.name})" for one in every)
        raise Refusal(f"There is no council “{wanted}” in this workspace. It has: {names}.")
    return named


def _in_council(council: Any) -> list[Checked]:
    from django.utils import timezone

    from outturn.site.checks.reading import found_in
    from outturn.site.rounds.visible import INSIDE

    rows = found_in(council, timezone.localdate(), INSIDE).rows
    return [Checked(council.slug, council.name, row.finding, _dismissed(row)) for row in rows]


def _dismissed(row: Any) -> dict[str, str] | None:
    return {"because": row.said.because, "by": row.said.by, "on": str(row.said.on)} if row.dismissed else None


def _say(found: list[Checked], report: Report, *, everything: bool) -> None:
    """Every finding for people to read, and how many there are."""
    shown = [one for one in found if everything or not one.dismissed]
    for name, of_council in groupby(shown, attrgetter("name")):
        for severity, of_severity in groupby(of_council, attrgetter("finding.severity")):
            report.say(f"\n{name}: {severity.heading[0].lower()}{severity.heading[1:]}")
            for rule, of_rule in groupby(of_severity, attrgetter("finding.rule")):
                _say_rule(rule, of_rule, report)
    report.say(f"\n{_tally(found)}")


def _say_rule(rule: str, found: Iterable[Checked], report: Report) -> None:
    from outturn.sense.rule import RULES

    report.say(f"\n{rule} {RULES[rule].name}")
    for one in found:
        subject = one.finding.subject
        document = f" ({subject.place[0]})" if len(subject.place) > 1 or subject.kind in ("plan", "scorecard") else ""
        words = f"{subject.words}{document}: {one.finding.words}"
        if one.dismissed:
            words += " Dismissed by {by} on {on}: {because}".format(**one.dismissed)
        report.say(textwrap.fill(words, WIDTH, initial_indent="  ", subsequent_indent="    "))


def _tally(found: list[Checked]) -> str:
    from outturn.sense.finding import Severity

    standing = [one.finding.severity for one in found if not one.dismissed]
    names = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.QUERY: "queries"}
    counts = [(standing.count(severity), severity.value, many) for severity, many in names.items()]
    counts.append((len(found) - len(standing), "dismissed", "dismissed"))
    return ", ".join(f"{number:,} {one if number == 1 else many}" for number, one, many in counts) + "."
