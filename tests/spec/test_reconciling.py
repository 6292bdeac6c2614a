"""Lists of cases and published figures beside ours: every difference has its reason in plain words."""

import csv
import json
import re

import openpyxl
import pytest

from outturn.cli.main import main
from outturn.engines.duck import DuckEngine
from outturn.measures.library import load_library
from outturn.measures.reconciliation import sources, way
from outturn.measuring import Work
from outturn.questions import Question
from outturn.records.store import Records
from outturn.results.store import Results
from outturn.returns.population import TABLE
from outturn.terms.period import Period, UnreadablePeriod, read_span
from outturn.workspace import Workspace

from .cld_rows import Council
from .discharge_stories import keep_table

ST_MAX = "Short term support: ST-Max"
ANN, BEN = "4010232137", "9990491232"
ROWS = f"""
    person | nhs_raw | born       | event   | start      | end        | type | component | outcome
    A1     | {ANN}   | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | {ST_MAX} | Reablement | NFA: Support ended as planned
    B2     | {BEN}   | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | {ST_MAX} | Reablement | NFA: Other
    c3     |         | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | {ST_MAX} | Reablement | NFA: Deceased
    D4     |         | 1950-06-15 | Service | 2023-06-01 | 2023-07-12 | {ST_MAX} | Reablement | NFA: Other
    E5     |         | 1950-06-15 | Service | 2024-06-01 |            | Long term support: Community | Home support |
    F6     |         | 1950-06-15 | Service | 2024-06-01 | 2024-06-12 | {ST_MAX} | Reablement | NFA: Other
    F6     |         | 1950-06-15 | Service | 2024-09-01 | 2024-09-12 | {ST_MAX} | Reablement | NFA: Other
    G7     |         | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | {ST_MAX} | Reablement | {{}}
"""  # noqa: E501
HEADINGS = ["Measure", "Reporting_Period", "LA_Person_Unique_Identifier", "In_Numerator", "In_Denominator"]
SPAN = "1 Apr 24 - 31 Mar 25"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A council with two files. In the first George's outcome is another than in the second."""
    folder = tmp_path_factory.mktemp("reconciling") / "workspace"
    folder.mkdir()
    with DuckEngine(folder.parent / "spill") as engine:
        council = Council(folder, engine.connection)
        council.sends("first.csv", ROWS.format(""),
                      covers="2023-04-01 2025-03-31", received="2025-04-20")  # fmt: skip
        council.sends("second.csv", ROWS.format("NFA: Other"), covers="2023-04-01 2025-06-30", received="2025-07-20")
    for year, people in (("2023", "40000"), ("2024", "40218")):
        keep_table(
            TABLE, Records(folder / "records"), folder.parent / f"population-{year}.csv",
            [{"LA Code": "950", "Age Band": "65 and above", "Population": people, "Year": year}],
            received="2025-07-01T09:00:00",
        )  # fmt: skip
    place = Workspace(folder)
    place.mark()
    return place


@pytest.fixture
def reconcile(workspace, tmp_path, capsys):
    """Write a file, reconcile it; gives the exit code and what is said as JSON."""

    def run(headings, *rows, options=(), name="theirs.csv"):
        file = tmp_path / name
        if name.endswith(".xlsx"):
            book = openpyxl.Workbook()
            for row in (headings, *rows):
                book.active.append(row)
            book.save(file)
        else:
            with file.open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows([headings, *rows])
        code = main(["reconcile", str(file), *options, "--workspace", str(workspace.folder), "--json", "--by", "Ann"])
        return code, json.loads(capsys.readouterr().out)

    return run


def cases(*people):
    """Rows of 2A of 2024-25: the person, in the numerator, in the denominator."""
    return [["ASCOF 2A", SPAN, *one] for one in people]


OURS = cases(["A1", 1, 1], ["B2", 1, 1], ["F6", 1, 1], ["F6", 1, 1], ["G7", 1, 1])


def differences(answer):
    (compared,) = answer["cases"]
    return {(one["person"], one["kind"]): one["reason"] for one in compared["differences"]}


# Lists of cases


def test_the_same_list_has_no_difference_and_the_look_is_noted(workspace, reconcile):
    """Their numbers are the council's own; ours are NHS numbers where there are any."""
    code, said = reconcile(HEADINGS, *OURS)
    assert (code, differences(said)) == (0, {})
    (compared,) = said["cases"]
    assert (compared["theirs"], compared["ours"], compared["agreed"]) == ([5, 5], [5, 5], 5)
    assert Results(workspace.results).looks()[0] | {"at": ""} == {
        "at": "", "by": "Ann", "area": "950", "measure": "2A", "period": "2024-25", "rows": 6,
    }  # fmt: skip


