"""What needs attention first, from plans and scorecards: the top of a council's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..terms.period import Period, write_date
from ..terms.status import Direction, Rag
from .action import Action, Timing
from .risk import Risk
from .scorecard import Scorecard
from .service_plan import ServicePlan

WORDS_SHOWN = 220  # characters of a progress summary beside an exception


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs attention: what it is, why, and where to read on. `place` names it for a link."""

    kind: str  # priority, risk, action, indicator
    status: Rag | None
    title: str
    why: str
    place: tuple[str, ...]


def scorecard_concerns(card: Scorecard, quarter: Period) -> list[Concern]:
    """Priorities that are Red or Amber in the quarter, Red first."""
    found = [
        Concern("priority", report.status, priority.title, _short(report.progress), (card.slug, str(priority.number)))
        for priority in card.priorities
        if (report := priority.report(quarter)).status in (Rag.RED, Rag.AMBER)
    ]
    return sorted(found, key=lambda concern: concern.status is Rag.AMBER)


def plan_concerns(plan: ServicePlan, today: date) -> list[Concern]:
    """Red risks, late actions and steps, and indicators published as going the wrong way."""
    as_at = plan.as_at(today)
    risks = [
        Concern("risk", risk.band, risk.title, _position_words(risk), (plan.slug, risk.reference))
        for risk in plan.risks
        if risk.band is Rag.RED
    ]
    actions = [concern for action in plan.actions for concern in _action_concerns(plan, action, as_at)]
    indicators = [
        Concern("indicator", None, row.title, "Latest direction of travel published as Bad.", (row.slug,))
        for row in plan.indicators
        if row.direction is Direction.BAD and row.include
    ]
    return [*risks, *actions, *indicators]


def _position_words(risk: Risk) -> str:
    return f"Net score {risk.net.words}." if risk.net else "Rated Red; likelihood and impact are not known."


def _action_concerns(plan: ServicePlan, action: Action, as_at: date) -> Iterator[Concern]:
    place = (plan.slug, action.reference)
    title = f"{action.reference}: {action.text}"
    timing = action.timing(as_at)
    if timing is Timing.OVERDUE and action.due:
        yield Concern("action", None, title, f"Due by {write_date(action.due)} and not complete.", place)
    if timing is Timing.REVIEW_OVERDUE and action.next_review:
        yield Concern("action", None, title, f"Its review was due on {write_date(action.next_review)}.", place)
    for step in action.late_milestones(as_at):
        yield Concern("action", None, title, f"Milestone due {step.printed_date}, not marked done: {step.text}", place)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WORDS_SHOWN else text[:WORDS_SHOWN].rsplit(" ", 1)[0] + " …"
