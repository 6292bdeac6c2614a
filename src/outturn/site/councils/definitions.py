"""The catalogue as the site sees it: the package's frameworks and each council's own, read once."""

import shutil
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from outturn.catalogue.library import Catalogue, load_catalogue


def _own() -> tuple[tuple[str, Path], ...]:
    folder = Path(settings.DEFINITIONS)
    return tuple((path.name, path) for path in sorted(folder.glob("*")) if (path / "framework.yaml").is_file())


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Every definition. Text under review does not change while the site runs; `keep_definitions` reads it anew."""
    return load_catalogue(_own())


def catalogue_with(slug: str, folder: Path) -> Catalogue:
    """The catalogue as it would be with a council's definitions from `folder`. Raises FaultyFiles."""
    others = [(name, path) for name, path in _own() if name != slug]
    own = [(slug, folder)] if folder.is_dir() else []
    return load_catalogue([*others, *own])


def keep_definitions(slug: str, folder: Path) -> None:
    """Copy a council's definition files into the workspace, replacing the ones before."""
    if folder.is_dir():
        target = Path(settings.DEFINITIONS) / slug
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target)
        catalogue.cache_clear()