def test_a_workbook_and_other_headings_and_nhs_numbers_do_as_well(reconcile):
    code, said = reconcile(
        ["MEASURE", "period", "NHS number", "la person id", "in numerator", "in denominator"],
        *[["2A", "2024-25", *one, "Yes", "TRUE"] for one in (
            ["401 023 2137", None], [BEN, "B2"], [None, "f6"], [None, "F6 "], [None, "G7"])],
        name="theirs.xlsx",
    )  # fmt: skip
    assert (code, differences(said)) == (0, {})


def test_only_in_theirs_because_we_left_it_out(reconcile):
    """Our step and outcome are told."""
    found = differences(reconcile(HEADINGS, *OURS, *cases(["C3", 0, 1]))[1])
    assert found == {
        ("950_C3", "only in theirs"): "We looked at it and left it out: own outcome (NFA: Deceased), "
        "2024-06-01 to 2024-07-12."
    }


def test_only_in_theirs_because_nobody_is_known_by_that_number(reconcile):
    found = differences(reconcile(HEADINGS, *OURS, *cases(["Z99", 0, 1]))[1])
    assert found["Z99", "only in theirs"].startswith("Nobody of that number is in our events.")


def test_only_in_theirs_because_nothing_of_the_person_gets_through_a_step(reconcile):
    """Dora's reablement ended the year before; Ed has had none."""
    found = differences(reconcile(HEADINGS, *OURS, *cases(["D4", 1, 1], ["E5", 0, 1]))[1])
    through = "Nothing that we hold of this person gets through this step: "
    assert found["950_D4", "only in theirs"].startswith(f"{through}Episodes that ended in the time asked about")
    assert found["950_E5", "only in theirs"].startswith(f"{through}Every episode of reablement (ST-Max)")


def test_more_units_of_a_person_on_either_side(reconcile):
    """Fay had two episodes."""
    found = differences(reconcile(HEADINGS, *OURS[:2], *OURS[3:])[1])
    assert list(found) == [("950_F6", "only in ours")]
    assert found["950_F6", "only in ours"].startswith("They have fewer episodes of this person. We count it: own")
    found = differences(reconcile(HEADINGS, *OURS, *cases(["F6", 1, 1]))[1])
    assert found == {("950_F6", "only in theirs"): "They have more episodes of this person than we have."}


def test_only_in_ours_whether_they_name_it_or_not(reconcile):
    found = differences(reconcile(HEADINGS, *OURS[1:4], *cases(["G7", 0, 0]))[1])
    assert found[ANN, "only in ours"] == (
        "They have no row of it. We count it: own outcome (NFA: Support ended as planned), 2024-06-01 to 2024-07-12."
    )
    assert found["950_G7", "only in ours"].startswith("They have it neither in numerator nor in denominator. We count")


def test_in_both_but_not_in_both_numerators(reconcile):
    found = differences(reconcile(HEADINGS, *cases(["A1", 0, 1]), *OURS[1:])[1])
    assert found == {
        (ANN, "numerator differs"): "They have it in the denominator only; we count it: own outcome (NFA: Support "
        "ended as planned), 2024-06-01 to 2024-07-12."
    }


def test_a_measure_with_parts_is_compared_part_by_part(reconcile):
    """Ed has a service managed by the council, so is in the denominators of 1a and 2a."""
    code, said = reconcile(
        HEADINGS, ["3D 1a", "2024-25", "E5", 0, 1], ["3D 2a", "2024-25", "E5", 0, 1], ["3D 2a", "2024-25", "A1", 0, 1]
    )
    kinds = [(one["person"], one["part"], one["kind"]) for one in said["cases"][0]["differences"]]
    assert (code, (ANN, "2a", "only in theirs") in kinds) == (0, True)
    assert said["cases"][0]["ours"][1] == said["cases"][0]["agreed"]
    reasons = differences(reconcile(HEADINGS, ["3D(1b)", "2024-25", "E5", 0, 1])[1])
    assert reasons["950_E5", "only in theirs"] == "We have this person in the part 1a, 2a only."
    faults = reconcile(HEADINGS, ["3D", "2024-25", "E5", 0, 1])[1]["faults"]
    assert "3D has the parts 1a, 1b, 2a, 2b. Say which, in a column Part." in faults[0]["words"]


