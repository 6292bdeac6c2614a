"""Service plans, actions, milestones and risks on their pages: every fact, filters and sorts, wrong addresses."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from django.utils import timezone

from outturn.plans.files import read_council_files
from outturn.plans.service_plan import paragraphs
from outturn.site.councils.actions import load_council
from outturn.site.councils.definitions import catalogue_with
from outturn.site.councils.models import Council
from outturn.site.plans.models import Action, Milestone, Plan, PlanIndicator, Risk, Update
from outturn.site.plans.papers import plan_paper
from outturn.site.tables import filtered, natural, sort_rows

EXAMPLES = Path(__file__).parents[2] / "examples"
YORK, HARROWMERE = "/york/plans/2018-19/", "/harrowmere/plans/2026-27/"
PLANS = [("york", YORK), ("harrowmere", HARROWMERE)]
TODAY = date(2026, 11, 25)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.fixture
def york(db):
    return load_council(EXAMPLES / "york", by="tester")


@pytest.fixture
def harrowmere(db):
    return load_council(EXAMPLES / "harrowmere", by="tester")


def plan_of(slug: str):
    return read_council_files(EXAMPLES / slug, catalogue_with).plans[0]


def words(text: str) -> str:
    return " ".join(text.split())


def text_of(response) -> str:
    """What a reader sees: no tags, and what is only for listeners too."""
    assert response.status_code == 200, response.request["PATH_INFO"]
    return words(unescape(re.sub(r"<[^>]*>", "", response.content.decode())))


def references(response, kind: str) -> list[str]:
    """What stands in a table's first column, in order."""
    html = response.content.decode()
    return [
        unescape(found)
        for found in re.findall(rf'<th scope="row" class="code"><a href="[^"]*/{kind}/[^"]*">([^<]*)', html)
    ]


# --- every fact


@pytest.mark.parametrize(("slug", "path"), PLANS)
def test_every_fact_of_a_plan_is_on_its_page(client, examples, slug, path):
    plan, page = plan_of(slug), text_of(client.get(path))
    facts = [plan.title, plan.service, plan.directorate, plan.plan_holder, plan.director, plan.cabinet_member]
    facts += [plan.printed_last_updated, plan.source, plan.year.words]
    for section in plan.sections:
        facts += [
            f"{section.number} {section.heading}",
            *(part for _, parts in paragraphs(section.text) for part in parts),
        ]
    for item in plan.resources:
        facts += [item.label, item.value.printed, item.part_of]
    for fact in plan.demographics:
        facts += [fact.subject, fact.now, fact.year, fact.projected, fact.by]
    for action in plan.actions:
        facts += [action.reference, action.theme, action.text, action.type, action.when, *action.owners]
        facts += [part for step in action.milestones for part in (step.text, step.printed_date)]
    for risk in plan.risks:
        facts += [risk.reference, risk.title, risk.owner, risk.band.value, *risk.mitigations]
        facts += [f"{place.score} {place.likelihood} × {place.impact} {place.band.value}" for place in positions(risk)]
    for row in plan.indicators:
        facts += [row.printed_code, row.title, row.heading, row.printed_polarity, row.direction or "", row.owner]
        for values in (row.results, row.targets):
            facts += [part for period, value in values.items() for part in (period.words, value.printed, value.words)]
    missing = {fact for fact in facts if words(fact) not in page}
    assert not missing


def positions(risk) -> list:
    return [place for place in (risk.gross, risk.net, risk.target) if place]


@pytest.mark.parametrize(("slug", "path"), PLANS)
def test_every_fact_of_an_action_is_on_its_page(client, examples, slug, path):
    for action in plan_of(slug).actions:
        page = text_of(client.get(f"{path}actions/{action.reference}/"))
        facts = [action.reference, action.theme, action.text, action.type, action.completed_by, *action.owners]
        facts += [part for step in action.milestones for part in (step.text, step.printed_date)]
        facts += [update.text for update in action.updates] + list(action.risks)
        assert not [fact for fact in facts if words(fact) not in page]
        for slug_of_indicator in action.indicators:
            assert f'href="/{slug}/indicators/{slug_of_indicator}/"' in html(
                client, f"{path}actions/{action.reference}/"
            )


