"""`outturn trail`: what it says of a trail that holds, and of one that somebody has been at."""

import csv
import json
import sqlite3
import subprocess
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from outturn.cli import looking, trail
from outturn.cli.main import main
from outturn.site.trail import keeping, triggers
from outturn.site.trail.actions import note_change
from outturn.site.trail.models import Change
from outturn.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def kept(db, tmp_path, settings, monkeypatch):
    """A trail of six rows, with its head beside it."""
    settings.WORKSPACE = Workspace(tmp_path)
    monkeypatch.setattr(trail, "open_workspace", lambda workspace: None)
    monkeypatch.setattr(keeping, "_is_of_workspace", lambda: True)
    for number in range(1, 7):
        note_change(
            by="ada", verb="changed", council="york", kind="risk", subject=f"2018-19/{number}", title="=1+1 é",
            before={"rating": "Red"}, after={"rating": "Amber"}, reason="'Because,\r\n\"so\".",
        )  # fmt: skip
    keeping.tell_head()
    return tmp_path


def run(capsys, *arguments):
    code = main(["trail", *map(str, arguments)])
    said = capsys.readouterr()
    return code, json.loads(said.out) if "--json" in arguments else said.out + said.err


def tampered(statement, *values):
    """As somebody with the database in their hands would."""
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install()


def test_a_trail_that_holds_says_so_with_its_head(capsys, kept):
    code, said = run(capsys, "verify")
    assert code == 0
    assert said == f"Every one of 6 rows is as it was written.\n{keeping.head().words}\n"
    code, said = run(capsys, "verify", "--json")
    assert said["head"] == Change.objects.first().digest


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE trail_change SET reason = 'x' WHERE id = 4", "Row 4 ({at}): its content is not what was written"),
        ("UPDATE trail_change SET before = '{}' WHERE id = 4", "Row 4 ({at}): its content is not what was written"),
        ("DELETE FROM trail_change WHERE id = 3", "Row 4 ({at}): it does not follow row 2."),
        ("DELETE FROM trail_change WHERE id = 1", "Row 2"),
        ("DELETE FROM trail_change WHERE id > 4", "Row 4 ({at}): the trail ends here, but went on to row 6"),
        ("DELETE FROM trail_change", "Row 0 (no time): the trail ends here, but went on to row 6"),
        ("UPDATE trail_change SET id = 7 - id + 100", "Row 101"),
    ],
)
def test_somebody_who_has_been_at_it_is_found(capsys, kept, statement, words):
    at = keeping.stamp(Change.objects.get(id=4).at)
    tampered(statement)
    code, said = run(capsys, "verify")
    assert code == 1
    assert said.startswith("The trail is broken. ")
    assert words.format(at=at) in said
    assert run(capsys, "verify", "--json")[1]["faults"][0]["words"] == said.strip()


def test_guards_that_were_taken_away_are_missed(capsys, kept):
    triggers.remove()
    code, said = run(capsys, "verify")
    assert code == 1
    assert "the database no longer refuses to alter it: trail_no_update, trail_no_delete, trail_no_insertion" in said


def test_a_head_that_is_gone_is_missed_and_the_printed_one_helps(capsys, kept):
    printed = keeping.head().words.rpartition(", ")[2]
    assert run(capsys, "verify", "--head", printed)[0] == 0
    keeping.head_file().unlink()
    code, said = run(capsys, "verify")
    assert code == 1
    assert "outturn trail verify --head DIGEST" in said
    keeping.head_file().write_text("{")
    assert run(capsys, "verify")[0] == 1
    tampered("DELETE FROM trail_change WHERE id = 6")
    keeping.tell_head()
    assert run(capsys, "verify")[0] == 0  # whoever has both may cut the end off, but not what was printed
    assert "no row of the trail has the digest" in run(capsys, "verify", "--head", printed)[1]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_is_verified_elsewhere(capsys, kept, form):
    file = kept / f"out.{form}"
    code, said = run(capsys, "export", file, "--by", "Ann")
    assert code == 0
    assert said.startswith(f"7 rows in {file}. To print in a committee pack:\nTrail of changes: row 7, ")
    assert Change.objects.first().verb == "exported"
    assert run(capsys, "verify", file)[0] == 0
    altered = file.read_bytes().replace(b"2018-19/3", b"2018-19/9")
    file.write_bytes(altered)
    code, said = run(capsys, "verify", file)
    assert code == 1
    assert "Row 3 (" in said
    tampered("DELETE FROM trail_change WHERE id = 7")
    keeping.tell_head()
    assert "went on to row 7" in run(capsys, "verify")[1]  # the head that left with the export is kept