@pytest.mark.parametrize(
    ("headings", "rows", "options", "words"),
    [
        (HEADINGS, [], [], "holds headings and no rows"),
        (HEADINGS, cases(["A1", "maybe", 1]), [], "Row 2: In Numerator is not 1 or 0."),
        (HEADINGS, cases([None, 1, 1]), [], "Row 2: It names nobody."),
        (["Measure", "Colour"], [["2A", "red"]], [], "neither a list of cases nor a table of published figures"),
        (["Colour", "Shape"], [["red", "round"]], [], "Measure"),
        (HEADINGS, [["2X", SPAN, "A1", 1, 1]], [], "There is no measure 2X."),
        (HEADINGS, [["2A", "fortnight", "A1", 1, 1]], [], "“fortnight” is not a period."),
        (HEADINGS, OURS, ["--year", "2023-24"], "theirs.csv is about 2024-25, and 2023-24 was asked for."),
        (HEADINGS, [["2A", None, "A1", 1, 1]], [], "It names no period. Say for when: --year 2024-25"),
        ([*HEADINGS, "LA Code"], [["2A", SPAN, "A1", 1, 1, "219"]], [], "219 is none of our councils, 950."),
        (HEADINGS, [["2A", "2019-20", "A1", 1, 1]], [], "No file of council 950 covers 1 April 2019"),
    ],
)
def test_what_is_refused_and_in_which_words(reconcile, headings, rows, options, words):
    code, said = reconcile(headings, *rows, options=options)
    assert code == 1
    assert any(words in fault["words"] for fault in said["faults"]), said


def test_a_file_that_is_not_there_or_empty(workspace, tmp_path, capsys):
    for name, words in (("none.csv", "does not exist"), ("empty.csv", "is empty")):
        (tmp_path / "empty.csv").touch()
        assert main(["reconcile", str(tmp_path / name), "--workspace", str(workspace.folder)]) == 1
        assert words in capsys.readouterr().err


