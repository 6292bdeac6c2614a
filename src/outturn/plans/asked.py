"""What asks for a risk to be reviewed: a breach of an indicator it names, or an action against it that is late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ..terms.period import Period, write_date
from .action import Action, Timing
from .risk import Risk


@dataclass(frozen=True, slots=True)
class Breach:
    """An indicator's newest figure that is Red by the rule, or shows a special cause for concern."""

    code: str
    period: Period
    red: bool
    concerning: bool

    @property
    def sentence(self) -> str:
        said = [words for is_so, words in (
            (self.red, "is Red by the rule"), (self.concerning, "shows a special cause for concern"),
        ) if is_so]  # fmt: skip
        return f"{self.code} {' and '.join(said)} for {self.period.words}."


@dataclass(frozen=True, slots=True)
class Ask:
    """One reason to review a risk. A review that answers its `key` settles it; a new figure or date asks anew."""

    key: str
    words: str
    indicator: str = ""  # a slug
    action: str = ""  # a reference


def asks_of(risk: Risk, actions: Iterable[Action], breaches: Mapping[str, Breach], as_at: date) -> list[Ask]:
    """What asks for a review of a risk and was not answered by one. `breaches` are by the slug of the indicator."""
    found = [
        Ask(f"{slug} {breach.period.code}", breach.sentence, indicator=slug)
        for slug in risk.indicators if (breach := breaches.get(slug))
    ]  # fmt: skip
    for action in actions:
        if risk.reference in action.risks:
            found += _late(action, as_at)
    answered = {key for review in risk.reviews for key in review.answers}
    return [ask for ask in found if ask.key not in answered]


def _late(action: Action, as_at: date) -> Iterable[Ask]:
    """A late action asks once, and each of its late milestones; a date that was moved and passed again asks again."""
    reference = action.reference
    if action.timing(as_at) is Timing.OVERDUE and action.due:
        words = f"Action {reference} was due by {write_date(action.due)} and is not complete."
        yield Ask(f"{reference} {action.due}", words, action=reference)
    for step in action.late_milestones(as_at):
        if step.due:
            words = f"Milestone {step.number} of action {reference}, “{step.text}”, was due by {write_date(step.due)}."
            yield Ask(f"{reference}/{step.number} {step.due}", words, action=reference)


def review_overdue(risk: Risk, as_at: date) -> str:
    """Words for a review whose day has passed, or empty."""
    if not risk.next_review or risk.next_review >= as_at:
        return ""
    return f"Its review was due on {write_date(risk.next_review)}."
