"""The answers that people owe, for their work and their notices."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from outturn.plans.requests import Request, RequestState
from outturn.plans.roles import Person, Role, key_of
from outturn.site.councils.models import Council
from outturn.site.people.models import Holding
from outturn.site.rounds.owed import Owed
from outturn.terms.period import write_date

from .reading import read_requests


def owed_answers(person: Person, today: date) -> Iterator[Owed]:
    """Open requests to the posts somebody holds or stands in for; to a head of service also those to vacant posts."""
    places = {slug for slug, _ in person.posts | person.stands_in_for}
    led = {grant.council for grant in person.grants if grant.role is Role.HEAD_OF_SERVICE}
    councils = Council.objects.all() if "" in led else Council.objects.filter(slug__in=places | led)
    for council in councils:
        leads = bool(led & {"", council.slug})
        held = {key_of(post) for post in _posts_held(council.slug)} if leads else set()
        for one in read_requests(council):
            vacant = leads and key_of(one.owner) not in held
            if one.state is RequestState.OPEN and (vacant or person.acts_for(council.slug, one.owner)):
                yield _owed(council.slug, one, vacant, today)


def _posts_held(council: str) -> list[str]:
    return list(Holding.objects.filter(council=council, user__is_active=True).values_list("post", flat=True))


def _owed(council: str, one: Request, vacant: bool, today: date) -> Owed:
    nobody = f"Nobody here holds the post {one.owner}, so it comes to you. " if vacant else ""
    return Owed(
        kind="answer to a request", title=f"{one.who}, {write_date(one.asked_on)} (request {one.number})", due=one.due,
        href=reverse("request", args=[council, one.number]), overdue=one.due < today, because=nobody + one.question,
        council=council,
    )
