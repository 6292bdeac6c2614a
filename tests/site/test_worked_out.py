"""Figures worked out from records on pages: beside typed ones, with their definition, and the cases for those allowed.

Nothing is counted here: results are told by hand, as `outturn measure` leaves them.
"""

import json
import re
import shutil
import sys
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from outturn import measuring, questions
from outturn.results.release import Ledger
from outturn.results.result import Result
from outturn.results.store import Results
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.submissions import computing, worker
from outturn.site.submissions.models import WorkedOut
from outturn.site.submissions.runner import Runner
from outturn.site.trail.models import Change
from outturn.terms.period import Period
from outturn.textfiles import FaultyFiles
from outturn.workspace import Workspace

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[2] / "examples" / "exampleshire"
CARD, INDICATOR = "/exampleshire/scorecards/2026-27/q2/", "/exampleshire/indicators/reable-out/"
TWELVE_MONTHS, BEFORE = "12m to 2026-09-30", "12m to 2026-06-30"
PERSON = "9990424319"


def words_of(page) -> str:
    html = page.content.decode().split("<main")[1]
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def result(value, numerator, denominator, *, measure="2A", part=None, period=TWELVE_MONTHS, by=None, because="",
           as_of=datetime(2026, 10, 21), **more):
    about = {
        "measure": measure, "part": part, "edition": "e", "method": "DHSC-2526", "reading": "executed", "area": "950",
        "period": period, "basis": Period.read(period).kind.value, "breakdown": by or {}, "numerator": numerator,
        "denominator": denominator, "value": None if value is None else Decimal(value), "unit": "%",
        "state": "awaited" if value is None else None, "because": because, "flags": (), "notes": (),
        "side_counts": {}, "interval": None, "year_end": None, "as_of": as_of,
    }  # fmt: skip
    return Result(**{**about, **more})


@pytest.fixture(autouse=True)
def kept(db, settings, tmp_path, monkeypatch):
    """Exampleshire on 25 November 2026, with an empty store of results."""
    settings.WORKSPACE = Workspace(tmp_path / "w")
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "w" / "uploads"
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 25))
    load_council(EXAMPLE, by="tester")
    return Results(settings.WORKSPACE.results)


def tell(kept, *results, groups="", release=True):
    """Tell results, and release them as it is done when figures are worked out."""
    kept.tell(results, groups, datetime(2026, 11, 1))
    if release:
        council = Council.objects.get()
        computing.release(council, list(computing.wanted_by(council, date(2026, 11, 25))))


@pytest.fixture
def staff(client, account):
    client.force_login(account("ada"))
    return client


@pytest.fixture
def trusted(staff):
    User.objects.get(username="ada").user_permissions.add(Permission.objects.get(codename="see_people"))
    return staff


# Beside typed figures


def test_a_measure_shows_what_the_records_say_beside_what_was_typed(client, kept):
    tell(kept, result("80.0", 52, 65, flags=("provisional",)), result("75.7", 53, 70, period=BEFORE))
    words = words_of(client.get(CARD))
    assert "Worked out from records: 80.0% (52 of 65), as of 21 October 2026, provisional." in words
    assert "From records 75.7% 80.0% provisional – –" in words
    first = words_of(client.get(CARD.replace("q2", "q1")))
    assert "75.7% (53 of 70), as of 21 October 2026. Agrees with the figure typed in." in first
    assert "From records 75.7% – – –" in first  # the sheet as it stood then
    third = words_of(client.get(CARD.replace("q2", "q3")))
    assert "From records 75.7% 80.0% provisional – –" in third  # of the quarter itself there is nothing to say yet
    assert "Worked out from records:" not in third
    priority = words_of(client.get("/exampleshire/scorecards/2026-27/priorities/1/"))
    assert "Quarter Result From records By the rule Quarter 1 2026/27 75.7% 75.7% Amber" in priority
    judged = "Quarter 2 2026/27 - awaited 80.0% provisional Green Not enough results"  # by what the records say
    assert judged in priority


