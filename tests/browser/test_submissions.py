"""Sending a file as a member of staff does it: progress, report, comparison, rows to put right; without script too."""

import csv
import re
from pathlib import Path

import pytest

from outturn.returns.layout import load_layout
from outturn.returns.rules import load_example_rows
from tests.browser.test_every_page import WIDTHS, faults

pytestmark = pytest.mark.browser
WRONG = "Mail"


def write_file(path: Path, rows: int, wrong: int) -> Path:
    """A file of clean example rows, some of which have a gender that is in no list."""
    layout = load_layout("cld")
    examples = load_example_rows(layout)
    kinds = [examples[name] for name in ("request", "assessment", "service", "review")]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([field.header for field in layout.fields])
        for number in range(rows):
            row = {**kinds[number % 4], "event_reference": f"{path.stem}-{number}"}
            row["la_person_unique_identifier"] = f"P-{number // 4:05}"
            row |= {"gender": WRONG} if number < wrong else {}
            writer.writerow([row.get(field.name, "") for field in layout.fields])
    return path


def send(page, *files: Path) -> None:
    page.goto("/submissions/")
    page.get_by_role("link", name="Send files").click()
    page.get_by_label("Files").set_input_files(list(files))
    page.get_by_role("button", name="Send and check").click()
    page.wait_for_url(re.compile("/submissions/sent/"), timeout=30_000)


def wait_until_checked(page) -> None:
    page.get_by_text("The check has ended.").wait_for(timeout=60_000)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cld")
    return write_file(folder / "before.csv", 40, 4), write_file(folder / "now.csv", 60, 12)


def test_a_file_is_sent_checked_compared_and_listed(staff, files):
    for file in files:
        send(staff, file)
        assert faults_here(staff) == []
        wait_until_checked(staff)
    assert faults_here(staff) == []
    staff.get_by_role("link", name="See what was found").click()
    report = staff.url
    assert "60" in staff.locator(".tally").inner_text()
    assert WRONG not in staff.locator("main").inner_text()
    staff.get_by_role("link", name="Compare with the one before").click()
    assert "Compared with before.csv" in staff.locator("h1").inner_text()
    comparison = staff.url
    staff.goto(report)
    staff.get_by_role("link", name="List the rows to put right").click()
    rows = staff.url
    assert WRONG in staff.locator("main").inner_text()
    with staff.expect_download() as download:
        staff.get_by_role("button", name="Download all as CSV").click()
    assert WRONG in Path(download.value.path()).read_text("utf-8-sig")
    staff.goto(report)
    assert "downloaded the list of rows" in staff.locator("#history").inner_text()
    for address in ("/submissions/", "/submissions/send/", report, comparison, rows):
        assert faults(staff, address) == []


def test_the_same_file_again_changes_nothing_and_a_wrong_one_is_refused(staff, files, tmp_path):
    send(staff, files[0])
    wait_until_checked(staff)
    assert "This very file was sent before" in staff.locator("main").inner_text()
    wrong = tmp_path / "scorecard.csv"
    wrong.write_text("Priority,Progress\nOne,Well\n", "utf-8")
    send(staff, wrong)
    wait_until_checked(staff)
    words = staff.locator("main").inner_text()
    assert "Refused" in words
    assert "Nothing was stored." in words


def test_what_is_wrong_is_said_before_anything_is_sent(staff):
    staff.goto("/submissions/send/")
    staff.get_by_role("button", name="Send and check").focus()
    staff.keyboard.press("Enter")
    staff.locator(".error-summary").wait_for()
    assert "Choose the file or files to send." in staff.locator(".error-summary").inner_text()
    assert faults_here(staff) == []


def test_it_works_without_script(chromium, site, demo, files):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/?next=/submissions/send/")
    page.get_by_label("Account name").fill("demo")
    page.get_by_label("Password").fill((demo / "demo-account.txt").read_text("utf-8").split()[-1])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    send(page, *files)
    page.get_by_text("2 of 2 files checked.").wait_for(timeout=60_000)  # the page loads itself again
    context.close()


def faults_here(page) -> list[str]:
    """What axe and the ruler find on the page as it stands, at both widths."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        if (overflow := page.evaluate("document.documentElement.scrollWidth") - width) > 0:
            found.append(f"{overflow} px too wide at {width}")
        found += [f"{each['id']} at {width}" for each in Axe().run(page).response["violations"]]
    return found
