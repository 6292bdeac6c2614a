"""Every kind of page, as visitor and staff, at two widths: axe finds nothing, nothing overflows, links work."""

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser
WIDTHS = (1280, 320)
SAMPLES = 2  # pages of one kind that are looked at; links are followed to all of them

KINDS = [
    ("plan part form", r"/[\w-]+/plans/[\w-]+/(sections|resources|demographics|indicators)/[^/]+/(edit/)?"),
    ("action", r"/[\w-]+/plans/[\w-]+/actions/[^/]+/"),
    ("action form", r"/[\w-]+/plans/[\w-]+/actions/[^/]+/(edit|updates/add|updates/\d+/edit|milestones/add)/"),
    ("milestone", r"/[\w-]+/plans/[\w-]+/actions/[^/]+/milestones/\d+/"),
    ("milestone form", r"/[\w-]+/plans/[\w-]+/actions/[^/]+/milestones/\d+/.+"),
    ("risk", r"/[\w-]+/plans/[\w-]+/risks/[^/]+/"),
    ("risk form", r"/[\w-]+/plans/[\w-]+/risks/[^/]+/edit/"),
    ("priority", r"/[\w-]+/scorecards/[\w-]+/priorities/\d+/"),
    ("priority form", r"/[\w-]+/scorecards/[\w-]+/priorities/\d+/.+"),
    ("block form", r"/[\w-]+/scorecards/[\w-]+/blocks/.+"),
    ("indicator", r"/[\w-]+/indicators/[\w-]+/"),
    ("cases", r"/[\w-]+/indicators/[\w-]+/cases/"),
    ("result form", r"/[\w-]+/indicators/[\w-]+/(results|targets)/.+"),
    ("check", r"/checks/[\w-]+/"),
    ("dismiss form", r"/[\w-]+/checks/[0-9a-f]{16}/dismiss/"),
    ("submission", r"/submissions/[0-9a-f]{16}/"),
    ("submission page", r"/submissions/[0-9a-f]{16}/(compare|withdraw|rows)/"),
    ("sending", r"/submissions/sent/[0-9a-f]{32}/"),
    ("method", r"/methods/[\w-]+/"),
    ("judging form", r"/[\w-]+/indicators/[\w-]+/judging/edit/"),
    ("word form", r"/[\w-]+/indicators/[\w-]+/words/.+"),
    ("definition", r"/catalogue/[\w-]+/[\w-]+/"),
]


def kind_of(path: str) -> str:
    return next((name for name, pattern in KINDS if re.fullmatch(pattern, path)), path)


def all_pages(page) -> dict[str, list[str]]:
    """Every page reached by clicking from the front page, by kind. A broken link fails here."""
    todo, seen, kinds = ["/"], {"/"}, defaultdict(list)
    lists: set[str] = set()
    while todo:
        path = todo.pop(0)
        answer = page.request.get(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        if path.endswith(".pdf"):
            assert answer.body().startswith(b"%PDF"), path
            continue
        kinds[kind_of(urlsplit(path).path)].append(path)
        for href in re.findall(r'href="([^"#]+)', answer.text()):
            target = href.replace("&amp;", "&").replace("&#39;", "'")
            if not target.startswith("/") or target.startswith("/static/"):
                continue
            target = target.split("?")[0]  # one page, however sorted and filtered
            if target.endswith("/cases/"):
                if lists:
                    continue  # each counts the records anew: one of them will do
                lists.add(target)
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return kinds


def faults(page, path: str) -> list[str]:
    """What axe and the ruler find on a page at both widths."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth") - width
        if overflow > 0:
            found.append(f"{path} at {width}: {overflow} px too wide")
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:2]]
            found.append(f"{path} at {width}: {violation['id']} {nodes}")
    return found


@pytest.mark.parametrize("who", ["visitor", "staff"])
def test_every_page_is_accessible_and_every_link_works(who, request):
    page = request.getfixturevalue(who)
    kinds = all_pages(page)
    assert len(kinds) > 20
    found = []
    for paths in kinds.values():
        step = max(1, len(paths) // SAMPLES)
        for path in paths[::step][:SAMPLES]:
            found += faults(page, path)
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
