"""Django and the workspace's database: opened for a command, made, and compared with this version's own tables."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from outturn import __version__
from outturn.workspace import Refusal, Workspace


def open_workspace(workspace: Workspace) -> None:
    """Make a workspace ready for use by this process, or raise Refusal saying why it cannot be."""
    about = workspace.about()
    workspace.check_writable()
    start_django(workspace)
    with telling_database():
        _check_version(workspace, str(about["outturn"]))


def start_django(workspace: Workspace) -> None:
    """Set Django up for a workspace. A process can do so once."""
    os.environ["OUTTURN_WORKSPACE"] = str(workspace.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "outturn.site.settings"
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refusal(str(error)) from error


def migrate() -> None:
    """Make the tables, or bring them up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def telling_database() -> Iterator[None]:
    """Turn a database that does not answer into a sentence, without the address, which may hold a password."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, InterfaceError, OperationalError

    try:
        yield
    except ImproperlyConfigured as error:
        if "psycopg" not in str(error):
            raise
        raise Refusal(
            "OUTTURN_DATABASE names a PostgreSQL database, and its driver is not installed. "
            "Run: pip install 'outturn[postgres]'"
        ) from error
    except (OperationalError, InterfaceError) as error:
        raise Refusal(f"The database cannot be used: {_first_line(error)}. {_advice()}") from error
    except DatabaseError as error:
        if "not a database" not in str(error) and "malformed" not in str(error):
            raise
        raise Refusal(f"The database is damaged: {_first_line(error)}. {_advice()}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["it did not say why"])[0].rstrip(".")


def _advice() -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return "Check that the server runs, and the name, port and password in OUTTURN_DATABASE."
    return f"Check the file {connection.settings_dict['NAME']}, and the space and rights on that disk."


def _check_version(workspace: Workspace, made_by: str) -> None:
    check_present(workspace)
    unknown, missing = compare_migrations()
    if unknown:
        raise Refusal(
            f"The workspace {workspace.folder} was made by a newer Outturn ({made_by}; this is {__version__}). "
            f"Install that version or a later one. Unknown here: {', '.join(unknown)}."
        )
    if missing:
        raise Refusal(
            f"The workspace {workspace.folder} was made by an older Outturn ({made_by}; this is {__version__}). "
            "Run “outturn upgrade” with the same --workspace: it copies the database, then brings it up to date."
        )


def check_present(workspace: Workspace) -> None:
    """Raise Refusal where the SQLite file is gone: opening it would quietly make an empty one."""
    from django.db import connection

    if connection.vendor == "sqlite" and not workspace.database.is_file():
        raise Refusal(
            f"The workspace has lost its database: {workspace.database} is missing. Put it back from a backup."
        )


def compare_migrations() -> tuple[list[str], list[str]]:
    """The migrations that the database has and we do not, and those we have and it lacks."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known, applied = set(loader.disk_migrations), set(loader.applied_migrations)
    return _names(applied - known), _names(known - applied)


def _names(migrations: set[tuple[str, str]]) -> list[str]:
    return sorted(f"{app} {name}" for app, name in migrations)
