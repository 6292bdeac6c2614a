"""The rows of a plan's tables, ready to print, with what they can be filtered and sorted by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from urllib.parse import quote

from django.http import HttpRequest

from outturn.plans.action import Action, Milestone, Timing
from outturn.plans.appetite import Level
from outturn.plans.risk import Movement, Risk
from outturn.plans.scheme import Position, Scheme
from outturn.plans.service_plan import IndicatorRow, ServicePlan
from outturn.plans.waiting import Held, held_up
from outturn.site.indicators.judged import Judged
from outturn.site.tables import Filter, Table, natural
from outturn.terms.period import Period
from outturn.terms.status import Direction, Rag
from outturn.terms.value import Value

from .at_work import AtWork
from .papers import timing_words

LATE = (Timing.OVERDUE, Timing.REVIEW_OVERDUE)
POSITIONS = ("gross", "net", "target")


# --- actions


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What the table of actions prints."""

    reference: str
    href: str
    theme: str
    text: str
    type: str
    owners: tuple[str, ...]
    when: str
    date: date | None
    timing: str
    late: bool
    milestones: list[tuple[str, str, bool]]  # its text, what is said of it, and whether it is late
    progress: str
    slipped: str
    held: tuple[Held, ...]  # what it waits for that holds it up


ACTION_FILTERS = (
    Filter("owner", "Accountable officer", "owners", "All officers"),
    Filter("theme", "Priority theme", "theme", "All themes"),
    Filter("type", "Type", "type", "All types"),
    Filter("status", "Status", "timing", "Any status", order=[timing_words(timing) for timing in Timing]),
)
ACTION_SORTS = {
    "reference": lambda row: natural(row.reference),
    "theme": lambda row: row.theme.casefold(),
    "owner": lambda row: "\n".join(row.owners).casefold() or None,
    "due": lambda row: row.date,
}


def action_table(plan: ServicePlan, request: HttpRequest, as_at: date) -> Table[ActionRow]:
    """The plan's actions. Its page's own address is that of the plan."""
    held = held_up(plan.actions, as_at)
    rows = [_action_row(action, request.path, as_at, held) for action in plan.actions]
    return Table(rows, request, "actions", filters=ACTION_FILTERS, sorts=ACTION_SORTS)


def _action_row(action: Action, path: str, as_at: date, held: Mapping[str, tuple[Held, ...]]) -> ActionRow:
    timing = action.timing(as_at)
    return ActionRow(
        reference=action.reference,
        href=below(path, "actions", action.reference),
        theme=action.theme,
        text=action.text,
        type=action.type,
        owners=action.owners,
        when=action.when,
        date=action.due or action.next_review,
        timing=timing_words(timing),
        late=timing in LATE,
        milestones=[_step_words(action, step, as_at, held) for step in action.milestones],
        progress=action.progress,
        slipped=action.slippage.words if action.slippage else "",
        held=held.get(action.reference, ()),
    )


def _step_words(
    action: Action, step: Milestone, as_at: date, held: Mapping[str, tuple[Held, ...]]
) -> tuple[str, str, bool]:
    """What a table says of a step; of one that is still to come, only its date, if nothing holds it up."""
    timing = step.timing(as_at)
    waits = held.get(f"{action.reference}/{step.number}", ())
    holders = ", ".join(each.name for each in waits)
    said = (
        step.printed_date, "done" if timing is Timing.COMPLETE else "",
        f"originally {step.slippage.original}" if step.slippage else "", f"held up by {holders}" if holders else "",
    )  # fmt: skip
    return step.text, ", ".join(filter(None, said)), timing in LATE


def below(path: str, kind: str, reference: str) -> str:
    """The address of an action or risk. Joined, because reversing hundreds of addresses costs more than the page."""
    return f"{path}{kind}/{quote(reference, safe='')}/"


# --- risks


@dataclass(frozen=True, slots=True)
class RiskRow:
    """What the tables of risks print. The plan is named only in the register of several plans."""

    reference: str
    href: str
    title: str
    owner: str
    band: Rag | None
    gross: Position | None
    net: Position | None
    target: Position | None
    mitigations: tuple[str, ...]
    work: AtWork
    plan: str = ""
    plan_href: str = ""

    @property
    def level(self) -> str:
        return self.work.level.level.value

    @property
    def review(self) -> str:
        return self.work.review

    @property
    def moved(self) -> Movement:
        return self.work.moved


RISK_FILTERS = (
    Filter("owner", "Responsible officer", "owner", "All officers"),
    Filter("rag", "Rating", "band", "Any rating", order=list(Rag), none="No rating"),
    Filter("level", "Level", "level", "Any level", order=list(Level)),
    Filter("review", "Review", "review", "Any", order=["asked for", "overdue", "not asked for"]),
)
REGISTER_FILTERS = (*RISK_FILTERS, Filter("plan", "Service plan", "plan", "All plans"))
RISK_SORTS = {
    "reference": lambda row: natural(row.reference),
    "title": lambda row: row.title.casefold(),
    "rating": lambda row: (list(Rag).index(row.band), -(row.net.score if row.net else 0)) if row.band else None,
    "gross": lambda row: _score(row.gross),
    "net": lambda row: _score(row.net),
    "target": lambda row: _score(row.target),
    "owner": lambda row: row.owner.casefold() or None,
    "plan": lambda row: row.plan.casefold(),
}


def _score(position: Position | None) -> int | None:
    return position.score if position else None


