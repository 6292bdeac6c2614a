"""The Leeds scorecard on its pages: every published fact, any quarter, filters, wrong addresses."""

from html import unescape

import pytest

from outturn.plans.files import read_council_files
from outturn.site.councils.definitions import catalogue_with
from outturn.site.indicators.models import Indicator
from outturn.site.scorecards.models import MeasureLine, Priority
from outturn.site.trail.memory import forget

from .conftest import EXAMPLES

CARD = "/leeds/scorecards/2012-13/"


def text_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


@pytest.fixture
def leeds():
    return read_council_files(EXAMPLES / "leeds", catalogue_with).scorecards[0]


@pytest.mark.django_db
def test_every_published_fact_is_on_the_scorecard(client, examples, leeds):
    page = text_of(client.get(CARD + "q1/"))
    for priority in leeds.priorities:
        assert priority.title in page
        for portfolio in priority.portfolios:
            assert portfolio in page
        for report in priority.reports:
            assert " ".join(report.progress.split()) in page
        for line in priority.measures:
            assert line.title in page
            assert not line.target or line.target.printed in page
            for value in line.results.values():
                assert value.printed in page
    for printed in ("32117 (est year end 128469)", "1.50 (9.28 people per week)", "£49k", "£7.2m", "See report card"):
        assert printed in page
    assert "Self Assessment" in page


@pytest.mark.django_db
def test_statuses_belong_to_priorities(client, examples, leeds):
    from lxml import html

    tree = html.fromstring(client.get(CARD + "q1/").content)
    shown = {}
    for body in tree.xpath("//table//tbody"):
        title = " ".join(body.xpath("string(.//th)").split())
        shown[title] = " ".join(body.xpath("string(.//td[contains(@class,'overall')])").split())
    assert shown == {
        priority.title: (priority.reports[0].status.value if priority.reports[0].status else "No status")
        for priority in leeds.priorities
    }


@pytest.mark.django_db
def test_a_quarter_nobody_reported_on_says_so_and_shows_results_only_up_to_it(client, examples):
    later = text_of(client.get(CARD + "q3/"))
    assert "Quarter 3 2012/13" in later
    assert "71%" in later  # quarter 1 is part of what was known in quarter 3
    first = text_of(client.get("/harrowmere/scorecards/2026-27/q1/"))
    second = text_of(client.get("/harrowmere/scorecards/2026-27/q2/"))
    assert "43.6%" in second
    assert "43.6%" not in first  # quarter 2 was not known in quarter 1


@pytest.mark.django_db
def test_the_address_without_a_quarter_leads_to_the_newest_reported(client, examples):
    assert client.get(CARD).headers["Location"] == CARD + "q1/"
    assert client.get("/harrowmere/scorecards/2026-27/").headers["Location"].endswith("/q2/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("portfolio=Leader", 3),
        ("status=Green", 12),
        ("status=none", 3),
        ("portfolio=Leader&status=Amber", 0),
        ("portfolio=nobody", 0),
        ("status=%00", 0),
        ("portfolio=" + "x" * 5000, 0),
        ("unknown=1", 21),
    ],
)
def test_filters(client, examples, query, count):
    response = client.get(f"{CARD}q1/?{query}")
    assert response.status_code == 200
    assert response.content.count(b'scope="rowgroup"') == count


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [CARD + "q5/", CARD + "q0/", CARD + "priorities/99/", "/leeds/scorecards/1999-00/q1/", "/nowhere/scorecards/"],
)
def test_what_does_not_exist_is_not_found(client, examples, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_pages_take_a_constant_number_of_queries(client, examples, django_assert_max_num_queries):
    with django_assert_max_num_queries(18) as before:
        client.get(CARD + "q1/")
    block = Priority.objects.get(block__scorecard__council__slug="leeds", number=1).block
    indicators = list(Indicator.objects.filter(council__slug="leeds"))
    for number in range(100, 160):
        priority = Priority.objects.create(
            block=block, number=number, order=number, title=f"Priority {number}", portfolios="x"
        )
        for indicator in indicators[:3]:
            MeasureLine.objects.create(priority=priority, indicator=indicator, title="Again")
    forget()  # rows made behind the actions' back leave no change to notice
    with django_assert_max_num_queries(len(before)):
        assert b"Priority 159" in client.get(CARD + "q1/").content


@pytest.mark.django_db
def test_a_priority_page_says_when_no_number_can_check_its_status(client, examples, leeds):
    number = next(priority.number for priority in leeds.priorities if priority.no_measure)
    assert "has no measure, so its status cannot be checked" in text_of(client.get(f"{CARD}priorities/{number}/"))


@pytest.mark.django_db
def test_the_scorecard_on_paper(client, examples):
    response = client.get(CARD + "q1/scorecard.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-1.7")
    assert "leeds-scorecard-2012-13-q1.pdf" in response.headers["Content-Disposition"]
