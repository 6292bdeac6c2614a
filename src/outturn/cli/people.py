"""`outturn people`: joiners, movers and leavers from a CSV file."""

import argparse
from pathlib import Path
from typing import Any

from outturn.plans.roles import Grant, Person, Role
from outturn.textfiles import FaultyFiles
from outturn.workspace import Refusal, write_secret

from .database import open_workspace, telling_database
from .report import Report

BY = "outturn people"


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Make every change that the file asks for, or none and tell every fault."""
    if chosen.passwords_to and chosen.passwords_to.exists():
        raise Refusal(f"{chosen.passwords_to} is there already. Name a file that is not.")
    open_workspace(chosen.workspace)
    with telling_database():
        reading = read(chosen.file)
        for step in reading.steps:
            report.say(f"{step.account}: {step.words}")
        passwords = {} if chosen.preview else _apply(reading, chosen.passwords_to)
    done = "would be made" if chosen.preview else "were made"
    report.say(f"{len(reading.steps)} changes {done}." if reading.steps else "Everything in the file is so already.")
    if passwords:
        report.say(f"Temporary passwords, which serve for a week, are in {chosen.passwords_to}.")
    steps = [{"account": step.account, "words": step.words} for step in reading.steps]
    report.give({"changes": steps, "applied": not chosen.preview})


def read(file: Path) -> Any:
    """What the file asks for. Raises FaultyFiles with every fault."""
    from outturn.site.people import files

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error}.") from error
    reading = files.read(files.decode(data), file.name, ruler=Person(BY, grants=(Grant(Role.ADMINISTRATOR),)))
    if reading.faults:
        raise FaultyFiles(reading.faults)
    return reading


def _apply(reading: Any, passwords_to: Path | None) -> dict[str, str]:
    from django.contrib.auth.models import User
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from outturn.site.accounts.passwords import give_temporary
    from outturn.site.people import files

    with transaction.atomic():
        try:
            files.apply(reading)
        except ValidationError as error:
            raise Refusal(f"Nothing was changed. {' '.join(error.messages)}") from error
        if not passwords_to:
            return {}
        joiners = User.objects.filter(username__in=reading.joiners).order_by("username")
        passwords = {user.username: give_temporary(user, by=BY) for user in joiners}
        try:
            write_secret(passwords_to, "\n".join(["account,password", *map(",".join, passwords.items())]))
        except OSError as error:
            raise Refusal(f"Nothing was changed, since {passwords_to} cannot be written: {error}.") from error
    return passwords