def test_a_difference_is_said_plainly_with_the_note_on_the_typed_figure(client, kept):
    tell(kept, result("32.9", 49, 149, measure="3D", part="2a"), result("91.3", 136, 149, measure="3D", part="1a"))
    words = words_of(client.get(CARD))
    assert "Differs: the figure typed in, 35.6% (provisional), is 2.7 higher. Note on the typed figure: Counts" in words
    assert "91.3% (136 of 149), as of 21 October 2026. Agrees" in words


def test_where_there_is_no_figure_the_reason_stands_there_and_for_staff_what_to_do(client, kept, account):
    because = "There is no population file. Submit one."
    tell(kept, result(None, None, None, measure="2C", unit="per 100,000", because=because))
    words = words_of(client.get(CARD))
    assert "Worked out from records: none (awaited). There is no population file." in words
    assert "Submit one." not in words
    client.force_login(account("ada"))
    assert f"Worked out from records: none (awaited). {because}" in words_of(client.get(CARD))


def test_small_numbers_are_for_staff_only(client, kept, account):
    tell(kept, result("20.2", 2, 9911, measure="2B", unit="per 100,000"))
    words = words_of(client.get(CARD))
    assert "20.2" not in words
    assert "Worked out from records: withheld, because it is of fewer than 5" in words
    assert "[c] withheld" in words
    assert "20.2" not in words_of(client.get("/exampleshire/indicators/adm-younger/"))
    client.force_login(account("ada"))
    words = words_of(client.get(CARD))
    assert "20.2 (2 of 9,911)" in words
    assert "small numbers are shown" in words


def test_the_public_sees_what_was_released(client, kept, account):
    """Between counting and releasing it goes on seeing what it saw, which at first is nothing."""
    tell(kept, result("80.0", 52, 65), release=False)
    assert "80.0%" not in words_of(client.get(CARD)) + words_of(client.get(INDICATOR))
    tell(kept, result("80.0", 52, 65))
    assert "80.0% (52 of 65), as of 21 October 2026" in words_of(client.get(CARD))
    tell(kept, result("80.3", 53, 66, as_of=datetime(2026, 11, 20)))
    words = words_of(client.get(INDICATOR))
    assert "80.0% 52 65 – 21 October 2026 Kept as it was released: it is shown anew once it has moved by 5" in words
    client.force_login(account("ada"))
    assert "80.3% (53 of 66), as of 20 November 2026" in words_of(client.get(CARD))


def test_two_pages_together_give_nothing_away(client, kept):
    """Reablement begun by the end of June, and by the end of September: the difference is the second quarter's."""
    about = {"measure": "REABLEMENT", "part": "started", "unit": "number"}
    tell(kept, result("40", 40, None, period="2026-27 to 2026-06-30", **about),
         result("43", 43, None, period="2026-27 to 2026-09-30", **about))  # fmt: skip
    first, second = words_of(client.get(CARD.replace("q2", "q1"))), words_of(client.get(CARD))
    assert "Worked out from records: 43, as of" in second
    assert "Worked out from records: withheld, because it is of fewer than 5, or because" in first


def test_a_page_asks_once_and_counts_nothing(client, kept, monkeypatch):
    tell(kept, result("80.0", 52, 65), result("87.2", 41, 47, measure="2E", part="learning disability"))
    asked = []
    current = Ledger.current
    monkeypatch.setattr(Ledger, "current", lambda *about: asked.append(about) or current(*about))
    monkeypatch.setattr(Results, "current", None)  # what was told and not released
    monkeypatch.setattr(measuring, "Work", None)  # which would open the database of rows
    for address in (CARD, INDICATOR, CARD):  # what is judged is asked for once, until something new is told
        assert client.get(address).status_code == 200
    asked.clear()
    for number, address in enumerate((CARD, INDICATOR), 1):
        assert client.get(address).status_code == 200
        assert len(asked) == number


