"""Writes the row that says who changed what."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import ManyToManyField, Model

from .keeping import keep
from .models import Change


def picture(thing: Model) -> dict[str, Any]:
    """The fields that people fill in, as they stand in the database, ready to be kept as JSON and compared later."""
    found: dict[str, Any] = {}
    for field in (*thing._meta.concrete_fields, *thing._meta.many_to_many):
        if field.primary_key or not field.editable or field.name in ("order", "slug"):
            continue
        if isinstance(field, ManyToManyField):
            linked = getattr(thing, field.name).values_list(_naming(field), flat=True)
            found[field.name] = sorted(map(str, linked))
        elif not field.is_relation:
            value = field.value_from_object(thing)
            found[field.name] = str(value) if isinstance(value, date | Decimal) else value
    return found


def _naming(field: ManyToManyField) -> str:
    names = {other.name for other in field.related_model._meta.fields}
    return "slug" if "slug" in names else "reference"


def note_change(
    *, by: str, verb: str, council: str, kind: str, subject: str, title: str,
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None, reason: str = "",
) -> Change | None:
    """Keep what differs between two pictures. Nothing is written where nothing differs.

    Note a change last in its transaction: it takes along how every row written until then is put back.
    """
    before, after = before or {}, after or {}
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if verb == "changed" and not keys:
        return None
    return keep(Change(
        by=by, verb=verb, council=council, kind=kind, subject=subject, title=title[:300], reason=reason,
        before={key: before[key] for key in keys if key in before},
        after={key: after[key] for key in keys if key in after},
    ))
