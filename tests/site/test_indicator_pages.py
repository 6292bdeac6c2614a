"""Indicators as report cards, the catalogue behind them, search, the overview and the help page."""

from html import unescape

import pytest

from outturn.site.indicators.models import Indicator


def text_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


@pytest.mark.django_db
def test_every_indicator_has_a_page_with_all_its_printed_results(client, examples):
    for indicator in Indicator.objects.select_related("council"):
        page = text_of(client.get(f"/{indicator.council.slug}/indicators/{indicator.slug}/"))
        assert indicator.title in page
        for result in indicator.results.all():
            assert result.printed in page


@pytest.mark.django_db
def test_one_code_on_two_time_bases_is_two_pages_that_name_each_other(client, examples):
    page = text_of(client.get("/york/indicators/ascof2a1-year-to-date-sum/"))
    assert "/york/indicators/ascof2a1-snapshot/" in page
    assert "another time basis, kept apart" in page


@pytest.mark.django_db
def test_a_report_card_says_what_was_published_and_what_we_add(client, examples):
    page = text_of(client.get("/york/indicators/pvp02/"))
    assert "Better: 260 in 2015/16, then 248 in 2016/17, then 236 in 2017/18, and lower is better." in page  # ours
    assert "latest direction of travel Neutral" in page  # theirs
    assert 'role="img"' in page


@pytest.mark.django_db
def test_a_polarity_that_cannot_be_right_is_shown_as_printed_beside_the_definition(client, examples):
    page = text_of(client.get("/york/indicators/stf90/"))
    assert "polarity Up is Bad" in page
    assert "Higher is better." in page


@pytest.mark.django_db
def test_a_survey_that_did_not_run_explains_its_missing_years(client, examples):
    assert "did not run in 2015/16, 2017/18" in text_of(client.get("/york/indicators/ascof1d/"))


@pytest.mark.django_db
def test_lists_take_a_constant_number_of_queries(client, examples, django_assert_max_num_queries):
    for address in ("/york/indicators/", "/york/", "/catalogue/", "/", "/york/indicators/pvp02/"):
        with django_assert_max_num_queries(30):
            assert client.get(address).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reablement", "Help people with poor physical or mental health"),
        ("ASCP17", "ASCP17"),
        ("0544", "Delayed transfers of care"),
        ("dementia", "Population facts"),
        ("ascof1a", "Social care-related quality of life"),
        ("Harrowmere", "Harrowmere Borough Council"),
    ],
)
def test_search_finds(client, examples, query, found):
    assert found in text_of(client.get("/search/", {"q": query}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", " ", "%", "'; drop table", "\x00", "x" * 10_000, "<script>alert(1)</script>", "\u202e٣"]
)
def test_search_survives_anything(client, examples, query):
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert b"<script" not in response.content


@pytest.mark.django_db
def test_the_overview_shows_exceptions_first(client, examples):
    page = text_of(client.get("/york/"))
    assert page.index("What needs attention") < page.index("Plans and scorecards")
    assert "Insufficient budget to meet increased service demand" in page
    assert "judged as at its last update, 11th July 2018" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/york/indicators/nothing/", "/catalogue/ascof-2015-18/9Z/", "/catalogue/none/ASCOF1A/", "/nobody/"]
)
def test_what_does_not_exist_is_not_found(client, examples, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_every_definition_has_a_page(client, examples):
    from outturn.site.councils.definitions import catalogue

    for key, definition in catalogue().indicators.items():
        page = text_of(client.get(f"/catalogue/{key.framework}/{key.code}/"))
        assert " ".join(definition.meaning.split()) in page


def test_help_names_every_absence_and_basis(client, db):
    from outturn.terms.basis import TimeBasis
    from outturn.terms.value import Absence

    page = text_of(client.get("/help/"))
    for word in (*(absence.value for absence in Absence), *(basis.wording for basis in TimeBasis)):
        assert word.capitalize() in page
