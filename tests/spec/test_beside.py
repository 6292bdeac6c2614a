"""What was published of all areas, as pages read it: every area of a comparators file, by framework and code."""

import csv
import json
from decimal import Decimal

import pytest

from outturn import measuring, pipeline
from outturn.cli.main import main
from outturn.results.comparators import Comparators
from outturn.workspace import Workspace

HEADINGS = [
    "Geographical code", "Geographical description", "Geographical level", "ONS code", "ASCOF measure code",
    "Disaggregation level", "Measure type", "Measure value",
]  # fmt: skip
NEW = "ascof-2023-24"
KEY = (NEW, "2A")
AREAS = {
    "950": ("Exampleshire", "Local authority", "X10000950"), "104": ("Northshire", "Council", "E06000057"),
    "NE": ("North East", "Regional", "E12000001"), "SC": ("Shire counties", "Council type", ""),
    "England": ("England", "England", "E92000001"),
}  # fmt: skip


def figure(area="950", measure="2A", group="Total", **values):
    """Rows of one published figure."""
    name, level, ons = AREAS[area]
    return [[area, name, level, ons, measure, group, kind.replace("_", " "), value] for kind, value in values.items()]


OURS = figure(Numerator=415, Denominator=499, Outcome="83.2")


@pytest.fixture
def workspace(tmp_path):
    place = Workspace(tmp_path / "workspace")
    place.folder.mkdir()
    place.mark()
    return place


@pytest.fixture
def submit(workspace, tmp_path, capsys):
    """Write a file and send it in; gives the id of the submission."""

    def run(*figures, year="2024-25", name="ascof.csv", received="2025-12-01", by="DHSC"):
        file = tmp_path / name
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([HEADINGS, *[row for rows in figures for row in rows]])
        code = main([
            "submit", "comparators", str(file), "--year", year, "--published-by", by, "--received", received,
            "--by", "Ann", "--workspace", str(workspace.folder), "--json",
        ])  # fmt: skip
        answer = json.loads(capsys.readouterr().out)
        assert code == 0, answer["faults"]
        return answer["submissions"][0]["id"]

    return run


def told(workspace, key=KEY, **more):
    """Value by area and period."""
    found = measuring.beside(workspace, [key], **more)[key]
    return {(one.figure.area, one.figure.period): one.figure.value for one in found}


def test_every_area_of_a_file_is_there_with_its_name_and_kind(workspace, submit):
    submit(
        OURS, figure("104", Outcome=71, Numerator=71, Denominator=100), figure("NE", Outcome="75.5"),
        figure("SC", Outcome="74.2"), figure("England", Outcome="76.1", Numerator=761, Denominator=1000),
    )  # fmt: skip
    found = {one.figure.area: one for one in measuring.beside(workspace, [KEY])[KEY]}
    assert {area: (one.figure.name, one.figure.kind) for area, one in found.items()} == {
        "950": ("Exampleshire", "council"), "104": ("Northshire", "council"), "NE": ("North East", "region"),
        "SC": ("Shire counties", "council type"), "ENGLAND": ("England", "England"),
    }  # fmt: skip
    ours, origin = found["950"].figure, found["950"].origin
    assert (ours.numerator, ours.denominator, ours.value, ours.ons) == (415, 499, Decimal("83.2"), "X10000950")
    assert (origin.by, origin.file, str(origin.received.date())) == ("DHSC", "ascof.csv", "2025-12-01")
    assert told(workspace, areas=["104"]) == {("104", "2024-25"): 71}


def test_parts_and_groups_are_found_by_the_catalogues_codes(workspace, submit):
    submit(
        figure(measure="2E LD", Outcome=81), figure(measure="2E", Outcome=60), figure(measure="3D(2a)", Outcome=30),
        figure(group="65+", Outcome=90), OURS,
    )  # fmt: skip
    for code, value in (("2ELD", 81), ("2E", 60), ("3D2a", 30), ("2A", Decimal("83.2"))):
        assert told(workspace, (NEW, code)) == {("950", "2024-25"): value}
    older = '{"age_band": "65 and above"}'
    assert told(workspace, breakdown=older) == {("950", "2024-25"): 90}


