"""Submissions on disk: whole or not at all, in order, withdrawn with a reason, purged for real."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import datetime

import pytest

from outturn.records.store import Records, take_copy
from outturn.workspace import Refusal

NOW = datetime(2026, 11, 25, 9, 30)


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "records")


def keep(records, text="a", *, received="2026-07-21T00:00:00", file="a.csv"):
    with records.preparing("cld") as folder:
        source = folder / "source"
        source.write_text(text)
        digest, size = take_copy(source, folder / "received.csv")
        source.unlink()
        for name in ("rows.parquet", "complaints.parquet", "set-aside.jsonl"):
            (folder / name).write_text("")
        (folder / "report.json").write_text('{"months": []}')
        return records.keep("cld", folder, {
            "return": "cld", "id": digest[:16], "sha256": digest, "bytes": size, "file": file, "received": received,
            "rows": 1, "set_aside": 0, "areas": {"950": 1}, "release": 2, "period": {"claimed": None},
        })  # fmt: skip


def names(records):
    return sorted(path.name for path in (records.folder / "cld").iterdir() if path.name != "lock")


def test_a_file_is_kept_byte_for_byte_under_its_own_hash(records):
    submission, is_new = keep(records, "a,b\r\n1,2\r\n")
    assert is_new
    assert submission.received_file.read_bytes() == b"a,b\r\n1,2\r\n"
    assert submission.id == submission.manifest["sha256"][:16]
    assert names(records) == [submission.id]


def test_the_same_file_again_changes_nothing(records):
    first, _ = keep(records)
    before = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    again, is_new = keep(records, file="another-name.csv", received="2026-10-21T00:00:00")
    assert not is_new
    assert again.file == "a.csv"
    assert {path: path.stat().st_mtime_ns for path in first.folder.iterdir()} == before
    assert names(records) == [first.id]


def test_submissions_stand_in_the_order_in_which_they_were_received_and_then_stored(records):
    keep(records, "late", received="2026-10-21T00:00:00", file="late.csv")
    keep(records, "early", received="2026-07-21T00:00:00", file="early.csv")
    keep(records, "same day", received="2026-07-21T00:00:00", file="same-day.csv")
    assert [(one.file, one.sequence) for one in records.submissions("cld")] == [
        ("early.csv", 2), ("same-day.csv", 3), ("late.csv", 1),
    ]  # fmt: skip


def test_a_submission_is_found_by_the_beginning_of_its_id_and_by_its_name(records):
    submission, _ = keep(records)
    assert records.find("cld", submission.id[:6]).id == submission.id
    assert records.find("cld", "A.CSV").id == submission.id
    with pytest.raises(Refusal, match=r"No submission is called “b\.csv”. The newest here: a\.csv"):
        records.find("cld", "b.csv")


def test_a_name_that_two_submissions_share_is_refused_with_their_ids(records):
    one, _ = keep(records, "1")
    other, _ = keep(records, "2")
    with pytest.raises(Refusal, match="2 submissions") as refusal:
        records.find("cld", "a.csv")
    assert one.id in str(refusal.value)
    assert other.id in str(refusal.value)


def test_what_fails_while_it_is_prepared_leaves_nothing(records):
    def fail():
        with records.preparing("cld") as folder:
            (folder / "half").write_text("…")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert [name for name in names(records) if not name.endswith(".lock")] == []


def test_what_a_killed_run_left_is_swept_and_a_living_run_is_left_alone(records):
    place = records.folder / "cld"
    dead = place / ".unfinished-dead"
    dead.mkdir(parents=True)
    (dead / "received.csv").write_text("someone's data")
    (place / ".unfinished-dead.lock").touch()
    os.utime(place / ".unfinished-dead.lock", (time.time() - 120,) * 2)
    with records.preparing("cld") as living:
        os.utime(living.with_name(living.name + ".lock"), (time.time() - 120,) * 2)
        assert not dead.exists()
        with records.preparing("cld"):
            assert living.exists()


@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_the_old_state_or_the_new(records, tmp_path):
    """The process is killed later and later in its work, until it gets through."""
    keep(records, "old", file="old.csv")
    script = (
        "import sys, os; sys.path[:0] = ['src', '.']\n"
        "from pathlib import Path\n"
        "import outturn.records.store as store\n"
        "calls = 0\n"
        "def killed_after(original):\n"
        "    def call(*arguments, **names):\n"
        "        global calls\n"
        "        calls += 1\n"
        "        if calls > int(sys.argv[2]): os.kill(os.getpid(), 9)\n"
        "        return original(*arguments, **names)\n"
        "    return call\n"
        "for name in ('rename', 'replace', 'write_text', 'mkdir', 'unlink'):\n"
        "    setattr(Path, name, killed_after(getattr(Path, name)))\n"
        "store._to_disk = killed_after(store._to_disk)\n"
        "from tests.unit.test_store import keep\n"
        "keep(store.Records(Path(sys.argv[1])), 'new', file='new.csv')\n"
        "print('done')\n"
    )
    seen = set()
    for steps in range(60):
        done = subprocess.run([sys.executable, "-S", "-c", "import site; site.main()\n" + script, records.folder,
                               str(steps)], capture_output=True, text=True, check=False)  # fmt: skip
        stored = [one.file for one in records.submissions("cld")]
        seen.add(tuple(stored))
        for one in records.submissions("cld"):
            assert one.received_file.read_text() == one.file.removesuffix(".csv")
            assert one.report == {"months": []}
        if done.stdout:
            break
    assert done.stdout == "done\n", done.stderr
    assert seen == {("old.csv",), ("old.csv", "new.csv")}


def test_two_that_store_at_once_are_both_stored_once(records):
    def store(number):
        keep(records, f"file {number % 4}", file=f"{number % 4}.csv")

    threads = [threading.Thread(target=store, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = records.submissions("cld")
    assert sorted(one.file for one in stored) == ["0.csv", "1.csv", "2.csv", "3.csv"]
    assert sorted(one.sequence for one in stored) == [1, 2, 3, 4]


def test_a_withdrawal_keeps_the_file_and_the_reason(records):
    submission, _ = keep(records)
    records.withdraw(submission, by="Analyst", because="Wrong quarter", at=NOW)
    [found] = records.submissions("cld")
    assert found.withdrawn == {"by": "Analyst", "at": "2026-11-25T09:30:00", "because": "Wrong quarter"}
    assert found.received_file.exists()
    with pytest.raises(Refusal, match="withdrawn already"):
        records.withdraw(found, by="Analyst", because="Again", at=NOW)


def test_a_purge_erases_the_data_and_leaves_who_did_it_and_why(records):
    submission, _ = keep(records, "secret")
    (records.prepared / "cld").mkdir(parents=True)
    (records.prepared / "cld" / "events.parquet").write_text("made from it")
    records.purge(submission, by="Analyst", because="Kept for 84 months", at=NOW)
    assert records.submissions("cld") == []
    [row] = records.purged("cld")
    assert row["sha256"] == submission.manifest["sha256"]
    assert row["purged"] == {"by": "Analyst", "at": "2026-11-25T09:30:00", "because": "Kept for 84 months"}
    left = [path for path in records.folder.rglob("*") if path.is_file() and path.name != "lock"]
    assert [path.parent.name for path in left] == ["purged"]
    assert not any("secret" in path.read_text() for path in left)


def test_a_purged_sequence_number_is_never_given_again(records):
    submission, _ = keep(records, "1")
    records.purge(submission, by="Analyst", because="Old", at=NOW)
    again, _ = keep(records, "2")
    assert (submission.sequence, again.sequence) == (1, 2)


def test_a_damaged_manifest_is_named(records):
    submission, _ = keep(records)
    (submission.folder / "manifest.json").write_text("{")
    with pytest.raises(Refusal, match=r"manifest\.json is damaged. Put the folder back from a backup"):
        records.submissions("cld")


def test_the_retention_rule_is_kept_with_who_set_it(records):
    assert records.months_kept is None
    records.keep_for(84, by="Records manager", at=NOW)
    assert records.months_kept == 84
    assert json.loads((records.folder / "retention.json").read_text())["by"] == "Records manager"
