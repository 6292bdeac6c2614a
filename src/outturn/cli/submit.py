"""`outturn submit`: check a return's files and store them, or only check them."""

import argparse
import getpass
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from outturn.terms.period import UnreadablePeriod, read_year
from outturn.workspace import Refusal, Workspace

from .report import Report

SHOWN = 12  # rules named to people; the rest is in the worklist
EVERY = 0.3  # seconds between two notes of progress


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Check every file named; 1 where any was refused, with every reason."""
    from outturn import pipeline

    files = pipeline.dated_files(chosen.files, chosen.received)
    if chosen.worklist and len(files) > 1:
        raise Refusal(f"--worklist names one file, and {len(files)} returns were given. Submit them one by one.")
    if chosen.area and chosen.return_name != pipeline.CLD:
        raise Refusal(f"--area is for Client Level Data. In a {chosen.return_name} file every row names its council.")
    stated = _stated(chosen)
    if not chosen.check_only:
        _have_workspace(chosen.workspace, report)
    answer = Answer(with_complaints=report.as_json and not chosen.brief)
    for number, (file, received) in enumerate(files):
        note = _progress(chosen.progress_file, number, len(files), report, file.name)
        with pipeline.submitted(
            chosen.workspace, file, received=received, by=chosen.by or account_name(),
            return_name=chosen.return_name, area=chosen.area, stated=stated,
            check_only=chosen.check_only, progress=note,
        ) as outcome:  # fmt: skip
            note(1.0, "Done")
            answer.add(outcome)
            _say(outcome, report)
            if chosen.worklist and outcome.worklist:
                written = outcome.worklist.write(chosen.worklist)
                report.say(f"  Worklist: {written:,} entries in {chosen.worklist}. It names people: keep it safe.")
    report.give(answer.as_json(chosen.return_name))
    return int(bool(answer.faults))


def _stated(chosen: argparse.Namespace) -> dict[str, str]:
    """What is said of comparators that the file does not say itself. Raises Refusal."""
    from outturn import pipeline

    if chosen.return_name != pipeline.COMPARATORS and (chosen.year or chosen.published_by):
        raise Refusal(f"--year and --published-by are for comparators. A {chosen.return_name} file says its own dates.")
    try:
        year = read_year(chosen.year).code if chosen.year else ""
    except UnreadablePeriod as error:
        raise Refusal(str(error)) from error
    by = " ".join((chosen.published_by or "").split())
    return {name: text for name, text in (("year", year), ("published_by", by)) if text}


class Answer:
    """What `--json` gives."""

    def __init__(self, *, with_complaints: bool) -> None:
        self.with_complaints = with_complaints  # there may be millions, each read from the rows
        self.outcomes: list[Any] = []
        self.faults: list[dict[str, Any]] = []
        self.complaints: list[dict[str, Any]] = []
        self.set_aside: list[dict[str, Any]] = []
        self.accepted = 0

    def add(self, outcome: Any) -> None:
        """Take in one file's outcome, while it can be read."""
        name = outcome.file.name
        self.faults += [{"file": name, "line": None, "words": words} for words in outcome.reasons]
        entry = {"file": name, "status": outcome.status, "id": None, "rows": 0, "set_aside": 0, "received": None,
                 "notes": list(outcome.notes)}  # fmt: skip
        if outcome.submission:
            stored = outcome.submission
            entry |= {
                "id": stored.id, "rows": stored.rows, "set_aside": stored.set_aside, "areas": stored.areas,
                "received": stored.received.isoformat(), "withdrawn": stored.withdrawn,
            }  # fmt: skip
            aside = list(stored.rows_set_aside())
        elif outcome.checked:
            entry |= {"rows": outcome.checked.rows, "set_aside": outcome.checked.report["set_aside"]}
            aside = [{"row": row.row, "why": row.why} for row in outcome.checked.reading.set_aside]
        else:
            aside = []
        self.outcomes.append(entry)
        self.accepted += int(entry["rows"] or 0)
        self.set_aside += [{"file": name, "row": row["row"], "words": row["why"]} for row in aside]
        if outcome.worklist and self.with_complaints:
            self.complaints += [
                {
                    "file": name, "row": one.row, "column": one.heading or None, "rule": one.rule,
                    "severity": one.severity, "words": one.words, "do": one.do,
                }
                for one in outcome.worklist.entries()
            ]  # fmt: skip

    def as_json(self, return_name: str) -> dict[str, Any]:
        """All of it. No value of any cell: only where it stands and what is wrong with it."""
        return {
            "return": return_name, "accepted": self.accepted, "set_aside": self.set_aside,
            "complaints": self.complaints, "submissions": self.outcomes, "faults": self.faults,
        }  # fmt: skip


