"""Rules on the actions of a plan: dates, milestones, wording, and what they are linked to."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ..plans.action import Action, ActionState, Milestone, Timing
from ..plans.service_plan import ServicePlan
from .finding import Finding, Severity, Subject
from .indicators import is_post, skipped_numbers
from .listings import of_plan
from .picture import Picture
from .prose import prose, unfinished
from .rule import also, rule
from .wording import counted, listed, sentence

YEAR = re.compile(r"\b(19|20)\d\d\b")


def _all(picture: Picture) -> Iterator[tuple[ServicePlan, Action]]:
    for plan in picture.plans:
        for action in plan.actions:
            yield plan, action


def of_action(plan: ServicePlan, action: Action) -> Subject:
    """An action as findings name it."""
    return Subject("action", (plan.slug, action.reference), action.reference)


def on_actions(id: str, plan: ServicePlan, actions: list[Action], words: str) -> Finding:
    """A finding on the plan, about several of its actions also."""
    return Finding(id, Severity.QUERY, of_plan(plan), words, (), tuple(of_action(plan, action) for action in actions))


def names(actions: list[Action]) -> str:
    """ASCP01, ASCP02 and ASCP03."""
    return listed(action.reference for action in actions)


@rule(
    "A1", "A date in the date column", Severity.WARNING,
    "Ongoing and Complete say how an action stands, not when. Standing work needs a day on which somebody looks at it "
    "again, and finished work the day on which it was finished.",
    found="Ongoing, without a next review.", passed="Ongoing, next review 1 October 2018.",
)  # fmt: skip
def dates(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        standing = [one for one in plan.actions if one.state is ActionState.STANDING and not one.next_review]
        complete = [one for one in plan.actions if one.state is ActionState.COMPLETE and not one.updates]
        without = [one for one in plan.actions if one.state is ActionState.OPEN and not one.due]
        said, ask = [], []
        if standing:
            said.append(f"{counted(len(standing), 'says', 'say')} Ongoing without a next review ({names(standing)})")
            ask.append("a next review to what goes on")
        if complete:
            said.append(f"{counted(len(complete), 'says', 'say')} Complete and not when ({names(complete)})")
            ask.append("a dated note to what is finished")
        if without:
            said.append(f"{counted(len(without), 'has', 'have')} no date at all ({names(without)})")
            ask.append("a date to the rest")
        if said:
            words = f"Of {counted(len(plan.actions), 'action')}, {listed(said)}. Give {listed(ask)}."
            about = tuple(of_action(plan, one) for one in (*standing, *complete, *without))
            yield Finding("A1", Severity.WARNING, of_plan(plan), words, (), about)


@rule(
    "A2", "Dates that have passed", Severity.WARNING,
    "A date that has passed on work that is still open is late or out of date, unless a later note says what happened.",
    found="A step due in July 2017 and still open in July 2018.",
    passed="A step due in July, open, with a note of August that says why.",
)  # fmt: skip
def passed(picture: Picture) -> Iterator[Finding]:
    for plan, action in _all(picture):
        as_at = plan.as_at(picture.today)
        notes = [note.date for note in action.updates]
        late = [
            f"“{step.text}” was due {step.printed_date}"
            for step in action.late_milestones(as_at)
            if step.due and not _noted(step.due, [*notes, *(note.date for note in step.updates)])
        ]
        if action.timing(as_at) is Timing.OVERDUE and action.due and not _noted(action.due, notes):
            late.append(f"the action was due {action.completed_by}")
        review = action.next_review
        if review and action.timing(as_at) is Timing.REVIEW_OVERDUE and not _noted(review, notes):
            late.append(f"its review was due on {review.day} {review:%B %Y}")
        if late:
            words = (
                f"{sentence(listed(late))}, with nothing noted since. Mark what is done, or say why it is late and "
                "give a new date."
            )
            yield Finding("A2", Severity.WARNING, of_action(plan, action), words)


def _noted(due: date, notes: list[date]) -> bool:
    return any(note > due for note in notes)


@rule(
    "A3", "Milestones", Severity.QUERY,
    "A milestone needs a year, its place among the others, and an action that goes on needs at least one, or a review.",
    found="A milestone in “June”, of no year.", passed="Milestones in March and in June 2018, in that order.",
)  # fmt: skip
def milestones(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        empty = [
            one for one in plan.actions
            if not one.milestones and not one.next_review and one.state is not ActionState.COMPLETE
        ]  # fmt: skip
        if empty:
            has = "has" if len(empty) == 1 else "have"
            words = f"{names(empty)} {has} no milestone and no next review. Say what is to be seen by when."
            yield on_actions("A3", plan, empty, words)
    for plan, action in _all(picture):
        left = [step for step in action.milestones if not step.done]
        yearless = [step for step in left if step.printed_date and not YEAR.search(step.printed_date)]
        if yearless and action.state is not ActionState.COMPLETE:
            printed = listed(f"“{step.printed_date}”" for step in yearless)
            words = f"Nobody can tell whether {printed} in its milestones has passed, for want of a year. Add it."
            yield Finding("A3", Severity.QUERY, of_action(plan, action), words)
        if action.state is ActionState.COMPLETE and left:
            still = listed(f"“{step.text}”" for step in left)
            words = f"It is Complete, and {still} is still open. Mark it done, or open the action again."
            yield Finding("A3", Severity.ERROR, of_action(plan, action), words)
        elif words := _out_of_order(action):
            yield Finding("A3", Severity.QUERY, of_action(plan, action), words)


def _out_of_order(action: Action) -> str:
    """A step after the end of its action, or open though one with a later date is done."""
    dated = [step for step in action.milestones if step.due]
    last = max((step for step in dated if step.done), key=_due, default=None)
    for step in dated:
        if action.due and _due(step) > action.due:
            return (
                f"“{step.text}” is due {step.printed_date}, after the action itself ({action.completed_by}). Correct "
                "one of the dates."
            )
        if last and not step.done and _due(step) < _due(last):
            return (
                f"“{step.text}” ({step.printed_date}) is open, though “{last.text}” ({last.printed_date}) is done. "
                "Mark it done, or give it a new date."
            )
    return ""


def _due(step: Milestone) -> date:
    return step.due or date.min


@rule(
    "A4", "Finished sentences that stand by themselves", Severity.QUERY,
    "A reader sees one row or one page, so “this” needs its noun, a sentence its end, and a text that stands in two "
    "places should say why.",
    found="“Put this into effect”, where nothing says what.", passed="“Put the plan into effect”.",
)  # fmt: skip
def wording(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        seen: dict[str, Action] = {}
        for action in plan.actions:
            if found := prose().refers.search(action.text):
                words = (
                    f"Nothing in the action says what “{found['word']}” is. Name it, so that the row can be read "
                    "alone."
                )
                yield Finding("A4", Severity.QUERY, of_action(plan, action), words)
            texts = [action.text, *(step.text for step in action.milestones)]
            for text in filter(unfinished, texts):
                words = f"“{_end(text)}” breaks off. Finish the sentence."
                yield Finding("A4", Severity.QUERY, of_action(plan, action), words)
            for text in texts:
                first = seen.setdefault(" ".join(text.casefold().split()), action)
                if first is not action and len(text.split()) > 2:
                    words = (
                        f"“{text}” stands in {first.reference} too. Say in which of them it belongs, or how they "
                        "differ."
                    )
                    about = (of_action(plan, first),)
                    yield Finding("A4", Severity.QUERY, of_action(plan, action), words, (), about)


def _end(text: str) -> str:
    words = text.split()
    return " ".join(words[-5:]) if len(words) <= 5 else f"… {' '.join(words[-5:])}"


@rule(
    "A5", "What an action is for", Severity.QUERY,
    "An action that names no indicator and no risk leaves open what it should change. One that law demands should say "
    "so where the column asks for it.",
    found="An action on DoLS marked BAU in a plan where none is marked Statutory.",
    passed="An action on waits with the indicator of waits beside it.",
)  # fmt: skip
def purpose(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        alone = [one for one in plan.actions if not one.indicators and not one.risks]
        if alone:
            does = "names" if len(alone) == 1 else "name"
            words = (
                f"{names(alone)} {does} no indicator and no risk. Say what each should change, and by what that will "
                "be seen."
            )
            yield on_actions("A5", plan, alone, words)
        by_law = [(one, found[0]) for one in plan.actions if (found := prose().statutory.search(one.text))]
        if by_law and not any("statutory" in one.type.casefold() for one in plan.actions):
            named = listed(f"{one.reference} ({law})" for one, law in by_law)
            words = f"No action is marked as statutory, though {named} rest on law. Mark what the council must do."
            yield on_actions("A5", plan, [one for one, _ in by_law], words)


@also("I3")
def gaps(picture: Picture) -> Iterator[Finding]:
    """Numbers that are skipped among actions."""
    for plan in picture.plans:
        for skipped in skipped_numbers([action.reference for action in plan.actions]):
            them = "it was" if len(skipped) == 1 else "they were"
            words = f"The actions have no {listed(skipped)}. Say whether {them} dropped, or put back what was lost."
            yield Finding("I3", Severity.QUERY, of_plan(plan), words)


@also("O1")
def owners(picture: Picture) -> Iterator[Finding]:
    """Who is accountable for an action: one post."""
    for plan in picture.plans:
        blank = [one for one in plan.actions if not any(owner.strip() for owner in one.owners)]
        if blank:
            yield on_actions("O1", plan, blank, f"No post answers for {names(blank)}. Write one for each.")
        shared: dict[bool, list[Action]] = defaultdict(list)
        for one in plan.actions:
            shared[len(one.owners) > 1].append(one)
        if shared[True]:
            words = f"Two or more posts answer for {names(shared[True])}. Say in each which of them is accountable."
            yield on_actions("O1", plan, shared[True], words)
        for one in plan.actions:
            for owner in one.owners:
                if owner.strip() and not is_post(owner):
                    words = f"“{owner}”, who answers for it, is not a post. Write the post."
                    yield Finding("O1", Severity.QUERY, of_action(plan, one), words)
