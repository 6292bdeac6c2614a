"""How fast every kind of page comes to people of every role, in a council that has reported for five years.

    python benchmarks/rounds.py [--workspace DIR] [--times 20] [--people 10] [ADDRESSES ...]

The council is made up: 20 quarters of 60 indicators and 20 priorities, each written, signed by four and published, the
last half way, by 50 people. Making it takes a minute or two; give a workspace to keep it. Each kind of page is asked
for by each role that may see it, one ask after another; then by ten people of all roles at once, each again as soon as
they have an answer; and then again and again just after somebody has saved something, when nothing kept is of use.
"""

import argparse
import http.client
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from pages import LINK, kind
from serving import OUTTURN, free_port, memory_mb, served, start_server, wait_for

COUNCIL, TODAY = "madeup", "2026-27-q2"
YEARS = range(2021, 2027)
INDICATORS, POSTS, WANTED = 60, 38, 150
OTHERS = {"head of service": 5, "director": 2, "portfolio holder": 2, "analyst": 1, "administrator": 1, "viewer": 1}
LEFT_OUT = re.compile("/static/|/sign-|/catalogue/|/methods/|/checks/|.*(pdf|csv|jsonl|ics)$|.*/export/")

# --- the council


def make(workspace: Path, folder: Path) -> None:
    """Load it, let everybody in, and play its rounds."""
    write_files(folder)
    subprocess.run([*OUTTURN, "load", str(folder), "--workspace", str(workspace)], check=True)
    use(workspace)
    let_in()
    for year in YEARS:
        for number in range(1, 5):
            if (2021, 2) < (year, number) < (2026, 3):
                play(year, number)


def use(workspace: Path) -> None:
    from outturn.cli.database import open_workspace
    from outturn.workspace import Workspace

    open_workspace(Workspace(workspace))


def write_files(folder: Path) -> None:
    """What a council would have typed."""
    (folder / "definitions").mkdir(parents=True)
    council = f"name: Made-up Council\nshort_name: {COUNCIL}\nkind: made-up\nsource: a benchmark\n"
    council += "absences: {'-': awaited}\n"
    (folder / "council.yaml").write_text(council)
    (folder / "definitions" / "framework.yaml").write_text("title: Made up\npublisher: Made up\neditions: all\n")
    for number in range(INDICATORS):
        (folder / "definitions" / f"M{number:02}.yaml").write_text(
            f"code: M{number:02}\ntitle: Measure {number} of people supported\nmeaning: What it means.\n"
            "numerator: Those counted\ndenominator: Everybody supported\nunit: '%'\ndecimals: 1\nbases: [in period]\n"
            f"polarity: {'higher' if number % 3 else 'lower'}\nsource: Case system\nfrequency: quarterly\n"
            "standing: established\ncame_from: a benchmark\n"
        )
    for year in YEARS:
        (folder / f"plan-{words(year)}.yaml".replace("/", "-")).write_text(plan(year))
        (folder / f"scorecard-{words(year)}.yaml".replace("/", "-")).write_text(scorecard(year))


def words(year: int) -> str:
    return f"{year}/{(year + 1) % 100}"


def post(number: int) -> str:
    return f"Head of Team {number % POSTS}"


def plan(year: int) -> str:
    actions = "".join(
        f"  - reference: A{n:02}\n    theme: Theme {n % 4}\n    action: Do number {n} well and in time.\n"
        f"    type: Major\n    owners: [{post(n)}]\n    completed_by: 31 March {year + 1}\n    indicators: [M{n:02}]\n"
        f"    risks: [R{n % 10}]\n    milestones:\n"
        f"      - {{text: The first step, date: 30 June {year}, state: done}}\n"
        f"    updates:\n      - {{date: 1 July {year}, text: The first step is done and the second is begun.}}\n"
        for n in range(20)
    )
    risks = "".join(
        f"  - reference: R{n}\n    title: Number {n} goes wrong\n    owner: {post(n)}\n    cause: A cause.\n"
        "    consequence: A consequence.\n    response: treat\n    mitigations: [What is done]\n"
        "    net: {likelihood: 3, impact: 3}\n" for n in range(10)
    )  # fmt: skip
    rows = "".join(
        f"      - {{code: M{n:02}, basis: in period, title: Measure {n}, printed_basis: Quarterly,"
        f" polarity: Up is Good, owner: {post(n)}, include: Y, target: {{{words(year)}: '{50 + n % 30}.0'}}}}\n"
        for n in range(INDICATORS)
    )
    return (
        f"service_plan:\n  title: Service Plan {words(year)}\n  year: {words(year)}\n"
        f"  service: Adult Social Care\n  directorate: Adults\n"
        f"  plan_holder: {post(0)}\n  director: Director of Adults\n  cabinet_member: Member\n"
        f"  last_updated: 30 September {year}\n  source: a benchmark\nactions:\n{actions}risks:\n{risks}"
        f"indicators:\n  - heading: All\n    rows:\n{rows}"
    )


