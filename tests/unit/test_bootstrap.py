"""The script that brings a checkout to life."""

import os
import sys

import pytest

import bootstrap


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of nothing but the files that decide what is installed, and no real programs."""
    (tmp_path / "requirements").mkdir()
    for kind in (*bootstrap.KINDS, "build"):
        (tmp_path / f"requirements/{kind}.txt").write_text(kind)
    (tmp_path / "pyproject.toml").write_text("pyproject.toml")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    return tmp_path


@pytest.fixture
def installs(checkout, monkeypatch):
    """What would be installed, with .venv made by hand."""
    python = bootstrap.venv_python()
    python.parent.mkdir(parents=True)
    python.touch()
    done = []
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "pip", lambda words, *arguments: done.append(words))
    return done


def test_the_second_run_installs_nothing(installs):
    bootstrap.install("run")
    assert len(installs) == 2
    bootstrap.install("run")
    assert len(installs) == 2


@pytest.mark.parametrize(("less", "more"), [("run", "test"), ("test", "engines"), ("run", "engines")])
def test_whoever_has_more_needs_no_less_but_the_other_way_round_is_installed(installs, less, more):
    bootstrap.install(less)
    bootstrap.install(more)
    assert len(installs) == 4
    bootstrap.install(less)
    assert len(installs) == 4


@pytest.mark.parametrize("file", ["requirements/run.txt", "requirements/build.txt", "pyproject.toml"])
def test_a_changed_requirement_is_installed(checkout, installs, file):
    bootstrap.install("run")
    (checkout / file).write_text("newer")
    bootstrap.install("run")
    assert len(installs) == 4


def test_an_installation_that_stopped_is_taken_up_again(installs, monkeypatch):
    bootstrap.install("run")
    (bootstrap.ROOT / "pyproject.toml").write_text("newer")
    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "pip", stopped)
        with pytest.raises(bootstrap.CannotGoOn):
            bootstrap.install("run")
    (bootstrap.ROOT / "pyproject.toml").write_text("pyproject.toml")
    bootstrap.install("run")
    assert len(installs) == 4


def stopped(*_):
    raise bootstrap.CannotGoOn("no network")


def test_an_old_python_is_told_in_a_sentence():
    with pytest.raises(bootstrap.CannotGoOn, match=r"needs Python 3\.11 or later, and this is 3\.9\. Install a newer"):
        bootstrap.check_python((3, 9, 2))
    bootstrap.check_python((3, 11, 0))


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_debian_without_venv_is_told_what_to_install(checkout, monkeypatch, capsys, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    assert bootstrap.main(["demo"]) == 1
    assert "apt install python3-venv" in capsys.readouterr().err


def test_anything_else_is_a_usage_error(capsys):
    assert bootstrap.main([]) == 2
    assert bootstrap.main(["deploy"]) == 2
    assert "python3 bootstrap.py demo" in capsys.readouterr().err


def test_pips_own_words_are_shown_when_it_fails(checkout, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "venv_python", lambda: sys.executable)
    with pytest.raises(bootstrap.CannotGoOn, match=r"(?s)no-such-file.*The installation stopped there"):
        bootstrap.pip("Installing", "-r", checkout / "no-such-file.txt")
    assert capsys.readouterr().out == "Installing … stopped\n"


def test_every_check_runs_and_the_first_failure_is_the_code(monkeypatch, capsys):
    codes = iter([0, 3, 1, 4])
    called = []
    monkeypatch.setattr(bootstrap, "call", lambda *command: called.append(command) or next(codes))
    assert bootstrap.run_tests(["fast", "-x"]) == 3
    assert len(called) == 4
    assert called[-1][-3:] == ("-m", "not browser and not postgres and not spark and not slow", "-x")
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "ok      ruff (0 s)",
        "failed  mypy (0 s)",
        "failed  imports (0 s)",
        "failed  pytest (0 s)",
    ]


def test_the_browser_that_is_named_counts_and_a_wrong_name_is_none(tmp_path, monkeypatch):
    program = tmp_path / "chromium"
    program.touch()
    monkeypatch.setenv("OUTTURN_CHROMIUM", str(program))
    assert bootstrap.find_browser() == str(program)
    monkeypatch.setenv("OUTTURN_CHROMIUM", str(tmp_path / "gone"))
    assert bootstrap.find_browser() is None


def test_without_a_browser_it_says_what_will_be_left_out(monkeypatch, capsys):
    monkeypatch.setenv("OUTTURN_CHROMIUM", "/nowhere/chromium")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    bootstrap.make_sure_of_browser()
    assert "The browser tests will be skipped" in capsys.readouterr().out
    assert "OUTTURN_CHROMIUM" not in os.environ


def test_the_engines_are_tested_by_themselves(installs, monkeypatch):
    called = []
    monkeypatch.setattr(bootstrap, "java_version", lambda: 17)
    monkeypatch.setattr(bootstrap, "call", lambda *command: called.append(command[1:]) or 0)
    assert bootstrap.main(["test", "engines", "-x"]) == 0
    assert called == [("-m", "pytest", "-m", "spark", "-x")]


def test_agreement_is_of_the_folder_that_was_named(installs, monkeypatch, tmp_path):
    called = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bootstrap, "call", lambda *command: called.append(command[1:]) or 0)
    assert (bootstrap.main(["agreement"]), bootstrap.main(["agreement", "data"])) == (0, 0)
    assert called == [("-m", "tests.oracles.agreement"), ("-m", "tests.oracles.agreement", tmp_path / "data")]


@pytest.mark.parametrize(
    ("said", "version"), [('openjdk version "17.0.15" 2025', 17), ('java version "1.8.0_402"', 1), ("no Java here", 0)]
)
def test_javas_version_is_read(tmp_path, monkeypatch, said, version):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert bootstrap.java_version() == version
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    assert bootstrap.java_version() == 0


def test_java_is_installed_where_we_may_and_otherwise_asked_for(monkeypatch):
    commands = []
    monkeypatch.setattr(bootstrap, "java_version", lambda: 17 if commands else 11)
    monkeypatch.setattr(bootstrap, "quiet", lambda *command, **_: commands.append(command))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0, raising=False)
    bootstrap.make_sure_of_java()
    assert commands[-1][-1] == "openjdk-17-jre-headless"
    commands.clear()
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.CannotGoOn, match=r"Spark needs Java 17 or later\. Install one"):
        bootstrap.make_sure_of_java()
