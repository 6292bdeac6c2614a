"""Risks with what is to be said of each today: its movement, appetite, level, and whether a review is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.utils import timezone

from outturn.judgement.variation import Variation
from outturn.plans.action import Action
from outturn.plans.appetite import Appetite, Escalated, RiskRules, appetite_of, escalated
from outturn.plans.asked import Ask, Breach, asks_of, review_overdue
from outturn.plans.risk import Movement, Risk, last_move, since
from outturn.plans.service_plan import day_judged
from outturn.site.councils.models import Council
from outturn.site.indicators.judged import Series, series_of
from outturn.site.people.access import read_person
from outturn.site.rounds.visible import Reader, reader_for
from outturn.terms.period import Period, write_date
from outturn.terms.status import Rag

from . import models
from .reading import actions_of, risks_of


@dataclass(frozen=True, slots=True)
class AtWork:
    """A risk on a day."""

    risk: Risk
    appetite: Appetite
    level: Escalated
    moved: Movement  # since the position before
    moved_on: str  # the day of that, in words
    since_quarter: Movement
    quarter_end: str  # the last day of the quarter before
    asks: tuple[Ask, ...]
    overdue: str  # a sentence where its review is

    @property
    def review(self) -> str:
        """Where its review stands, for a filter."""
        return "asked for" if self.asks else "overdue" if self.overdue else "not asked for"


def at_work(
    risks: Iterable[Risk], actions: Sequence[Action], breaches: Mapping[str, Breach], rules: RiskRules, as_at: date
) -> list[AtWork]:
    """Each risk of a plan as it stands on a day. `breaches` are by the slug of the indicator."""
    day = Period.snapshot(as_at)
    last_day = Period.quarter(day.first_year, day.quarter_number).previous().end
    found = []
    for risk in risks:
        moved, moved_on = last_move(risk)
        asks = tuple(asks_of(risk, actions, breaches, as_at))
        found.append(AtWork(
            risk, appetite_of(risk, rules), escalated(risk, rules), moved,
            write_date(moved_on) if moved_on else "",
            since(risk, last_day), write_date(last_day), asks, review_overdue(risk, as_at),
        ))  # fmt: skip
    return found


def breaches_of(series: Mapping[str, Series], slugs: Iterable[str], today: date) -> dict[str, Breach]:
    """Of these indicators, those whose newest figure is Red by the rule or shows a special cause for concern."""
    found = {}
    for slug in sorted(set(slugs) & series.keys()):
        one = series[slug]
        judged = one.judged(today)
        if judged is None or judged.is_settling:
            continue
        red = judged.verdicts.status.rag is Rag.RED
        concerning = one.charted().chart.variation.kind is Variation.CONCERNING
        if red or concerning:
            found[slug] = Breach(one.known.definition.key.code, judged.verdicts.period, red, concerning)
    return found


def register(council: Council, today: date, reader: Reader, *, to_staff: bool) -> list[tuple[models.Plan, AtWork]]:
    """Every risk of a council with its plan, in as many queries as one plan takes."""
    plans = {plan.id: plan for plan in council.plans.all()}
    rules = council.data().risks
    risks, actions = risks_of(list(plans), rules.scheme), actions_of(list(plans))
    slugs = [slug for of_plan in risks.values() for risk in of_plan for slug in risk.indicators]
    series = series_of(council, today, reader, to_staff=to_staff) if slugs else {}
    breaches = breaches_of(series, slugs, today)
    return [
        (plan, one)
        for key, plan in plans.items()
        for one in at_work(
            risks[key], actions[key], breaches, rules, day_judged(Period.read(plan.year), plan.last_updated, today)
        )
    ]


def asks_of_risk(risk: models.Risk, council: Council, *, by: str) -> tuple[Ask, ...]:
    """What asks for a review of a stored risk today, as far as an account may know."""
    today = timezone.localdate()
    reader = reader_for(read_person(get_user_model().objects.get_by_natural_key(by), today), council)
    found = (one for plan, one in register(council, today, reader, to_staff=True) if plan.pk == risk.plan_id)
    return next((one.asks for one in found if one.risk.reference == risk.reference), ())
