"""`outturn account`: an account with which a member of staff can sign in and change things."""

import argparse
import getpass
from pathlib import Path
from typing import Any

from outturn.workspace import Refusal

from .database import open_workspace, telling_database
from .report import Report

BY = "outturn account"


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Add an account, give one a new password, or change whether it may see lists of people."""
    open_workspace(chosen.workspace)
    people = getattr(chosen, "may_see_people", None)
    with telling_database():
        only_people = people is not None and not chosen.new_password and _exists(chosen.name)
        account = _account(chosen.name, existing=chosen.new_password or only_people)
        if not only_people:
            password = _from_file(chosen.password_from) if chosen.password_from else _ask(chosen.name)
            _check(account, password)
            save_with_password(account, password)
        if people is not None:
            let_see_people(account, people)
    done = [] if only_people else ["has a new password" if chosen.new_password else "can sign in"]
    done += [] if people is None else [f"{'may' if people else 'may not'} see lists of people"]
    report.say(f"{chosen.name} {' and '.join(done)}.")
    report.give({"account": chosen.name, "may_see_people": account.has_perm("submissions.see_people")})


def save_with_password(account: Any, password: str) -> None:
    """A new account administers everything: whoever can run this command can do anything already."""
    from django.db import transaction

    from outturn.plans.roles import Role
    from outturn.site.accounts.models import TemporaryPassword
    from outturn.site.people.actions import give_role, note
    from outturn.site.people.models import Grant

    new = account.pk is None
    account.set_password(password)
    with transaction.atomic():
        account.save()
        TemporaryPassword.objects.filter(user=account).delete()
        note(BY, "added" if new else "changed", account.username, f"{account.username}: password")
        if new:
            give_role(account, Grant(role=Role.ADMINISTRATOR), by=BY)


def _exists(name: str) -> bool:
    from django.contrib.auth.models import User

    return User.objects.filter(username=name).exists()


def let_see_people(account: Any, allow: bool = True) -> None:
    """Allow an account to see the lists that name people, such as the worklist of a submission, or no longer."""
    from outturn.site.people import actions

    actions.let_see_people(account, allow, by=BY)


def _account(name: str, *, existing: bool) -> Any:
    from django.contrib.auth.models import User

    found = User.objects.filter(username=name).first()
    if existing and not found:
        raise Refusal(f"There is no account {name}. Leave out --new-password to add it.")
    if found and not existing:
        raise Refusal(f"There is an account {name} already. To change its password, add --new-password.")
    return found or User(username=name, is_staff=True)


def _from_file(path: Path) -> str:
    """The first line of a file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"The password cannot be read from {path}: {error}.") from error
    if not lines or not lines[0]:
        raise Refusal(f"The first line of {path} is empty. Write the password there.")
    return lines[0]


def _ask(name: str) -> str:
    try:
        first = getpass.getpass(f"Password for {name}: ")
        second = getpass.getpass("The same again: ")
    except EOFError as error:
        raise Refusal("No password was typed. Where nobody can type, use --password-from FILE.") from error
    if first != second:
        raise Refusal("The two passwords differ, so no account was changed. Run the command again.")
    return first


def _check(account: Any, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    words = []
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        words += error.messages
    try:
        validate_password(password, account)
    except ValidationError as error:
        words += error.messages
    if words:
        raise Refusal(f"No account was changed. {' '.join(words)}")
