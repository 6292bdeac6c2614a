"""A whole quarter of Harrowmere's, from opening the round to a restatement, played by its people in a browser.

With OUTTURN_PICTURES=1 the pictures of docs/how-to/run-a-quarter.md are taken anew.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outturn.terms.period import write_date
from tests.browser.test_submissions import faults_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GUIDE = Path(__file__).parents[2] / "docs/how-to/pictures/quarter"
ROUND = "/harrowmere/rounds/2026-27-q3/"
REVIEWS, STARTS = f"{ROUND}entries/reviews/", f"{ROUND}entries/start-days/"
SHAPE = {"width": 1000, "height": 900}
TALLEST, COLOURS = 800, 32


class Somebody:
    """A person at a browser of their own."""

    def __init__(self, page, album: Path) -> None:
        self.page, self.album = page, album

    @property
    def main(self):
        return self.page.get_by_role("main")

    def goes(self, path: str) -> "Somebody":
        self.page.goto(path)
        return self

    def follows(self, link: str) -> "Somebody":
        self.main.get_by_role("link", name=link).first.click()
        return self

    def fills(self, **words: str) -> "Somebody":
        for name, text in words.items():
            self.main.locator(f"[name={name}]").fill(text)
        return self

    def presses(self, button: str) -> "Somebody":
        self.main.get_by_role("button", name=button, exact=True).click()
        return self

    def sees(self, *words: str) -> "Somebody":
        shown = self.main.inner_text()
        for each in words:
            assert each in shown, f"{self.page.url} lacks “{each}”:\n{shown}"
        return self

    def sees_no(self, words: str) -> "Somebody":
        assert words not in self.main.inner_text()
        return self

    def signs_all(self, move: str) -> "Somebody":
        """Sign all that waits for this person in the round."""
        return self.goes(ROUND).follows(move).presses(f"{move.split()[0]} those ticked").sees(f"{move.lower()}. Done.")

    def pictures(self, name: str, *, start: str = "h1", end: str = "", axe: bool = False) -> "Somebody":
        """A picture of the page from one thing down to another; with `axe`, after looking for faults at both widths."""
        if axe:
            assert faults_here(self.page) == [], self.page.url
        self.page.set_viewport_size(SHAPE)
        top, main = self.main.locator(start).first.bounding_box(), self.main.bounding_box()
        bottom = self.main.locator(end).last.bounding_box() if end else {"y": top["y"], "height": TALLEST}
        y = max(top["y"] - 4, main["y"]) + self.page.evaluate("scrollY")
        height = bottom["y"] + bottom["height"] - top["y"] + 24
        clip = {"x": main["x"] - 12, "y": y, "width": main["width"] + 24, "height": height}
        file = self.album / f"{name}.png"
        self.page.screenshot(path=file, full_page=True, clip=clip)
        assert file.stat().st_size > 2_000
        return self


@pytest.fixture(scope="module")
def album(tmp_path_factory) -> Iterator[Path]:
    """Where pictures go: pytest's own folder, or the guide's."""
    if not os.environ.get("OUTTURN_PICTURES"):
        yield tmp_path_factory.mktemp("quarter")
        return
    from PIL import Image

    GUIDE.mkdir(parents=True, exist_ok=True)
    yield GUIDE
    for file in GUIDE.glob("*.png"):
        Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)


@pytest.fixture
def comes(chromium, site, demo, album) -> Iterator[Callable[[str], Somebody]]:
    """Whoever is named, signed in; nobody named is a visitor. Each keeps the same browser."""
    password = (demo / "demo-account.txt").read_text("utf-8").split()[-1]
    there: dict[str, Somebody] = {}

    def come(name: str) -> Somebody:
        if name not in there:
            page = chromium.new_context(base_url=site, viewport=SHAPE).new_page()
            page.set_default_timeout(20_000)
            there[name] = Somebody(page, album)
            if name:
                there[name].goes("/sign-in/").fills(username=name, password=password).presses("Sign in")
                page.get_by_role("button", name="Sign out").wait_for()
        return there[name]

    yield come
    for each in there.values():
        each.page.context.close()


def test_a_whole_quarter(comes, demo):
    open_the_round(comes)
    write(comes)
    challenge(comes)
    agree(comes)
    publish(comes)
    restate(comes)
    answer_scrutiny(comes)
    read_the_trail(comes, demo)


def open_the_round(comes) -> None:
    """From the usual calendar, by an administrator."""
    chief = comes("demo").goes("/harrowmere/rounds/open/2026-27-q3/")
    assert chief.main.locator("[name=commentary]").input_value() == "22 January 2027"
    chief.pictures("01-open-the-round", end=".actions", axe=True).presses("Save")
    chief.sees("Round for Quarter 3 2026/27", "Head of Community Social Work", "0 of ")
    chief.pictures("02-progress", end="section:first-of-type")


def write(comes) -> None:
    """An owner types one figure and confirms another, says what happened, and submits."""
    eve, ada = comes("eve"), comes("ada")
    eve.goes("/harrowmere/indicators/start-days/results/add/")
    eve.fills(period="Q3 2026/27", value="22.4", source="Home care start log").presses("Save")
    ada.goes("/my-work/").sees("START-DAYS", "Confirm the figure.")
    ada.pictures("03-my-work", start="section:last-of-type h2")
    ada.goes(STARTS).presses("Confirm the figure").sees("The figure is confirmed.")
    ada.follows("Write the commentary")
    ada.fills(happened="Home care began 22.4 days after it was agreed, 1.7 days sooner than in September.")
    ada.fills(by_when="21 days by 31 March 2027.").presses("Save").presses("Submit").sees("Submitted")
    ada.goes("/my-work/").page.get_by_role("link", name=re.compile("REVIEWS.*Quarter 3")).click()
    ada.follows("Type the figure").fills(value="46.0%", numerator="1,463", denominator="3,180")
    ada.presses("Save").sees("Write where the figure comes from")
    ada.fills(source="Case management system, review report")
    ada.pictures("04-type-a-figure", end=".field:has([name=source])", axe=True).presses("Save")
    ada.follows("Write the commentary")
    ada.fills(happened="More people were reviewed than in September, but fewer than the 55% we want by March.")
    ada.fills(why="The review team was at full strength from October.", doing="We will recruit more reviewers.")
    ada.presses("Save").sees("1463 out of 3180").presses("Submit").sees("Submitted")


def challenge(comes) -> None:
    """A checker returns what is thin and may not check what they typed themselves."""
    eve, ada, chief = comes("eve"), comes("ada"), comes("demo")
    eve.goes(STARTS).main.locator("summary", has_text="What you cannot do here").click()
    eve.sees("You wrote or changed this entry, so somebody else must sign it off.")
    eve.pictures("06-not-your-own", start="#moves", end="#moves")
    chief.goes(STARTS).presses("Mark as checked")
    eve.goes(REVIEWS).fills(note="Say how many reviewers are being recruited, and by when.")
    eve.presses("Return with a note").sees("Returned")
    ada.goes("/my-work/").sees("Returned: Say how many reviewers").goes(REVIEWS).pictures("05-returned", end="dl")
    ada.follows("Write the commentary").fills(doing="Four reviewers are being recruited.", by_when="31 March 2027.")
    ada.presses("Save").presses("Submit")
    eve.goes(REVIEWS).presses("Mark as checked").sees("Checked")


def agree(comes) -> None:
    """Level by level. A figure that changes meanwhile goes back, and says what changed."""
    ben, ada = comes("ben"), comes("ada")
    ben.signs_all("Agree as head of service")
    ada.goes(REVIEWS).follows("Correct the figure").fills(value="45.8%", numerator="1,455").presses("Save")
    ada.sees("Readers have seen 46.0%").fills(reason="Eight reviews were counted twice.").presses("Save")
    ada.sees("It has to be checked and agreed again", "46.0%", "45.8%")
    ada.pictures("08-changed-since", end="table", axe=True)
    comes("eve").goes(REVIEWS).sees("Submitted changed since").presses("Mark as checked")
    ben.goes(REVIEWS).presses("Agree as head of service")
    cleo = comes("cleo").goes("/my-work/").sees("2 entries, Quarter 3 2026/27")
    cleo.goes(ROUND).follows("Agree as director").pictures("07-agree-together", end=".actions", axe=True)
    cleo.presses("Agree those ticked").sees("2 entries: agree as director. Done.")
    comes("dev").signs_all("Agree as portfolio holder")


def publish(comes) -> None:
    """Nobody outside sees anything before, and everybody after."""
    visitor, chief = comes(""), comes("demo")
    figures = "/harrowmere/indicators/reviews/"
    visitor.goes(figures).sees_no("45.8%").goes(REVIEWS).sees("Sign in")
    chief.signs_all("Publish")
    visitor.goes(figures).sees("45.8%", "Four reviewers are being recruited")
    visitor.pictures("09-published", end="table >> nth=0")


def restate(comes) -> None:
    """For one reason, through every hand again; readers keep the published figure meanwhile."""
    eve, ada, visitor = comes("eve"), comes("ada"), comes("")
    eve.goes(REVIEWS).fills(note="Seven reviews of December belonged to January.")
    eve.presses("Take up again to restate").sees("Choose one of the three reasons")
    eve.main.get_by_label("Data arrived or were corrected").check()
    eve.pictures("10-restate", start="#moves", end="#moves", axe=True)
    eve.presses("Take up again to restate").sees("Being restated")
    ada.goes(REVIEWS).follows("Correct the figure").fills(value="45.5%", numerator="1,448")
    ada.fills(reason="Seven reviews of December belonged to January.").presses("Save").presses("Submit")
    visitor.goes("/harrowmere/indicators/reviews/").sees("45.8%").sees_no("45.5%")
    eve.goes(REVIEWS).presses("Mark as checked")
    for name, role in (("ben", "head of service"), ("cleo", "director"), ("dev", "portfolio holder")):
        comes(name).goes(REVIEWS).presses(f"Agree as {role}")
    eve.goes(REVIEWS).presses("Publish the restatement")
    eve.sees("Restated", "because data arrived or were corrected: Seven reviews of December")
    visitor.goes("/harrowmere/indicators/reviews/").sees("45.5%")


def answer_scrutiny(comes) -> None:
    """What the committee asks stands in its owner's work until it is closed, and not by them."""
    eve, ada, today = comes("eve"), comes("ada"), datetime.now(ZoneInfo("Europe/London")).date()
    question = "How many reviews are done by telephone?"
    eve.goes("/harrowmere/requests/add/indicator/reviews/")
    eve.main.get_by_label("Scrutiny").check()
    eve.main.get_by_label("Question", exact=True).check()
    eve.fills(meeting="Adults and Health Scrutiny Committee", asked_on=write_date(today))
    eve.fills(question=question, first_due=write_date(today + timedelta(days=28)))
    eve.fills(owner="Head of Community Social Work").presses("Save").sees("No answer has been given.")
    address = eve.page.url
    ada.goes("/my-work/").sees(question).follows(f"Adults and Health Scrutiny Committee, {write_date(today)}")
    ada.follows("Answer")
    ada.fills(text="One in nine, and none of a person’s first.").presses("Save").sees("answered")
    eve.goes(address).pictures("11-request", end="#replies").follows("Close")
    eve.main.get_by_label("Adults and Health Scrutiny Committee").check()
    eve.fills(closed_because="The committee was content.").presses("Save").sees("closed", "The committee was content.")
    ada.goes("/my-work/").sees_no(question)


def read_the_trail(comes, demo) -> None:
    """All of it stands there, and nobody has touched it since."""
    chief = comes("demo").goes("/harrowmere/changes/?subject=reviews/2026-27%20Q3")
    chief.sees("46.0%", "45.8%", "45.5%", "Eight reviews were counted twice.", "by ada", "by cleo", "by dev")
    chief.pictures("12-trail", start="section")
    command = [sys.executable, "-m", "outturn", "trail", "verify", "--workspace", str(demo)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert "is as it was written" in told