def test_all_differences_can_be_written_as_csv(reconcile, tmp_path):
    out = tmp_path / "differences.csv"
    reconcile(HEADINGS, *OURS[1:], options=["--out", str(out)])
    with out.open(encoding="utf-8-sig", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert [row[name] for name in ("measure", "kind", "person")] == ["2A", "only in ours", ANN]


def test_our_own_list_of_an_earlier_day_shows_what_changed_since(workspace, reconcile, tmp_path, capsys):
    """In April it was not known what became of George."""
    earlier = tmp_path / "april.csv"
    arguments = ["--year", "2024-25", "--as-of", "2025-05-01", "--out", str(earlier)]
    assert main(["cohort", "2A", *arguments, "--workspace", str(workspace.folder)]) == 0
    assert main(["reconcile", str(earlier), "--workspace", str(workspace.folder), "--json"]) == 0
    assert differences(json.loads(capsys.readouterr().out.splitlines()[-1])) == {
        ("950_G7", "only in ours"): "They have it neither in numerator nor in denominator. We count it: own outcome "
        "(NFA: Other), 2024-06-01 to 2024-07-12."
    }


# Published figures

PUBLISHED = [
    "Geographical code", "Geographical description", "Geographical level", "ONS code", "ASCOF measure code",
    "Disaggregation level", "Measure type", "Measure value",
]  # fmt: skip


def figure(measure, breakdown="Total", *, area="950", level="Local authority", **values):
    return [
        [area, "Exampleshire", level, "E06000999", measure, breakdown, kind, value] for kind, value in values.items()
    ]


def verdicts(answer):
    return {
        (one["measure"], ", ".join(one["breakdown"].values())): (one["verdict"], " ".join(one["reasons"]))
        for one in answer["figures"]
    }


def published(reconcile, *figures, options=("--year", "2024-25")):
    code, said = reconcile(PUBLISHED, *[row for one in figures for row in one], options=options)
    assert code == 0, said
    return said


def test_the_same_figures_other_areas_and_other_measures(reconcile):
    """England and a survey measure are passed over."""
    said = published(
        reconcile, figure("2A", Numerator=5, Denominator=5, Outcome=100), figure("1A", Outcome=18.8),
        figure("2A", "65 and over", Numerator=5, Outcome="100.0"),
        figure("2A", area="England", level="National", Outcome=79),
    )  # fmt: skip
    assert verdicts(said) == {("2A", ""): ("the same", ""), ("2A", "65 and above"): ("the same", "")}
    assert said["notes"] == ["1 row of other areas passed over."]


def test_numbers_to_the_nearest_five_and_markers(reconcile):
    """Our 0 of 1 is their 0 of 0."""
    found = verdicts(
        published(
            reconcile, figure("2E", "65 and over", Numerator=0, Denominator=0, Outcome=0),
            figure("2A", "18 to 64", Numerator="[c]", Denominator="[c]", Outcome="[c]"),
        )
    )  # fmt: skip
    assert found["2E", "65 and above"][0] == "the same but for rounding"
    assert found["2A", "18 to 64"] == (
        "not compared", "They withhold it, because it is small. There are no episodes in the denominator.",
    )  # fmt: skip


def test_a_figure_of_an_earlier_file_is_found(reconcile):
    """In April it was not known what became of George."""
    verdict, reason = verdicts(published(reconcile, figure("2A", Numerator=4, Denominator=4, Outcome=100)))["2A", ""]
    assert verdict == "different"
    assert "numerator 4 against our 5" in reason
    assert "the files received up to 20 April 2025" in reason


def test_a_population_of_another_year_is_found(reconcile):
    """Nobody was admitted, so the rate is nought either way, and only the population differs."""
    verdict, reason = verdicts(published(reconcile, figure("2C", Numerator=0, Denominator=40000, Outcome=0)))["2C", ""]
    assert (verdict, "the population of the middle of 2023" in reason) == ("different", True)


def test_where_nothing_explains_a_figure_that_is_said(reconcile):
    found = verdicts(published(reconcile, figure("2A", Numerator=3, Denominator=9, Outcome=33.3)))
    assert "No other method, reading, population or earlier state of our files gives their figure" in found["2A", ""][1]


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (figure("2Z", Outcome=1), ["--year", "2024-25"], "row 2, Measure: “2Z” is no measure code we know. We know"),
        (figure("2A", "Left-handed", Outcome=1), ["--year", "2024-25"],
         "row 2, Disaggregation Level: “Left-handed” is no group we know."),
        (figure("2A", Outcome=1), [], "It names no period. Say for when"),
        (figure("2A", area="104", Outcome=1), ["--year", "2024-25"], "theirs.csv has no row of 950; it has 104."),
        (figure("2A", Outturn=1), ["--year", "2024-25"], "“outturn” is no measure type we know."),
        (figure("2A", Outcome="lots"), ["--year", "2024-25"], "Measure Value is not a number, or a marker such as [c]"),
        (figure("1A", Outcome=1), ["--year", "2024-25"], "only measures that Client Level Data do not decide"),
        (figure("2A", Outcome=1), ["--year", "2019-20"], ""),
    ],
)
def test_published_files_that_cannot_be_compared(reconcile, rows, options, words):
    code, said = reconcile(PUBLISHED, *rows, options=options)
    if words:
        assert (code, words in said["faults"][0]["words"]) == (1, True), said
    else:  # no file of ours: the figure says so
        assert "No file of council 950 covers" in verdicts(said)["2A", ""][1]


def test_files_of_before_2023_mean_other_measures(reconcile):
    code, said = reconcile(
        [*PUBLISHED, "Measure Group"], [*figure("2A", Outcome=1)[0], "2A"], options=["--year", "2024-25"]
    )
    assert (code, "Their codes mean other measures" in said["faults"][0]["words"]) == (1, True)


# What the two rest on


def test_the_way_to_every_measure_can_be_walked(workspace):
    """Each relation on the way has a person in every row, and every step on it is told in words."""
    library = load_library()
    measures = [one for one in library.measures.values() if not one.needs]
    with Work(workspace, Question((Period.year(2024),), ("2A",)), lambda *a: None).running(["950"]) as run:
        for measure in measures:
            names = way(measure, library)
            assert set(run.reached(measure, names, ["950_E5"])) == {*names} >= {"cohort"}
            assert all(sources(step) and step.words for step in measure.steps if step.name in names), measure.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 Apr 24 - 31 Mar 25", "2024-25"), ("2024-04-01 to 2024-06-30", "2024-25 Q1"), ("2024/25", "2024-25"),
        ("1 Jan 24 – 31 Dec 24", "12m to 2024-12-31"), ("1 May 2024 - 31 May 2024", "month 2024-05"),
        ("1 Apr 24 - 30 Nov 24", "2024-25 to 2024-11-30"), ("12 months to 31 December 2024", "12m to 2024-12-31"),
    ],
)  # fmt: skip
def test_periods_as_others_write_them(text, code):
    assert read_span(text).code == code


def test_a_span_that_is_no_period():
    with pytest.raises(UnreadablePeriod, match=re.escape("is no year, quarter, month")):
        read_span("2 Apr 24 - 3 May 24")