def test_no_spreadsheet_takes_a_cell_of_it_for_a_formula(capsys, kept):
    run(capsys, "export", kept / "out.csv")
    with (kept / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["title"] == "'=1+1 é"
    assert rows[0]["reason"] == "''Because,\r\n\"so\"."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export"], "Name the file to write"),
        (["export", "x.xlsx"], "x.xlsx is neither .csv nor .jsonl."),
        (["export", "/nowhere/x.csv"], "/nowhere/x.csv cannot be written: No such file or directory."),
        (["verify", "/nowhere/x.csv"], "/nowhere/x.csv cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(capsys, kept, arguments, words):
    code, said = run(capsys, *arguments)
    assert code == 1
    assert words in said
    assert Change.objects.count() == 6


def test_commands_that_show_people_are_written_down_without_them(kept, monkeypatch):
    monkeypatch.setattr(looking, "open_workspace", lambda workspace: None)
    workspace = Workspace(kept)
    chosen = Namespace(workspace=workspace, by="Ann", out=None)
    looking.note_look(chosen, "cases", "2A", "Cases behind 2A", rows=12)
    assert Change.objects.first().kind == "risk"  # there is no database here, and so no trail
    workspace.database.touch()
    looking.note_look(chosen, "cases", "2A", "Cases behind 2A", rows=12, one_person=False)
    change = Change.objects.first()
    assert (change.by, change.verb, change.council, change.after) == ("Ann", "seen", "return:cld", {"rows": 12})
    looking.note_look(Namespace(workspace=workspace, out=kept / "x.csv"), "cases", "2A", "Cases behind 2A")
    assert Change.objects.first().verb == "downloaded"
    looking.note_deed(chosen, "withdrawn", "submission", "abc", "cld.csv", because="Sent twice.")
    assert (Change.objects.first().verb, Change.objects.first().reason) == ("withdrawn", "Sent twice.")
    monkeypatch.setenv(looking.BY_SITE, "1")  # the page that runs the command writes it down itself
    looking.note_look(chosen, "cases", "2A", "Cases behind 2A")
    assert Change.objects.count() == 9


@pytest.mark.parametrize(("name", "text"), [("a.csv", "a,b\n1,2\n"), ("a.jsonl", "[]\n"), ("b.jsonl", "no json\n")])
def test_another_file_is_no_trail(capsys, kept, name, text):
    (kept / name).write_text(text)
    code, said = run(capsys, "verify", kept / name)
    assert code == 1
    assert f"{kept / name} is not an exported trail" in said


def test_a_workspace_is_verified_from_outside(tmp_path):
    """The whole way, with a database file that somebody opens with another program."""
    place = ["--workspace", str(tmp_path / "w")]

    def outturn(*arguments):
        command = [sys.executable, "-m", "outturn", *arguments, *place]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    assert outturn("load", str(EXAMPLES / "leeds"))[0] == 0
    assert outturn("trail", "verify")[0] == 0
    with closing(sqlite3.connect(tmp_path / "w" / "outturn.sqlite3")) as database:
        with pytest.raises(sqlite3.IntegrityError, match=triggers.REFUSAL):
            database.execute("UPDATE trail_change SET by = 'nobody'")
        with pytest.raises(sqlite3.IntegrityError, match=triggers.REFUSAL):
            database.execute("INSERT OR REPLACE INTO trail_change SELECT * FROM trail_change WHERE id = 1")
        guard = database.execute("SELECT sql FROM sqlite_master WHERE name = 'trail_no_update'").fetchone()[0]
        database.execute("DROP TRIGGER trail_no_update")
        database.execute("UPDATE trail_change SET by = 'nobody'")
        database.execute(guard)
        database.commit()
    code, said = outturn("trail", "verify")
    assert code == 1
    assert "Row 1 (" in said
