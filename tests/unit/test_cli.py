"""The command line: what it does, what it refuses, and in which words."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from outturn import __version__
from outturn.cli.main import main
from outturn.workspace import Refusal, Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = Path(__file__).parents[2] / "src"


def outturn(*arguments, **variables):
    """Run a command in a process of its own, which has a Django of its own."""
    surroundings = environment(**variables)
    return subprocess.run(command(*arguments), env=surroundings, capture_output=True, text=True, timeout=120)


def command(*arguments):
    return [sys.executable, "-m", "outturn", *map(str, arguments)]


def environment(**variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OUTTURN_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **variables}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "demo"
    done = outturn("demo", "--no-serve", "--json", "--workspace", folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"workspace": str(folder), "built": True}
    return folder


@pytest.fixture
def workspace(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "workspace"))


def change(workspace, statement):
    with closing(sqlite3.connect(workspace / "outturn.sqlite3")) as database, database:
        return database.execute(statement).fetchall()


# What it does


def test_the_example_workspace_holds_four_councils_and_secrets_for_the_owner_alone(built):
    slugs = [slug for (slug,) in change(built, "SELECT slug FROM councils_council ORDER BY slug")]
    assert slugs == ["exampleshire", "harrowmere", "leeds", "york"]
    assert json.loads((built / "workspace.json").read_text())["outturn"] == __version__
    assert sorted(path.name for path in built.parent.iterdir()) == ["demo"]
    if os.name == "posix":
        for name in ("demo-account.txt", "secret-key"):
            assert stat.S_IMODE((built / name).stat().st_mode) == 0o600


def test_the_example_workspace_holds_two_years_of_submissions_with_complaints(built):
    everything = json.loads(outturn("submissions", "--json", "--workspace", built).stdout)["submissions"]
    assert sorted({one["return"] for one in everything}) == ["cld", "comparators", "population"]
    stored = [one for one in everything if one["return"] == "cld"]
    assert len(stored) == 8
    assert {one["release"] for one in stored} == {1, 2}
    assert all(one["period"]["claimed"] == one["period"]["covered"] for one in stored)
    assert json.loads(outturn("worklist", stored[-1]["id"], "--json", "--workspace", built).stdout)["total"] > 0


def test_a_second_demo_keeps_what_is_there(workspace):
    change(workspace, "UPDATE councils_council SET name = 'Changed' WHERE slug = 'york'")
    done = outturn("demo", "--no-serve", "--workspace", workspace)
    assert done.returncode == 0
    assert "is there already" in done.stdout
    assert ("Changed",) in change(workspace, "SELECT name FROM councils_council")


def test_the_site_answers_at_the_address_it_prints(workspace):
    with subprocess.Popen(
        command("serve", "--port", "0", "--workspace", workspace, "--json"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:
        try:
            address = json.loads(server.stdout.readline())["address"]
            with urllib.request.urlopen(address + "sign-in/", timeout=20) as page:
                assert page.status == 200
                assert "script-src 'none'" in page.headers["Content-Security-Policy"]
        finally:
            server.terminate()


def test_loading_makes_the_workspace(tmp_path):
    done = outturn("load", EXAMPLES / "leeds", "--workspace", tmp_path / "new", "--json")
    assert json.loads(done.stdout) == {"loaded": [{"council": "leeds", "name": "Leeds City Council"}], "faults": []}
    assert (tmp_path / "new" / "definitions" / "leeds").is_dir()


@pytest.mark.slow
@pytest.mark.postgres
def test_the_example_workspace_on_postgresql(postgres, tmp_path):
    done = outturn("demo", "--no-serve", "--workspace", tmp_path / "demo", OUTTURN_DATABASE=postgres)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "demo" / "outturn.sqlite3").exists()
    again = outturn("load", EXAMPLES / "york", "--workspace", tmp_path / "demo", OUTTURN_DATABASE=postgres)
    assert "City of York Council is in this workspace already" in again.stderr


# Faulty files


def faulty_leeds(tmp_path):
    folder = Path(shutil.copytree(EXAMPLES / "leeds", tmp_path / "leeds"))
    card = folder / "scorecard-2012-13.yaml"
    text = card.read_text("utf-8")
    assert "42%" in text
    card.write_text(text.replace("42%", "forty-two", 1), "utf-8")
    return folder


def test_every_fault_is_listed_and_nothing_is_stored(tmp_path):
    done = outturn("load", EXAMPLES / "york", faulty_leeds(tmp_path), "--workspace", tmp_path / "new", "--json")
    assert done.returncode == 1
    faults = json.loads(done.stdout)["faults"]
    assert [fault["file"] for fault in faults] == ["leeds/scorecard-2012-13.yaml"]
    assert "“forty-two” is neither a figure" in faults[0]["words"]
    assert faults[0]["line"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leeds"]


def test_a_workspace_keeps_nothing_of_a_refused_load(tmp_path):
    place = tmp_path / "new"
    assert outturn("load", EXAMPLES / "harrowmere", "--workspace", place).returncode == 0
    done = outturn("load", EXAMPLES / "york", faulty_leeds(tmp_path), "--workspace", place)
    assert done.returncode == 1
    assert done.stderr.endswith("1 fault. Nothing was stored.\n")
    assert change(place, "SELECT slug FROM councils_council") == [("harrowmere",)]
    assert [path.name for path in (place / "definitions").iterdir()] == ["harrowmere"]


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert main(["load", str(tmp_path / "lost"), "--workspace", str(tmp_path / "new")]) == 1
    assert "lost: There is no such folder." in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


# Workspaces that cannot be used


def refusal(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 1
    return capsys.readouterr().err


def test_no_workspace(tmp_path, capsys):
    words = refusal(capsys, "serve", "--port", "0", "--workspace", tmp_path / "none")
    assert words == (
        f"There is no workspace at {tmp_path / 'none'}. Run “outturn demo” for an example, "
        "“outturn load FOLDER” to begin your own, or name another with --workspace.\n"
    )


@pytest.mark.parametrize("arguments", [["demo", "--no-serve"], ["serve", "--port", "0"], ["load", EXAMPLES / "york"]])
def test_a_folder_of_somebody_elses_is_left_alone(arguments, tmp_path, capsys):
    (tmp_path / "holiday.jpg").write_bytes(b"sea")
    words = refusal(capsys, *arguments, "--workspace", tmp_path)
    assert "is not an Outturn workspace: it has no workspace.json. Nothing was changed." in words
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_refusal_in_json(tmp_path, capsys):
    assert main(["serve", "--port", "0", "--json", "--workspace", str(tmp_path / "none")]) == 1
    [fault] = json.loads(capsys.readouterr().out)["faults"]
    assert fault["words"].startswith("There is no workspace at")


def test_a_damaged_marker(tmp_path, capsys):
    (tmp_path / "workspace.json").write_text("{")
    assert "workspace.json is damaged" in refusal(capsys, "serve", "--port", "0", "--workspace", tmp_path)


def test_a_place_where_nothing_can_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    words = refusal(capsys, "demo", "--no-serve", "--workspace", tmp_path / "file" / "demo")
    assert "cannot be made at" in words or "cannot be opened" in words
    assert "name another folder with --workspace" in words


def test_a_workspace_that_cannot_be_written_to(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refused)  # a rule that binds root too
    with pytest.raises(Refusal, match="cannot be written to: permission denied"):
        Workspace(tmp_path).check_writable()


def test_a_workspace_made_by_a_newer_outturn(workspace):
    change(workspace, "INSERT INTO django_migrations (app, name, applied) VALUES ('plans', '0099_later', '2030-01-01')")
    for name in ("serve", "upgrade"):
        done = outturn(name, "--workspace", workspace, *(["--port", "0"] if name == "serve" else []))
        assert done.returncode == 1
        assert "was made by a newer Outturn" in done.stderr


def test_a_workspace_made_by_an_older_outturn_is_copied_and_upgraded(workspace):
    change(workspace, "DELETE FROM django_migrations WHERE app = 'people'")
    for table in ("grant", "holding", "absence", "servicetoken"):
        change(workspace, f"DROP TABLE people_{table}")
    refused = outturn("serve", "--port", "0", "--workspace", workspace)
    assert refused.returncode == 1
    assert "was made by an older Outturn" in refused.stderr
    assert "Run “outturn upgrade”" in refused.stderr

    done = outturn("upgrade", "--workspace", workspace, "--json")
    assert done.returncode == 0, done.stderr
    copy = Path(json.loads(done.stdout)["backup"])
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM councils_council").fetchall() == [(4,)]
    everybody = change(workspace, "SELECT count(*) FROM auth_user")
    assert change(workspace, "SELECT count(*) FROM people_grant WHERE role = 'administrator'") == everybody
    again = outturn("upgrade", "--workspace", workspace, "--json")
    assert json.loads(again.stdout) == {"upgraded": False, "backup": None}


def test_a_lost_and_a_damaged_database(workspace):
    database = workspace / "outturn.sqlite3"
    database.write_bytes(b"this is no database " * 100)
    assert "The database is damaged" in outturn("serve", "--port", "0", "--workspace", workspace).stderr
    database.unlink()
    for arguments in (["serve", "--port", "0"], ["upgrade"]):
        assert "has lost its database" in outturn(*arguments, "--workspace", workspace).stderr
    assert not database.exists()


def test_a_database_that_does_not_answer_keeps_its_password_to_itself(workspace):
    address = f"postgresql://somebody:hush@127.0.0.1:{free_port()}/outturn"
    done = outturn("serve", "--port", "0", "--workspace", workspace, OUTTURN_DATABASE=address)
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "hush" not in done.stderr


def test_an_address_that_is_not_postgresqls(workspace):
    done = outturn("serve", "--port", "0", "--workspace", workspace, OUTTURN_DATABASE="mysql://x:hush@y/z")
    assert done.stderr.startswith("OUTTURN_DATABASE is not the address of a PostgreSQL database.")
    assert "hush" not in done.stderr


# A run that was killed


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process the POSIX way")
def test_a_demo_killed_half_way_leaves_no_workspace_and_the_next_builds_one(tmp_path):
    place = tmp_path / "demo"
    demo = command("demo", "--no-serve", "--workspace", place)
    running = subprocess.Popen(demo, env=environment(), stdout=subprocess.PIPE)
    while b"Loading" not in running.stdout.read1():
        assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    assert not place.exists()
    assert (tmp_path / "demo.unfinished").is_dir()

    done = outturn("demo", "--no-serve", "--workspace", place)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_two_runs_at_once_do_not_build_over_each_other(tmp_path, capsys):
    place = Workspace(tmp_path / "demo")
    with place.making():
        words = refusal(capsys, "demo", "--no-serve", "--workspace", place.folder)
    assert words.startswith(f"Another run of Outturn is making {place.folder} at this moment.")
    assert place.about()["outturn"] == __version__


# Ports


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("name", ["demo", "serve"])
def test_a_port_in_use_is_found_before_any_work(name, tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = refusal(capsys, name, "--port", port, "--workspace", tmp_path / "demo")
    assert words.startswith(f"Port {port} on 127.0.0.1 is in use by another program")
    assert "Try another: --port" in words
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("port", ["65536", "-1", "http", ""])
def test_a_port_that_is_none_is_a_usage_error(port, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["serve", f"--port={port}"])
    assert "is not a port. Give a whole number" in capsys.readouterr().err


def test_no_command_is_a_usage_error():
    with pytest.raises(SystemExit, match="2"):
        main([])


# Accounts


def account(workspace, name, password, *more):
    file = workspace.parent / "password.txt"
    file.write_text(password + "\n", "utf-8")
    return outturn("account", name, "--password-from", file, "--workspace", workspace, *more)


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("amina", "short", "too short"),
        ("amina", "password123456", "too common"),
        ("amina", "82736451092", "entirely numeric"),
        ("amina.hussain", "amina.hussain", "too similar"),
        ("amina", "", "The first line of"),
        ("a b", "long enough for anyone", "Enter a valid username"),
    ],
)
def test_weak_passwords_and_odd_names_are_refused(built, name, password, words):
    done = account(built, name, password)
    assert done.returncode == 1
    assert words in done.stderr
    assert (name,) not in change(built, "SELECT username FROM auth_user")


def test_an_account_and_a_new_password_for_it(workspace):
    assert account(workspace, "amina", "harbour lantern 7").stdout == "amina can sign in.\n"
    before = change(workspace, "SELECT password, is_staff FROM auth_user WHERE username = 'amina'")
    assert before[0][1] == 1
    assert "There is an account amina already." in account(workspace, "amina", "harbour lantern 8").stderr
    assert account(workspace, "amina", "harbour lantern 8", "--new-password").returncode == 0
    assert change(workspace, "SELECT password, is_staff FROM auth_user WHERE username = 'amina'") != before
    assert "There is no account nobody." in account(workspace, "nobody", "harbour lantern 8", "--new-password").stderr