def _say(outcome: Any, report: Report) -> None:
    from outturn import pipeline

    name = outcome.file.name
    if outcome.status == pipeline.REFUSED:
        report.say(f"{name}: refused. Nothing was stored.")
        for reason in outcome.reasons:
            report.say(f"  {reason}")
        return
    if outcome.status == pipeline.ALREADY:
        report.say(f"{name} is stored already as {outcome.submission.id}. Nothing was changed.")
        if outcome.submission.withdrawn:
            report.say(f"  It was withdrawn: {outcome.submission.withdrawn['because']}")
        return
    found = outcome.checked.report
    stored = f"stored as {outcome.submission.id}" if outcome.submission else "checked, not stored"
    wording = f" in Release {found['release']['file']} wording" if "release" in found else ""
    report.say(f"{name}: {stored}. {found['rows']:,} rows{wording}, {found['set_aside']:,} set aside.")
    for note in (*found["notes"], *outcome.notes):
        report.say(f"  {note}")
    _say_rules(found["rules"], report)


def _say_rules(found: list[dict[str, Any]], report: Report) -> None:
    from outturn import pipeline

    if not found:
        report.say("  No rule was broken.")
        return
    words, layout = pipeline.rules_by_id(pipeline.rules()), pipeline.layout()
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(found, key=lambda one: (order[one["severity"]], -one["rows"]))
    for one in ranked[:SHOWN]:
        rows = f"{one['rows']:,} rows" if one["rows"] != 1 else "1 row"
        if "words" in one:  # a small return says it itself
            report.say(f"  {one['severity']}: {one['words']} {rows}")
            continue
        column = f", {layout.field(one['column']).header}" if one["column"] else ""
        report.say(f"  {one['severity']}: {words[one['rule']].title}{column}: {rows}")
    if len(ranked) > SHOWN:
        report.say(f"  … and {len(ranked) - SHOWN} more kinds of complaint; --worklist FILE.xlsx lists every row.")


def _progress(
    to: Path | None, number: int, files: int, report: Report, name: str
) -> Callable[[float, str], None]:
    last = {"words": "", "at": 0.0}

    def note(share: float, words: str) -> None:
        if words != last["words"] and words != "Done" and not report.as_json:
            report.say(f"{name}: {words.lower()}")
        if to and (words != last["words"] or time.monotonic() - last["at"] > EVERY):
            last["at"] = time.monotonic()
            beside = to.with_name(f"{to.name}.new")
            with suppress(OSError):  # progress is worth no failure
                beside.write_text(json.dumps({"done": (number + share) / files, "words": words}), "utf-8")
                beside.replace(to)
        last["words"] = words

    return note


def _have_workspace(workspace: Workspace, report: Report) -> None:
    if workspace.exists:
        workspace.about()
        workspace.check_writable()
        return
    from .database import migrate, start_django, telling_database
    from .load import close_database

    with workspace.making() as place:
        start_django(place)
        with telling_database(), report.step(f"Making a workspace in {workspace.folder}"):
            migrate()
            close_database()


def account_name() -> str:
    """The account of this computer, for who did a thing."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
