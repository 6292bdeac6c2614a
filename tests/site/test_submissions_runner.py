"""The runner: one job at a time, never twice, never lost, with a command of a few lines in place of the real one."""

import json
import logging
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from outturn.site.submissions import runner, uploads, worker
from outturn.site.submissions.models import Job
from outturn.site.submissions.runner import Runner

ID = "aaaaaaaaaaaaaaaa"
PERSON = "Ann Example"
STORED = {"return": "cld", "submissions": [{"id": ID, "status": "stored", "rows": 3, "set_aside": 1, "file": "x"}],
          "complaints": [{"row": 2, "words": PERSON}], "faults": []}  # fmt: skip


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    return uploads.folder()


def a_job(place, name="cld.csv", **fields):
    folder = place / f"sent-{Job.objects.count()}"
    folder.mkdir()
    (folder / name).write_text("LA Code\n950\n", "utf-8")
    return Job.objects.create(**{
        "sending": "0" * 32, "file_name": name, "place": f"{folder.name}/{name}", "size": 12, "by": "ada",
        "received": "2025-07-31", **fields,
    })  # fmt: skip


def command(script):
    """A command that runs a script of Python: argv[1] is the file, argv[2] where to tell the progress."""
    def build(file, *, by, received, area, progress):
        return [sys.executable, "-S", "-E", "-c", script, str(file), str(progress)]
    return build


def printing(answer, code=0):
    return command(f"import sys; print({json.dumps(answer)!r}); sys.exit({code})")


def run(script, **options):
    return Runner(script, **options).run_next()


@pytest.mark.django_db
def test_a_job_is_done_and_its_upload_gone(place):
    job = a_job(place)
    assert run(printing(STORED))
    job.refresh_from_db()
    assert (job.state, job.percent) == ("done", 100)
    assert job.result == {"id": ID, "status": "stored", "rows": 3, "set_aside": 1}
    assert PERSON not in json.dumps(job.result)
    assert list(place.iterdir()) == []
    assert not run(printing(STORED))


def test_of_a_long_answer_only_the_end_is_read(tmp_path, monkeypatch):
    printed = tmp_path / "printed"
    monkeypatch.setattr(runner, "MOST_READ", 2_000)
    complaints = [{"row": row, "words": 'He said "submissions": ['} for row in range(1_000)]
    printed.write_text(json.dumps({"complaints": complaints, "submissions": [{"id": ID}], "faults": []}), "utf-8")
    assert runner.read_printed(printed) == {"submissions": [{"id": ID}], "faults": []}
    for text in ("x" * 5_000, "[" * 5_000, '"submissions": [' * 500):
        printed.write_text(text, "utf-8")
        assert runner.read_printed(printed) == {}


@pytest.mark.django_db
def test_an_answer_without_a_submission_is_a_fault_of_ours(place):
    job = a_job(place)
    run(printing({"submissions": []}))
    job.refresh_from_db()
    assert (job.state, job.result["faults"][0][:46]) == ("failed", "The check stopped because of a fault in Outtur")


@pytest.mark.django_db
def test_a_refusal_keeps_its_reasons_and_no_more(place):
    job = a_job(place)
    faults = [{"file": "x", "line": None, "words": f"Reason {number}. {'x' * 2000}"} for number in range(60)]
    run(printing({"faults": faults}, code=1))
    job.refresh_from_db()
    assert job.state == "refused"
    assert len(job.result["faults"]) == 50
    assert len(job.result["faults"][0]) == 1000
    assert job.result["more"] == 10
    assert list(place.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys; sys.exit(2)", "because of a fault in Outturn"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "stopped by the computer"),
        (f"def look(): raise ValueError('{PERSON}')\nlook()", "because of a fault in Outturn"),
    ],
)
def test_a_crash_is_a_sentence_and_can_be_tried_again(place, caplog, script, words):
    job = a_job(place)
    run(command(script))
    job.refresh_from_db()
    assert job.state == "failed"
    assert words in job.result["faults"][0]
    assert (place / job.place).exists()
    assert PERSON not in caplog.text + json.dumps(job.result)


@pytest.mark.django_db
def test_a_crash_says_where_but_not_what(place, caplog):
    a_job(place)
    script = f"import sys; print('ValueError: {PERSON}', file=sys.stderr); sys.exit(3)"
    with caplog.at_level(logging.ERROR):
        run(command(script))
    assert "ended with 3" in caplog.text
    assert "ValueError" in caplog.text
    assert PERSON not in caplog.text


@pytest.mark.django_db
def test_progress_is_taken_over_and_nonsense_passed_over(place, tmp_path):
    file = tmp_path / "progress"
    assert runner.read_progress(file) == {}
    for text in ("", "{", "[]", '{"done": 0.5}', '{"done": "x", "words": ""}', '{"done": 1e999, "words": ""}'):
        file.write_text(text, "utf-8")
        assert runner.read_progress(file) == {}
    file.write_text('{"done": 0.4, "words": "Checking"}', "utf-8")
    assert runner.read_progress(file) == {"percent": 40, "stage": "Checking"}
    file.write_text('{"done": 7, "words": "Storing"}', "utf-8")
    assert runner.read_progress(file)["percent"] == 100


@pytest.mark.django_db
def test_a_job_is_claimed_by_one_runner_only(place):
    job = a_job(place)
    one, other = Runner(), Runner()
    assert one.claim(job.pk)
    assert other.claim(job.pk) is None
    assert Job.objects.get().runner == one.name


