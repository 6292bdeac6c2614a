"""A council's indicators, one page each as a report card, and the definitions behind them."""

import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from outturn.catalogue.indicator import Indicator as Definition
from outturn.catalogue.indicator import Key
from outturn.judgement.comparators import Comparator
from outturn.publish.chart import Point, describe, trend
from outturn.site.councils.definitions import catalogue
from outturn.site.councils.views import find_council
from outturn.site.people.access import reads_drafts
from outturn.site.plans.models import PlanIndicator
from outturn.site.rounds.visible import Seen, reader_of, seen_by
from outturn.site.scorecards.models import MeasureLine
from outturn.site.submissions.views import may_see_people
from outturn.site.trail import clock
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.unit import Unit
from outturn.terms.value import Figure, Notation, Value

from . import compared, worked_out
from .judged import Series, series_of
from .models import Indicator, Result
from .reading import definition_of, targets_of, values_of
from .verdicts import section
from .worked_out import label, source_of


@require_safe
def indicators(request: HttpRequest, council: str) -> HttpResponse:
    """Every indicator the council uses, with its newest result and how it moved."""
    stored, today = find_council(council), clock.today()
    series = series_of(stored, today, reader_of(request, stored), to_staff=reads_drafts(request))
    others = compared.beside_each(stored, today, reader_of(request, stored), to_staff=reads_drafts(request))
    rows = [
        _row(indicator, series[indicator.slug], others.get(indicator.slug, ()), today)
        for indicator in stored.indicators.order_by("slug")
    ]
    words = " ".join(request.GET.get("q", "").split())[:100]
    wanted = words.casefold()
    shown = [row for row in rows if wanted in f"{row['indicator'].code} {row['indicator'].title}".casefold()]
    context = {"council": stored.data(), "rows": shown, "total": len(rows), "query": words, "beside": bool(others)}
    return render(request, "indicators/list.html", context)


def _row(indicator: Indicator, series: Series, others: Sequence[Comparator], today: date) -> dict:
    """What the list prints: the newest figure beside its target, last year's and others', with the verdicts on it."""
    results = series.known.results
    judged = series.judged(today)
    newest = list(results.items())[-1:]
    at = judged.verdicts.period if judged else None
    return {
        "indicator": indicator,
        "href": reverse("indicator", args=[indicator.council.slug, indicator.slug]),
        "judged": judged,
        "newest": (at, results[at]) if at else (newest or [None])[0],
        "since": newest if at and newest[0][0] != at else [],
        "target": series.known.targets.get(at) or series.known.targets.get(at.financial_year) if at else None,
        "last_year": results.get(at.same_last_year()) if at else None,
        "others": [
            (one.name, _written(one, series), one.verdict.kind.value) for one in others if one.value is not None
        ],
    }


def _written(one: Comparator, series: Series) -> str:
    """Another's figure as the council would print its own."""
    definition = series.known.definition
    decimals = 1 if definition.decimals is None else definition.decimals
    notation = Notation(decimals, grouped=True, percent=definition.unit is Unit.PERCENT)
    return notation.write(Decimal(repr(one.value)))


@require_safe
def indicator(request: HttpRequest, council: str, slug: str) -> HttpResponse:
    """The report card: meaning, chart with target and its table, direction, where it is used, actions and risks."""
    stored = get_object_or_404(Indicator.objects.select_related("council"), council__slug=council, slug=slug)
    definition = definition_of(stored.framework, stored.code)
    reader = reader_of(request, stored.council)
    seen = seen_by(stored.council, reader)
    rows = seen.results(stored.results.all(), [stored.id])
    results, targets = values_of(rows)[stored.id], targets_of([stored.id])[stored.id]
    basis = TimeBasis.read(stored.basis)
    today = clock.today()
    series = series_of(stored.council, today, reader, to_staff=reads_drafts(request))[slug]
    judged = series.judged(today)
    from_records, from_records_chart = _worked_out(request, stored, definition, basis, seen)
    context = {
        "council": stored.council.data(),
        "indicator": stored,
        "definition": definition,
        "basis": basis,
        "worked_out": from_records,
        "worked_out_chart": from_records_chart,
        "label": label,
        "may_see_people": may_see_people(request.user),
        "siblings": Indicator.objects.filter(
            council=stored.council, framework=stored.framework, code=stored.code
        ).exclude(pk=stored.pk),
        "results": _result_rows(rows, results, targets),
        "chart": _chart(stored, definition, results, targets),
        "compared": compared.section_of(stored.council, series),
        "verdicts": judged and series.once(
            ("verdicts", today), lambda: section(series, judged, f"{stored.code}: {stored.title}, over time")
        ),
        "listings": PlanIndicator.objects.filter(indicator=stored).select_related("plan"),
        "lines": MeasureLine.objects.filter(indicator=stored).select_related("priority__block__scorecard"),
        "actions": stored.actions.select_related("plan"),
        "risks": stored.risks.select_related("plan"),
        "no_survey": _no_survey(definition, results),
        "commentary": seen.commentary(stored.id),
        "ahead": seen.ahead,
    }
    return render(request, "indicators/indicator.html", context)


