"""Published figures sent in: shown as published where none can be worked out, and never mixed with ours."""

import csv
import json
import shutil
from datetime import date, datetime

import pytest

from outturn.cli.main import main
from outturn.engines.duck import DuckEngine
from outturn.measuring import measured
from outturn.questions import Question
from outturn.records.store import Records
from outturn.terms.period import Period
from outturn.workspace import Workspace

from .cld_rows import Council
from .discharge_stories import keep_discharges

HEADINGS = [
    "Geographical code", "Geographical description", "Geographical level", "ONS code", "ASCOF measure code",
    "Disaggregation level", "Measure type", "Measure value",
]  # fmt: skip
ROWS = """
    person | born       | event   | start      | end        | type | component
    Ann    | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | Short term support: ST-Max | Reablement
"""
YEAR = Period.year(2024)
WAITS = (
    "2D needs a hospital discharge file. Submit one: outturn submit discharges FILE, or what was published: "
    "outturn submit comparators FILE --year YEAR"
)


def figure(measure="2D(1)", group="Total", *, area="950", **values):
    """Rows of one published figure."""
    return [[area, "A council", "Local authority", "", measure, group, kind, value] for kind, value in values.items()]


PART_1 = figure(Numerator=415, Denominator=499, Outcome="83.2")
PART_2 = figure("2D(2)", Numerator="499", Denominator="14,310", Outcome="3.5%")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two councils' Client Level Data, and no hospital discharges."""
    folder = tmp_path_factory.mktemp("comparators") / "workspace"
    folder.mkdir()
    with DuckEngine(folder.parent / "spill") as engine:
        council = Council(folder, engine.connection)
        for area in ("950", "219"):
            council.sends(f"{area}.csv", ROWS, covers="2024-04-01 2025-06-30", received="2025-07-20", area=area)
    place = Workspace(folder)
    place.mark()
    measured(place, Question((YEAR,), ("2D",)))  # so that copies find prepared tables
    return folder


@pytest.fixture
def workspace(built, tmp_path):
    return Workspace(shutil.copytree(built, tmp_path / "workspace"))


@pytest.fixture
def submit(workspace, tmp_path, capsys):
    """Write a file and send it in; gives the exit code and the answer."""

    def run(*figures, options=("--year", "2024-25"), headings=HEADINGS, name="ascof.csv", received="2025-12-01"):
        file = tmp_path / name
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([headings, *[row for rows in figures for row in rows]])
        return outturn(
            capsys, workspace, "submit", "comparators", str(file), *options, "--received", received, "--by", "Ann"
        )

    return run


def outturn(capsys, workspace, *arguments):
    code = main([*arguments, "--workspace", str(workspace.folder), "--json"])
    return code, json.loads(capsys.readouterr().out)


def words(answer):
    return [fault["words"] for fault in answer[1]["faults"]]


def ask(workspace, **more):
    """Every result of 2D by area, part and breakdown."""
    asked = {"periods": (YEAR,), "codes": ("2D",), "areas": ("950",), **more}
    found = measured(workspace, Question(**asked))
    return {(one.area, one.part, *one.breakdown.values()): one for one in found}


def numbers(one):
    return one.numerator, one.denominator, None if one.value is None else str(one.value)


# What is shown


def test_a_published_figure_stands_where_none_can_be_worked_out(workspace, submit):
    code, said = submit(PART_1, PART_2, options=("--year", "2024-25", "--published-by", "DHSC"))
    assert (code, said["submissions"][0]["notes"]) == (0, ["Published figures of 2D for 2024-25."])
    found = ask(workspace)
    assert numbers(found["950", "1"]) == (415, 499, "83.2")
    assert numbers(found["950", "2"]) == (499, 14310, "3.5")
    for one in found.values():
        assert (one.state, one.flags, one.interval, one.side_counts) == (None, ("published",), None, {})
        assert one.notes == ("Published by DHSC (ascof.csv, received 1 December 2025).",)
        assert one.as_of == datetime(2025, 12, 1)


