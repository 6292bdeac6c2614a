"""Reads a council's folder of text files (docs/reference/council-files.md), reporting every fault at once."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..catalogue.library import Catalogue
from ..terms.value import Absence
from ..textfiles import Fault, Faults, FaultyFiles, Record, read_file
from .council import Council, CouncilFiles
from .reader import Reader
from .reference import slug_of
from .request_file import read_requests, things_in
from .risk_settings import KEY as RISKS
from .risk_settings import read_risk_rules
from .settings import KEYS, read_settings
from .words import read_words

TAKEN = (
    "account", "calendar", "catalogue", "checks", "help", "methods", "my-work", "notices", "people", "roles", "search",
    "sign-in", "sign-out", "static", "submissions", "trail",
)  # fmt: skip
"""Addresses of the site itself."""


def read_council_files(folder: Path, load: Callable[[str, Path], Catalogue]) -> CouncilFiles:
    """Everything in a council's folder. `load` gives the catalogue with the folder's own definitions in it.

    Raises FaultyFiles with every fault of every file, definitions included.
    """
    if not (folder / "council.yaml").is_file():
        words = "There is no council.yaml in this folder. See docs/reference/council-files.md for what a council needs."
        raise FaultyFiles([Fault(str(folder), None, words)])
    faults = Faults()
    slug = slug_of(folder.resolve().name)
    if not slug or slug in TAKEN:
        faults.add(str(folder), None, f"A council cannot have the address “{slug}”. Rename the folder, as to york.")
    catalogue = Catalogue({})
    try:
        catalogue = load(slug, folder / "definitions")
    except FaultyFiles as error:
        faults.found.extend(error.faults)
    record = read_file(folder / "council.yaml", faults)
    council = _council(record, slug, catalogue) if record else Council(slug, "", "", "", "")
    files = CouncilFiles(council)
    reader: Reader | None = None
    if catalogue.indicators:  # without definitions every row would be a fault of its own
        reader = Reader(council, catalogue, faults)
        plans = [reader.plan(path) for path in sorted(folder.glob("plan-*.yaml"))]
        cards = [reader.scorecard(path) for path in sorted(folder.glob("scorecard-*.yaml"))]
        past = tuple(reader.history(folder / "history.yaml"))
        files = CouncilFiles(council, tuple(filter(None, plans)), tuple(filter(None, cards)), history=past)
    things = None if faults.found else things_in(files)  # a thing with a fault is not among them
    files = replace(files, requests=read_requests(folder / "requests.yaml", faults, things))
    if record:
        settled = {key: record.plain(key) for key in (*KEYS, RISKS) if key in record.entries}
        known = None if faults.found else files.results()  # a row with a fault would not be among them
        if reader and known is not None:
            reader.check_expected(known.keys())
        files = replace(files, settled=settled, words=read_words(record, known))
        record.close()
    faults.raise_any()
    return files


def _council(record: Record, slug: str, catalogue: Catalogue) -> Council:
    absences: dict[str, Absence] = {}
    for token, meaning in record.pairs("absences"):
        try:
            absences[token] = Absence(meaning.words)
        except ValueError:
            meanings = ", ".join(Absence)
            record.faults.add(meaning.file, meaning.line, f"“{meaning.words}” is no meaning. Write one of: {meanings}.")
    judging, populations, peers = read_settings(record, absences, catalogue if catalogue.indicators else None)
    return Council(
        slug,
        name=record.text("name"),
        short_name=record.text("short_name"),
        kind=record.text("kind"),
        source=record.text("source"),
        absences=absences,
        area=record.read_optional("area", _area) or "",
        judging=judging,
        populations=populations,
        peers=peers,
        risks=read_risk_rules(record),
    )


def _area(text: str) -> str:
    if not re.fullmatch("[0-9]{3}", text):
        raise ValueError(f"“{text}” is not a council’s code. Write the three digits that its returns have as LA Code.")
    return text
