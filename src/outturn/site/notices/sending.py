"""Sends each person's digest at most once a day: claimed before it is sent, recorded after.

A digest that was claimed and never recorded was interrupted. Where sending twice would show, as by a mail server, it is
left at that; tomorrow's tells the same and more.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from outturn.plans.roles import Person
from outturn.plans.round import is_working
from outturn.site.people.access import read_person
from outturn.site.rounds.owed import owed_by

from .digest import Digest, digests, posts_of
from .mail import NotSent, Outbox, outbox, sender, site_address
from .models import Notice, Preference

LOG = logging.getLogger(__name__)

FROM_HOUR = 7  # nobody is written to at night
RETRY = timedelta(minutes=15)
INTERRUPTED = timedelta(minutes=10)  # after which nobody is still sending what was claimed
MOST_TRIES = 4  # in a day
KEPT = timedelta(days=400)  # that what was sent is listed


@dataclass
class Outcome:
    """What one run did."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)  # the reasons
    unaddressed: list[str] = field(default_factory=list)  # posts of those who would be told and have no e-mail address


@dataclass(frozen=True)
class Due:
    """A digest that is to go out today."""

    user: User
    person: Person
    digest: Digest


def everybody(today: date) -> dict[Person, User]:
    """Everybody who can sign in, with the roles and posts they have today."""
    users = User.objects.filter(is_active=True).order_by("username")
    return {read_person(user, today): user for user in users}


def digests_of(people: dict[Person, User], today: date) -> dict[Person, Digest]:
    """What each of them is told today, for those who are told anything."""
    return digests({person: owed_by(person, today=today) for person in people}, today)


def due_today(today: date) -> Iterator[Due]:
    """Whose digest is to go out today, and was not claimed yet or may be tried again."""
    people = everybody(today)
    often = dict(Preference.objects.values_list("user", "often"))
    told_before = Notice.objects.filter(day__lt=today).exclude(state=Notice.State.FAILED).order_by("day")
    last = dict(told_before.values_list("user", "day"))
    for person, told in digests_of(people, today).items():
        user = people[person]
        if wants(often.get(user.pk, Preference.Often.WEEKLY), last.get(user.pk), today):
            yield Due(user, person, told)


def wants(often: str, last: date | None, today: date) -> bool:
    """Whether a person is told today, who was last told on an earlier day."""
    if not is_working(today) or often == Preference.Often.NEVER:
        return False
    monday = today - timedelta(days=today.weekday())
    return often == Preference.Often.DAILY or last is None or last < monday


def send_all(today: date) -> Outcome:
    """Send every digest that is due and that nobody has sent."""
    outcome = Outcome()
    Notice.objects.filter(day__lt=today - KEPT).delete()
    try:
        box = outbox()
    except NotSent as refusal:
        outcome.failed.append(str(refusal))
        return outcome
    for due in due_today(today):
        if not due.user.email:
            outcome.unaddressed.append("; ".join(posts_of(due.person)))
        elif notice := claim(due, today, box):
            _send(box, due, notice, outcome)
    box.close()
    return outcome


def claim(due: Due, today: date, box: Outbox) -> Notice | None:
    """Make today's digest ours to send; None where another has it, or had it."""
    now = timezone.now()
    about = {"posts": "\n".join(posts_of(due.person)), "items": due.digest.items, "claimed_at": now}
    try:
        with transaction.atomic():
            return Notice.objects.create(user=due.user, day=today, **about)
    except IntegrityError:
        pass
    mine = Notice.objects.filter(user=due.user, day=today, tries__lt=MOST_TRIES)
    again = mine.filter(state=Notice.State.FAILED, for_good=False, ended_at__lt=now - RETRY)
    if box.repeats_safely:
        again |= mine.filter(state=Notice.State.CLAIMED, claimed_at__lt=now - INTERRUPTED)
    found = again.first()
    if found and again.filter(pk=found.pk, tries=found.tries).update(
        state=Notice.State.CLAIMED, tries=found.tries + 1, reason="", **about
    ):
        return found
    return None


def _send(box: Outbox, due: Due, notice: Notice, outcome: Outcome) -> None:
    recorded = Notice.objects.filter(pk=notice.pk)
    try:
        box.send(message_of(due.user, due.digest, notice.pk), f"{due.digest.day}-{notice.pk}")
    except NotSent as refusal:
        outcome.failed.append(str(refusal))
        recorded.update(
            state=Notice.State.FAILED, reason=str(refusal)[:300], for_good=refusal.for_good, ended_at=timezone.now()
        )
    else:
        outcome.sent += 1
        recorded.update(state=Notice.State.SENT, ended_at=timezone.now())


def message_of(user: User, told: Digest, number: int) -> EmailMultiAlternatives:
    """The e-mail: plain text, and the same in simple HTML."""
    site = site_address()
    context = {"digest": told, "site": site, "work": site + reverse("my-work"), "settings": site + reverse("notices")}
    message = EmailMultiAlternatives(
        subject=told.subject,
        body=render_to_string("notices/digest.txt", context),
        from_email=sender(),
        to=[user.email],
        headers={
            "Message-ID": f"<digest-{told.day}-{number}@{sender().rpartition('@')[2].strip('>')}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{context['settings']}>",
        },
    )
    message.attach_alternative(render_to_string("notices/digest.html", context), "text/html")
    return message


class Daily:
    """Sends the day's digests from a thread that looks in again and again."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def look_in(self) -> None:
        """Send what is due, unless that was done today or it is still night."""
        now = timezone.localtime()
        if now.hour < FROM_HOUR or (self._next and now < self._next):
            return
        self._next = now + RETRY  # also where the run below fails
        outcome = send_all(now.date())
        for reason in sorted(set(outcome.failed)):
            LOG.error("Digests were not sent: %s", reason)
        under_way = Notice.objects.filter(day=now.date(), state=Notice.State.CLAIMED)
        if not outcome.failed and not under_way.exists():
            self._next = (now + timedelta(days=1)).replace(hour=FROM_HOUR, minute=0, second=0)
