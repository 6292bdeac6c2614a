"""Outturn's command line: reads the arguments and hands over to the command's own module.

Commands are imported when they are run, so that `outturn --help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from outturn import __version__
from outturn.textfiles import FaultyFiles
from outturn.workspace import DEFAULT, Refusal, Workspace

from .report import Report

DONE, REFUSED, INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0: done. 1: refused, with every reason. 2: not a command we know, as argparse has it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows console may lack a character we print
    chosen = parser().parse_args(arguments)
    chosen.workspace = Workspace(chosen.workspace.expanduser().absolute())
    report = Report(chosen.json)
    try:
        return int(import_module(f"outturn.cli.{chosen.command.replace('-', '_')}").run(chosen, report) or DONE)
    except Refusal as refusal:
        report.refuse([{"file": None, "line": None, "words": str(refusal)}], str(refusal))
        return REFUSED
    except FaultyFiles as refusal:
        faults = [{"file": fault.file, "line": fault.line, "words": fault.words} for fault in refusal.faults]
        report.refuse(faults, f"{refusal}\n{_count(len(faults))}. Nothing was stored.")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _count(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults} faults"


def parser() -> argparse.ArgumentParser:
    """Every command and its arguments."""
    top = argparse.ArgumentParser(
        prog="outturn", description="Service plans, scorecards and statutory measures for adult social care."
    )
    top.add_argument("--version", action="version", version=f"outturn {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = _command(commands, "demo", "build the example workspace and serve it")
    _address(demo)
    demo.add_argument("--no-serve", action="store_true", help="build only")

    _address(_command(commands, "serve", "serve an existing workspace"))

    load = _command(commands, "load", "load councils from folders of text files; makes the workspace if need be")
    load.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a council's folder")

    account = _command(commands, "account", "add an account for a member of staff")
    account.add_argument("name", metavar="NAME", help="the name they sign in with")
    account.add_argument(
        "--password-from", type=Path, metavar="FILE", help="read the password from a file instead of asking for it"
    )
    account.add_argument(
        "--may-see-people",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="allow lists that name people, or no longer",
    )
    account.add_argument("--new-password", action="store_true", help="give an existing account a new password")

    people = _command(commands, "people", "let people in, move them and close accounts, from a CSV file")
    people.add_argument("file", type=Path, metavar="FILE", help="a row for each role; see docs/how-to/let-people-in.md")
    people.add_argument("--preview", action="store_true", help="say what would change, and change nothing")
    people.add_argument("--passwords-to", type=Path, metavar="OUT", help="write joiners’ temporary passwords there")

    check = _command(commands, "check", "find what does not add up in plans, scorecards and figures")
    check.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="a council's text files (default: the workspace)"
    )
    check.add_argument("--council", metavar="NAME", help="only this one of the workspace, such as york")
    check.add_argument("--all", action="store_true", help="show what was dismissed too, with the reasons")

    notify = _command(commands, "notify", "send people what they owe; a server that runs does so by itself")
    notify.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")

    _returns(commands)
    _measures(commands)

    trail = _command(commands, "trail", "verify that nobody altered the trail of changes, or write it to a file")
    trail.add_argument("what", choices=["verify", "export"], metavar="verify|export", help="what to do with it")
    trail.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a .jsonl or .csv file of it")
    trail.add_argument("--head", metavar="DIGEST", help="of verify: the head printed in a committee pack")
    _by(trail)

    upgrade = _command(commands, "upgrade", "bring a workspace made by an older Outturn up to date")
    upgrade.add_argument(
        "--no-backup", action="store_true", help="do not copy the database first (PostgreSQL: you made your own copy)"
    )
    return top


def _returns(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands about returns: what arrives, and what becomes of it."""
    submit = _command(commands, "submit", "check a return's files and store them")
    submit.add_argument(
        "return_name",
        choices=["cld", "population", "discharges", "comparators"],
        metavar="RETURN",
        help="cld (Client Level Data), population, discharges (of hospitals) or comparators (published figures)",
    )
    submit.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a CSV or XLSX file, or a folder of them")
    submit.add_argument("--received", type=_moment, metavar="DATE", help="when it was sent (default: now)")
    submit.add_argument("--area", metavar="CODE", help="the council's code, for a file without the column LA Code")
    submit.add_argument("--year", metavar="YEAR", help="of comparators, where the file does not say it: 2024-25")
    submit.add_argument("--published-by", metavar="WHO", help="of comparators: who published them")
    submit.add_argument("--check-only", action="store_true", help="check, and store nothing")
    submit.add_argument("--worklist", type=Path, metavar="OUT", help="write every complaint as .csv or .xlsx")
    submit.add_argument("--brief", action="store_true", help="leave the complaints out of the JSON")
    submit.add_argument("--progress-file", type=Path, metavar="P", help="keep a note of the progress in this file")
    _by(submit)

    _command(commands, "submissions", "list what was submitted")

    withdraw = _command(commands, "withdraw", "take a submission out of every figure, and keep it")
    withdraw.add_argument("submission", metavar="SUBMISSION", help="its id or its file name")
    withdraw.add_argument("--because", required=True, metavar="REASON", help="the reason, which is kept")
    _by(withdraw)

    worklist = _command(commands, "worklist", "list the rows of a submission that need work")
    worklist.add_argument("submission", metavar="SUBMISSION", help="its id or its file name")
    worklist.add_argument("--rule", metavar="ID", help="only complaints by this rule")
    worklist.add_argument("--column", metavar="NAME", help="only about this column")
    worklist.add_argument("--severity", choices=["error", "warning", "note"], help="only of this severity")
    worklist.add_argument("--from", dest="start", type=_whole, default=0, metavar="N", help="leave out the first N")
    worklist.add_argument("--count", type=_whole, default=50, metavar="N", help="show N (default: 50)")
    worklist.add_argument("--out", type=Path, metavar="OUT", help="write all of them as .csv or .xlsx instead")

    trace = _command(commands, "trace", "say what became of one row of a submission, step by step")
    trace.add_argument("--row", required=True, metavar="FILE:ROW", help="a submission and the row in its file")
    _method(trace)
    trace.add_argument("--as-of", type=_day, metavar="DATE", help="as it was known on this day (default: today)")

    synthesise = _command(commands, "synthesise", "write a made-up council's returns; nobody in them is real")
    synthesise.add_argument("--people", type=_whole, required=True, metavar="N", help="how many people it ever knew")
    synthesise.add_argument("--seed", type=_whole, default=1, metavar="S", help="the same seed, the same council")
    synthesise.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write")
    synthesise.add_argument("--quarters", type=_whole, default=8, metavar="Q", help="submissions (default: 8)")
    synthesise.add_argument("--faults", type=_share, default=0.0, metavar="SHARE", help="plant faults, as 0.02 or 2%%")
    synthesise.add_argument("--area", default="950", metavar="CODE", help="its code (default: 950, which nobody has)")

    rehearse = _command(commands, "rehearse", "plant faults in made-up files, and tell which the checks found")
    rehearse.add_argument("--people", type=_whole, default=2000, metavar="N", help="default: 2000")
    rehearse.add_argument("--seed", type=_whole, default=1, metavar="S", help="default: 1")
    rehearse.add_argument("--quarters", type=_whole, default=3, metavar="Q", help="files to make (default: 3)")
    rehearse.add_argument("--faults", type=_share, default=0.02, metavar="SHARE", help="default: 0.02")

    retention = _command(commands, "retention", "say how long submissions are kept, and purge what is due")
    retention.add_argument("--keep-months", type=_whole, metavar="N", help="set the rule: purge after N months")
    retention.add_argument("--purge", action="store_true", help="erase what is due, for good")
    _by(retention)


