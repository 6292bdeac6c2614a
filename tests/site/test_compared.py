"""An indicator beside other councils: which figures stand beside which, and what the page says of them."""

from datetime import datetime
from decimal import Decimal
from html import unescape
from re import sub
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from outturn.catalogue.indicator import Key
from outturn.catalogue.library import load_catalogue
from outturn.judgement.comparison import Kind
from outturn.judgement.judging import Known
from outturn.judgement.settings import PeerGroup, Peers
from outturn.plans.council import Council
from outturn.results.comparators import Beside, Comparators, Origin
from outturn.site.indicators import compared
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.value import read_value
from outturn.workspace import Workspace

NEW = "ascof-2023-24"
CATALOGUE = load_catalogue()
Q4 = Period.quarter(2025, 4)
GROUPS = (PeerGroup("Near", ("101", "Town 2"), "Chosen in 2025."), PeerGroup("CIPFA neighbours", ("103", "104")))
AREAS = {
    "England": ("England", "England"), "MS": ("Middle Shires", "region"), "950": ("Our County Council", "council"),
}  # fmt: skip
OURS = Council("ours", "Our County Council", "Ours", "", "", area="950", peers=Peers("MS", GROUPS))


@pytest.fixture(autouse=True)
def workspace(settings, tmp_path):
    settings.WORKSPACE = Workspace(tmp_path / "w")
    return settings.WORKSPACE


def beside(area, figure):
    """A figure as published: a count and what it is out of, or an outcome or marker alone."""
    name, kind = AREAS.get(area, (f"Town {area[1:].lstrip('0')}", "council"))
    about = {"area": area, "ons": "", "name": name, "kind": kind}
    if isinstance(figure, str):
        return about | {"marker": figure}
    count, out_of = figure
    return about | {"numerator": Decimal(count), "denominator": Decimal(out_of),
                    "value": round(Decimal(100 * count) / out_of, 1)}  # fmt: skip


@pytest.fixture
def publish(workspace):
    """Tell what is published of areas; `_101` is the council with that code."""
    numbers = iter(range(100))

    def run(period="2025-26", code="2A", framework=NEW, **areas):
        rows = [
            Beside(framework, code, "", period, **beside(area.removeprefix("_"), figure))
            for area, figure in areas.items()
        ]
        number = next(numbers)
        origin = Origin(str(number), f"file-{number}.csv", "DHSC", datetime(2026, 10, 1 + number))
        Comparators(workspace.results).tell(origin, rows)

    return run


def known(results=None, *, code="2A", framework=NEW, basis=TimeBasis.ROLLING, counts=None, targets=None):
    definition = CATALOGUE.indicators[Key(framework, code)]
    values = {period: read_value(text) for period, text in (results or {}).items()}
    return Known(definition, basis, values, {p: read_value(t) for p, t in (targets or {}).items()}, counts or {})


TOWNS = {f"_{100 + n}": (600 + 10 * n, 1000) for n in range(1, 16)}
EIGHTY = known({Q4: "80.0%"}, counts={Q4: (Decimal(400), Decimal(500))})


def rows(section):
    return {row.name: row for row in section.rows}


def test_beside_england_the_region_and_both_groups(publish):
    """Our 80% of the twelve months to March, printed for quarter 4, beside what is published of the year."""
    publish(England=(70_000, 100_000), MS=(790, 1000), **TOWNS)
    section = compared.section(OURS, EIGHTY)
    assert (section.period, section.own.printed, section.own.how) == (
        Period.year(2025), "80.0%", "12 months to 31 March 2026",
    )  # fmt: skip
    found = rows(section)
    assert [(name, row.printed, row.gap, row.verdict) for name, row in found.items()] == [
        ("England", "70.0%", "10.0 points above", "better"), ("Middle Shires", "79.0%", "1.0 points above", "similar"),
        ("Near", "61.5%", "18.5 points above", "better"), ("CIPFA neighbours", "63.5%", "16.5 points above", "better"),
    ]  # fmt: skip
    assert found["Near"].how == "pooled, 2 councils. Chosen in 2025."


def test_among_all_councils(publish):
    publish(England=(70_000, 100_000), **TOWNS)
    section = compared.section(OURS, EIGHTY)
    assert section.rank.sentence.startswith("Ranked 1 of 16 (1 is best); chance alone could have put it anywhere")
    assert section.fifth.words == "best fifth"
    assert [place.name for place in section.places][:2] == ["Ours", "Town 15"]
    assert [place.is_own for place in section.places].count(True) == 1
    assert {place.name: place.groups for place in section.places if place.groups} == {
        "Town 1": "Near", "Town 2": "Near", "Town 3": "CIPFA neighbours", "Town 4": "CIPFA neighbours",
    }  # fmt: skip
    assert section.funnel.rule == "Funnel of shares, allowing for over-dispersion"


def test_a_quarters_own_figure_is_no_figure_of_a_year(publish):
    """Counted within the quarter, 80% stands beside nothing that is published of twelve months."""
    publish(England=(70, 100))
    assert compared.section(OURS, known({Q4: "80.0%"}, basis=TimeBasis.IN_PERIOD)) is None


def test_the_newest_year_of_which_the_council_has_a_figure(publish):
    publish("2024-25", England=(60, 100))
    publish("2025-26", England=(70, 100))
    assert compared.section(OURS, known({Period.quarter(2024, 4): "80.0%"})).period == Period.year(2024)
    assert compared.section(OURS, EIGHTY).period == Period.year(2025)
    awaited = compared.section(OURS, known({Q4: "awaited"}))
    assert (awaited.period, awaited.own.printed) == (Period.year(2025), "no figure")
    assert rows(awaited)["England"].verdict == Kind.CANNOT_TELL.value