def test_without_one_the_figure_is_awaited_and_says_what_to_submit(workspace, submit):
    """A figure of another council, or another year, is no figure of this one."""
    submit(figure(area="219", Outcome=80))
    submit(PART_1, options=("--year", "2023-24"))
    one = ask(workspace)["950", "1"]
    assert (one.value, one.state, one.because, one.flags) == (None, "awaited", WAITS, ())


def test_a_published_year_is_also_the_twelve_months_to_its_last_day(workspace, submit):
    submit(PART_1)
    periods = (Period.rolling(date(2025, 3, 31)), Period.rolling(date(2025, 2, 28)), Period.quarter(2024, 4))
    found = measured(workspace, Question(periods, ("2D",), ("950",)))
    assert [numbers(one)[2] for one in found if one.part == "1"] == ["83.2", None, None]


def test_a_file_that_has_one_part_gives_that_part_only(workspace, submit):
    submit(PART_1)
    found = ask(workspace)
    assert (numbers(found["950", "1"])[2], found["950", "2"].state) == ("83.2", "awaited")
    assert found["950", "1"].notes == ("Published elsewhere (ascof.csv, received 1 December 2025).",)
    assert found["950", "1"].as_of == found["950", "2"].as_of  # they are told together


def test_groups_are_those_of_the_hospital(workspace, submit):
    submit(PART_1, figure(group="85 and over", Outcome="78.1"), figure(group="Female", Outcome=84))
    assert {key[2:]: str(one.value) for key, one in ask(workspace).items() if key[1] == "1"} == {
        (): "83.2", ("85 and above",): "78.1", ("Female",): "84",
    }  # fmt: skip
    by_sex = ask(workspace, by=("sex",))
    assert [key[2:] for key in by_sex if key[1] == "1"] == [(), ("Female",)]


def test_a_marker_is_a_typed_absence_with_a_sentence(workspace, submit):
    """A figure without its outcome is none."""
    published = {
        "901": ({"Numerator": "[c]", "Outcome": "[c]"}, "suppressed",
                "The publisher withholds it, because it is small."),
        "902": ({"Outcome": "[x]"}, "not collected", "The publisher has no figure, or a denominator of nought."),
        "903": ({"Denominator": 0, "Outcome": "[x]"}, "not applicable", "The publisher has a denominator of nought."),
        "904": ({"Outcome": "[Z]"}, "not applicable", "The publisher says that it does not apply."),
        "905": ({"Outcome": "[k]"}, "see elsewhere",
                "The publisher prints [k], and the published file says what that means."),
        "906": ({"Numerator": 3}, "awaited", "No Client Level Data of council 906 are stored as of 1 January 2026. "
                "Submit them: outturn submit cld FILE"),
    }  # fmt: skip
    submit(*(figure(area=area, **values) for area, (values, _, _) in published.items()))
    found = ask(workspace, areas=tuple(published), as_of=date(2026, 1, 1))
    for area, (_, state, because) in published.items():
        one = found[area, "1"]
        assert (one.value, one.state, one.because) == (None, state, because)


def test_the_file_received_last_by_the_day_asked_about_gives_the_whole_figure(workspace, submit, capsys):
    """The second file has no denominator, and none is borrowed from the first."""
    submit(PART_1)
    submit(figure(Numerator=420, Outcome=84), name="revised.csv", received="2026-01-20")
    assert numbers(ask(workspace)["950", "1"]) == (420, None, "84")
    assert numbers(ask(workspace, as_of=date(2025, 12, 31))["950", "1"]) == (415, 499, "83.2")
    assert ask(workspace, as_of=date(2025, 11, 30))["950", "1"].state == "awaited"
    assert outturn(capsys, workspace, "withdraw", "revised.csv", "--because", "Recalled")[0] == 0
    assert numbers(ask(workspace)["950", "1"]) == (415, 499, "83.2")


