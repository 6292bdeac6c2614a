"""What the checks find in a council, for those who prepare its papers; and the rules, for everybody."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from outturn.plans.roles import Deed
from outturn.sense.finding import Severity
from outturn.sense.rule import RULES
from outturn.site.councils.views import find_council
from outturn.site.people.access import needs
from outturn.site.rounds.visible import reader_of
from outturn.site.tables import Filter, Table, natural

from .reading import Row, found_now

ON_A_PAGE = 100


@require_safe
@needs(Deed.READ_DRAFTS)
def checks(request: HttpRequest, council: str) -> HttpResponse:
    """What was found, the gravest first, then what was dismissed and why."""
    stored = find_council(council)
    found = found_now(stored, reader_of(request, stored))
    table = Table(found.open, request, filters=_filters([*found.open, *found.dismissed]))
    page = Paginator(table.rows, ON_A_PAGE).get_page(request.GET.get("page"))
    carried = {name: value for name, value in table.chosen.items() if value}
    context = {
        "council": stored.data(),
        "found": found,
        "table": table,
        "page": page,
        "groups": [(severity, list(rows)) for severity, rows in groupby(page, attrgetter("severity"))],
        "counts": [(severity, sum(row.severity is severity for row in found.open)) for severity in Severity],
        "dismissed": Table(found.dismissed, request, filters=table.filters).rows,
        "href": f"{request.path}?{urlencode(carried)}{'&' if carried else ''}page=",
    }
    return render(request, "checks/checks.html", context)


def _filters(rows: Sequence[Row]) -> tuple[Filter, ...]:
    rules = sorted({row.rule.id for row in rows}, key=natural)
    kinds = {row.kind: row.kind.capitalize() for row in rows}
    return (
        Filter("severity", "How sure", "severity", "All", list(Severity), {one: one.heading for one in Severity}),
        Filter("rule", "Rule", "rule.id", "All rules", rules, {id: f"{id} {RULES[id].name}" for id in rules}),
        Filter("kind", "Kind of thing", "kind", "All kinds", words=kinds),
    )


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, by how sure it is."""
    every = sorted(RULES.values(), key=lambda rule: natural(rule.id))
    groups = [(severity, [rule for rule in every if rule.severity is severity]) for severity in Severity]
    return render(request, "checks/rules.html", {"groups": groups, "total": len(every)})


@require_safe
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """What one rule looks for, with an example either way."""
    if rule not in RULES:
        raise Http404(f"There is no check {rule}.")
    return render(request, "checks/rule.html", {"rule": RULES[rule]})
