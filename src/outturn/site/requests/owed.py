"""The answers that people owe, for their work and their notices."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from outturn.plans.requests import RequestState
from outturn.plans.roles import Person
from outturn.site.councils.models import Council
from outturn.site.rounds.owed import Owed
from outturn.terms.period import write_date

from .reading import read_requests


def owed_answers(person: Person, today: date) -> Iterator[Owed]:
    """Open requests to the posts that somebody holds or stands in for."""
    for council in Council.objects.filter(slug__in={slug for slug, _ in person.posts | person.stands_in_for}):
        for one in read_requests(council):
            if one.state is RequestState.OPEN and person.acts_for(council.slug, one.owner):
                yield Owed(
                    kind="answer to a request", title=f"{one.who}, {write_date(one.asked_on)} (request {one.number})",
                    due=one.due, href=reverse("request", args=[council.slug, one.number]), overdue=one.due < today,
                    because=one.question, council=council.slug,
                )  # fmt: skip
