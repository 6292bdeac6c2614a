"""Councils whose code changed: the list, and what it does to events, populations and people."""

import pytest

from outturn.records.areas import AreaCodes, advice, read_area_codes
from outturn.textfiles import FaultyFiles
from outturn.workspace import Workspace
from tests.spec.cld_rows import COMMUNITY, Q1, Q2, Council

CODES = AreaCodes({"218": "821", "817": "218"})


@pytest.fixture
def listed(tmp_path):
    """Read a list of these words."""

    def read(words, encoding="utf-8"):
        (tmp_path / "lists").mkdir(exist_ok=True)
        (tmp_path / "lists" / "area-codes.csv").write_text(words, encoding)
        return read_area_codes(Workspace(tmp_path))

    return read


def test_a_chain_of_codes_ends_in_the_present_one():
    assert [CODES.current(code) for code in ("817", "218", "821", "950")] == ["821", "821", "821", "950"]
    assert CODES.codes_of("218") == ("821", "218", "817")
    assert CODES.codes_of("950") == ("950",)
    assert CODES.merged({"218": 3, "821": 4, "950": 1}) == {"821": 7, "950": 1}


def test_a_list_is_read_with_or_without_dates(listed):
    assert listed("Old Code,New Code,From\n218,821,2023-04-01\n\ne06000014 ,219,\n").changes == {
        "218": "821", "E06000014": "219",
    }  # fmt: skip
    assert listed("New Code,Old Code\n821,218\n", "utf-8-sig").changes == {"218": "821"}


def test_without_a_list_no_code_changed(tmp_path):
    assert read_area_codes(Workspace(tmp_path)).changes == {}


def test_every_fault_of_a_list_is_told_with_its_line(listed):
    with pytest.raises(FaultyFiles) as told:
        listed("Old Code,New Code,From\n218,821,\n218,822,\n821,218,\n,950,\n950,951,April\n7,7,\n")
    assert [(fault.line, fault.words.split(".")[0]) for fault in told.value.faults] == [
        (3, "218 has become 821 in a row above"),
        (4, "821 cannot become 218, which has become 821"),
        (5, "“Old Code” and “New Code” must both be filled"),
        (6, "“April” is not a date"),
        (7, "7 stands on both sides"),
    ]


def test_a_list_of_other_headings_says_which_it_needs(listed):
    with pytest.raises(FaultyFiles, match="No column is headed “New Code”"):
        listed("Old Code;New Code\n218;821\n")


def test_a_file_of_two_codes_is_told_what_to_write_in_the_list():
    told = advice("cld.csv", {"218": 3, "821": 4, "": 1})
    assert told.startswith("cld.csv has rows of 2 councils: 218, 821. Each is counted on its own.")
    assert "write the row “218,821” (the old code first) under the headings “Old Code,New Code”" in told
    assert "lists/area-codes.csv" in told
    assert advice("cld.csv", CODES.merged({"218": 3, "821": 4})) == ""


@pytest.fixture
def moved(tmp_path, connection):
    """A council that sends one file under its old code, and one under the new."""
    council = Council(tmp_path, connection, area="821")
    row = f"Ann | 2024-04-10 | {COMMUNITY}"
    heads = "person | start | type"
    council.sends("old.csv", f"{heads}\n{row}\nBob | 2024-05-10 | {COMMUNITY}", **Q1, area="218")
    council.sends("new.csv", f"{heads}\n{row}\nCam | 2024-08-10 | {COMMUNITY}", **Q2)
    return council


def test_rows_under_the_old_code_count_with_the_new_one(moved):
    prepared = moved.prepared(codes=CODES)
    assert moved.ask(prepared.events, "la_code, person, row") == [
        ("821", "821_BOB", "old.csv:3"), ("821", "821_ANN", "new.csv:2"), ("821", "821_CAM", "new.csv:3"),
    ]  # fmt: skip
    assert moved.prepared(codes=CODES).folder == prepared.folder


def test_a_question_about_the_old_code_is_one_about_the_new(moved):
    here = moved.prepared(codes=CODES).folder
    moved.area = "218"
    assert moved.prepared(codes=CODES).folder == here


def test_tables_are_made_anew_only_where_a_file_has_the_old_code(moved):
    plain = moved.prepared()
    assert moved.ask(plain.events, "person") == ["821_ANN", "821_CAM"]
    assert moved.prepared(codes=AreaCodes({"817": "821"})).folder == plain.folder