@pytest.mark.parametrize(("slug", "path"), PLANS)
def test_every_milestone_has_a_page(client, examples, slug, path):
    for action in plan_of(slug).actions:
        for step in action.milestones:
            page = text_of(client.get(f"{path}actions/{action.reference}/milestones/{step.number}/"))
            assert words(step.text) in page
            assert step.printed_date in page
            assert words(action.text) in page


@pytest.mark.parametrize(("slug", "path"), PLANS)
def test_every_fact_of_a_risk_is_on_its_page(client, examples, slug, path):
    plan = plan_of(slug)
    for risk in plan.risks:
        page = text_of(client.get(f"{path}risks/{risk.reference}/"))
        facts = [risk.reference, risk.title, risk.owner, risk.band.value, risk.cause, risk.consequence]
        facts += [risk.response.capitalize(), *risk.mitigations, *(str(place.score) for place in positions(risk))]
        facts += [action.text for action in plan.actions if risk.reference in action.risks]
        assert not [fact for fact in facts if words(fact) not in page]


def html(client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_register_holds_the_risks_of_every_plan(client, york):
    second = copy_plan("2019-20", risks=2)
    response = client.get("/york/risks/")
    assert references(response, "risks") == ["R1", "R2", *(risk.reference for risk in plan_of("york").risks)]
    assert f"/york/plans/{second.slug}/#risks" in response.content.decode()
    only = client.get("/york/risks/", {"plan": "Copy 2019/20"})
    assert references(only, "risks") == ["R1", "R2"]


def test_the_list_says_what_is_in_each_plan(client, york):
    plan, page = plan_of("york"), text_of(client.get("/york/plans/"))
    counts = f"{len(plan.actions)} actions, {len(plan.risks)} risks, {len(plan.indicators)} indicators."
    assert counts in page
    assert plan.title in page


def test_a_council_with_nothing_says_so(client, db):
    Council.objects.create(slug="bare", name="Bare Council", short_name="Bare", kind="district", source="none")
    assert "Bare Council has no service plan here yet." in text_of(client.get("/bare/plans/"))
    assert "Bare Council has no risks here yet." in text_of(client.get("/bare/risks/"))


def test_an_empty_plan_says_what_it_lacks(client, york):
    plan = copy_plan("2020-21")
    page = text_of(client.get(f"/york/plans/{plan.slug}/"))
    for sentence in ("This plan has no actions.", "This plan has no risks.", "This plan lists no indicators."):
        assert sentence in page


# --- dates and positions


def test_an_old_plan_is_judged_as_at_its_last_update(client, york):
    page = text_of(client.get(YORK))
    assert "Judged as at 11 July 2018, the plan’s last update, because its year is over." in page
    action = text_of(client.get(f"{YORK}actions/ASCP17/"))
    assert "Due as at 11 July 2018" in action
    assert "31 March 2019" in action  # what "March 2019" means


def test_a_plan_of_this_year_is_judged_as_at_today(client, harrowmere):
    assert "Judged as at" not in text_of(client.get(HARROWMERE))
    assert "Status Overdue" in spaced(client, f"{HARROWMERE}actions/HASC05/")
    assert "Overdue" in text_of(client.get(f"{HARROWMERE}actions/HASC03/milestones/1/"))


def test_standing_work_says_when_it_is_looked_at_again(client, examples):
    assert "Next review No review date set" in spaced(client, f"{YORK}actions/ASCP01/")
    assert "Next review 15 January 2027" in spaced(client, f"{HARROWMERE}actions/HASC08/")
    assert "Review overdue" in spaced(client, f"{HARROWMERE}actions/HASC12/")


def spaced(client, path: str) -> str:
    return words(unescape(re.sub(r"<[^>]*>", " ", html(client, path))))


def test_a_month_without_a_year_is_no_exact_date(client, york):
    assert "April Never moved Open, no exact date" in spaced(client, f"{YORK}actions/ASCP17/")


def test_letters_alone_make_no_matrix(client, york):
    for path in (YORK, "/york/risks/", f"{YORK}risks/0544/"):
        page = html(client, path)
        assert 'class="matrix"' not in page
        assert "ikelihood and impact are not known, so no matrix is drawn." in page


def test_a_matrix_counts_each_position(client, harrowmere):
    for path in (HARROWMERE, "/harrowmere/risks/"):
        page = words(html(client, path))
        assert page.count('class="matrix"') == 1
        assert '<span class="vh">3 net</span>' in page  # RSK-02, RSK-05 and RSK-07 stand at 4 by 3
    alone = html(client, f"{HARROWMERE}risks/RSK-02/")
    assert [alone.count(f'<span class="vh">1 {name}</span>') for name in ("gross", "net", "target")] == [2, 2, 2]


def test_a_risk_known_only_in_part_is_counted_where_it_is_known(client, harrowmere):
    Risk.objects.filter(reference="RSK-01").update(net_likelihood=None, net_impact=None, rating="Red")
    assert "1 of 8 risks has no net score" in text_of(client.get(HARROWMERE))
    page = text_of(client.get(f"{HARROWMERE}risks/RSK-01/"))
    assert "Its rating, Red, is as published; its net score is not known." in page


# --- filters and sorts


@pytest.mark.parametrize(
    ("query", "kind", "wanted"),
    [
        ("actions-owner=Finance+Business+Partner", "actions", ["HASC11"]),
        ("actions-theme=Safeguarding", "actions", ["HASC04", "HASC05"]),
        ("actions-type=Statutory&actions-theme=Quality", "actions", ["HASC12"]),
        ("actions-status=Review+overdue", "actions", ["HASC04", "HASC12"]),
        ("actions-status=Complete", "actions", ["HASC09"]),
        ("risks-rag=Red", "risks", ["RSK-01"]),
        ("risks-owner=Principal+Social+Worker", "risks", ["RSK-05"]),
        ("indicators-direction=Bad", "indicators", ["SW-FTE"]),
        ("indicators-owner=Finance+Business+Partner", "indicators", ["BUDGET"]),
        ("indicators-heading=People%2C+money+and+readiness", "indicators", ["BUDGET", "SW-FTE", "WINTER-PLAN"]),
        ("indicators-include=N", "indicators", []),
        ("actions-owner=Nobody", "actions", []),
        ("risks-rag=Purple", "risks", []),
    ],
)
def test_a_filter_leaves_the_rows_it_names(client, harrowmere, query, kind, wanted):
    assert references(client.get(f"{HARROWMERE}?{query}"), kind) == wanted


def test_a_filter_says_how_many_rows_it_leaves(client, harrowmere):
    assert "2 of 12 actions shown." in text_of(client.get(f"{HARROWMERE}?actions-theme=Safeguarding"))
    nobody = text_of(client.get(f"{HARROWMERE}?actions-owner=Nobody"))
    assert "No action matches these filters." in nobody
    assert "Filter (1 applied)" in nobody


def test_rows_without_an_owner_can_be_chosen(client, york):
    found = references(client.get(f"{YORK}?indicators-owner=none"), "indicators")
    assert found == [row.printed_code for row in plan_of("york").indicators if not row.owner]
    assert found


def test_a_filter_of_one_table_leaves_the_others(client, harrowmere):
    response = client.get(f"{HARROWMERE}?actions-theme=Safeguarding&risks-rag=Red&risks-sort=-title")
    assert len(references(response, "actions")) == 2
    assert len(references(response, "risks")) == 1
    page = response.content.decode()
    assert '<input type="hidden" name="risks-rag" value="Red">' in page  # in the form of the actions
    assert '<input type="hidden" name="actions-theme" value="Safeguarding">' in page  # in that of the risks
    assert f'<a href="{HARROWMERE}?risks-rag=Red&amp;risks-sort=-title#actions">Clear filters</a>' in page


ACTION_SORTS = {
    "reference": ["HASC01", "HASC02", "HASC12"],
    "-reference": ["HASC12", "HASC11", "HASC01"],
    "theme": ["HASC01", "HASC07", "HASC08"],
    "owner": ["HASC11", "HASC03", "HASC12"],
    "due": ["HASC07", "HASC12", "HASC09"],
    "-due": ["HASC02", "HASC11", "HASC09"],
}


@pytest.mark.parametrize(("sort", "wanted"), ACTION_SORTS.items())
def test_actions_are_sorted(client, harrowmere, sort, wanted):
    """The first two and the last. What has no date, like the completed HASC09, comes last either way."""
    found = references(client.get(f"{HARROWMERE}?actions-sort={sort}"), "actions")
    assert len(found) == 12
    assert [*found[:2], found[-1]] == wanted


RISK_SORTS = {
    "reference": "RSK-01", "-reference": "RSK-08", "title": "RSK-03", "rating": "RSK-01", "-rating": "RSK-06",
    "owner": "RSK-01", "net": "RSK-06", "-net": "RSK-01", "gross": "RSK-06", "target": "RSK-08",
}  # fmt: skip


@pytest.mark.parametrize(("sort", "first"), RISK_SORTS.items())
def test_risks_are_sorted(client, harrowmere, sort, first):
    assert references(client.get(f"{HARROWMERE}?risks-sort={sort}"), "risks")[0] == first
    assert references(client.get(f"/harrowmere/risks/?sort={sort}"), "risks")[0] == first


@pytest.mark.parametrize(("sort", "first"), {"code": "ADM65", "-title": "YA-ADM", "direction": "ADM65"}.items())
def test_indicators_are_sorted_across_their_headings(client, harrowmere, sort, first):
    response = client.get(f"{HARROWMERE}?indicators-sort={sort}")
    expected = {"-title": "WINTER-PLAN"}.get(sort, first)
    assert references(response, "indicators")[0] == expected
    assert "People, money and readiness; " in text_of(response)  # each row names the heading it stood under
    assert 'class="group"' not in response.content.decode()


def test_a_sort_link_turns_round_the_order_in_force(client, harrowmere):
    page = html(client, f"{HARROWMERE}?actions-theme=Safeguarding&actions-sort=due")
    again = f"{HARROWMERE}?actions-theme=Safeguarding&amp;actions-sort=-due#actions"
    assert re.search(rf'aria-sort="ascending">\s*<a class="sort" href="{re.escape(again)}"', page)


HOSTILE = [
    "actions-sort=__class__", "actions-sort=-", "actions-sort=--due", "risks-sort=%00", "indicators-sort=%F0%9F%92%A9",
    "actions-owner=%3Cscript%3Ealert(1)%3C/script%3E", "risks-rag=%27%20OR%201=1", "indicators-heading=%00%ff%fe",
    "actions-owner=a&actions-owner=b", "actions-status[]=x", "sort=x&owner=y&=z", "actions-theme=" + "x" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_parameters_are_only_words(client, york, query):
    for path in (YORK, "/york/risks/", "/york/plans/"):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200
        assert "<script" not in response.content.decode()


# --- addresses


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere/plans/", "/nowhere/risks/", "/nowhere/plans/2018-19/", "/york/plans/1918-19/",
        "/york/plans/1918-19/plan.pdf", f"{YORK}actions/ASCP99/", f"{YORK}risks/9999/", f"{YORK}actions/ascp01/",
        f"{YORK}actions/ASCP01/milestones/99/", f"{YORK}actions/ASCP99/milestones/1/", f"{YORK}risks/%00/",
        "/harrowmere/plans/2018-19/", f"{HARROWMERE}actions/ASCP01/", f"{YORK}actions/ASCP01/milestones/0/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client, examples, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [YORK, "/york/plans/", "/york/risks/", f"{YORK}risks/0544/"])
def test_pages_are_only_read(client, york, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_awkward_references_are_kept_apart_from_the_address(client, york):
    plan = copy_plan("2021-22", actions=1, risks=1)
    awkward = "A&B 1 <b>?#"
    Action.objects.filter(plan=plan).update(reference=awkward)
    Risk.objects.filter(plan=plan).update(reference="50%/2")
    path = f"/york/plans/{plan.slug}/"
    page = html(client, path)
    assert f'href="{path}actions/{quote(awkward, safe="")}/"' in page
    assert "<b>?#" not in page
    assert awkward in text_of(client.get(f"{path}actions/{quote(awkward, safe='')}/"))
    assert client.get(f"{path}risks/{quote('50%/2', safe='')}/").status_code == 404  # a slash makes another address


@pytest.mark.parametrize(("slug", "path"), PLANS)
def test_captions_and_ids_on_a_page_differ(client, examples, staff, slug, path):
    page = html(client, path)
    for pattern in (r"<caption[^>]*>([^<]+)", r' id="([^"]+)"'):
        found = re.findall(pattern, page)
        assert len(found) == len(set(found)), sorted(name for name in found if found.count(name) > 1)


def test_links_within_the_page_lead_somewhere(client, york):
    page = html(client, YORK)
    targets = set(re.findall(r'href="#([^"]+)"', page)) | {"indicators", "demographics", "section-1"}
    assert targets <= set(re.findall(r' id="([^"]+)"', page))


EDIT_LINKS = {
    YORK: [
        "edit/", "sections/add/", "sections/1/edit/", "resources/add/", "resources/1/edit/", "demographics/add/",
        "demographics/1/edit/", "add-action/", "add-risk/", "add-indicator/", "indicators/pvp01/edit/",
    ],
    f"{YORK}actions/ASCP01/": ["edit/", "updates/add/", "milestones/add/", "milestones/1/edit/"],
    f"{YORK}actions/ASCP01/milestones/1/": ["edit/", "updates/add/"],
    f"{YORK}risks/0544/": ["edit/"],
}  # fmt: skip


@pytest.mark.parametrize("path", EDIT_LINKS)
def test_only_staff_see_how_to_edit(client, york, path, account):
    visitor = html(client, path)
    client.force_login(account("ada"))
    signed_in = html(client, path)
    for below in EDIT_LINKS[path]:
        assert f'href="{path}{below}"' not in visitor
        assert f'href="{path}{below}"' in signed_in


def test_visitors_are_not_told_who_wrote_a_note(client, york, account):
    action = Action.objects.get(reference="ASCP01")
    step = action.milestones.first()
    Update.objects.create(action=action, date=TODAY, text="Board met.", by="ada.lovelace")
    Update.objects.create(action=action, milestone=step, date=TODAY, text="Plan signed.", by="ada.lovelace")
    pages = {f"{YORK}actions/ASCP01/": "Board met.", f"{YORK}actions/ASCP01/milestones/{step.order}/": "Plan signed."}
    for path, note in pages.items():
        page = text_of(client.get(path))
        assert note in page
        assert "25 November 2026" in page
        assert "ada.lovelace" not in page
    client.force_login(account("ben"))
    assert all("ada.lovelace" in text_of(client.get(path)) for path in pages)


def test_a_page_leads_to_the_history_of_its_thing(client, york):
    link = '<a href="/york/changes/?kind={}&amp;subject=2018-19%2F{}">'
    assert link.format("action", "ASCP01") in html(client, f"{YORK}actions/ASCP01/")
    assert link.format("risk", "0544") in html(client, f"{YORK}risks/0544/")
    assert link.format("milestone", "ASCP01%2F1") in html(client, f"{YORK}actions/ASCP01/milestones/1/")


def test_an_owner_leads_to_the_rest_of_that_officer(client, york):
    link = re.search(r'href="([^"]*actions-owner[^"]*)"', html(client, f"{YORK}actions/ASCP05/"))
    assert references(client.get(unescape(link[1])), "actions") == ["ASCP05"]


# --- the number of queries


def copy_plan(slug: str, actions: int = 0, risks: int = 0) -> Plan:
    """Another York plan, as large as wanted."""
    plan = Plan.objects.get(council__slug="york", slug="2018-19")
    plan.pk, plan.slug, plan.year, plan.title = None, slug, slug, "Copy"
    plan.save()
    for number in range(1, actions + 1):
        action = Action.objects.create(
            plan=plan, order=number, reference=f"A{number}", theme="Theme", text="Do it.", type="BAU",
            owners="Head of One\nHead of Two", completed_by="Ongoing", state="standing",
        )  # fmt: skip
        step = Milestone.objects.create(action=action, order=1, text="A step", printed_date="March 2021")
        Update.objects.create(action=action, milestone=step, date=TODAY, text="Done some.")
    Risk.objects.bulk_create(
        Risk(plan=plan, order=number, reference=f"R{number}", title="Harm", owner="Head of One", rating="Red")
        for number in range(1, risks + 1)
    )
    return plan


def with_links(plan: Plan, many: int) -> None:
    """Indicators are listed, and every action and risk is linked to them."""
    first = PlanIndicator.objects.filter(plan__slug="2018-19")[:many]
    for listed in first:
        listed.pk, listed.plan = None, plan
        listed.save()
    for action in plan.actions.all():
        action.risks.set(plan.risks.all()[:many])
        action.indicators.set([listed.indicator for listed in first])
    for risk in plan.risks.all():
        risk.indicators.set([listed.indicator for listed in first])


def test_the_number_of_queries_does_not_grow(client, york, django_assert_num_queries):
    client.get(YORK)  # what is judged is read once, for every plan of the council
    sizes = {slug: copy_plan(slug, size, size) for slug, size in (("2022-23", 3), ("2023-24", 300))}
    with_links(sizes["2022-23"], 2)
    with_links(sizes["2023-24"], 5)
    for below, queries in (("", 21), ("actions/A2/", 9), ("actions/A2/milestones/1/", 7), ("risks/R2/", 13)):
        for slug in sizes:
            with django_assert_num_queries(queries):
                assert client.get(f"/york/plans/{slug}/{below}").status_code == 200


def test_the_register_and_the_list_take_the_same_queries_for_any_number_of_plans(
    client, york, django_assert_num_queries
):
    client.get("/york/risks/")  # what is judged is read once
    for years in (1, 30):
        for year in range(years):
            copy_plan(f"{2030 + year + years}-{31 + year + years}", risks=3)
        for path, queries in (("/york/risks/", 13), ("/york/plans/", 5)):
            with django_assert_num_queries(queries):
                assert client.get(path).status_code == 200


# --- paper


def test_a_plan_is_published_as_a_pdf(client, york):
    response = client.get(f"{YORK}plan.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="york-service-plan-2018-19.pdf"'
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("slug", ["york", "harrowmere"])
def test_the_paper_holds_every_row(examples, slug):
    files = read_council_files(EXAMPLES / slug, catalogue_with)
    plan = files.plans[0]
    paper = plan_paper(files.council, plan, datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    assert json.loads(json.dumps(paper)) == paper
    assert [row["reference"] for row in paper["actions"]] == [action.reference for action in plan.actions]
    rows = [row for block in paper["indicators"]["blocks"] for row in block["rows"]]
    assert [row["code"] for row in rows] == [row.printed_code for row in plan.indicators]
    assert all(len(row["values"]) == len(paper["indicators"]["periods"]) for row in rows)
    assert (paper["matrix"] is None) == (slug == "york")
    judged = ["Judged as at", "11 July 2018, the last update, because the plan's year is over"]
    assert (judged in paper["front"]) == (slug == "york")


def test_the_paper_matrix_places_risks_by_their_net_position(examples):
    files = read_council_files(EXAMPLES / "harrowmere", catalogue_with)
    matrix = plan_paper(files.council, files.plans[0], datetime(2026, 11, 25, tzinfo=UTC))["matrix"]
    top = matrix["rows"][1]  # likelihood 4
    assert top["label"] == "Probable (4)"
    assert top["cells"][2] == {"band": "Amber", "references": ["RSK-02", "RSK-05", "RSK-07"]}


# --- tables


def test_numbers_within_words_sort_as_numbers():
    assert sorted(["A10", "a9", "0544", "B1", "A"], key=natural) == ["A", "a9", "A10", "B1", "0544"]


def test_what_is_unknown_comes_last_either_way():
    assert sort_rows([3, None, 1, 2], lambda row: row) == [1, 2, 3, None]
    assert sort_rows([3, None, 1, 2], lambda row: row, descending=True) == [3, 2, 1, None]


def test_equal_rows_keep_their_order():
    rows = [("b", 1), ("a", 2), ("b", 3)]
    assert sort_rows(rows, lambda row: row[0], descending=True) == [("b", 1), ("b", 3), ("a", 2)]


def test_a_filtered_address_names_its_table():
    assert filtered("/p/", "actions", "owner", "A & B") == "/p/?actions-owner=A+%26+B#actions"
    assert filtered("/p/", "", "owner", "A") == "/p/?owner=A"
