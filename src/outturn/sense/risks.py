"""Rules on the risks of a plan: how they are scored, owned and numbered, and what their indicators say."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..plans.risk import Risk, position_faults
from ..plans.service_plan import IndicatorRow, ServicePlan
from ..terms.status import Direction, Rag
from .finding import Finding, Severity, Subject
from .indicators import is_post
from .listings import figures, of_plan, of_row
from .picture import Picture
from .rule import also, rule
from .wording import counted, listed, sentence

NEAR = 3  # numbers no further apart than this make a series: a register holds those of other services too


def of_risk(plan: ServicePlan, risk: Risk) -> Subject:
    """A risk as findings name it."""
    return Subject("risk", (plan.slug, risk.reference), risk.reference)


@rule(
    "R1", "Where a risk stands", Severity.QUERY,
    "A risk has a likelihood and an impact before controls, with them, and where it should be: each no higher than "
    "the one before. A letter alone shows neither whether controls work nor what is aimed at.",
    found="A letter A, with neither likelihood nor impact.", passed="20 before controls, 12 with them, aiming at 6.",
)  # fmt: skip
def positions(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        bare = [risk for risk in plan.risks if not risk.net]
        if bare:
            has = "has" if len(bare) == 1 else "have"
            words = (
                f"{sentence(counted(len(bare), 'risk'))} ({listed(risk.reference for risk in bare)}) {has} one letter "
                "for a rating: no likelihood and impact, before or after controls, and no target. Give the three "
                "positions."
            )
            yield Finding("R1", Severity.QUERY, of_plan(plan), words, (), tuple(of_risk(plan, risk) for risk in bare))
        for risk in plan.risks:
            for words in position_faults(risk.gross, risk.net, risk.target):
                yield Finding("R1", Severity.ERROR, of_risk(plan, risk), words)


@rule(
    "R2", "What is done about a risk", Severity.QUERY,
    "A Red risk needs something that is being done about it: an action that names it, or a control.",
    found="A Red risk that no action names, without controls.", passed="A Red risk with two actions.",
)  # fmt: skip
def answered(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        named = {reference for action in plan.actions for reference in action.risks}
        for risk in plan.risks:
            if risk.band is Rag.RED and risk.reference not in named and not risk.mitigations:
                words = "It is Red, and neither an action nor a control answers it. Say what is being done about it."
                yield Finding("R2", Severity.QUERY, of_risk(plan, risk), words)


@also("T3")
def against_indicators(picture: Picture) -> Iterator[Finding]:
    """A risk that is not Red though more of the indicators it names go the wrong way than the right one."""
    for plan in picture.plans:
        for risk in plan.risks:
            named = [row for row in plan.indicators if row.slug in risk.indicators]
            bad = [row for row in named if row.direction is Direction.BAD]
            good = {row.code for row in named if row.direction is Direction.GOOD}
            if risk.band in (Rag.AMBER, Rag.GREEN) and len({row.code for row in bad}) > len(good):
                words = (
                    f"It is {risk.band}, though {listed(map(_moved, bad))} {'is' if len(bad) == 1 else 'are'} marked "
                    "Bad. Say why the risk is no higher, or rate it again."
                )
                about = tuple(dict.fromkeys(of_row(picture, row) for row in bad))
                yield Finding("T3", Severity.QUERY, of_risk(plan, risk), words, (), about)


def _moved(row: IndicatorRow) -> str:
    points = figures(row.results)[-2:]
    return f"{row.code} ({' to '.join(figure.printed for _, figure, _ in points)})" if points else row.code


@also("I3")
def gaps(picture: Picture) -> Iterator[Finding]:
    """Numbers that are skipped among risks that stand close together."""
    for plan in picture.plans:
        numbered = sorted((int(found[2]), found[1], len(found[2])) for risk in plan.risks if (found := _parts(risk)))
        skipped = [
            f"{letters}{number:0{digits}}"
            for (low, letters, digits), (high, others, _) in pairwise(numbered)
            if letters == others and high - low <= NEAR
            for number in range(low + 1, high)
        ]
        if skipped and len(numbered) > NEAR:
            them = "it was" if len(skipped) == 1 else "they were"
            words = (
                f"The risks have no {listed(skipped)}. Say whether {them} closed, or "
                f"{'is' if len(skipped) == 1 else 'are'} kept elsewhere."
            )
            yield Finding("I3", Severity.QUERY, of_plan(plan), words)


def _parts(risk: Risk) -> re.Match[str] | None:
    return re.fullmatch(r"(\D*)(\d{1,9})", risk.reference)


@also("O1")
def owners(picture: Picture) -> Iterator[Finding]:
    """Who answers for a risk."""
    for plan in picture.plans:
        for risk in plan.risks:
            if not risk.owner.strip():
                yield Finding("O1", Severity.QUERY, of_risk(plan, risk), "No post answers for it. Write one.")
            elif not is_post(risk.owner):
                words = f"“{risk.owner}”, who answers for it, is not a post. Write the post."
                yield Finding("O1", Severity.QUERY, of_risk(plan, risk), words)
