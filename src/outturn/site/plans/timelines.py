"""The timelines of a plan's actions and of an action's milestones, each with the rows of its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from outturn.plans.action import Action, ActionState, Milestone, Timing, read_milestone_date
from outturn.publish.timeline import Lane, Mark, Moment, span, timeline
from outturn.terms.period import Period, write_date


@dataclass(frozen=True, slots=True)
class Row:
    """One promise in the table beside a timeline."""

    action: str
    text: str
    date: str
    original: str
    mark: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing, and the same in words."""

    drawing: Markup
    rows: tuple[Row, ...]


def plan_timeline(actions: Sequence[Action], year: Period, as_at: date) -> Timeline:
    """A lane for each action, with its milestones and its end."""
    lanes = [_lane(action, as_at) for action in actions]
    rows = [row for action in actions for row in (*(_row(action, step, as_at) for step in action.milestones),
            *([_whole(action, as_at)] if action.due or action.next_review else []))]  # fmt: skip
    dated = [lane for lane in lanes if lane.moments or lane.end]
    return _drawn(dated, rows, year, as_at, "Actions and their milestones")


def action_timeline(action: Action, year: Period, as_at: date) -> Timeline:
    """A lane for each milestone that has a date."""
    lanes = [Lane(f"Milestone {step.number}", (_moment(step, as_at),)) for step in action.milestones if step.due]
    rows = [_row(action, step, as_at) for step in action.milestones]
    return _drawn(lanes, rows, year, as_at, f"Milestones of action {action.reference}")


def _drawn(lanes: Sequence[Lane], rows: Sequence[Row], year: Period, as_at: date, title: str) -> Timeline:
    days = [day for lane in lanes for moment in lane.moments for day in (moment.day, moment.original) if day]
    start, end = span(year, [*days, *(lane.end for lane in lanes if lane.end)])
    counts = {mark.value: sum(moment.mark is mark for lane in lanes for moment in lane.moments) for mark in Mark}
    said = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    drawn = timeline(
        lanes, start=start, end=end, today=as_at, title=f"{title}, {write_date(start)} to {write_date(end)}",
        description=f"{said or 'Nothing with a date'}. The table has each with its date.",
    )  # fmt: skip
    return Timeline(Markup(drawn), tuple(rows))  # noqa: S704 the timeline module escapes every text it is given


def _lane(action: Action, as_at: date) -> Lane:
    moments = [_moment(step, as_at) for step in action.milestones if step.due]
    if action.state is ActionState.STANDING and action.next_review:
        late = action.timing(as_at) is Timing.REVIEW_OVERDUE
        moments.append(Moment(action.next_review, Mark.LATE if late else Mark.REVIEW))
    return Lane(action.reference, tuple(moments), action.due)


def _moment(step: Milestone, as_at: date) -> Moment:
    return Moment(step.due or as_at, _mark(step.timing(as_at)), read_milestone_date(step.was[0]) if step.was else None)


def _mark(timing: Timing) -> Mark:
    if timing is Timing.COMPLETE:
        return Mark.DONE
    return Mark.LATE if timing in (Timing.OVERDUE, Timing.REVIEW_OVERDUE) else Mark.PLANNED


def _row(action: Action, step: Milestone, as_at: date) -> Row:
    slipped = step.slippage
    return Row(action.reference, step.text, step.printed_date or "No date set", slipped.words if slipped else "",
               _mark(step.timing(as_at)).value)  # fmt: skip


def _whole(action: Action, as_at: date) -> Row:
    slipped, timing = action.slippage, action.timing(as_at)
    standing = action.state is ActionState.STANDING
    mark = Mark.REVIEW if timing is Timing.STANDING else _mark(timing)
    return Row(action.reference, "Next review" if standing else "The whole action", action.when,
               slipped.words if slipped else "", mark.value)  # fmt: skip
