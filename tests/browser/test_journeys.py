"""What a user does, from first click to what is on the page afterwards."""

import re

import pytest

from tests.browser.test_submissions import faults_here

pytestmark = pytest.mark.browser


def test_a_councillor_finds_what_needs_attention_and_the_evidence(visitor):
    visitor.goto("/")
    visitor.get_by_role("link", name="Leeds City Council").first.click()
    visitor.get_by_role("link", name="Support adults whose circumstances make them vulnerable").first.click()
    assert "29.5%" in visitor.locator("main").inner_text()
    visitor.get_by_role("link", name="Increase percentage of safeguarding referrals").first.click()
    assert "Which way is better" in visitor.locator("main").inner_text()


def test_a_director_filters_the_scorecard_by_portfolio(visitor):
    visitor.goto("/leeds/scorecards/2012-13/q1/")
    visitor.locator("summary", has_text="Filter").click()
    visitor.get_by_label("Executive portfolio").select_option("Leader")
    visitor.get_by_role("button", name="Apply filters").click()
    assert "3 of 21 priorities shown" in visitor.locator("main").inner_text()


def test_a_head_of_service_adds_an_update_and_the_history_says_so(staff):
    staff.goto("/york/plans/2018-19/actions/ASCP06/")
    staff.get_by_role("link", name="Add an update").first.click()
    staff.get_by_label("Update", exact=False).last.fill("Joint team moved to Archways.")
    staff.get_by_role("main").get_by_role("button").last.click()
    assert "Joint team moved to Archways." in staff.locator("main").inner_text()
    staff.goto("/york/changes/")
    assert "ASCP06" in staff.locator("main").inner_text()


def test_a_wrong_figure_is_refused_with_what_to_write_and_keeps_what_was_typed(staff):
    staff.goto("/leeds/indicators/bed-weeks/results/add/")
    staff.get_by_label("Period").fill("Q2 2012/13")
    staff.get_by_label("Value", exact=False).first.fill("about 64 thousand")
    staff.get_by_role("main").get_by_role("button").last.click()
    words = staff.locator("main").inner_text()
    assert "There is a problem" in words
    assert "is neither a figure" in words
    assert staff.get_by_label("Value", exact=False).first.input_value() == "about 64 thousand"


def test_a_visitor_sees_no_way_to_edit(visitor):
    for path in ("/york/plans/2018-19/", "/leeds/scorecards/2012-13/q1/", "/york/indicators/pvp02/"):
        visitor.goto(path)
        assert visitor.get_by_role("link", name="Edit").count() == 0
    visitor.goto("/york/plans/2018-19/actions/ASCP06/edit/")
    assert visitor.locator("h1").inner_text() == "Sign in"


def test_an_analyst_goes_from_a_figure_that_differs_to_the_cases_behind_it(staff):
    staff.goto("/exampleshire/scorecards/2026-27/q2/")
    assert "Differs: the figure typed in" in staff.locator("main").inner_text()
    assert faults_here(staff) == []
    staff.get_by_role("link", name="Have a direct payment").click()
    staff.locator("summary", has_text="The SQL behind it").focus()
    staff.keyboard.press("Enter")
    assert "FROM events" in staff.locator("main").inner_text()
    assert faults_here(staff) == []
    staff.get_by_role("link", name="See the cases behind it").click()
    staff.get_by_label("Show").select_option("Left out")
    staff.get_by_role("button", name="Show").click()
    staff.wait_for_url(re.compile("only=left-out"))
    standings = set(staff.locator("td[data-label='Where it stands']").all_inner_texts())
    assert {words.split(" ")[0] for words in standings} == {"Left"}
    assert faults_here(staff) == []
    assert "looked at the list of cases" in staff.locator("#history").inner_text()
