"""Loads a council's folder of text files into the database."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import transaction

from outturn.plans.files import read_council_files
from outturn.plans.history import PastSeries
from outturn.plans.risk import Stood
from outturn.plans.scorecard import Scorecard as ScorecardData
from outturn.plans.service_plan import ServicePlan
from outturn.plans.words import Word as WordData
from outturn.site.indicators.models import Indicator, Result, Target, Word
from outturn.site.indicators.words import word_fields
from outturn.site.plans.models import (
    Action,
    Demographic,
    Expectation,
    Milestone,
    Plan,
    PlanIndicator,
    Resource,
    Risk,
    RiskPosition,
    RiskReview,
    Section,
    Update,
)
from outturn.site.requests.reading import store_requests
from outturn.site.scorecards.models import Block, MeasureLine, Priority, QuarterReport, Scorecard
from outturn.site.trail.actions import note_change
from outturn.terms.period import Period
from outturn.terms.value import Value
from outturn.textfiles import Fault, FaultyFiles

from .definitions import catalogue_with, keep_definitions
from .models import Council


def load_council(folder: Path, *, by: str) -> Council:
    """Read a council's folder and store all of it, or nothing.

    Raises FaultyFiles with every fault found, also where the council is there already: what people have changed since
    must not be overwritten.
    """
    files = read_council_files(folder, catalogue_with)
    data = files.council
    with transaction.atomic():
        if Council.objects.filter(slug=data.slug).exists():
            words = f"{data.name} is in this workspace already. Load it into a new one, with --workspace NEW-FOLDER."
            raise FaultyFiles([Fault(str(folder), None, words)])
        council = Council.objects.create(
            slug=data.slug,
            name=data.name,
            short_name=data.short_name,
            kind=data.kind,
            source=data.source,
            absences={token: absence.value for token, absence in data.absences.items()},
            area=data.area,
            **files.settled,
        )
        for plan in files.plans:
            _store_plan(council, plan)
        for scorecard in files.scorecards:
            _store_scorecard(council, scorecard)
        for past in files.history:
            _store_history(council, past)
        _store_expectations(council, files.plans)
        _store_words(council, files.words)
        store_requests(council, files.requests)
        note_change(
            by=by, verb="loaded", council=data.slug, kind="council", subject=data.slug, title=data.name,
            after={"plans": len(files.plans), "scorecards": len(files.scorecards)}, reason=data.source,
        )
        keep_definitions(data.slug, folder / "definitions")
    return council


def _store_expectations(council: Council, plans: Iterable[ServicePlan]) -> None:
    """Once every indicator is there, since an action may be to move one that only a scorecard prints."""
    slugs = {indicator.slug: indicator for indicator in council.indicators.all()}
    for plan in plans:
        for item in plan.actions:
            for hoped in item.expects:
                Expectation.objects.create(
                    action=Action.objects.get(plan__council=council, plan__slug=plan.slug, reference=item.reference),
                    indicator=slugs[hoped.indicator], order=hoped.number, change=hoped.by.words, since=hoped.since,
                )


def _store_words(council: Council, words: Iterable[WordData]) -> None:
    for word in words:
        indicator = council.indicators.get(slug=word.indicator)
        order = indicator.words.count() + 1
        Word.objects.create(indicator=indicator, order=order, period=word.period.code, **word_fields(word.said))


def value_fields(value: Value) -> dict[str, str]:
    """A value as it is stored."""
    return {"printed": value.printed, "absence": value.absence.value if value.is_missing else ""}


def _indicator(council: Council, row) -> Indicator:
    """The council's indicator for a row of a plan or scorecard: one, however many documents list it."""
    return Indicator.objects.get_or_create(
        council=council,
        slug=row.slug,
        defaults={
            "framework": row.framework,
            "code": row.code,
            "basis": row.basis.wording,
            "title": row.title,
        },
    )[0]


def _store_history(council: Council, past: PastSeries) -> None:
    indicator = _indicator(council, past)
    _store_values(Target, indicator, past.targets)
    Result.objects.bulk_create(
        [
            Result(indicator=indicator, period=period.code, numerator=above, denominator=below, **value_fields(value))
            for period, value in past.results.items()
            for above, below in [past.counts.get(period, (None, None))]
        ],
        ignore_conflicts=True,  # a plan or scorecard prints it too
    )


def _store_values(
    model, indicator: Indicator, values: Mapping[Period, Value], notes: Mapping[Period, str] = MappingProxyType({})
) -> None:
    model.objects.bulk_create(
        [
            model(indicator=indicator, period=period.code, note=notes.get(period, ""), **value_fields(value))
            for period, value in values.items()
        ],
        ignore_conflicts=True,  # two documents may print one result
    )