def test_a_council_without_a_code_asks_for_nothing(client, kept):
    tell(kept, result("80.0", 52, 65))
    Council.objects.update(area="")
    assert "Worked out from records" not in words_of(client.get(CARD)) + words_of(client.get(INDICATOR))
    assert client.get(f"{INDICATOR}cases/").status_code == 302


def test_what_is_wrong_with_a_council_code_or_a_note_is_said_with_everything_else(tmp_path):
    wrong = shutil.copytree(EXAMPLE, tmp_path / "wrongshire")
    for name, old, new in (
        ("council.yaml", "area: 950", "area: E950"),
        ("scorecard-2026-27.yaml", "notes:\n              Q2:", "notes:\n              Q3:"),
    ):
        text = (wrong / name).read_text("utf-8")
        assert old in text
        (wrong / name).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(FaultyFiles) as refused:
        load_council(wrong, by="tester")
    assert "“E950” is not a council’s code. Write the three digits" in str(refused.value)
    assert "Q3 has a note and no result. Write the result too." in str(refused.value)


# An indicator's page


def test_an_indicator_shows_figures_breakdowns_side_counts_and_how(client, kept):
    tell(
        kept,
        result("80.0", 52, 65, interval=(Decimal("68.7"), Decimal("87.9")), side_counts={"deceased": 7},
               notes=("No file covers all of the days before.",)),
        result("66.7", 10, 15, by={"age_band": "18 to 64"}), result("84.0", 42, 50, by={"age_band": "65 and above"}),
        result("50.0", 10, 20, by={"age_band": "18 to 64"}, period=BEFORE), result("75.7", 53, 70, period=BEFORE),
    )  # fmt: skip
    page = client.get(INDICATOR)
    words = words_of(page)
    assert "12 months to 30 September 2026 80.0% 52 65 68.7% to 87.9% 21 October 2026 No file covers" in words
    assert "By age band Age band Figure Counted Out of 95% interval 18 to 64 66.7% 10 15 – 65 and above 84.0%" in words
    assert "Deceased 7 Episodes of people who died" in words
    assert "How this was worked out" in words
    assert "silent follow up: sets the outcome aside." in words  # a switch, with its reason
    assert "<details><summary>The SQL behind it" in page.content.decode()
    assert "FROM events" in words
    assert "Sep 2026" in page.content.decode()  # the chart
    earlier = words_of(client.get(INDICATOR, {"period": BEFORE}))
    assert "18 to 64 50.0% 10 20" in earlier
    assert client.get(INDICATOR, {"period": "<odd>"}).status_code == 200


def test_a_measure_without_a_total_shows_every_figure_that_stands_for_it(client, kept):
    bands = [result("83.5", 81, 97, measure="3D", part="1a", by={"age_band": "18 to 64"}),
             result("62.9", 107, 170, measure="3D", part="1a", by={"age_band": "65 and above"})]  # fmt: skip
    tell(kept, *bands)
    words = words_of(client.get(CARD))
    assert "18 to 64: 83.5% (81 of 97), as of 21 October 2026. 65 and above: 62.9% (107 of 170)" in words


def test_a_sum_and_a_median_say_how_many_they_are_of(client, kept):
    weeks = {"measure": "BED-WEEKS", "unit": "weeks", "units": 98, "year_end": Decimal(2621)}
    tell(kept, result("1314", 9195, 7, period="2026-27 to 2026-09-30", **weeks),
         result("12.0", None, 205, measure="WAITING", part="to assessment or service", unit="days"))  # fmt: skip
    assert "Worked out from records: 1,314 weeks, as of 21 October 2026." in words_of(client.get(CARD))
    words = words_of(client.get("/exampleshire/indicators/bed-weeks/"))
    assert "1,314 weeks 98 – – 21 October 2026 At this rate 2,621 weeks by the end of the year." in words
    assert "12.0 days 205 – –" in words_of(client.get("/exampleshire/indicators/wait/"))


