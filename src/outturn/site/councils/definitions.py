"""The catalogue as the site sees it: the package's frameworks and each council's own."""

import os
import shutil
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from outturn.catalogue.library import Catalogue, load_catalogue

Own = tuple[tuple[str, Path, int], ...]  # each council's framework, its folder, and when that last changed


def _own() -> Own:
    try:
        found = [entry for entry in os.scandir(settings.DEFINITIONS) if not entry.name.startswith(".")]
    except FileNotFoundError:
        return ()
    return tuple(sorted((entry.name, Path(entry.path), entry.stat().st_mtime_ns) for entry in found))


def catalogue() -> Catalogue:
    """Every definition, read anew when another process (`outturn load`) has brought a council's."""
    return _catalogue(_own())


@lru_cache(maxsize=2)
def _catalogue(own: Own) -> Catalogue:
    return load_catalogue((name, folder) for name, folder, _ in own)


def catalogue_with(slug: str, folder: Path) -> Catalogue:
    """The catalogue as it would be with a council's definitions from `folder`. Raises FaultyFiles."""
    others = [(name, path) for name, path, _ in _own() if name != slug]
    own = [(slug, folder)] if folder.is_dir() else []
    return load_catalogue([*others, *own])


def keep_definitions(slug: str, folder: Path) -> None:
    """Copy a council's definition files into the workspace, replacing the ones before; readers never see half."""
    if folder.is_dir():
        target = Path(settings.DEFINITIONS) / slug
        beside = target.with_name(f".{slug}")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(folder, beside)
        beside.touch()  # a copy keeps its source's time, and ours is what tells a new one
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
