"""What the database itself does for the trail: it refuses to alter it, and notes every row written elsewhere.

So no road past the forms, such as a bulk update or another program, leaves a table changed without a picture of what
was there. The triggers are taken away before tables are migrated and made anew afterwards.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import Change, Pending

OF_NOW = {"accounts", "notices", "people", "submissions", "trail"}
"""Apps about the present only: who may do what, what is on its way, and the trail itself."""

REFUSAL = "The trail is only ever added to."
GUARDS = ("trail_no_update", "trail_no_delete", "trail_no_insertion")


def tracked() -> list[type[models.Model]]:
    """What a council publishes and prepares, table by table: everything that can be shown as it was."""
    return [model for model in apps.get_models(include_auto_created=True) if is_tracked(model)]


def is_tracked(model: type[models.Model]) -> bool:
    """Whether a model's rows are pictured whenever they are written."""
    meta = model._meta
    ours = meta.app_config is not None and meta.app_config.name.startswith("outturn.site.")
    return ours and meta.app_label not in OF_NOW and meta.managed and not meta.proxy


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Make every trigger, where the tables are there."""
    connection = connections[using]
    remove(using)
    tables = set(connection.introspection.table_names())
    if not {Change._meta.db_table, Pending._meta.db_table} <= tables:
        return
    made = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in made([model for model in tracked() if model._meta.db_table in tables]):
            cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Take every trigger of ours away."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _there(connection):
            on = f" ON {_quoted(table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The guards of the trail that somebody has taken away."""
    there = {name for name, _ in _there(connections[using])}
    return [name for name in GUARDS if name not in there]


def _there(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    asked = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname LIKE 'trail\\_%' "
        "AND pg_table_is_visible(c.oid)"
        if connection.vendor == "postgresql" else
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'trail\\_%' ESCAPE '\\'"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchall()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _sqlite(models_: list[type[models.Model]]) -> Iterator[str]:
    trail, pending = Change._meta.db_table, Pending._meta.db_table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    yield f"CREATE TRIGGER {GUARDS[0]} BEFORE UPDATE ON {trail} {refuse}"
    yield f"CREATE TRIGGER {GUARDS[1]} BEFORE DELETE ON {trail} {refuse}"
    inside = f"WHEN NEW.id <= (SELECT max(id) FROM {trail})"  # noqa: S608
    yield f"CREATE TRIGGER {GUARDS[2]} BEFORE INSERT ON {trail} {inside} {refuse}"
    for model in models_:
        table, fields = model._meta.db_table, model._meta.concrete_fields
        old, new = (_json_of(row, fields) for row in ("OLD", "NEW"))
        differs = " OR ".join(f'OLD."{field.column}" IS NOT NEW."{field.column}"' for field in fields)
        for event, before, after in (("INSERT", "NULL", new), ("UPDATE", old, new), ("DELETE", old, "NULL")):
            only = f"WHEN {differs} " if event == "UPDATE" else ""
            keep = f"INSERT INTO {pending} (place, old, new) VALUES ('{table}', {before}, {after})"  # noqa: S608
            named = f'trail_keep_{event}_{table} AFTER {event} ON "{table}"'
            yield f"CREATE TRIGGER {named} {only}BEGIN {keep}; END"


def _json_of(row: str, fields: list[models.Field]) -> str:
    """JSON within JSON, not as text."""
    cells = (
        f"'{field.column}', " + (f'json({row}."{field.column}")' if isinstance(field, models.JSONField)
                                 else f'{row}."{field.column}"')
        for field in fields
    )  # fmt: skip
    return f"json_object({', '.join(cells)})"


def _postgres(models_: list[type[models.Model]]) -> Iterator[str]:
    trail, pending = Change._meta.db_table, Pending._meta.db_table
    made = "CREATE OR REPLACE FUNCTION"
    body = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    inside = f"IF NEW.id <= (SELECT max(id) FROM {trail}) THEN"  # noqa: S608
    keep = (
        f"INSERT INTO {pending} (place, old, new) VALUES (TG_TABLE_NAME, "  # noqa: S608
        "CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END)"
    )
    yield f"{made} trail_refuse() {body} RAISE EXCEPTION '{REFUSAL}'; END $$"
    yield f"{made} trail_refuse_inside() {body} {inside} RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$"
    yield f"{made} trail_keep() {body} {keep}; RETURN NULL; END $$"
    yield f"CREATE TRIGGER {GUARDS[0]} BEFORE UPDATE OR TRUNCATE ON {trail} EXECUTE FUNCTION trail_refuse()"
    yield f"CREATE TRIGGER {GUARDS[1]} BEFORE DELETE ON {trail} EXECUTE FUNCTION trail_refuse()"
    yield f"CREATE TRIGGER {GUARDS[2]} BEFORE INSERT ON {trail} FOR EACH ROW EXECUTE FUNCTION trail_refuse_inside()"
    for model in models_:
        table, run = model._meta.db_table, "EXECUTE FUNCTION trail_keep()"
        differs = "WHEN (OLD.* IS DISTINCT FROM NEW.*)"
        yield f'CREATE TRIGGER trail_keep_rows AFTER INSERT OR DELETE ON "{table}" FOR EACH ROW {run}'
        yield f'CREATE TRIGGER trail_keep_changes AFTER UPDATE ON "{table}" FOR EACH ROW {differs} {run}'