def _measures(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands about measures: figures, the cases behind them, and what they mean."""
    measure = _command(commands, "measure", "work out measures from the stored records")
    measure.add_argument("codes", nargs="*", metavar="CODE", help="such as 2A (default: every measure that fits)")
    _for_when(measure)
    measure.add_argument(
        "--by",
        dest="by_dimension",
        action="append",
        metavar="WHAT",
        help="break down by this instead, such as ethnicity_group; may be given twice",
    )
    measure.add_argument(
        "--population-year", type=_whole, metavar="Y", help="the population's year (default: by period)"
    )

    cohort = _command(commands, "cohort", "list the cases behind a figure; each look is written down")
    cohort.add_argument("code", metavar="CODE", help="a measure, such as 2A")
    _for_when(cohort)
    cohort.add_argument("--person", metavar="ID", help="only this person, by NHS number or the council's own")
    cohort.add_argument("--part", metavar="PART", help="only of this part of the measure, such as 1a")
    cohort.add_argument(
        "--only", choices=["counted", "not-counted", "left-out"], help="only those counted, in the denominator only, …"
    )
    cohort.add_argument("--from", dest="start", type=_whole, default=0, metavar="N", help="leave out the first N")
    cohort.add_argument("--count", type=_whole, default=20, metavar="N", help="show N (default: 20)")
    cohort.add_argument("--out", type=Path, metavar="FILE", help="write all of them as CSV instead")
    _by(cohort)

    reconcile = _command(commands, "reconcile", "compare a list or figures from elsewhere, and say why they differ")
    reconcile.add_argument("file", type=Path, metavar="FILE", help="a list of cases, or published figures; CSV or XLSX")
    _for_when(reconcile)
    reconcile.add_argument("--population-year", type=_whole, metavar="Y", help="the population's year")
    reconcile.add_argument("--count", type=_whole, default=20, metavar="N", help="show N cases (default: 20)")
    reconcile.add_argument("--out", type=Path, metavar="OUT", help="write all differences as CSV too")
    _by(reconcile)

    explain = _command(commands, "explain", "say what a measure means and how it is worked out")
    explain.add_argument("code", metavar="CODE", help="a measure, such as 2A")
    _method(explain)


def _for_when(command: argparse.ArgumentParser) -> None:
    """When, where and by which method."""
    command.add_argument("--year", metavar="YEAR", help="a financial year, such as 2024-25")
    command.add_argument(
        "--to",
        type=_day,
        metavar="DATE",
        help="with --year the part of it up to this day; alone the twelve months that end on it",
    )
    command.add_argument(
        "--period",
        action="append",
        metavar="PERIOD",
        help="any other, such as “Q1 2024-25”, “May 2024”, “31 March 2025”; may be given twice",
    )
    command.add_argument(
        "--each",
        choices=["month", "quarter", "year to date", "rolling", "snapshot"],
        help="a series: every month, quarter … that ends in the period",
    )
    command.add_argument("--area", action="append", metavar="CODE", help="a council's code (default: every council)")
    command.add_argument("--as-of", type=_day, metavar="DATE", help="as it was known on this day (default: today)")
    _method(command)
    command.add_argument(
        "--engine",
        choices=["duckdb", "postgres", "spark"],
        default="duckdb",
        help="where it is counted (default: duckdb, on this computer)",
    )
    command.add_argument(
        "--address",
        default=os.environ.get("OUTTURN_ENGINE_ADDRESS"),
        metavar="ADDRESS",
        help="of the PostgreSQL database or the Spark (default: OUTTURN_ENGINE_ADDRESS)",
    )


def _method(command: argparse.ArgumentParser) -> None:
    command.add_argument("--method", default="DHSC-2526", metavar="PROFILE", help="whose method (default: DHSC-2526)")
    command.add_argument(
        "--reading",
        choices=["executed", "published"],
        default="executed",
        help="the national program as it runs, or its words",
    )


def _by(command: argparse.ArgumentParser) -> None:
    command.add_argument("--by", metavar="NAME", help="who does it (default: the account of this computer)")


def _whole(text: str) -> int:
    if text.isdecimal():
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a whole number.")


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if 0 <= share < 1:
        return share
    raise argparse.ArgumentTypeError(f"{text} is not a share. Write 0.02 or 2%.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date. Write 2026-10-21.") from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is neither a date nor a time. Write 2026-10-21 or 2026-10-21T09:30."
        ) from None


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
    command.add_argument(
        "--workspace",
        type=Path,
        default=Path(os.environ.get("OUTTURN_WORKSPACE") or DEFAULT),
        metavar="DIR",
        help=f"the folder that holds the data (default: OUTTURN_WORKSPACE, or else ./{DEFAULT})",
    )
    command.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    return command


def _address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, default=8000, metavar="N", help="default: 8000; 0 for any free port")
    command.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this computer only")


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port. Give a whole number from 1 to 65535, such as 8001.")


if __name__ == "__main__":
    sys.exit(main())
