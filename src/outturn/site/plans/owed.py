"""What posts owe to plans: risks to be reviewed, and actions and milestones that are due or late."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from outturn.plans.action import Action, Milestone, Timing
from outturn.plans.roles import Person, key_of
from outturn.site.councils.models import Council
from outturn.site.rounds.owed import Owed
from outturn.site.rounds.visible import reader_for
from outturn.terms.period import Period, write_date

from .at_work import AtWork, register
from .reading import actions_of
from .rows import below

AHEAD = timedelta(days=31)  # what is due later is not owed yet


def owed(person: Person, today: date) -> Iterator[Owed]:
    """What a person's posts, and those they stand in for, owe to plans whose year is not over."""
    posts = {(council, key_of(post)) for council, post in person.posts | person.stands_in_for}
    for council in Council.objects.filter(slug__in={slug for slug, _ in posts}).order_by("slug"):
        own = {post for slug, post in posts if slug == council.slug}
        plans = {plan.id: plan for plan in council.plans.all() if Period.read(plan.year).end >= today}
        paths = {key: reverse("plan", args=[council.slug, plan.slug]) for key, plan in plans.items()}
        for key, actions in actions_of(list(plans)).items():
            for action in actions:
                if own & set(map(key_of, action.owners)):
                    yield from _of_action(action, paths[key], council.slug, today)
        for plan, one in register(council, today, reader_for(person, council), to_staff=True):
            if plan.id in plans and key_of(one.risk.owner) in own:
                yield from _of_risk(one, paths[plan.id], council.slug, today)


def _of_action(action: Action, path: str, council: str, today: date) -> Iterator[Owed]:
    href = below(path, "actions", action.reference)
    timing = action.timing(today)
    if timing is not Timing.COMPLETE:
        day = action.due or action.next_review
        late = timing in (Timing.OVERDUE, Timing.REVIEW_OVERDUE)
        if day and day <= today + AHEAD:
            what = "Complete it, or give it a new date" if action.due else "Look at it again, and set the next review"
            yield Owed("action", f"{action.reference} {action.text}", day, href, late, f"{what}.", council)
        for step in action.milestones:
            yield from _of_step(action, step, href, council, today)


def _of_step(action: Action, step: Milestone, href: str, council: str, today: date) -> Iterator[Owed]:
    if not step.done and step.due and step.due <= today + AHEAD:
        late = step.timing(today) is Timing.OVERDUE
        title = f"{action.reference}/{step.number} {step.text}"
        words = "Mark it done, or give it a new date."
        yield Owed("milestone", title, step.due, f"{href}milestones/{step.number}/", late, words, council)


def _of_risk(one: AtWork, path: str, council: str, today: date) -> Iterator[Owed]:
    risk = one.risk
    soon = risk.next_review is not None and risk.next_review <= today + AHEAD
    if not (one.asks or soon):
        return
    day = risk.next_review if soon else None
    asked = " ".join(ask.words for ask in one.asks)
    because = f"Review asked for: {asked}" if asked else f"Its review is due on {write_date(day)}." if day else ""
    href = below(path, "risks", risk.reference)
    yield Owed("risk", f"{risk.reference} {risk.title}", day, href, bool(one.overdue), because, council)