@pytest.mark.django_db
def test_a_job_whose_server_was_killed_is_finished_by_the_next(place):
    job = a_job(place, state="running", runner="gone", seen_alive=timezone.now() - timedelta(seconds=60))
    assert run(printing(STORED))
    job.refresh_from_db()
    assert (job.state, job.tries) == ("done", 1)


@pytest.mark.django_db
def test_what_the_killed_try_had_stored_already_is_not_called_a_repetition(place):
    before = {"submissions": [{"id": ID, "status": "already stored", "rows": 3, "set_aside": 1}]}
    first, second = a_job(place), a_job(place, tries=1)
    run(printing(before))
    run(printing(before))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result["status"], second.result["status"]) == ("already stored", "stored")


@pytest.mark.django_db
def test_a_job_whose_server_lives_is_left_to_it(place):
    job = a_job(place, state="running", runner="other", seen_alive=timezone.now() - timedelta(seconds=5))
    assert not run(printing(STORED))
    job.refresh_from_db()
    assert (job.state, job.runner) == ("running", "other")


@pytest.mark.django_db
def test_a_file_that_brings_the_server_down_again_and_again_is_given_up(place):
    job = a_job(place, state="running", runner="gone", tries=2, seen_alive=timezone.now() - timedelta(seconds=60))
    assert not run(printing(STORED))
    job.refresh_from_db()
    assert job.state == "failed"
    assert "stopped 3 times" in job.result["faults"][0]


@pytest.mark.django_db
def test_an_upload_that_is_gone_is_told(place):
    job = a_job(place)
    uploads.discard(job.place)
    run(printing(STORED))
    job.refresh_from_db()
    assert "Send it again." in job.result["faults"][0]


@pytest.mark.django_db
def test_a_job_that_another_took_meanwhile_is_let_go(place):
    job = a_job(place)
    patient = Runner(command("import time; time.sleep(30)"), beat=0.0)
    held = patient._held

    def taken(which):  # as after a laptop's sleep: the lease has lapsed
        Job.objects.filter(pk=job.pk).update(runner="another")
        return held(which)

    patient._held = taken
    began = time.monotonic()
    patient.run_next()
    assert time.monotonic() - began < 10
    job.refresh_from_db()
    assert (job.state, job.runner) == ("running", "another")


@pytest.mark.django_db(transaction=True)
def test_stopping_the_server_gives_the_job_back_and_ends_the_command(place, tmp_path):
    job = a_job(place)
    started = tmp_path / "started"
    script = f"import os, time, pathlib; pathlib.Path({str(started)!r}).write_text(str(os.getpid())); time.sleep(60)"
    working = Runner(command(script))
    working.start()
    assert until(lambda: started.exists() and started.read_text())
    working.stop()
    job.refresh_from_db()
    assert (job.state, job.runner) == ("waiting", "")
    assert (place / job.place).is_file()


@pytest.mark.django_db(transaction=True)
def test_two_runners_share_the_work_and_do_nothing_twice(place, tmp_path):
    for number in range(6):
        a_job(place, name=f"{number}.csv")
    log = tmp_path / "log"
    script = f"import sys, pathlib; open({str(log)!r}, 'a').write(pathlib.Path(sys.argv[1]).name + chr(10)); " \
             f"print({json.dumps(STORED)!r})"  # fmt: skip
    runners = [Runner(command(script)) for _ in range(2)]
    for each in runners:
        each.start()
    assert until(lambda: Job.objects.filter(state="done").count() == 6)
    for each in runners:
        each.stop()
    assert sorted(log.read_text().split()) == [f"{number}.csv" for number in range(6)]


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_the_database_does_not_end_the_runner(place, monkeypatch, caplog):
    monkeypatch.setattr(runner, "PAUSE", 0.01)
    failing, real = threading.Event(), Runner.release_silent

    def once(self):
        if not failing.is_set():
            failing.set()
            raise RuntimeError("the database is away")
        real(self)

    monkeypatch.setattr(Runner, "release_silent", once)
    a_job(place)
    working = Runner(printing(STORED))
    working.start()
    assert until(lambda: Job.objects.filter(state="done").exists())
    working.stop()
    assert "goes on" in caplog.text


def until(true, patience=20):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.django_db
def test_old_jobs_and_uploads_that_nobody_needs_are_cleared_away(place):
    ended = timezone.now() - timedelta(days=100)
    old = a_job(place, state="failed", ended_at=ended)
    kept, running = a_job(place, state="failed", ended_at=timezone.now()), a_job(place, state="waiting")
    for name in ("list-old", "sent-old"):
        (place / name).mkdir()
    (place / "half.upload.csv").write_text("x", "utf-8")
    (place / "fresh.upload.csv").write_text("x", "utf-8")
    long_ago = time.time() - 200_000
    for path in place.iterdir():
        if path.name != "fresh.upload.csv":
            subprocess.run(["touch", "-d", f"@{int(long_ago)}", str(path)], check=True)
    runner.tidy()
    assert not Job.objects.filter(pk=old.pk).exists()
    left = {path.name for path in place.iterdir()}
    assert left == {kept.place.split("/")[0], running.place.split("/")[0], "fresh.upload.csv"}


def test_the_real_command_names_every_argument(settings):
    made = worker.submit_command(
        uploads.folder() / "a.csv", by="ada", received="2025-07-31", area="950", progress=uploads.folder() / "p"
    )
    assert made[1:5] == ["-m", "outturn", "submit", "cld"]
    assert {"--json", "--by=ada", "--received=2025-07-31", "--area=950"} < set(made)
    assert made[-2:] == ["--workspace", str(settings.WORKSPACE.folder)]