def test_what_is_published_now_does_not_stand_beside_a_series_that_ended_long_ago(publish):
    publish(England=(70, 100))
    assert compared.section(OURS, known({Period.quarter(2012, 1): "80.0%"})) is None


def test_what_is_published_of_the_council_stands_where_it_has_no_figure(publish):
    publish(England=(70_000, 100_000), _950=(300, 500), **TOWNS)
    section = compared.section(OURS, known({Q4: "awaited"}))
    assert (section.own.printed, section.own.how) == ("60.0%", "as published")
    assert rows(section)["England"].verdict == "worse"
    assert section.rank.of == 16


def test_the_councils_own_as_published_is_shown_where_it_differs_and_is_no_other_council(publish):
    publish(England=(70_000, 100_000), _950=(395, 500), **TOWNS)
    section = compared.section(OURS, EIGHTY)
    assert rows(section)["Ours itself"].printed == "79.0%"
    assert section.rank.of == 16
    assert [place.printed for place in section.places if place.is_own] == ["80.0%"]


def test_target_and_last_year_stand_in_the_same_table(publish):
    publish(England=(70, 100))
    year, before = Period.year(2025), Period.year(2024)
    figures = known(
        {year: "80.0%", before: "70.0%"}, basis=TimeBasis.ANNUAL, targets={year: "82.0%"},
        counts={year: (Decimal(400), Decimal(500)), before: (Decimal(350), Decimal(500))},
    )  # fmt: skip
    found = rows(compared.section(OURS, figures))
    assert list(found)[:3] == ["Target", "Last year", "England"]
    assert (found["Target"].gap, found["Target"].verdict) == ("2.0 points below", "")
    assert (found["Last year"].gap, found["Last year"].better) == ("10.0 points above", True)


def test_last_year_is_not_compared_across_a_break(publish):
    """2A cannot be compared with what was counted before April 2024."""
    publish("2024-25", England=(70, 100), _950=(80, 100))
    publish("2023-24", England=(70, 100), _950=(60, 100))
    row = rows(compared.section(OURS, known({Period.year(2024): "80.0%"}, basis=TimeBasis.ANNUAL)))["Last year"]
    assert (row.printed, row.verdict, row.gap) == ("60.0%", "cannot tell", "")
    assert row.sentence.startswith("Not comparable.")


def test_nothing_is_said_of_a_measure_that_only_shares_the_printed_code(publish):
    """2D was the outcome of short-term services in 2015, and is support after hospital now."""
    publish(code="2D1", England=(70, 100))
    publish(code="2A", England=(70, 100))
    assert compared.section(OURS, known(code="ASCOF2D", framework="ascof-2015-18")) is None
    publish("2016-17", "ASCOF2D", "ascof-2015-18", England=(75, 100))
    old = known({Period.year(2016): "70.0%"}, code="ASCOF2D", framework="ascof-2015-18", basis=TimeBasis.ANNUAL)
    assert rows(compared.section(OURS, old))["England"].printed == "75.0%"


def test_what_a_group_names_and_nobody_published_is_said(publish):
    publish(England=(70, 100), _101=(60, 100))
    assert rows(compared.section(OURS, EIGHTY))["Near"].how.endswith("Not among those published: Town 2.")


def test_only_the_groups_an_indicator_may_be_held_against(publish):
    publish(England=(70, 100), **TOWNS)
    assert "Near" not in rows(compared.section(OURS, EIGHTY, ("CIPFA neighbours",)))


def test_withheld_figures_are_named_and_never_ranked(publish):
    publish(England=(70, 100), **TOWNS, _116="[c]")
    section = compared.section(OURS, EIGHTY)
    assert (section.without, section.rank.of) == (("Town 16",), 16)


def test_many_indicators_at_once(publish):
    publish(England=(70_000, 100_000), **TOWNS)
    publish(code="2ELD", England=(80, 100))
    found = compared.beside(
        OURS, {"a": EIGHTY, "b": known({Q4: "80.0%"}, code="2ELD"), "c": known({Q4: "80.0%"}, code="3D1a")}
    )
    assert [one.name for one in found["a"]] == ["England", "Near", "CIPFA neighbours"]
    assert [one.value for one in found["b"]] == [80, None, None]
    assert "c" not in found


class Reader:
    is_authenticated = False


def shown(section):
    request = type("Request", (), {"user": Reader()})()
    about = {"compared": section, "indicator": {"title": "Reablement"}, "council": OURS, "request": request}
    return render_to_string("indicators/compared.html", about)


def test_the_section_of_the_page(publish):
    publish(England=(70_000, 100_000), MS=(790, 1000), **TOWNS, _116="[c]")
    html = shown(compared.section(OURS, EIGHTY))
    page = " ".join(unescape(sub("<[^>]+>", " ", html)).split())
    assert "England as published 70.0% 10.0 points above Better Better than England: 80.0% against 70.0%" in page
    assert "Ranked 1 of 16" in page
    assert "No figure is published for Town 16." in page
    assert "Published by DHSC (file-0.csv, received 1 October 2026)." in page
    assert html.count("direction--better") >= 3, "a word with its icon"
    drawing = ElementTree.fromstring(html[html.index("<svg xmlns"):].split("</svg>")[0] + "</svg>")
    said = drawing.find("{http://www.w3.org/2000/svg}desc").text
    assert "15 areas (per cent), from Town 1 with 61.0% to Town 15 with 75.0%" in said
    assert "style=" not in html


def test_the_section_without_any_figure_of_the_council(publish):
    publish(England=(70, 100), _950="[c]")
    page = shown(compared.section(OURS, known()))
    assert "no figure" in page
    assert "Among all councils" not in page
