"""The templates' environment: what every template may use."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment

from outturn.terms.period import write_date


def environment(**options: Any) -> Environment:
    """Jinja with `url(name, …)`, `static(path)` and `get_messages(request)`; autoescape is on, as Django sets it."""
    made = Environment(**{**options, "autoescape": True})  # noqa: S701
    made.filters["day"] = write_day
    made.globals |= {"url": url, "static": fingerprinted, "get_messages": get_messages}
    return made


def write_day(value: date | datetime) -> str:
    """2 November 2026."""
    return write_date(timezone.localtime(value) if isinstance(value, datetime) else value)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name, such as `url("plan", council.slug, plan.slug)`."""
    return reverse(name, args=args, kwargs=kwargs)


@cache
def fingerprinted(path: str) -> str:
    """The address of a static file, which changes when the file does, so that browsers may keep it long."""
    found = finders.find(path)
    mark = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if found else ""
    return f"{static(path)}?{mark}" if mark else static(path)
