"""The example councils as the checks see them, and what the rules on scorecards, actions and texts find there."""

from datetime import date
from functools import cache
from pathlib import Path

from outturn.catalogue.library import load_catalogue
from outturn.plans.files import read_council_files
from outturn.sense import actions, claims, commentary, copies, risks, scorecards, targets
from outturn.sense.checking import findings
from outturn.sense.files import picture_of
from outturn.sense.finding import Finding
from outturn.sense.picture import Picture
from outturn.sense.rule import CHECKS

EXAMPLES = Path(__file__).parents[2] / "examples"
OURS = {module.__name__ for module in (actions, claims, commentary, copies, risks, scorecards, targets)}

Told = tuple[str, ...]  # rule, subject, and words in the finding


@cache
def example(name: str, today: date = date(2026, 11, 25)) -> Picture:
    """An example council on a day."""
    folder = EXAMPLES / name
    files = read_council_files(folder, lambda slug, own: load_catalogue([(slug, own)]))
    return picture_of(files, load_catalogue([(name, folder / "definitions")]).indicators, today)


@cache
def everything(name: str) -> list[Finding]:
    """What all rules find."""
    return findings(example(name))


@cache
def ours(name: str) -> list[Finding]:
    """What the rules on scorecards, actions, risks and texts find."""
    checks = [check for checks in CHECKS.values() for check in checks if check.__module__ in OURS]
    return [finding for check in checks for finding in check(example(name))]


def fits(finding: Finding, told: Told) -> bool:
    """Whether it is the finding that was told of."""
    rule, about, *words = told
    kind, _, place = about.partition(":")
    right = (finding.rule, finding.subject.kind, finding.subject.place[-1:]) == (rule, kind, (place,))
    return right and all(word in finding.words for word in words)


def beyond(name: str, told: list[Told]) -> list[str]:
    """Our findings that nobody told of."""
    return [f"{one.rule} {one.words}" for one in ours(name) if not any(fits(one, each) for each in told)]
