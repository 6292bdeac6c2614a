"""A service plan as the document that is set on paper."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from outturn.plans.action import Action, Timing
from outturn.plans.council import Council
from outturn.plans.risk import Risk
from outturn.plans.scheme import Position, Scheme
from outturn.plans.service_plan import IndicatorRow, Section, ServicePlan, paragraphs
from outturn.publish.chart import Point, sparkline
from outturn.site.indicators.reading import definition_of
from outturn.terms.period import Period, write_date
from outturn.terms.value import Figure, Value, token_key

TIMING_WORDS = {Timing.NO_REVIEW_DATE: "No review date set", Timing.NO_DATE: "No date set"}
"""Where a plain sentence says more than the name of the state."""


def timing_words(timing: Timing) -> str:
    """How an action or milestone stands against its date, in plain words."""
    return TIMING_WORDS.get(timing, timing.value)


def plan_paper(council: Council, plan: ServicePlan, made_at: datetime) -> dict[str, Any]:
    """Everything a reader of the plan needs, as plain text and numbers."""
    as_at = plan.as_at(made_at.date())
    return {
        "council": council.name,
        "title": plan.title,
        "year": plan.year.words,
        "made_at": made_at.isoformat(timespec="seconds"),
        "source": plan.source,
        "front": [list(pair) for pair in (*front_sheet(plan), *_judged(plan, made_at.date()))],
        "sections": [_section(section) for section in plan.sections],
        "resources": [
            {"label": item.label, "printed": item.value.printed, "part_of": item.part_of} for item in plan.resources
        ],
        "demographics": [
            {"subject": fact.subject, "now": fact.now, "year": fact.year, "projected": fact.projected, "by": fact.by}
            for fact in plan.demographics
        ],
        "actions": [_action(action, as_at) for action in plan.actions],
        "risks": [_risk(risk) for risk in plan.risks],
        "matrix": _matrix(plan.risks, council.risks.scheme),
        "indicators": {
            "periods": [period.words for period in plan.periods],
            "blocks": [
                {"heading": heading, "rows": [_indicator(row, plan.periods) for row in rows]}
                for heading, rows in groupby(plan.indicators, attrgetter("heading"))
            ],
        },
        "tokens": [list(pair) for pair in tokens_used(plan)],
    }


def front_sheet(plan: ServicePlan) -> list[tuple[str, str]]:
    """What the front sheet says, under the labels councils print."""
    return [
        ("Service", plan.service),
        ("Directorate", plan.directorate),
        ("Service plan holder", plan.plan_holder),
        ("Director", plan.director),
        ("Cabinet member", plan.cabinet_member),
        ("Date last updated", plan.printed_last_updated),
    ]


def _judged(plan: ServicePlan, today: date) -> list[tuple[str, str]]:
    """Only once the year is over: until then a plan is judged as at today, as anybody expects."""
    words = f"{write_date(plan.as_at(today))}, the last update, because the plan's year is over"
    return [("Judged as at", words)] if today > plan.year.end else []


def tokens_used(plan: ServicePlan) -> list[tuple[str, str]]:
    """What the plan's tables print in place of a figure, with its meaning."""
    values = [value for row in plan.indicators for part in (row.results, row.targets) for value in part.values()]
    values += [item.value for item in plan.resources]
    return token_key(values)


def _section(section: Section) -> dict[str, Any]:
    blocks = [
        {"type": "list", "items": parts} if kind == "list" else {"type": "paragraph", "text": parts[0]}
        for kind, parts in paragraphs(section.text)
    ]
    return {"number": section.number, "kind": section.kind, "heading": section.heading, "blocks": blocks}


def _action(action: Action, as_at: date) -> dict[str, Any]:
    return {
        "reference": action.reference,
        "theme": action.theme,
        "action": action.text,
        "type": action.type,
        "owners": list(action.owners),
        "due": action.when,
        "status": timing_words(action.timing(as_at)),
        "milestones": [
            {"text": step.text, "due": step.printed_date, "state": _step_state(step.timing(as_at))}
            for step in action.milestones
        ],
    }


def _step_state(timing: Timing) -> str:
    """What is worth saying beside a step and its date: nothing of one that is simply to come."""
    return {Timing.COMPLETE: "done", Timing.OVERDUE: "overdue"}.get(timing, "")


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "reference": risk.reference,
        "title": risk.title,
        "band": risk.band.value if risk.band else "",
        "owner": risk.owner,
        "gross": _words(risk.gross),
        "net": _words(risk.net),
        "target": _words(risk.target),
        "mitigations": list(risk.mitigations),
        "likelihood": risk.net.likelihood if risk.net else None,
        "impact": risk.net.impact if risk.net else None,
    }


def _words(position: Position | None) -> str:
    return position.words if position else ""


def _matrix(risks: Sequence[Risk], scheme: Scheme) -> dict[str, Any] | None:
    """Where the risks stand now; nothing where only letters were published."""
    if not any(risk.net for risk in risks):
        return None
    return {
        "columns": [_step(scheme, 1, impact) for impact in range(1, len(scheme.impacts) + 1)],
        "rows": [
            {
                "likelihood": likelihood,
                "label": _step(scheme, 0, likelihood),
                "cells": [
                    _cell(Position(likelihood, impact, scheme), risks) for impact in range(1, len(scheme.impacts) + 1)
                ],
            }
            for likelihood in range(len(scheme.likelihoods), 0, -1)
        ],
    }


def _step(scheme: Scheme, axis: int, step: int) -> str:
    word = scheme.words(axis)[step - 1]
    return f"{word} ({scheme.mark(axis, step)})" if scheme.numbered or any(scheme.marks) else word


def _cell(position: Position, risks: Sequence[Risk]) -> dict[str, Any]:
    references = [risk.reference for risk in risks if risk.net == position]
    return {"band": position.band.value, "references": references}


def _indicator(row: IndicatorRow, periods: Sequence[Period]) -> dict[str, Any]:
    values = [row.results.get(period) for period in periods]
    return {
        "code": row.printed_code,
        "title": row.title,
        "values": [_value(value) for value in values],
        "sparkline_svg": _sparkline(row, list(zip(periods, values, strict=True))),
        "polarity": row.printed_polarity,
        "direction": row.direction.value if row.direction else "",
        "owner": row.owner,
        "include": "Y" if row.include else "N",
    }


def _value(value: Value | None) -> dict[str, str]:
    """A blank cell prints its reason: paper has nobody to ask."""
    return {"printed": value.printed or value.words, "words": value.words} if value else NO_RESULT


NO_RESULT = {"printed": "none", "words": "no result"}


def _sparkline(row: IndicatorRow, values: Sequence[tuple[Period, Value | None]]) -> str:
    """A line that is never drawn across a change of method."""
    definition = definition_of(row.framework, row.code)
    breaks = [later.words for (earlier, _), (later, _) in pairwise(values) if definition.broken_between(earlier, later)]
    points = [
        Point(period.words, value.amount if isinstance(value, Figure) else None, value.printed if value else "")
        for period, value in values
    ]
    return sparkline(points, breaks=breaks)
