"""`outturn check`: what it prints, what it gives to programs, and when it says that a check fell short."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from outturn.cli import check, database
from outturn.cli.main import main, parser
from outturn.cli.report import Report
from outturn.sense import checking  # noqa: F401  the real rules are there before ours take their place
from outturn.sense.finding import Finding, Severity, Subject
from outturn.sense.rule import CHECKS, RULES, rule
from outturn.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
PVP02 = Subject("indicator", ("pvp02",), "PVP02")


@pytest.fixture(autouse=True)
def rules():
    """Three rules of ours; a test leaves out those that it does not want."""
    found = {
        "Z1": Finding("Z1", Severity.ERROR, PVP02, "It cannot both be 236 and 240.", ("2017-18",)),
        "Z2": Finding("Z2", Severity.WARNING, Subject("action", ("2018-19", "ASCP07"), "ASCP07"), "word " * 40),
        "Z3": Finding("Z3", Severity.QUERY, Subject("council", (), "City of York Council"), "Is it so?"),
    }
    kept = {**RULES}
    RULES.clear()
    for id, one in found.items():
        add = rule(id, f"Rule {id}", one.severity, "", found="", passed="")
        add(lambda picture, one=one: [one] if picture.council.slug == "york" else [])
    yield RULES
    RULES.clear()
    RULES.update(kept)
    for id in found:
        del CHECKS[id]


def test_people_read_what_was_found_the_gravest_first_and_a_count(capsys):
    assert main(["check", str(EXAMPLES / "york")]) == 1
    said = capsys.readouterr().out
    assert said.index("City of York Council: cannot be right") < said.index("City of York Council: probably mistakes")
    assert "\nZ1 Rule Z1\n  Indicator PVP02: It cannot both be 236 and 240.\n" in said
    assert "  Action ASCP07 (2018-19): word word" in said
    assert said.endswith("\n1 error, 1 warning, 1 query, 0 dismissed.\n")
    assert max(map(len, said.splitlines())) <= 100


def test_programs_get_a_list(capsys):
    assert main(["check", str(EXAMPLES / "york"), "--json"]) == 1
    first, second, third = json.loads(capsys.readouterr().out)
    assert first == {
        "rule": "Z1", "name": "Rule Z1", "severity": "error", "council": "york", "subject": "indicator:pvp02",
        "kind": "indicator", "place": ["pvp02"], "title": "PVP02", "words": "It cannot both be 236 and 240.",
        "periods": ["2017-18"], "dismissed": None, "key": first["key"],
    }  # fmt: skip
    assert first["key"].startswith("Z1:indicator:pvp02:")
    assert second["place"] == ["2018-19", "ASCP07"]
    assert third["subject"] == "council:"


@pytest.mark.parametrize(("left_out", "status"), [(["Z1"], 0), (["Z1", "Z2", "Z3"], 0), (["Z2", "Z3"], 1), ([], 1)])
def test_only_an_error_falls_short(rules, left_out, status, capsys):
    for id in left_out:
        del rules[id]
    assert main(["check", str(EXAMPLES / "york"), "--json"]) == status
    assert len(json.loads(capsys.readouterr().out)) == 3 - len(left_out)


def test_faulty_files_are_refused_with_their_faults(tmp_path, capsys):
    folder = Path(shutil.copytree(EXAMPLES / "york", tmp_path / "york"))
    (folder / "council.yaml").write_text("name: York\n", "utf-8")
    assert main(["check", str(folder), "--json"]) == 1
    assert any("short_name" in fault["words"] for fault in json.loads(capsys.readouterr().out)["faults"])
    assert main(["check", str(tmp_path / "nowhere")]) == 1
    assert "There is no such folder" in capsys.readouterr().err


def test_a_folder_and_a_council_are_too_much(capsys):
    assert main(["check", str(EXAMPLES / "york"), "--council", "york"]) == 1
    assert "Give it or a folder, not both." in capsys.readouterr().err


def test_no_workspace(tmp_path, capsys):
    assert main(["check", "--workspace", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


def test_help_loads_neither_django_nor_scipy_nor_the_rules():
    code = (
        "import sys; from outturn.cli.main import main\n"
        "try: main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in ('django', 'scipy', 'numpy', 'outturn.sense') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


# In a workspace


@pytest.fixture
def councils(db, monkeypatch):
    """York and Leeds in the tests' own database."""
    from outturn.site.councils.actions import load_council

    monkeypatch.setattr(database, "open_workspace", lambda workspace: None)
    return [load_council(EXAMPLES / slug, by="tester") for slug in ("york", "leeds")]


def in_workspace(*arguments):
    chosen = parser().parse_args(["check", *arguments])
    chosen.workspace = Workspace(Path("unused"))
    return check.run(chosen, Report(chosen.json))


def test_every_council_or_the_one_named(councils, capsys):
    assert in_workspace("--json") == 1
    assert {one["council"] for one in json.loads(capsys.readouterr().out)} == {"york"}
    for name in ("york", "York", "CITY OF YORK COUNCIL"):
        assert in_workspace("--council", name) == 1
    assert in_workspace("--council", "leeds") == 0
    assert capsys.readouterr().out.endswith("\n0 errors, 0 warnings, 0 queries, 0 dismissed.\n")


def test_an_unknown_council_is_refused_with_those_there_are(councils):
    with pytest.raises(check.Refusal) as refusal:
        in_workspace("--council", "hull")
    assert str(refusal.value).startswith("There is no council “hull” in this workspace. It has: york (City of York")
    assert "leeds (Leeds City Council)" in str(refusal.value)


@pytest.mark.django_db
def test_a_workspace_without_councils(monkeypatch):
    monkeypatch.setattr(database, "open_workspace", lambda workspace: None)
    with pytest.raises(check.Refusal, match="There is no council in this workspace yet"):
        in_workspace()


def test_a_dismissed_error_no_longer_falls_short_and_keeps_its_reason(councils, capsys):
    from outturn.site.checks.models import Dismissal

    in_workspace("--json")
    first = json.loads(capsys.readouterr().out)[0]
    Dismissal.objects.create(council=councils[0], key=first["key"], because="The register says so.", by="ada")
    assert in_workspace("--json") == 0
    dismissed = json.loads(capsys.readouterr().out)[0]["dismissed"]
    assert dismissed == {"because": "The register says so.", "by": "ada", "on": str(timezone.localdate())}
    in_workspace()
    said = capsys.readouterr().out
    assert "236" not in said
    assert said.endswith("\n0 errors, 1 warning, 1 query, 1 dismissed.\n")
    in_workspace("--all")
    shown = " ".join(capsys.readouterr().out.split())
    assert f"It cannot both be 236 and 240. Dismissed by ada on {timezone.localdate()}: The register says so." in shown