def test_a_published_figure_says_who_published_it_and_has_no_cases(client, trusted, kept):
    """It was public before, so its small numbers are not withheld."""
    origin = "Published by DHSC (ascof.csv, received 1 December 2026)."
    tell(kept, result("96.0", 48, 50, flags=("published",), notes=(origin,)))
    assert f"{origin[:-1]}: 96.0% (48 of 50), as of 21 October 2026, published." in words_of(client.get(CARD))
    words = words_of(client.get(INDICATOR))
    assert "Published elsewhere Measure 2A, as it was published" in words
    assert f"96.0% published 48 50 – 21 October 2026 {origin}" in words
    assert "How it would be worked out" in words
    assert "See the cases" not in words
    client.logout()
    assert "96.0% (48 of 50)" in words_of(client.get(CARD))


def test_a_published_figure_among_ours_leaves_the_page_as_it_is(client, kept):
    before = result("75.7", 53, 70, period=BEFORE, flags=("published",), notes=("Published.",))
    tell(kept, result("80.0", 52, 65), before)
    words = words_of(client.get(INDICATOR))
    assert "Worked out from records Counted from the council’s Client Level Data as measure 2A" in words
    assert "75.7% published 53 70 – 21 October 2026 Published." in words


def test_before_anything_was_counted_the_page_says_so(client, staff, kept):
    assert "Nothing has been worked out yet." in words_of(client.get(INDICATOR))
    WorkedOut.objects.create(area="950", made_from="x", at=timezone.now(), faults=["It could not be counted."])
    assert "It could not be counted." in words_of(staff.get(INDICATOR))


# What was told


def test_a_figure_told_as_of_an_earlier_day_or_broken_down_otherwise_is_not_the_current_one(kept):
    then = questions.Question((Period.year(2025),), as_of=date(2025, 1, 1), by=("gender",)).told_as
    tell(kept, result("80.0", 52, 65))
    tell(kept, result("70.0", 7, 10, as_of=datetime(2024, 12, 1)), groups=then)
    assert questions.Question((Period.year(2025),)).told_as == ""
    (found,) = kept.current("950", ["2A"], [TWELVE_MONTHS], "DHSC-2526", "executed").values()
    assert [one["value"] for one in found] == [80.0]


def test_after_a_withdrawal_the_figure_from_before_is_the_current_one_again(kept):
    first, second = result("75.7", 53, 70, as_of=datetime(2026, 7, 21)), result("80.0", 52, 65)
    for each in (first, second, first):
        tell(kept, each)
    (found,) = kept.current("950", ["2A"], [TWELVE_MONTHS], "DHSC-2526", "executed").values()
    assert [one["value"] for one in found] == [75.7]


def test_a_council_may_round_what_visitors_see(kept, client, account):
    Council.objects.update(judging={"public_counts": "nearest 5"})
    tell(kept, result("80.0", 52, 65))
    assert "80.0% (50 of 65)" in words_of(client.get(CARD))
    client.force_login(account("ada"))
    assert "80.0% (52 of 65)" in words_of(client.get(CARD))


# Still being recorded

QUARTER_ENDS = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30)]


