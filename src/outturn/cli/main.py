"""Outturn's command line: reads the arguments and hands over to the command's own module.

Commands are imported when they are run, so that `outturn --help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
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
        import_module(f"outturn.cli.{chosen.command}").run(chosen, report)
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
    account.add_argument("--new-password", action="store_true", help="give an existing account a new password")

    upgrade = _command(commands, "upgrade", "bring a workspace made by an older Outturn up to date")
    upgrade.add_argument(
        "--no-backup", action="store_true", help="do not copy the database first (PostgreSQL: you made your own copy)"
    )
    return top


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
    command.add_argument(
        "--workspace", type=Path, default=Path(os.environ.get("OUTTURN_WORKSPACE") or DEFAULT), metavar="DIR",
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
