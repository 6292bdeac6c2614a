"""`outturn load`: councils from their folders of text files, all of them or none."""

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from outturn.textfiles import Fault, FaultyFiles

from .database import migrate, open_workspace, start_django, telling_database
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Load folders into the workspace, which is made first where there is none."""
    check_folders(chosen.folders)
    if chosen.workspace.exists:
        open_workspace(chosen.workspace)
        councils = _load(chosen.folders, report)
    else:
        with chosen.workspace.making() as place:
            start_django(place)
            with telling_database():
                with report.step("Making the tables"):
                    migrate()
                councils = _load(chosen.folders, report)
                close_database()
    report.say(f"In {chosen.workspace.folder}: {', '.join(council['name'] for council in councils)}.")
    report.give({"loaded": councils, "faults": []})


def _load(folders: list[Path], report: Report) -> list[dict[str, str]]:
    with telling_database():
        return load_folders(folders, by="outturn load", report=report)


def load_folders(folders: list[Path], *, by: str, report: Report) -> list[dict[str, str]]:
    """Load every folder, or store nothing and raise FaultyFiles with the faults of all."""
    from django.db import transaction

    from outturn.site.councils.actions import load_council

    loaded: list[Any] = []
    faults: list[Fault] = []
    try:
        with transaction.atomic():
            for folder in folders:
                with report.step(f"Loading {folder.name}"):
                    try:
                        loaded.append(load_council(folder, by=by))
                    except FaultyFiles as error:
                        faults += _placed(error.faults, folder, alone=len(folders) == 1)
            if faults:
                raise FaultyFiles(faults)
    except BaseException:
        _forget_definitions(loaded)
        raise
    return [{"council": council.slug, "name": council.name} for council in loaded]


def _placed(faults: list[Fault], folder: Path, *, alone: bool) -> list[Fault]:
    """Several folders have files of one name, so there each fault says whose."""
    if alone:
        return faults
    return [
        fault if fault.file.startswith(str(folder)) else replace(fault, file=f"{folder.name}/{fault.file}")
        for fault in faults
    ]


def _forget_definitions(councils: list[Any]) -> None:
    """The database undoes itself; files do not."""
    from django.conf import settings

    for council in councils:
        shutil.rmtree(Path(settings.DEFINITIONS) / council.slug, ignore_errors=True)


def check_folders(folders: list[Path]) -> None:
    """Raise FaultyFiles for those that are not there."""
    faults = [
        Fault(str(folder), None, "There is no such folder. Give the folder that holds the council’s council.yaml.")
        for folder in folders
        if not folder.is_dir()
    ]
    if faults:
        raise FaultyFiles(faults)


def close_database() -> None:
    """Let go of the database's files, so that their folder can be renamed."""
    from django.db import connections

    connections.close_all()
