"""`outturn demo`: the example workspace, built once and served."""

import argparse
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

import outturn
from outturn.workspace import Refusal, Workspace, write_secret

from . import demo_round
from .account import let_see_people, save_with_password
from .report import Report
from .serve import check_port, serve_anew
from .serve import run as serve

COUNCILS = ("york", "leeds", "harrowmere", "exampleshire")
PEOPLE, SEED, FAULTS = 1500, 1, 0.01  # of Exampleshire, which has records
PUBLISHER = "nobody, for all of it is made up"
ACCOUNT = "demo"


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Build the example workspace unless it is there, say how to sign in, and serve it."""
    if not chosen.no_serve:
        check_port(chosen.host, chosen.port)
    build = not chosen.workspace.exists
    if build:
        _build(chosen.workspace, report)
    else:
        chosen.workspace.about()
        report.say(f"The workspace {chosen.workspace.folder} is there already, with all that was changed in it.")
    _say_account(chosen.workspace, report)
    if chosen.no_serve:
        if not build:
            from .database import open_workspace

            open_workspace(chosen.workspace)
        report.give({"workspace": str(chosen.workspace.folder), "built": build})
    elif build:
        serve_anew(chosen)
    else:
        serve(chosen, report)


def _build(workspace: Workspace, report: Report) -> None:
    from .database import migrate, start_django, telling_database
    from .load import close_database, load_folders

    folders = [_examples() / council for council in COUNCILS]
    report.say(f"Building the example workspace in {workspace.folder}")
    with workspace.making() as place:
        with report.step("Starting"):
            start_django(place)
        with telling_database():
            with report.step("Making the tables"):
                migrate()
            with report.step("Making an account"):
                _make_account(place)
            load_folders(folders, by="outturn demo", report=report)
            with report.step("Letting Harrowmere’s people in"):
                _let_people_in(place)
            with report.step("Opening Harrowmere’s round"):
                demo_round.play()
        with report.step("Making up Exampleshire’s records, and checking them"):
            _submit_records(place)
        with telling_database(), report.step("Working out its measures"):
            _work_out(place)
            close_database()


def _submit_records(workspace: Workspace) -> None:
    from outturn import pipeline
    from outturn.synthesis.council import synthesise

    with TemporaryDirectory(prefix="outturn-") as folder:
        made = synthesise(Path(folder) / "made", people=PEOPLE, seed=SEED, faults=FAULTS)
        sent = [(file, received, "cld") for file, received in pipeline.dated_files([made.folder], None)]
        sent.append((made.folder / "population.csv", sent[0][1], "population"))
        published = sorted((_examples() / "exampleshire").glob("comparators-*.csv"))
        sent += [(file, sent[-2][1], pipeline.COMPARATORS) for file in published]
        for file, received, return_name in sent:
            stated = {}
            if return_name == pipeline.COMPARATORS:
                stated = {"year": file.stem.removeprefix("comparators-"), "published_by": PUBLISHER}
            with pipeline.submitted(
                workspace, file, received=received, by="outturn demo", return_name=return_name, stated=stated
            ) as outcome:
                if outcome.status != pipeline.STORED:
                    raise Refusal(f"Exampleshire’s records were refused: {' '.join(outcome.reasons)}")


def _work_out(workspace: Workspace) -> None:
    """Work out the figures of the example scorecard, as a server does after each file."""
    from outturn import measuring, questions
    from outturn.site.submissions import computing

    def measure(wanted: computing.Wanted) -> list[str]:
        asked = questions.Question(wanted.periods, wanted.codes, (wanted.area,), as_of=wanted.as_of)
        measuring.measured(workspace, asked)
        return []

    computing.refresh(measure)


def _make_account(workspace: Workspace) -> None:
    from django.contrib.auth.models import User

    password = secrets.token_urlsafe(9)
    account = User(username=ACCOUNT, is_staff=True)
    save_with_password(account, password)
    let_see_people(account)
    write_secret(workspace.demo_account, f"Account name: {ACCOUNT}\nPassword: {password}")


def _let_people_in(workspace: Workspace) -> None:
    """Somebody made up for each role. The example account's password opens theirs too."""
    from django.contrib.auth.models import User

    from outturn.site.people import files

    from .people import read

    reading = read(_examples() / "people.csv")
    files.apply(reading)
    password = User.objects.get(username=ACCOUNT).password
    people = User.objects.filter(username__in=reading.joiners).order_by("pk")
    people.update(password=password)
    names = [f"{user.username} ({user.grants.get().role})" for user in people]
    own = workspace.demo_account.read_text("utf-8").rstrip()
    write_secret(workspace.demo_account, f"Beside it, with the same password: {', '.join(names)}\n{own}")


def _say_account(workspace: Workspace, report: Report) -> None:
    if workspace.demo_account.is_file():
        report.say(f"To change things, sign in (kept in {workspace.demo_account}):")
        report.say(workspace.demo_account.read_text("utf-8").rstrip())


def _examples() -> Path:
    """The example councils: inside the package when installed, at the top of the checkout otherwise."""
    package = Path(outturn.__file__).parent
    for folder in (package / "examples", package.parents[1] / "examples"):
        if (folder / COUNCILS[0] / "council.yaml").is_file():
            return folder
    raise Refusal(f"The example councils are missing from {package}. Install Outturn again.")