def _store_plan(council: Council, data: ServicePlan) -> None:
    plan = Plan.objects.create(
        council=council, slug=data.slug, title=data.title, year=data.year.code, service=data.service,
        directorate=data.directorate, plan_holder=data.plan_holder, director=data.director,
        cabinet_member=data.cabinet_member, last_updated=data.last_updated,
        printed_last_updated=data.printed_last_updated, source=data.source,
    )
    for order, section in enumerate(data.sections, 1):
        Section.objects.create(
            plan=plan, order=order, number=section.number, kind=section.kind, heading=section.heading, text=section.text
        )
    for order, item in enumerate(data.resources, 1):
        Resource.objects.create(
            plan=plan, order=order, label=item.label, unit=item.unit.wording, part_of=item.part_of,
            **value_fields(item.value),
        )
    for order, fact in enumerate(data.demographics, 1):
        Demographic.objects.create(
            plan=plan, order=order, subject=fact.subject, now=fact.now, year=fact.year, projected=fact.projected,
            by=fact.by,
        )
    indicators = {row.slug: _indicator(council, row) for row in data.indicators}
    for order, row in enumerate(data.indicators, 1):
        _store_values(Result, indicators[row.slug], row.results)
        _store_values(Target, indicators[row.slug], row.targets)
        PlanIndicator.objects.create(
            plan=plan, order=order, indicator=indicators[row.slug], heading=row.heading, printed_code=row.printed_code,
            title=row.title, printed_basis=row.printed_basis, printed_polarity=row.printed_polarity,
            direction=row.direction or "", owner=row.owner, include=row.include,
        )
    risks = _store_risks(plan, data, indicators)
    _store_actions(plan, data, indicators, risks)


def stood_fields(stood: Stood) -> dict[str, Any]:
    """Where a risk stood, as it is stored."""
    return {
        "since": stood.since, "rating": stood.rating or "", "because": stood.because,
        "likelihood": stood.net and stood.net.likelihood, "impact": stood.net and stood.net.impact,
    }


def _store_risks(plan: Plan, data: ServicePlan, indicators: dict[str, Indicator]) -> dict[str, Risk]:
    stored = {}
    for order, risk in enumerate(data.risks, 1):
        positions = {}
        for name in ("gross", "net", "target"):
            position = getattr(risk, name)
            if position:
                positions |= {f"{name}_likelihood": position.likelihood, f"{name}_impact": position.impact}
        stored[risk.reference] = Risk.objects.create(
            plan=plan, order=order, reference=risk.reference, title=risk.title, owner=risk.owner,
            rating=risk.rating or "", cause=risk.cause, consequence=risk.consequence, response=risk.response,
            mitigations="\n".join(risk.mitigations), category=risk.category, appetite=risk.appetite,
            next_review=risk.next_review, **positions,
        )
        stored[risk.reference].indicators.set([indicators[slug] for slug in risk.indicators])
        for place, stood in enumerate(risk.history, 1):
            RiskPosition.objects.create(risk=stored[risk.reference], order=place, **stood_fields(stood))
        for place, review in enumerate(reversed(risk.reviews), 1):
            RiskReview.objects.create(
                risk=stored[risk.reference], order=place, date=review.date, text=review.text,
                answers=list(review.answers),
            )
    return stored


def _store_actions(
    plan: Plan, data: ServicePlan, indicators: dict[str, Indicator], risks: dict[str, Risk]
) -> None:
    for order, item in enumerate(data.actions, 1):
        action = Action.objects.create(
            plan=plan, order=order, reference=item.reference, theme=item.theme, text=item.text, type=item.type,
            owners="\n".join(item.owners), completed_by=item.completed_by, state=item.state, due=item.due,
            next_review=item.next_review, was="\n".join(item.was), waits_for="\n".join(item.waits_for),
        )
        action.indicators.set([indicators[slug] for slug in item.indicators])
        action.risks.set([risks[reference] for reference in item.risks])
        _store_updates(action, None, item.updates)
        for step in item.milestones:
            milestone = Milestone.objects.create(
                action=action, order=step.number, text=step.text, printed_date=step.printed_date, due=step.due,
                done=step.done, was="\n".join(step.was), waits_for="\n".join(step.waits_for),
            )
            _store_updates(action, milestone, step.updates)


def _store_updates(action: Action, milestone: Milestone | None, updates) -> None:
    for update in updates:
        Update.objects.create(
            action=action, milestone=milestone, order=update.number, date=update.date, text=update.text, by=update.by
        )


def _store_scorecard(council: Council, data: ScorecardData) -> None:
    card = Scorecard.objects.create(
        council=council, slug=data.slug, title=data.title, directorate=data.directorate, year=data.year.code,
        source=data.source,
    )
    for order, block_data in enumerate(data.blocks, 1):
        block = Block.objects.create(
            scorecard=card, order=order, heading=block_data.heading, kind=block_data.kind,
            measure_heading=block_data.measure_heading, shows=list(block_data.shows),
        )
        for item in block_data.priorities:
            priority = Priority.objects.create(
                block=block, order=item.number, number=item.number, title=item.title,
                portfolios="\n".join(item.portfolios), no_measure=item.no_measure,
            )
            QuarterReport.objects.bulk_create(
                QuarterReport(
                    priority=priority, quarter=report.quarter.code, status=report.status or "", progress=report.progress
                )
                for report in item.reports
            )
            for position, line in enumerate(item.measures, 1):
                indicator = _indicator(council, line)
                _store_values(Result, indicator, line.results, line.notes)
                _store_values(Target, indicator, {data.year: line.target} if line.target else {})
                MeasureLine.objects.create(priority=priority, order=position, indicator=indicator, title=line.title)