def scorecard(year: int) -> str:
    priorities = "".join(
        f"      - title: Priority {n} of all\n        portfolios: [Adults]\n        measures:\n"
        + "".join(
            f"          - {{code: M{m:02}, title: Measure {m}, basis: in period, target: '{50 + m % 30}.0'}}\n"
            for m in range(3 * n, 3 * n + 3)
        )
        for n in range(INDICATORS // 3)
    )
    return (
        f"scorecard:\n  title: Scorecard\n  directorate: Adults\n  year: {words(year)}\n  source: a benchmark\n"
        "blocks:\n  - heading: All\n    kind: cross-council priorities\n    measure_heading: Measures\n"
        f"    shows: [progress, target]\n    priorities:\n{priorities}"
    )


def let_in() -> None:
    """Fifty people with roles, and the owners with posts."""
    from outturn.site.people import actions
    from outturn.site.people.models import Grant

    def add(name: str, role: str, held: str = "") -> None:
        user = actions.add_person(name, "", "", by="benchmark")
        actions.give_role(user, Grant(role=role, council=COUNCIL), by="benchmark")
        if held:
            actions.give_post(user, COUNCIL, held, by="benchmark")

    for number in range(POSTS):
        add(f"owner{number}", "owner", post(number))
    for role, many in OTHERS.items():
        for number in range(many):
            add(account(role, number), role)


def account(role: str, number: int = 0) -> str:
    return f"{role.split()[0]}{number}"


def play(year: int, number: int) -> None:
    """A quarter from its opening to its publication; the last one half way."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from outturn.plans.round import dates_for
    from outturn.plans.states import LEVELS, Move
    from outturn.site.councils.models import Council
    from outturn.site.people.access import read_person
    from outturn.site.rounds import moving
    from outturn.site.rounds.opening import open_round
    from outturn.terms.period import Period
    from outturn.terms.value import read_value

    quarter, last = Period.quarter(year, number), (year, number) == (2026, 2)
    people = {user.username: read_person(user, timezone.localdate()) for user in User.objects.all()}
    council = Council.objects.get(slug=COUNCIL)
    opened = open_round(council, quarter, levels=LEVELS, dates=dates_for(quarter), by="analyst0")
    entries = list(opened.entries.select_related("round__council", "indicator", "priority", "scorecard", "plan"))
    for place, entry in enumerate(entries[: 40 if last else None]):
        owner = people[f"owner{int(entry.posts[0].split()[-1])}"]
        if entry.indicator:
            figure = read_value(f"{45 + (7 * place + 3 * year + number) % 40}.{place % 10}%", {})
            moving.take_figure(entry, owner, figure, reason="", source="Case system")
        said = {} if entry.indicator else {"status": ("Green", "Amber", "Red")[place % 3]}
        moving.write(
            entry, owner, happened=f"It moved in {quarter.words}.\n\n" + "More people asked, and fewer waited. " * 8,
            why="Two teams were short of staff over the summer.", doing="A weekly panel looks at what waits.",
            by_when="Back on the profile by the end of the next quarter.", **said,
        )  # fmt: skip
    steps = (Move.CHECK, Move.AGREE_HEAD, Move.AGREE_DIRECTOR, Move.AGREE_PORTFOLIO, Move.PUBLISH)
    signers = ("analyst0", "head0", "director0", "portfolio0", "analyst0")
    for entry in entries[: 40 if last else None]:
        moving.make_move(entry, Move.SUBMIT, people[f"owner{int(entry.posts[0].split()[-1])}"])
    for step, (move, who) in enumerate(zip(steps, signers, strict=True)):
        moving.move_all(entries[: 35 - 8 * step if last else None], move, people[who])


def sign_in() -> dict[str, str]:
    """By role, the cookie of one of them."""
    from django.contrib.auth.models import User
    from django.test import Client

    cookies = {}
    for role in ("owner", *OTHERS):
        client = Client()
        client.force_login(User.objects.get(username=account(role)))
        cookies[role] = f"outturn_session={client.cookies['outturn_session'].value}"
    return cookies


# --- asking


class Visit:
    """Somebody's connection to the site."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection, self.cookie = http.client.HTTPConnection("127.0.0.1", port), cookie

    def get(self, path: str) -> tuple[int, str]:
        self.connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def timed(self, path: str) -> float:
        """Milliseconds. Fails where the page does not come."""
        began = time.perf_counter()
        status, _ = self.get(path)
        if status != 200:
            raise SystemExit(f"{path}: {status}")
        return (time.perf_counter() - began) * 1000


def find_paths(visit: Visit) -> dict[str, str]:
    """The first address of each kind that somebody can reach from the front page."""
    found, waiting = {}, ["/", "/my-work/", f"/{COUNCIL}/rounds/{TODAY}/"]
    while waiting:
        path = waiting.pop(0)
        if kind(path) in found:
            continue
        status, body = visit.get(path)
        if status == 200:
            found[kind(path)] = path
            links = (unescape(link) for link in LINK.findall(body))
            waiting += [link for link in links if kind(link) not in found and not LEFT_OUT.match(link)]
    return found


def saver(port: int, cookie: str) -> Callable[[], None]:
    """Saves another commentary each time, as an owner does, through the form."""
    visit, page = Visit(port, cookie), f"/{COUNCIL}/rounds/{TODAY}/entries/m38/commentary/"

    def field(name: str, body: str) -> str:
        return re.search(f'name="{name}" value="([^"]*)"', body)[1]

    def save() -> None:
        status, body = visit.get(page)
        token = visit.cookie.partition("outturn_csrf=")[2] or "x" * 32
        visit.cookie = f"{cookie}; outturn_csrf={token}"
        sent = {"happened": f"Saved at {time.time()}.", "seen": field("seen", body), "csrfmiddlewaretoken": token}
        headers = {"Cookie": visit.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        visit.connection.request("POST", page, urlencode(sent), headers)
        answer = visit.connection.getresponse()
        body = answer.read().decode()
        if answer.status != 302:
            raise SystemExit(f"Saving: {answer.status} {status} {re.sub('<[^>]+>', ' ', body)[:3000]}")

    return save


def at_once(port: int, cookies: list[str], path: str, times: int, people: int) -> list[float]:
    found: list[float] = []

    def person(cookie: str) -> None:
        visit = Visit(port, cookie)
        found.extend(visit.timed(path) for _ in range(times))

    threads = [threading.Thread(target=person, args=(cookies[each % len(cookies)],)) for each in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def shown(times: list[float]) -> str:
    return f"{median(times):7.0f} {quantiles(times, n=20)[-1]:6.0f}"


@contextmanager
def place(chosen: argparse.Namespace) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield chosen.workspace or Path(folder) / "workspace"


def main() -> None:
    """Make or open the council, ask for every page, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("paths", nargs="*")
    chosen = parser.parse_args()
    with place(chosen) as workspace, TemporaryDirectory() as folder:
        if workspace.exists():
            use(workspace)
        else:
            began = time.perf_counter()
            make(workspace, Path(folder) / COUNCIL)
            print(f"Made in {time.perf_counter() - began:.0f} s.")
        ask(workspace, sign_in(), chosen)


def ask(workspace: Path, cookies: dict[str, str], chosen: argparse.Namespace) -> None:
    port = free_port()
    with served(start_server(workspace, port)) as server:
        wait_for(f"http://127.0.0.1:{port}/", server)
        visits = {role: Visit(port, cookie) for role, cookie in cookies.items()}
        found: dict[str, dict[str, str]] = {}  # by kind, each role's page
        for role, visit in visits.items():
            for path in chosen.paths or find_paths(visit).values():
                if visit.get(path)[0] == 200:
                    found.setdefault(kind(path), {})[role] = path
        save, slow = saver(port, cookies["owner"]), 0
        columns = "".join(f"{words:>15}" for words in ("one by one", "after a save", f"{chosen.people} at once"))
        print(f"{'page':66}{columns}   (median, 95%, ms)")
        for paths in found.values():
            alone, after = [], []
            for role, path in paths.items():
                visits[role].get(path)
                alone += [visits[role].timed(path) for _ in range(chosen.times)]
            for turn in range(chosen.times):
                save()
                role = [*paths][turn % len(paths)]
                after.append(visits[role].timed(paths[role]))
            role, path = next(iter(paths.items()))
            theirs = [cookies[each] for each in paths if visits[each].get(path)[0] == 200]
            together = at_once(port, theirs, path, max(chosen.times // 4, 2), chosen.people)
            over = max(quantiles(times, n=20)[-1] for times in (alone, after)) > WANTED
            slow += over
            print(f"{path:66} {shown(alone)} {shown(after)} {shown(together)} {'SLOW' if over else ''}", flush=True)
        memory = memory_mb(server.pid)
        print(f"{len(found)} kinds of page, {slow} over {WANTED} ms. Memory of the server: {memory or 0:.0f} MB.")


if __name__ == "__main__":
    main()
