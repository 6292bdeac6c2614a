"""Joiners, movers and leavers from a CSV file: every fault at once, what would change, then all of it or nothing.

Each row is a role of an account; an account with several roles has several rows. An account in the file will have
just the roles and posts that the file gives it. Accounts that are not in the file stay as they are.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction

from outturn.plans.roles import Grant as Scope
from outturn.plans.roles import Person, Role, key_of
from outturn.site.councils.models import Council
from outturn.site.editing import UNPRINTABLE
from outturn.site.plans.models import Plan
from outturn.site.scorecards.models import Scorecard
from outturn.textfiles import Fault

from . import actions
from .models import Grant

COLUMNS = ("account", "name", "e-mail", "role", "council", "services", "plans", "posts", "leaves")
NEEDED = ("account",)
MOST_ROWS, MOST_BYTES = 5_000, 2_000_000
YES, NO = {"yes", "y", "true", "1"}, {"", "no", "n", "false", "0"}


@dataclass(slots=True)
class Wanted:
    """What the file says of one account."""

    account: str
    name: str = ""
    email: str = ""
    leaves: bool = False
    scopes: set[Scope] = field(default_factory=set)
    posts: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """One change that the file asks for, in words, and how to make it."""

    account: str
    words: str
    act: Callable[[], object]


@dataclass(slots=True)
class Reading:
    """What was read: either faults, or steps."""

    faults: list[Fault] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    joiners: list[str] = field(default_factory=list)


def decode(data: bytes) -> str:
    """The file's text, as Excel or anything else saved it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read(text: str, file: str, *, ruler: Person) -> Reading:
    """Read the file's text for an administrator. With any fault there are no steps."""
    found = Reading()

    def fault(line: int | None, words: str) -> None:
        found.faults.append(Fault(file, line, words))

    wanted = _wanted(text, fault)
    there = User.objects.filter(username__in=wanted).prefetch_related("grants", "holdings")
    users = {user.username: user for user in there}
    for line, each in wanted.values():
        user = users.get(each.account)
        theirs = actions.councils_of(user) if user else set()
        try:
            actions.demand_rule_over(ruler, sorted({scope.council for scope in each.scopes} | theirs))
            if each.leaves and each.account == ruler.account:
                raise ValidationError("You cannot close your own account.")
            found.steps += _steps(each, user, by=ruler.account)
        except (PermissionDenied, ValidationError) as error:
            fault(line, f"{each.account}: {' '.join(getattr(error, 'messages', [str(error)]))}")
        if not user:
            found.joiners.append(each.account)
    if found.faults:
        found.faults.sort(key=lambda each: each.line or 0)
        return Reading(found.faults)
    found.steps.sort(key=lambda step: step.words.startswith(("Take", "Close")))  # a successor comes before the leaver
    return found


def apply(reading: Reading) -> None:
    """Make every change, or none."""
    with transaction.atomic():
        for step in reading.steps:
            step.act()


def _wanted(text: str, fault: Callable[[int | None, str], None]) -> dict[str, tuple[int, Wanted]]:
    wanted: dict[str, tuple[int, Wanted]] = {}
    sample = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if sample.count(";") > sample.count(",") else ",")
    try:
        heading = [name.strip().casefold() for name in next(rows, [])]
        for name in sorted(set(heading) - set(COLUMNS)):
            fault(1, f"There is no column “{name}” in such a file. It has: {', '.join(COLUMNS)}.")
        for name in sorted(set(NEEDED) - set(heading)):
            fault(1, f"The column “{name}” is missing. Put it into the first row.")
        if set(NEEDED) - set(heading):
            return {}
        known = _Known()
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if rows.line_num > MOST_ROWS:
                fault(rows.line_num, f"A file can have {MOST_ROWS} rows. Divide it.")
                break
            if len(row) > len(heading):
                fault(rows.line_num, "This row has more cells than the first row has names. Look for a stray comma.")
                continue
            cells = dict.fromkeys(COLUMNS, "") | {name: " ".join(cell.split()) for name, cell in zip(heading, row)}  # noqa: B905
            _read_row(cells, rows.line_num, wanted, known, fault)
    except csv.Error as error:
        fault(rows.line_num, f"This is not a CSV file that can be read: {error}.")
    if not wanted:
        fault(None, "The file names nobody. Write a row for each person below the names of the columns.")
    return wanted


class _Known:
    """What rows may speak of."""

    def __init__(self) -> None:
        self.councils = set(Council.objects.values_list("slug", flat=True))
        self.plans = set(Plan.objects.values_list("council__slug", "slug"))
        self.services: dict[tuple[str, str], str] = {}
        for model, name in ((Plan, "service"), (Scorecard, "directorate")):
            for council, service in model.objects.values_list("council__slug", name):
                self.services[council, key_of(service)] = service