def test_published_figures_are_never_added_up(workspace, submit):
    submit(PART_1, figure(area="219", Numerator=80, Denominator=100, Outcome=80))
    found = ask(workspace, areas=())
    assert [numbers(found[area, "1"])[2] for area in ("950", "219", "all")] == ["83.2", "80", None]
    total = found["all", "1"]
    assert total.because == (
        "No council has a figure worked out from its records, and published figures are not added up."
    )
    assert (total.state, total.notes) == ("awaited", ("Published figures of 219, 950.",))


def test_with_a_discharge_file_ours_is_worked_out_and_the_published_one_waits(workspace, submit):
    submit(PART_1)
    keep_discharges(
        Records(workspace.records), workspace.folder.parent / "discharges.csv",
        [{
            "NHS Number": "4010232137", "Admission Date": "2024-10-01", "Discharge Date": "2024-10-10",
            "Birth Month": "1940-06", "Gender": "Female", "Admission Method": "21", "Discharge Method": "1",
            "Discharge Destination": "19", "Treatment Function": "430", "Management Type": "EM", "Last Episode": "1",
            "LA Code of Residence": "950", "Spell Id": "1",
        }],
        received="2026-02-02T09:00:00",
    )  # fmt: skip
    found = ask(workspace)
    assert numbers(found["950", "2"]) == (0, 1, "0.00")
    assert all("published" not in one.flags for one in found.values())


def test_a_published_figure_under_an_old_code_is_the_councils(workspace, submit):
    (workspace.lists).mkdir()
    (workspace.lists / "area-codes.csv").write_text("Old Code,New Code\nE06000099,950\n")
    submit(figure(area="E06000099", Outcome=81))
    assert numbers(ask(workspace)["950", "1"])[2] == "81"
    submit(figure(area="E06000099", Outcome=82), PART_1, name="both.csv", received="2026-01-01")
    assert numbers(ask(workspace)["950", "1"])[2] == "83.2"


def test_a_published_figure_is_not_compared_with_itself(workspace, submit, tmp_path, capsys):
    submit(PART_1)
    file = str(tmp_path / "ascof.csv")
    _, said = outturn(capsys, workspace, "reconcile", file, "--year", "2024-25", "--area", "950")
    (one,) = said["figures"]
    assert (one["verdict"], one["reasons"]) == ("not compared", [WAITS])


def test_a_line_says_who_published_it(workspace, submit, capsys):
    submit(PART_1, figure("2D(2)", Outcome="[c]"), options=("--year", "2024-25", "--published-by", "DHSC"))
    main(["measure", "2D", "--year", "2024-25", "--area", "950", "--workspace", str(workspace.folder)])
    said = capsys.readouterr().out
    origin = "Published by DHSC (ascof.csv, received 1 December 2025)."
    assert f"950  2024-25  total: 83.2 % (415 of 499); published; {origin}" in said
    assert f"total: none (suppressed). The publisher withholds it, because it is small. {origin}" in said


# What is taken in


def test_the_same_file_again_changes_nothing_and_for_another_year_is_another(workspace, submit, capsys):
    stored = submit(PART_1)[1]["submissions"][0]
    assert stored["status"] == "stored"
    assert submit(PART_1)[1]["submissions"][0]["status"] == "already stored"
    assert submit(PART_1, options=("--year", "2023-24"))[1]["submissions"][0]["status"] == "stored"
    found = outturn(capsys, workspace, "submissions")[1]["submissions"]
    assert [(one["return"], one["year"]) for one in found if one["return"] != "cld"] == [
        ("comparators", "2024-25"), ("comparators", "2023-24"),
    ]  # fmt: skip


def test_a_file_may_name_its_periods_itself(workspace, submit):
    rows = [[*row, "1 Apr 24 - 31 Mar 25"] for row in PART_1] + [[*row, "2023-24"] for row in PART_2]
    code, said = submit(rows, headings=[*HEADINGS, "Reporting_Period"], options=())
    assert (code, said["submissions"][0]["notes"]) == (0, ["Published figures of 2D for 2024-25, 2023-24."])
    assert numbers(ask(workspace)["950", "1"])[2] == "83.2"
    again = submit(rows, headings=[*HEADINGS, "Reporting_Period"])
    assert words(again) == ["Every row names its period, so 2024-25 would be of none. Leave out --year."]


