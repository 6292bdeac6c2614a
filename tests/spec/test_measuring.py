"""From stored submissions to what is told: figures with what they rest on, and never a nought that means nothing."""

import csv
import shutil
from datetime import date

import pytest

from outturn.cli.asking import periods
from outturn.cli.main import main, parser
from outturn.engines.duck import DuckEngine
from outturn.measuring import cohort, measured, told
from outturn.questions import Question
from outturn.records.store import Records
from outturn.results.store import Results
from outturn.returns.population import TABLE
from outturn.terms.period import Period
from outturn.workspace import Refusal, Workspace

from .cld_rows import Council
from .discharge_stories import keep_discharges, keep_table

YEAR = Period.year(2024)
AS_OF = date(2025, 8, 31)


def rows(*more):
    """Ann needed nothing after reablement, Ben long-term support, Cat died, Eve went into nursing care."""
    text = """
        person | born       | event   | start      | end        | type | component | outcome
        Ann    | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | ST | Reablement | NFA: Support ended as planned
        Ben    | 1950-06-15 | Service | 2024-06-01 | 2024-07-12 | ST | Reablement | NFA: Other
        Ben    | 1950-06-15 | Service | 2024-07-13 |            | LT: Community | Home support |
        Cat    | 1980-06-15 | Service | 2024-06-01 | 2024-07-12 | ST | Reablement | NFA: Deceased
        Eve    | 1940-06-15 | Service | 2024-09-01 |            | LT: Nursing care | Long term nursing care |
    """
    text = "\n".join([text.strip(), *more])
    return text.replace("| ST |", "| Short term support: ST-Max |").replace("| LT:", "| Long term support:")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Council 950 for April 2023 to June 2025, and council 219 for 2024-25 but for its third quarter."""
    folder = tmp_path_factory.mktemp("measuring") / "workspace"
    folder.mkdir()
    with DuckEngine(folder.parent / "spill") as engine:
        ours = Council(folder, engine.connection)
        ours.sends("first.csv", rows(), covers="2023-04-01 2025-03-31", received="2025-04-20")
        late = "Dan | 1950-06-15 | Service | 2024-08-01 | 2024-08-12 | ST | Reablement | NFA: Other"
        ours.sends("second.csv", rows(late), covers="2023-04-01 2025-06-30", received="2025-07-20")
        theirs = Council(folder, engine.connection, area="219")
        theirs.sequence = 2
        theirs.sends("theirs-1.csv", rows(), covers="2023-04-01 2024-09-30", received="2024-10-20")
        theirs.sends("theirs-2.csv", rows(), covers="2025-01-01 2025-06-30", received="2025-07-20")
    Workspace(folder).mark()
    measured(Workspace(folder), Question((YEAR,), ("2A",), as_of=AS_OF))  # so that copies find prepared tables
    return folder


@pytest.fixture(scope="module")
def workspace(built):
    """For tests that change nothing another looks at."""
    return Workspace(built)


@pytest.fixture
def own(built, tmp_path):
    return Workspace(shutil.copytree(built, tmp_path / "workspace"))


def ask(workspace, *codes, periods=(YEAR,), areas=("950",), as_of=AS_OF, **more):
    return measured(workspace, Question(tuple(periods), codes, tuple(areas), as_of=as_of, **more))


def total(results, **about):
    (one,) = [
        one for one in results
        if not one.breakdown and all(getattr(one, name) == value for name, value in about.items())
    ]  # fmt: skip
    return one


def refused(*arguments, **more):
    with pytest.raises(Refusal) as refusal:
        ask(*arguments, **more)
    return str(refusal.value)


def test_a_figure_with_what_it_rests_on(workspace):
    """Three were classified, two of them need nothing; the one whose outcome is death is counted beside."""
    found = total(ask(workspace, "2A"))
    assert (found.numerator, found.denominator, str(found.value)) == (2, 3, "66.7")
    assert (found.method, found.reading, found.period) == ("DHSC-2526", "executed", "2024-25")
    assert dict(found.side_counts) == {"deceased": 1}
    assert (found.flags, str(found.as_of)) == ((), "2025-07-20 09:00:00")


def test_as_it_was_known_before_the_second_file_and_provisional_then(workspace):
    """Dan came with the second file. With the first the year had only just ended."""
    found = total(ask(workspace, "2A", as_of=date(2025, 5, 1)))
    assert (found.numerator, found.denominator, found.flags) == (1, 2, ("provisional",))
    assert total(ask(workspace, "2A")).denominator == 3


def test_a_quarter_without_a_file_is_no_figure_and_says_which(workspace):
    found = total(ask(workspace, "2A", areas=["219"]))
    assert (found.value, found.numerator, found.denominator, found.state) == (None, None, None, "awaited")
    assert found.because == (
        "No file of council 219 covers 1 October 2024 to 31 December 2024. Submit one that does, or ask for another "
        "period."
    )
    assert total(ask(workspace, "2A", areas=["219"], periods=[Period.quarter(2024, 2)])).denominator == 2


def test_a_council_that_sent_nothing_is_told_to(workspace):
    found = total(ask(workspace, "2A", areas=["123"]))
    assert (found.value, found.state) == (None, "awaited")
    assert found.because == (
        "No Client Level Data of council 123 are stored as of 31 August 2025. Submit them: outturn submit cld FILE"
    )


def test_nothing_stored_at_all(tmp_path):
    place = Workspace(tmp_path / "empty")
    place.folder.mkdir()
    place.mark()
    assert "No Client Level Data are stored yet" in refused(place, "2A", areas=[])


def test_two_councils_and_their_total(workspace):
    """Where one lacks the year, the total is of the other and says so."""
    quarter = ask(workspace, "2A", areas=[], periods=[Period.quarter(2024, 2)])
    assert [total(quarter, area=area).denominator for area in ("950", "219", "all")] == [3, 2, 5]
    year = total(ask(workspace, "2A", areas=[]), area="all")
    assert (year.denominator, year.notes) == (3, ("Without 219: see their own results for the reason.",))


def test_what_makes_no_sense_is_refused_with_what_would(workspace):
    assert refused(workspace, "2X").startswith("There is no measure 2X. The measures are 2A, 2B")
    day = refused(workspace, "2A", periods=[Period.snapshot(date(2025, 3, 31))])
    assert day == "2A is not given for a snapshot, only for a year or quarter or rolling or year to date."
    assert "2A cannot be broken down by shoe_size. It can be by age_band, gender" in refused(
        workspace, "2A", by=("shoe_size",)
    )
    assert "There is no method DHSC-2526X. Did you mean DHSC-2526?" in refused(workspace, "2A", method="DHSC-2526X")
    assert "The readings are executed (the program) and published" in refused(workspace, "2A", reading="mine")
    assert "Measures are for a financial year" in refused(workspace, "2A", periods=[Period.survey(2024)])


def test_all_that_is_wrong_is_said_at_once(workspace):
    told = refused(workspace, "2X", "3Z", "2A", by=("shoe_size",))
    assert len(told.splitlines()) == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (None, "There is no population file. Submit one with"),
        ({"LA Code": "219"}, "No population file has a row for the council 950; they have 219."),
        ({"Year": "2019"}, "for 2019, not for the middle of 2024. Submit one"),
    ],
)
def test_a_rate_without_its_population_says_what_is_missing(own, changed, words):
    """The number of people is still known."""
    if changed:
        give_population(own, **changed)
    found = total(ask(own, "2C"))
    assert (found.numerator, found.denominator, found.value, found.state) == (1, None, None, "awaited")
    assert words in found.because


def give_population(workspace, **changed):
    row = {"LA Code": "950", "Age Band": "65 and above", "Population": "40218", "Year": "2024", **changed}
    file = workspace.folder.parent / "population.csv"
    keep_table(TABLE, Records(workspace.records), file, [row], received="2025-07-01T09:00:00")


def test_a_rate_says_whose_population_it_is_divided_by(own):
    give_population(own)
    found = total(ask(own, "2C"))
    assert (str(found.value), found.denominator) == ("2.5", 40_218)
    assert "Population of the middle of 2024." in found.notes


def test_support_before_the_first_file_is_not_known(workspace):
    """Nobody can be new in 2023-24 for sure, because nothing is known of the year before."""
    found = ask(workspace, "HOME-ADMISSIONS", periods=[Period.year(2023), YEAR])
    words = "No file covers all of the 365 days before the period, so earlier support is not fully known"
    assert {one.period for one in found if any(note.startswith(words) for note in one.notes)} == {"2023-24"}


def test_2d_waits_for_hospital_discharges(workspace):
    found = ask(workspace, "2D")
    assert {(one.value, one.state) for one in found} == {(None, "awaited")}
    with pytest.raises(Refusal, match="2D needs a hospital discharge file"):
        cohort(workspace, Question((YEAR,), ("2D",), ("950",), as_of=AS_OF), by="Ann")


def test_2d_of_one_council_is_the_same_asked_alone_as_with_the_others(own):
    """Ann lived in a care home of council 950, which only its records say, and had reablement from council 219."""
    services = """
        nhs_raw    | person | born       | event   | start      | end        | type | component
        4010232137 | Ann    | 1940-06-15 | Service | {} |  | {} | {}
    """
    reabled = ("2024-10-10", "Short term support: ST-Max", "Reablement")
    at_home = ("2024-06-10", "Long term support: Nursing care", "Long term nursing care")
    with DuckEngine(own.folder.parent / "spill") as engine:
        council = Council(own.folder, engine.connection)
        council.sequence = 10
        for area, what in (("219", reabled), ("950", at_home)):
            council.sends(
                f"{area}.csv", services.format(*what), covers="2023-04-01 2025-06-30", received="2025-08-02", area=area
            )
    keep_discharges(
        Records(own.records), own.folder.parent / "discharges.csv",
        [{
            "NHS Number": "4010232137", "Admission Date": "2024-10-01", "Discharge Date": "2024-10-10",
            "Birth Month": "1940-06", "Gender": "Female", "Admission Method": "21", "Discharge Method": "1",
            "Discharge Destination": "19", "Treatment Function": "430", "Management Type": "EM", "Last Episode": "1",
            "LA Code of Residence": "950", "Spell Id": "1",
        }],
        received="2025-08-02T09:00:00",
    )  # fmt: skip
    both, alone = ask(own, "2D", areas=[]), ask(own, "2D", areas=["219"])
    assert [one for one in both if one.area == "219"] == alone
    assert total(alone, part="1").denominator == 0
    listed = cohort(own, Question((YEAR,), ("2D",), ("219",), as_of=AS_OF), by="Ann")
    assert [(row["la_code"], row["included"], row["step"]) for row in listed if row["person"] == "4010232137"] == [
        ("219", 0, "no discharge before it")
    ]


def test_a_series_is_one_question(workspace):
    quarters = [Period.quarter(2024, number) for number in (1, 2, 3, 4)]
    found = [total(ask(workspace, "2A", periods=quarters), period=one.code).denominator for one in quarters]
    assert found == [0, 3, 0, 0]


def test_a_breakdown_by_anything_a_cohort_has(workspace):
    found = ask(workspace, "2A", by=("age_band",))
    assert {tuple(one.breakdown.values()): one.denominator for one in found} == {("65 and above",): 3, ("18 to 64",): 0}


def test_what_was_told_is_told_again_without_counting(workspace, monkeypatch):
    measured(workspace, Question((YEAR,), ("2A",), ("950",)))
    monkeypatch.setattr("outturn.measuring.open_engine", None)
    assert [one["denominator"] for one in told(workspace, "950", "2A") if not one["breakdown"]] == [3]
    again = total(measured(workspace, Question((YEAR,), ("2A",), ("950",))))
    assert again.denominator == 3  # from counts that were kept: no engine was opened


# The commands


def say(capsys, workspace, *arguments):
    """What a command says, and whether it did its work."""
    code = main([*arguments, "--workspace", str(workspace.folder)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_figure_in_a_line(workspace, capsys):
    code, said = say(capsys, workspace, "measure", "2a", "--year", "2024-25", "--area", "950", "--as-of", "2025-08-31")
    assert code == 0
    assert "  950  2024-25  total: 66.7 % (2 of 3); 1 deceased\n" in said
    assert "  950  2024-25  18 to 64: none (not applicable). There are no episodes in the denominator.\n" in said


def test_a_sum_to_date_in_a_line_says_what_it_comes_to(workspace, capsys):
    """Eve's days from 1 April to 30 June are 91, 13 weeks; a year's 365 make 52.1."""
    arguments = ["--year", "2025-26", "--to", "2025-06-30", "--area", "950", "--as-of", "2025-08-31"]
    said = say(capsys, workspace, "measure", "BED-WEEKS", *arguments)[1]
    assert "  950  2025-26 to 2025-06-30  total: 13 weeks; 52 by 31 March at this rate" in said


@pytest.mark.parametrize(
    ("when", "codes"),
    [
        (["--year", "2024-25"], ["2024-25"]),
        (["--to", "2024-12-31"], ["12m to 2024-12-31"]),
        (["--year", "2024-25", "--to", "2024-12-31"], ["2024-25 to 2024-12-31"]),
        (["--year", "2024-25", "--to", "2025-03-31"], ["2024-25"]),
        (["--period", "Q1 2024-25", "--period", "May 2024"], ["2024-25 Q1", "month 2024-05"]),
        (["--year", "2024-25", "--each", "quarter"], [f"2024-25 Q{number}" for number in (1, 2, 3, 4)]),
        (
            ["--period", "Q1 2024-25", "--each", "rolling"],
            ["12m to 2024-04-30", "12m to 2024-05-31", "12m to 2024-06-30"],
        ),
    ],
)
def test_the_periods_that_arguments_ask_for(when, codes):
    assert [period.code for period in periods(parser().parse_args(["measure", *when]))] == codes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2A"], "Say for when: --year 2024-25"),
        (["2A", "--year", "soon"], "“soon” is not a period."),
        (["2A", "--year", "2024-25", "--to", "2026-01-31"], "2026-01-31 is not in 2024/25. Leave out --year"),
    ],
)
def test_arguments_that_make_no_sense(workspace, capsys, arguments, words):
    code, said = say(capsys, workspace, "measure", *arguments)
    assert (code, words in said) == (1, True), said


def test_cases_of_a_person_and_as_csv(own, capsys, tmp_path):
    arguments = ["cohort", "2A", "--year", "2024-25", "--area", "950", "--by", "Ann"]
    assert say(capsys, own, *arguments, "--person", "ben")[1].splitlines()[0] == (
        "950_BEN  2024-06-01 to 2024-07-12  in the denominator: long-term support followed"
    )
    assert say(capsys, own, *arguments, "--out", str(tmp_path / "cases.csv"))[0] == 0
    with (tmp_path / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {(row["measure"], row["person"], row["counted"]) for row in csv.DictReader(file)} >= {
            ("2A", "950_ANN", "1"), ("2A", "950_BEN", "0"),
        }  # fmt: skip
    code, said = say(capsys, own, *arguments, "--out", str(tmp_path / "none" / "cases.csv"))
    assert (code, "cannot be written" in said) == (1, True)


def test_a_measure_explained_under_a_method(workspace, capsys):
    said = say(capsys, workspace, "explain", "2b", "--method", "DHSC-2627")[1]
    assert "self funded stays: removed." in said
    assert all(heading in said for heading in ("What is counted", "How it is worked out", "Source"))


def test_a_case_list_is_of_one_measure_and_council_and_is_noted(own):
    found = cohort(own, Question((YEAR,), ("2A",), ("950",), as_of=AS_OF), by="Ann")
    assert {(row["person"], row["included"], row["counted"], row["step"]) for row in found} == {
        ("950_ANN", 1, 1, "own outcome"), ("950_BEN", 1, 0, "long-term support followed"),
        ("950_CAT", 0, 0, "own outcome"), ("950_DAN", 1, 1, "own outcome"),
    }  # fmt: skip
    (look,) = Results(own.results).looks()
    assert [look[name] for name in ("by", "area", "measure", "period", "rows")] == ["Ann", "950", "2A", "2024-25", 4]
    with pytest.raises(Refusal, match="one measure and one council"):
        cohort(own, Question((YEAR,), ("2A",), as_of=AS_OF), by="Ann")
    assert len(Results(own.results).looks()) == 1
