"""Reads a council's folder of text files (docs/reference/council-files.md), reporting every fault at once."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..catalogue.library import Catalogue
from ..terms.value import Absence
from ..textfiles import Fault, Faults, FaultyFiles, read_file
from .council import Council, CouncilFiles
from .reader import Reader
from .reference import slug_of
from .settings import KEYS, read_settings

TAKEN = ("catalogue", "help", "search", "sign-in", "sign-out", "static", "submissions")  # addresses of the site itself


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
    council, settled = _council(folder / "council.yaml", slug, catalogue, faults)
    files = CouncilFiles(council)
    if catalogue.indicators:  # without definitions every row would be a fault of its own
        reader = Reader(council, catalogue, faults)
        plans = [reader.plan(path) for path in sorted(folder.glob("plan-*.yaml"))]
        cards = [reader.scorecard(path) for path in sorted(folder.glob("scorecard-*.yaml"))]
        files = CouncilFiles(council, tuple(filter(None, plans)), tuple(filter(None, cards)), settled)
    faults.raise_any()
    return files


def _council(path: Path, slug: str, catalogue: Catalogue, faults: Faults) -> tuple[Council, dict[str, Any]]:
    """The council, and its settings as the file words them."""
    record = read_file(path, faults)
    if not record:
        return Council(slug, "", "", "", ""), {}
    absences: dict[str, Absence] = {}
    for token, meaning in record.pairs("absences"):
        try:
            absences[token] = Absence(meaning.words)
        except ValueError:
            meanings = ", ".join(Absence)
            faults.add(meaning.file, meaning.line, f"“{meaning.words}” is no meaning. Write one of: {meanings}.")
    judging, populations, peers = read_settings(record, absences, catalogue if catalogue.indicators else None)
    council = Council(
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
    )
    record.close()
    return council, {key: record.plain(key) for key in KEYS if key in record.entries}


def _area(text: str) -> str:
    if not re.fullmatch("[0-9]{3}", text):
        raise ValueError(f"“{text}” is not a council’s code. Write the three digits that its returns have as LA Code.")
    return text