def test_an_old_code_is_never_meant_by_a_new_one(workspace, submit):
    """2A was admissions to care homes until 2022-23, and is the outcome of short-term support since."""
    submit(OURS)
    assert told(workspace, ("ascof-2015-18", "2A")) == {}


def test_a_survey_keeps_its_margin_of_error_and_a_marker_its_place(workspace, submit):
    submit(figure("104", Outcome="[c]", Numerator="[c]"), OURS,
           figure(measure="1D", Outcome="65.3", Margin_of_error="2.9", Base=400))  # fmt: skip
    (survey,) = measuring.beside(workspace, [(NEW, "1D")])[NEW, "1D"]
    assert (survey.figure.value, survey.figure.margin) == (Decimal("65.3"), Decimal("2.9"))
    withheld = next(one.figure for one in measuring.beside(workspace, [KEY])[KEY] if one.figure.area == "104")
    assert (withheld.value, withheld.numerator, withheld.marker) == (None, None, "[c]")


def test_of_two_files_the_one_received_last_gives_the_figure_whole(workspace, submit):
    """The later one, sent in first, has no counts of it; the earlier one's are not put beside its outcome."""
    submit(figure(Outcome="83.9"), name="revised.csv", received="2026-02-01")
    submit(OURS, figure("104", Outcome=71))
    found = {one.figure.area: one for one in measuring.beside(workspace, [KEY])[KEY]}
    assert (found["950"].figure.value, found["950"].figure.numerator) == (Decimal("83.9"), None)
    assert (found["950"].origin.file, found["104"].origin.file) == ("revised.csv", "ascof.csv")


def test_what_is_withdrawn_is_gone_and_what_it_hid_is_back(workspace, submit, capsys):
    submit(OURS)
    later = submit(figure(Outcome="83.9"), name="revised.csv", received="2026-02-01")
    assert told(workspace) == {("950", "2024-25"): Decimal("83.9")}
    assert main(["withdraw", later, "--because", "a slip", "--workspace", str(workspace.folder)]) == 0
    assert told(workspace) == {("950", "2024-25"): Decimal("83.2")}


def test_the_same_file_again_and_telling_again_change_nothing(workspace, submit):
    first = submit(OURS)
    assert submit(OURS) == first
    pipeline.tell_comparators(workspace)
    assert len(measuring.beside(workspace, [KEY])[KEY]) == 1


def test_what_was_stored_and_not_told_is_told_by_an_upgrade(workspace, submit):
    """As in a workspace whose comparators an older Outturn stored."""
    submit(OURS)
    Comparators(workspace.results).keep_only(())
    assert told(workspace) == {}
    pipeline.tell_comparators(workspace)
    assert told(workspace) == {("950", "2024-25"): Decimal("83.2")}


def test_two_years_stand_side_by_side(workspace, submit):
    submit(OURS)
    submit(figure(Outcome=80), year="2023-24", name="before.csv")
    assert told(workspace) == {("950", "2024-25"): Decimal("83.2"), ("950", "2023-24"): 80}


def test_a_council_whose_code_changed_is_one(workspace, submit):
    workspace.lists.mkdir()
    (workspace.lists / "area-codes.csv").write_text("Old Code,New Code\n104,950\n", "utf-8")
    submit(OURS, figure("104", Outcome=71))
    submit(figure("104", Outcome=70), year="2023-24", name="before.csv")
    assert told(workspace) == {("950", "2024-25"): Decimal("83.2"), ("950", "2023-24"): 70}
    assert told(workspace, areas=["950"]) == told(workspace)


def test_many_measures_in_one_question_and_none_where_nothing_is_stored(workspace, submit):
    keys = [(NEW, "2A"), *((NEW, f"none {number}") for number in range(2_000))]
    assert not any(measuring.beside(workspace, keys).values())
    submit(OURS)
    assert [key for key, found in measuring.beside(workspace, keys).items() if found] == [KEY]