def risk_table(risks: Iterable[AtWork], request: HttpRequest) -> Table[RiskRow]:
    """The plan's risks."""
    rows = [risk_row(one, request.path) for one in risks]
    return Table(rows, request, "risks", filters=RISK_FILTERS, sorts=RISK_SORTS)


def register_table(found: Iterable[tuple[AtWork, str, str]], request: HttpRequest) -> Table[RiskRow]:
    """Risks of all plans, each with its plan's words and address."""
    rows = [risk_row(one, path, words) for one, words, path in found]
    filters = REGISTER_FILTERS if len({row.plan_href for row in rows}) > 1 else RISK_FILTERS
    return Table(rows, request, filters=filters, sorts=RISK_SORTS, anchor="register")


def risk_row(one: AtWork, path: str, plan: str = "") -> RiskRow:
    """A risk as the tables print it."""
    risk = one.risk
    return RiskRow(
        reference=risk.reference,
        href=below(path, "risks", risk.reference),
        title=risk.title,
        owner=risk.owner,
        band=risk.band,
        gross=risk.gross,
        net=risk.net,
        target=risk.target,
        mitigations=risk.mitigations,
        work=one,
        plan=plan,
        plan_href=path,
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the matrix: how many risks stand in it in each of the three positions."""

    position: Position
    marks: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The squares of a scheme, highest likelihood first; steps as mark and word."""

    impacts: list[tuple[str, str]]
    rows: list[tuple[str, str, list[Cell]]]


def matrix_of(risks: Iterable[Risk], scheme: Scheme) -> Matrix | None:
    """The matrix. None where only letters are known: no position is made up."""
    counts = Counter(
        (position, name) for risk in risks for name in POSITIONS if (position := getattr(risk, name)) is not None
    )
    if not counts:
        return None
    impacts = list(enumerate(scheme.impacts, 1))
    return Matrix(
        [(_mark(scheme, 1, step), word) for step, word in impacts],
        [
            (_mark(scheme, 0, step), word, [_cell(Position(step, impact, scheme), counts) for impact, _ in impacts])
            for step, word in reversed(list(enumerate(scheme.likelihoods, 1)))
        ],
    )


def _mark(scheme: Scheme, axis: int, step: int) -> str:
    return scheme.mark(axis, step) if scheme.numbered or any(scheme.marks) else ""


def _cell(position: Position, counts: Counter[tuple[Position, str]]) -> Cell:
    return Cell(position, [(name, counts[position, name]) for name in POSITIONS if counts[position, name]])


# --- indicators


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """What the table of indicators prints."""

    slug: str
    code: str
    href: str
    title: str
    basis: str
    heading: str
    figures: list[tuple[str, Value | None]]  # results, then targets, each with its column's words
    polarity: str
    direction: str
    owner: str
    include: str
    judged: Judged | None  # what the rules say of its newest figure


INDICATOR_FILTERS = (
    Filter("owner", "Responsible officer", "owner", "All officers"),
    Filter("heading", "Heading", "heading", "All headings"),
    Filter("direction", "Direction of travel", "direction", "Any direction", order=list(Direction)),
    Filter("include", "Include", "include", "Both", order=["Y", "N"]),
)
INDICATOR_SORTS = {
    "code": lambda row: natural(row.code),
    "title": lambda row: row.title.casefold(),
    "direction": lambda row: list(Direction).index(row.direction) if row.direction else None,
}


def target_periods(plan: ServicePlan) -> list[Period]:
    """The periods for which any indicator has a target, oldest first."""
    return sorted({period for row in plan.indicators for period in row.targets}, key=attrgetter("end"))


def indicator_table(
    plan: ServicePlan, request: HttpRequest, path: str, periods: Sequence[Period], targets: Sequence[Period],
    judged: Mapping[str, Judged | None],
) -> Table[IndicatorLine]:  # fmt: skip
    """The plan's indicators. `path` is the address of the council's indicators; `judged` has the verdicts by slug."""
    rows = [_indicator_line(row, path, periods, targets, judged.get(row.slug)) for row in plan.indicators]
    return Table(rows, request, "indicators", filters=INDICATOR_FILTERS, sorts=INDICATOR_SORTS)


def _indicator_line(
    row: IndicatorRow, path: str, periods: Sequence[Period], targets: Sequence[Period], judged: Judged | None
) -> IndicatorLine:
    return IndicatorLine(
        slug=row.slug,
        code=row.printed_code,
        href=f"{path}{row.slug}/",
        title=row.title,
        basis=_basis_words(row),
        heading=row.heading,
        figures=[
            *((period.words, row.results.get(period)) for period in periods),
            *((f"{period.words} target", row.targets.get(period)) for period in targets),
        ],
        polarity=row.printed_polarity,
        direction=row.direction.value if row.direction else "",
        owner=row.owner,
        include="Y" if row.include else "N",
        judged=judged,
    )


def _basis_words(row: IndicatorRow) -> str:
    """The basis in the council's words, unless its title says them already; then in ours."""
    said = row.printed_basis and row.printed_basis.casefold() not in row.title.casefold()
    return row.printed_basis if said else row.basis.wording


def blocks_of(table: Table[IndicatorLine]) -> list[tuple[str, list[IndicatorLine]]]:
    """Rows under their headings; all under one without words once they are sorted, or a sort would mean nothing."""
    if table.is_sorted:
        return [("", table.rows)] if table.rows else []
    return [(heading, list(rows)) for heading, rows in groupby(table.rows, attrgetter("heading"))]