def _worked_out(
    request: HttpRequest, stored: Indicator, definition: Definition, basis: TimeBasis, seen: Seen
) -> tuple[worked_out.Section | None, Markup]:
    """What the records say, and a chart of it where there are two figures or more."""
    source = source_of(definition, basis)
    if not (source and stored.council.area):
        return None, Markup()
    found = worked_out.section(
        stored.council, source, clock.today(), asked=request.GET.get("period", ""),
        to_staff=reads_drafts(request), shows=lambda period: seen.shows(stored.slug, period),
    )  # fmt: skip
    if sum(point.amount is not None for point in found.points) < 2:
        return found, Markup()
    drawn = trend(
        found.points,
        title=f"{stored.code}, {'as published' if found.is_published else 'worked out from records'}",
        description=describe(found.points, None, unit_words=definition.unit.words),
        unit_words=definition.unit.words, key="worked-out",
    )  # fmt: skip
    return found, Markup(drawn)  # noqa: S704 the chart module escapes every text it is given


def _result_rows(rows: list[Result], results: dict[Period, Value], targets: dict[Period, Value]) -> list[dict]:
    details = {row.period: row for row in rows}
    periods = sorted({*results, *targets}, key=lambda period: (period.end, period.start))
    return [
        {
            "period": period,
            "result": results.get(period),
            "target": targets.get(period),
            "details": details.get(period.code),
        }
        for period in periods
    ]


def _no_survey(definition, results: dict[Period, Value]) -> list[Period]:
    """Years in which the survey did not run, so that no figure is the right answer."""
    return [period for period in results if definition.survey and not definition.survey.runs_in(period)]


def _chart(stored: Indicator, definition, results: dict[Period, Value], targets: dict[Period, Value]) -> Markup:
    points = [_point(period, value) for period, value in results.items()]
    target = next((_point(period, value) for period, value in reversed(targets.items())), None)
    breaks = [
        _label(later)
        for earlier, later in itertools.pairwise(results)
        if definition.broken_between(earlier, later)
    ]
    words = definition.unit.words
    drawn = trend(
        points,
        title=f"{stored.code}: {stored.title}",
        description=describe(points, target, unit_words=words, breaks=breaks),
        unit_words=words,
        target=target,
        breaks=breaks,
    )
    return Markup(drawn)  # noqa: S704 the chart module escapes every text it is given


def _point(period: Period, value: Value) -> Point:
    amount = value.amount if isinstance(value, Figure) else None
    return Point(_label(period), amount, value.printed or value.words)


def _label(period: Period) -> str:
    return period.words.replace("Quarter ", "Q")


@require_safe
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """Every definition, by framework."""
    library = catalogue()
    frameworks = [(framework, library.within(framework.id)) for framework in library.frameworks()]
    return render(request, "indicators/catalogue.html", {"frameworks": frameworks})


@require_safe
def definition(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """One definition, with the councils that use it and the codes it must not be confused with."""
    found = catalogue().indicators.get(Key(framework, code))
    if not found:
        raise Http404(f"There is no definition {framework}/{code}.")
    used = Indicator.objects.filter(framework=framework, code=code).select_related("council").order_by("council__name")
    same_code = [key for key in catalogue().indicators if key.code == code and key.framework != framework]
    context = {"definition": found, "used": used, "same_code": same_code}
    return render(request, "indicators/definition.html", context)