def _read_row(
    cells: dict[str, str], line: int, wanted: dict[str, tuple[int, Wanted]], known: _Known,
    fault: Callable[[int | None, str], None],
) -> None:  # fmt: skip
    account, council, role = cells["account"], cells["council"], cells["role"].casefold().replace("-", " ")
    faults: list[str] = []
    if any(UNPRINTABLE.search(cell) for cell in cells.values()):
        faults.append("A cell has a character that cannot be printed. Delete it; it may have come with a paste.")
    try:
        User(username=account).clean_fields(exclude=["password"])
    except ValidationError as error:
        faults.append(f"“{account}” cannot be an account name: {' '.join(error.messages)}")
    if cells["e-mail"]:
        try:
            validate_email(cells["e-mail"])
        except ValidationError:
            faults.append(f"“{cells['e-mail']}” is not an e-mail address.")
    if len(cells["name"]) > 150:
        faults.append("The name is longer than 150 characters.")
    if cells["leaves"].casefold() not in YES | NO:
        faults.append(f"“{cells['leaves']}” says neither yes nor no. Write yes for somebody who leaves.")
    if role and role not in list(Role):
        faults.append(f"There is no role “{cells['role']}”. The roles are: {', '.join(Role)}.")
    if council and council not in known.councils:
        faults.append(f"There is no council “{council}” here. There is: {', '.join(sorted(known.councils))}.")
    services, plans, posts = (_listed(cells[name]) for name in ("services", "plans", "posts"))
    if (services or plans or posts) and not council:
        faults.append("Services, plans and posts belong to a council. Name it in the column “council”.")
    elif council in known.councils:
        faults += [
            f"No plan or scorecard of {council} is of the service “{each}”."
            for each in services
            if (council, key_of(each)) not in known.services
        ]
        faults += [f"{council} has no plan “{each}”." for each in plans if (council, each) not in known.plans]
    faults += [f"The post “{post[:40]}…” is longer than 200 characters." for post in posts if len(post) > 200]
    _, each = wanted.setdefault(account, (line, Wanted(account)))
    for name in ("name", "email"):
        said = cells["e-mail" if name == "email" else name]
        if said and getattr(each, name) not in ("", said):
            faults.append(f"{account} has another {cells and name} in an earlier row. Keep one.")
        setattr(each, name, getattr(each, name) or said)
    if cells["leaves"].casefold() in YES:
        each.leaves = True
    for words in faults:
        fault(line, words)
    if role and not faults:
        named = frozenset(known.services[council, key_of(service)] for service in services)
        each.scopes.add(Scope(Role(role), council, named, frozenset(plans)))
    each.posts |= {(council, post) for post in posts}
    if each.leaves and (each.scopes or each.posts):
        fault(line, f"{account} leaves, so no row can give {account} a role or a post.")


def _listed(cell: str) -> list[str]:
    return [" ".join(part.split()) for part in cell.split(";") if part.strip()]


def _steps(wanted: Wanted, user: User | None, *, by: str) -> Iterator[Step]:
    account = wanted.account
    if wanted.leaves:
        if not user:
            raise ValidationError("There is no such account to close.")
        if user.is_active:
            yield Step(account, "Close the account", lambda: actions.close(user, by=by))
        return
    if not user:
        said = ", ".join(filter(None, [wanted.name, wanted.email]))
        yield Step(
            account, f"Add the account{f' ({said})' if said else ''}",
            lambda: actions.add_person(account, wanted.name, wanted.email, by=by),
        )  # fmt: skip
    elif not user.is_active:
        yield Step(account, "Open the account again", lambda: actions.reopen(user, by=by))
    name = wanted.name or (user.get_full_name() if user else "")
    email = wanted.email or (user.email if user else "")
    if user and (name, email) != (user.get_full_name(), user.email):
        yield Step(account, f"Call them {name}, {email}", lambda: actions.rename(user, name, email, by=by))

    def them() -> User:
        return User.objects.get(username=account)

    have = {grant.data(): grant for grant in user.grants.all() if not grant.by_sign_on} if user else {}
    for scope in sorted(wanted.scopes - have.keys(), key=repr):
        services, plans = sorted(scope.services), sorted(scope.plans)
        grant = Grant(role=scope.role, council=scope.council, services=services, plans=plans)
        give = partial(lambda given: actions.give_role(them(), given, by=by), grant)
        yield Step(account, f"Give the role: {grant.words}", give)
    for scope, grant in have.items():
        if scope not in wanted.scopes:
            yield Step(account, f"Take the role: {grant.words}", partial(actions.take_role, grant, by=by))
    held = {(each.council, each.post): each for each in user.holdings.all()} if user else {}
    for council, post in sorted(wanted.posts - held.keys()):
        give = partial(lambda *place: actions.give_post(them(), *place, by=by), council, post)
        yield Step(account, f"Give the post: {post}, {council}", give)
    for key, holding in held.items():
        if key not in wanted.posts:
            words = f"Take the post: {holding.post}, {holding.council}"
            yield Step(account, words, partial(actions.take_post, holding, by=by))
