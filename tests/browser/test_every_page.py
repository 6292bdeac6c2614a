"""Every kind of page, as visitor and staff, at two widths: axe finds nothing, nothing overflows, links work."""

import re
from collections import defaultdict
from urllib.parse import unquote

import pytest
from django.urls import resolve

pytestmark = pytest.mark.browser
WIDTHS = (1280, 320)

MOST = 8  # pages of one kind that are asked for


def kind_of(path: str) -> str:
    """What the site calls such addresses."""
    return resolve(unquote(path)).url_name


def all_pages(page) -> dict[str, list[str]]:
    """Pages reached by clicking from the front page, by kind. A broken link fails here."""
    todo, seen, kinds = ["/"], {"/"}, defaultdict(list)
    while todo:
        path = todo.pop(0)
        kind = kind_of(path)
        if len(kinds[kind]) == (1 if kind == "cases" else MOST):  # a list of cases counts the records anew
            continue
        answer = page.request.get(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        if not answer.headers["content-type"].startswith("text/html"):
            assert not path.endswith(".pdf") or answer.body().startswith(b"%PDF"), path
            continue
        kinds[kind].append(path)
        for href in re.findall(r'href="([^"#]+)', answer.text()):
            target = href.replace("&amp;", "&").replace("&#39;", "'")
            if not target.startswith("/") or target.startswith("/static/"):
                continue
            target = target.split("?")[0]  # one page, however sorted and filtered
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return {kind: paths for kind, paths in kinds.items() if paths}


def faults(page, path: str, axe_at: tuple[int, ...] = WIDTHS) -> list[str]:
    """What axe finds on a page at some widths, and the ruler at both."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth") - width
        if overflow > 0:
            found.append(f"{path} at {width}: {overflow} px too wide")
        if width not in axe_at:
            continue
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:2]]
            found.append(f"{path} at {width}: {violation['id']} {nodes}")
    return found


@pytest.mark.parametrize(
    ("who", "samples", "axe_at"),  # of each kind of page, how many are looked at
    [("visitor", 2, WIDTHS), pytest.param("staff", 1, WIDTHS[:1], marks=pytest.mark.slow)],
)
def test_every_page_is_accessible_and_every_link_works(who, samples, axe_at, request):
    page = request.getfixturevalue(who)
    kinds = all_pages(page)
    assert len(kinds) > 20
    found = []
    for paths in kinds.values():
        for path in paths[:: max(1, len(paths) // samples)][:samples]:
            found += faults(page, path, axe_at)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", ["/nobody/", "/york/plans/1900-01/", "/leeds/scorecards/2012-13/q9/", "/sign-out/"])
def test_error_pages_are_pages_too(visitor, path):
    visitor.goto(path)
    assert visitor.locator("h1").inner_text() in ("Page not found", "That cannot be done at this address")
    assert faults(visitor, path) == []


def test_a_keyboard_reaches_the_content_first(visitor):
    visitor.goto("/york/")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.textContent") == "Skip to main content"
    visitor.keyboard.press("Enter")
    assert visitor.evaluate("location.hash") == "#main"


def test_the_pages_hold_no_script(visitor):
    for path in ("/", "/york/", "/leeds/scorecards/2012-13/q1/", "/york/plans/2018-19/"):
        visitor.goto(path)
        assert visitor.locator("script").count() == 0