def tell_growing(kept):
    """Five quarters of which a tenth was recorded only by the next file, and a sixth that was told once."""
    ends = [*QUARTER_ENDS, date(2026, 9, 30)]
    known_on = [date(end.year + end.month // 12, end.month % 12 + 1, 21) for end in ends]
    for number, end in enumerate(ends):
        for later, day in enumerate(known_on[number:]):
            counted, out_of = (90, 100) if later == 0 else (99, 110)
            told = result(
                str(100 * counted // out_of), counted, out_of, period=Period.rolling(end).code,
                as_of=datetime(day.year, day.month, day.day),
            )
            tell(kept, told, groups="" if day == known_on[-1] else f"as of {day}", release=day == known_on[-1])


def test_the_status_of_a_figure_still_being_recorded_is_not_final(kept, client, staff):
    tell_growing(kept)
    words = words_of(staff.get(INDICATOR))
    assert "So far 90.0, expected to settle at 90.0 (" in words
    assert "within 3 months of the period's end, going by 5 earlier periods at the same age." in words
    assert "not settled: still being recorded" in words
    assert "not settled: still being recorded" in words_of(staff.get(CARD))


def test_visitors_learn_that_a_figure_may_change_and_not_by_how_many_people(kept, client):
    tell_growing(kept)
    words = words_of(client.get(INDICATOR))
    assert "Earlier figures still changed at this age, so no verdict on it is final." in words
    assert "So far" not in words


# Working out


def test_each_time_basis_is_asked_for_once_with_the_quarters_that_are_over(kept):
    wanted = {each.periods[-1].code: each for each in computing.wanted_by(Council.objects.get(), date(2026, 11, 25))}
    assert set(wanted) == {TWELVE_MONTHS, "at 2026-09-30", "2026-27 to 2026-09-30"}
    assert {"2A", "2B", "2C", "2E", "3D", "WAITING"} <= set(wanted[TWELVE_MONTHS].codes)
    periods = [period.code for period in wanted[TWELVE_MONTHS].periods]
    assert (periods[0], len(periods)) == ("12m to 2025-06-30", 6)


def test_figures_are_worked_out_once_for_what_is_stored_and_again_after_another_file(kept, settings):
    asked = []
    computing.refresh(lambda wanted: asked.append(wanted) or ["A reason."])
    computing.refresh(lambda wanted: asked.append(wanted) or [])
    assert len(asked) == 3
    assert WorkedOut.objects.get().faults == ["A reason."] * 3
    before = computing.stamp()
    (settings.WORKSPACE.records / "cld" / "aaaaaaaaaaaaaaaa").mkdir(parents=True)
    assert computing.stamp() != before
    computing.refresh(lambda wanted: asked.append(wanted) or [])
    assert len(asked) == 6
    assert WorkedOut.objects.get().faults == []


@pytest.mark.parametrize(
    ("script", "faults"),
    [
        ("print('[' + '1,' * 200000 + '1]')", []),
        ('import sys; print(\'{"faults": [{"words": "No such year."}]}\'); sys.exit(1)', ["No such year."]),
        ("import sys; sys.exit(3)", ["The figures could not be worked out because of a fault in Outturn."]),
    ],
)
def test_another_process_works_them_out(kept, monkeypatch, script, faults):
    monkeypatch.setattr(worker, "measure_command", lambda *about: [sys.executable, "-S", "-E", "-c", script])
    told = Runner()._measure(computing.Wanted("950", ("2A",), (Period.year(2025),)))
    assert [each[: len(fault)] for each, fault in zip(told, faults, strict=True)] == faults


def test_a_runner_that_is_stopped_leaves_them_for_the_next(kept, monkeypatch):
    sleeping = [sys.executable, "-S", "-E", "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(worker, "measure_command", lambda *about: sleeping)
    runner = Runner()
    runner.stop()
    runner._refresh()
    assert not WorkedOut.objects.exists()


# The cases


CASE = {
    "period": TWELVE_MONTHS, "la_code": "950", "part": None, "person": PERSON, "start_date": "2026-05-27",
    "end_date": "2026-06-27", "included": 1, "counted": 0, "step": "long-term support followed",
    "outcome": "Long term support: Community", "side": None, "age_band": "65 and above", "gender": "Male",
    "primary_support_reason": None, "service_type": "Short term support: ST-Max", "setting": None,
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch, kept):
    """A cohort command that has 120 cases, and what it was asked."""
    tell(kept, result("80.0", 52, 65), result("75.7", 53, 70, period=BEFORE))
    calls = []

    def run(name, *arguments, patience):
        calls.append((name, *arguments))
        out = next((one.removeprefix("--out=") for one in arguments if one.startswith("--out=")), None)
        if out:
            Path(out).write_text(f"person\n{PERSON}\n", "utf-8")
            return {"total": 120, "shown": 120, "out": out}
        start = int(arguments[arguments.index("--from") + 1])
        return {"total": 120, "shown": 120, "rows": [CASE] * max(0, min(50, 120 - start))}

    monkeypatch.setattr(worker, "_run", run)
    return calls


def test_the_cases_are_for_those_who_may_see_people(staff, asked):
    page = staff.get(f"{INDICATOR}cases/")
    assert page.status_code == 403
    assert "your account may not see it" in words_of(page)
    assert staff.post(f"{INDICATOR}cases/download/").status_code == 403
    assert "cases/" not in staff.get(INDICATOR).content.decode()
    assert not asked


def test_the_cases_come_a_page_at_a_time_with_what_decided_each(trusted, asked):
    assert f"{INDICATOR}cases/" in trusted.get(INDICATOR).content.decode()
    page = trusted.get(f"{INDICATOR}cases/", {"only": "not-counted", "page": "2", "period": BEFORE})
    words = words_of(page)
    assert "120 cases, 51 to 100 shown." in words
    assert f"{PERSON} 27 May 2026 to 27 June 2026 In the denominator, not counted Long-term support followed" in words
    assert "75.7% (53 of 70)" in words
    assert "no-store" in page.headers["Cache-Control"]
    (name, code, *rest), = asked
    assert (name, code, rest[rest.index("--from") + 1]) == ("cohort", "2A", "50")
    assert {"--area=950", f"--period={BEFORE}", "--only=not-counted", "--by=ada"} <= set(rest)


def test_a_look_is_written_down_where_no_public_page_shows_it(trusted, asked, client):
    trusted.get(f"{INDICATOR}cases/")
    entry = Change.objects.get(kind="cases")
    assert (entry.by, entry.verb, entry.subject) == ("ada", "seen", "exampleshire/reable-out")
    assert entry.after["rows"] == 50
    assert PERSON not in json.dumps(entry.after) + entry.title
    assert "ada looked at the list of cases 50" in words_of(trusted.get(f"{INDICATOR}cases/?page=3"))
    trusted.logout()
    assert "ada" not in words_of(client.get("/exampleshire/changes/"))


def test_the_cases_can_be_taken_away_as_a_file(trusted, asked, settings):
    answer = trusted.post(f"{INDICATOR}cases/download/", {"period": TWELVE_MONTHS, "only": "counted"})
    assert PERSON in b"".join(answer.streaming_content).decode()
    assert "reable-out-12m-to-2026-09-30-cases.csv" in answer.headers["Content-Disposition"]
    assert Change.objects.get(kind="cases").verb == "downloaded"
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
    assert trusted.get(f"{INDICATOR}cases/download/").status_code == 405


def test_what_a_reader_types_into_the_address_harms_nothing(trusted, asked, kept):
    for odd in ("0", "99", "x", "9" * 400, "-1"):
        assert trusted.get(f"{INDICATOR}cases/", {"page": odd}, follow=True).status_code == 200
    trusted.get(f"{INDICATOR}cases/", {"only": "--out=/etc/passwd", "period": "--out=/etc/passwd"})
    assert not any("passwd" in argument for call in asked for argument in call)
    assert trusted.get("/exampleshire/indicators/sickness/cases/").status_code == 404  # typed only
    assert trusted.get("/exampleshire/indicators/sds/cases/").status_code == 404  # not worked out yet


def test_a_command_that_fails_is_a_sentence(trusted, asked, monkeypatch):
    def refuse(*arguments, **more):
        raise worker.CommandFailed("No file of council 950 covers it.")

    monkeypatch.setattr(worker, "_run", refuse)
    assert "No file of council 950 covers it." in words_of(trusted.get(f"{INDICATOR}cases/"))
    answer = trusted.post(f"{INDICATOR}cases/download/", follow=True)
    assert "No file of council 950 covers it." in words_of(answer)
    assert not Change.objects.filter(kind="cases").exists()
