"""The dates of rounds as calendars for other programs: a person's by a secret address, a council's for everybody."""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event

from outturn.plans.round import Step
from outturn.site.people.actions import note
from outturn.site.rounds.models import Round

from .mail import site_address
from .models import CalendarAddress

PUBLIC = frozenset({Step.SCRUTINY, Step.PUBLICATION})
"""What anybody may know. The days before are the council's own."""

TOKEN = re.compile("[A-Za-z0-9_-]{43}")


def calendar(name: str, rounds: Iterable[Round], steps: Iterable[Step]) -> bytes:
    """A calendar of all-day events. It says the same until a date changes, so that programs need not read it again."""
    name = " ".join(name.split())
    made = Calendar()
    made.add("prodid", "-//Outturn//Rounds//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Europe/London")
    made.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for each in rounds:
        for step in Step:
            if step in steps:
                made.add_component(_event(each, step))
    return bytes(made.to_ical())


def _event(round_: Round, step: Step) -> Event:
    council, day = round_.council, round_.calendar[step]
    event = Event()
    event.add("uid", f"{council.slug}-{round_.address}-{step.replace(' ', '-')}@outturn")
    event.add("dtstamp", round_.opened_at.replace(microsecond=0))
    event.add("summary", f"{council.short_name} {round_.period.words}: {step}")
    event.add("description", step.words)
    event.add("url", site_address() + reverse("council", args=[council.slug]))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def rounds_of(councils: Iterable[str] | None) -> list[Round]:
    """The rounds of some councils, or of all."""
    found = Round.objects.select_related("council").order_by("council__slug", "quarter")
    return list(found if councils is None else found.filter(council__slug__in=councils))


def councils_of(user: User) -> set[str] | None:
    """The councils a person has anything to do with; None for all."""
    councils = set(user.grants.values_list("council", flat=True))
    return None if "" in councils else councils


# Secret addresses


@transaction.atomic
def make_address(user: User) -> str:
    """A new secret for a person's calendar; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.filter(user=user).delete()
    CalendarAddress.objects.create(user=user, digest=_digest(secret))
    note(user.username, "added", user.username, "Secret address of a calendar", kind="calendar address")
    return site_address() + reverse("calendar", args=[secret])


@transaction.atomic
def stop_address(user: User) -> None:
    """The secret opens nothing any more."""
    if CalendarAddress.objects.filter(user=user).delete()[0]:
        note(user.username, "removed", user.username, "Secret address of a calendar", kind="calendar address")


def whose(secret: str) -> User | None:
    """The person whose secret that is, if they may still sign in."""
    if not TOKEN.fullmatch(secret):
        return None
    return User.objects.filter(calendar_address__digest=_digest(secret), is_active=True).first()


def _digest(secret: str) -> str:
    return salted_hmac("outturn.calendar", secret, algorithm="sha256").hexdigest()
