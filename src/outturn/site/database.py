"""Where the data is: SQLite in the workspace, or the PostgreSQL database that OUTTURN_DATABASE names."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from outturn.workspace import Workspace

KEPT_OPEN = 600  # seconds that an idle connection is kept


def database_settings(address: str, workspace: Workspace) -> dict[str, Any]:
    """Django's settings for the database at an address, or for the workspace's own where it is empty."""
    if not address:
        return _sqlite(workspace)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _refusal() from error
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise _refusal()
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(port or options.pop("port", "")),
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", **options},
    }


def _sqlite(workspace: Workspace) -> dict[str, Any]:
    """Readers never wait for a writer (WAL); a writer waits its turn instead of failing (IMMEDIATE, timeout)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": workspace.database,
        "CONN_MAX_AGE": KEPT_OPEN,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _refusal() -> ImproperlyConfigured:
    # The address itself is not repeated: it may hold a password.
    return ImproperlyConfigured(
        "OUTTURN_DATABASE is not the address of a PostgreSQL database. "
        "Write postgresql://user:password@host:5432/name, or unset it to use SQLite in the workspace."
    )