def test_other_areas_and_measures_of_a_national_file_do_no_harm(workspace, submit):
    code, _ = submit(
        PART_1, figure("1A", Outcome=18.7, Base=400), figure("3C(1)", "18 to 64", **{"Margin of error": 2.1}),
        figure("2A", area="England", Outcome=79), figure("2C", Numerator=230, Denominator=40218, Outcome=571.9),
    )  # fmt: skip
    assert (code, numbers(ask(workspace)["950", "1"])[2]) == (0, "83.2")


def test_every_fault_is_refused_with_row_and_column(workspace, submit):
    refused = submit(
        figure("2Z", Outcome=1), figure("2D(1)", "Left-handed", Outcome=1), figure(Outturn=1),
        figure(Numerator="41.5", Outcome=-3), figure("2D", "65+", Numerator=2), figure("2D part 1", Numerator=4),
    )  # fmt: skip
    assert refused[0] == 1
    told = words(refused)
    assert [one.split(" We know")[0] for one in told] == [
        "Row 2, Measure: “2Z” is no measure code we know.",
        "Row 3, Disaggregation Level: “Left-handed” is no group we know.",
        "Row 4, Measure Type: “outturn” is no measure type we know.",
        "Row 5, 6, Measure Value: A published figure is not below nought, and what it is out of is a whole number.",
        "Row 7, 8, Measure Value: Another row has another value for the same figure. Keep the right one of them.",
    ]
    assert "total, all, 65 and over" in told[1]
    assert Records(workspace.records).submissions("comparators") == []


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        (PART_1, (), "Row 2, 3, 4, Period: It names no period. Say for which year: outturn submit comparators FILE "
                     "--year 2024-25"),
        (PART_1, ("--year", "soon"), "“soon” is not a period."),
        (PART_1, ("--year", "Q1 2024-25"), "“Q1 2024-25” is not a financial year."),
        (figure("1A", Outcome=18), ("--year", "2024-25"), "It has only measures that Client Level Data do not decide."),
        (figure(Outcome="lots"), ("--year", "2024-25"), "Row 2: Measure Value is not a number, or a marker such as"),
        ([], ("--year", "2024-25"), "holds headings and no rows"),
    ],
)  # fmt: skip
def test_what_is_refused_and_in_which_words(submit, rows, options, told):
    refused = submit(rows, options=options)
    assert (refused[0], told in words(refused)[0]) == (1, True), refused


def test_a_period_that_is_none_is_refused_with_its_row(submit):
    refused = submit([[*row, "soon"] for row in PART_1], headings=[*HEADINGS, "Period"], options=())
    assert words(refused)[0].startswith("Row 2, 3, 4, Period: “soon” is not a period.")


def test_a_file_up_to_2022_23_is_refused_because_its_codes_mean_other_measures(submit):
    refused = submit([[*row, "2D"] for row in PART_1], headings=[*HEADINGS, "Measure Group"])
    assert words(refused)[0].startswith("Row 2, 3, 4, Measure Group: It has a column Measure Group, as files up to")


def test_year_and_publisher_are_of_comparators_only(workspace, tmp_path, capsys):
    file = tmp_path / "p.csv"
    file.write_text("LA Code,Age Band,Population\n950,65+,7\n")
    said = outturn(capsys, workspace, "submit", "population", str(file), "--year", "2024-25")
    assert (said[0], words(said)[0].startswith("--year and --published-by are for comparators.")) == (1, True)


def test_checked_only_stores_nothing(workspace, submit):
    assert submit(PART_1, options=("--year", "2024-25", "--check-only"))[1]["submissions"][0]["status"] == "checked"
    assert Records(workspace.records).submissions("comparators") == []
