"""Fifty people who save at once through the served site: nothing is lost, and nobody is shown an error."""

import json
import os
import subprocess
import sys

import pytest

from .conftest import EXAMPLES

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
PEOPLE = 50

PLAY = """
import http.client, json, re, sys, threading
from collections import Counter
from html import unescape
from urllib.parse import urlencode
import django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
from outturn.cli.serve import _server
from outturn.plans.round import dates_for
from outturn.plans.states import LEVELS
from outturn.site.councils.models import Council
from outturn.site.people.models import Grant
from outturn.site.rounds.models import Entry
from outturn.site.rounds.opening import open_round
from outturn.site.trail.chain import follow
from outturn.site.trail.keeping import rows
from outturn.site.trail.models import Change
from outturn.terms.period import Period

PEOPLE = int(sys.argv[1])
quarter = Period.quarter(2026, 2)
opened = open_round(Council.objects.get(), quarter, levels=LEVELS, dates=dates_for(quarter), by="eve")
some = opened.entries.filter(priority=None).first()
for number in range(PEOPLE - opened.entries.count()):
    indicator = some.indicator
    indicator.pk, indicator.slug = None, f"extra-{number}"
    indicator.save()
    Entry.objects.create(round=opened, name=indicator.slug, order=100 + number, indicator=indicator, plan=some.plan,
                         period=quarter.code)
names = list(opened.entries.values_list("name", flat=True))

def cookie(number):
    user = User.objects.create(username=f"person{number}")
    Grant.objects.create(user=user, role="analyst")
    client = Client()
    client.force_login(user)
    return f"outturn_session={client.cookies['outturn_session'].value}; outturn_csrf={'x' * 32}"

cookies = [cookie(number) for number in range(PEOPLE)]
server = _server("127.0.0.1", 0)
threading.Thread(target=server.run, daemon=True).start()
statuses, wrong, ready = Counter(), [], threading.Barrier(PEOPLE)

class Browser:
    def __init__(self, number):
        self.number = number
        self.connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)

    def ask(self, address, sent=None):
        headers = {"Cookie": cookies[self.number], "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(sent) if sent else None
        self.connection.request("POST" if sent else "GET", address, body, headers)
        answer = self.connection.getresponse()
        page = unescape(answer.read().decode())
        statuses[answer.status] += 1
        if answer.status not in (200, 302):
            wrong.append([address, answer.status, page[-2000:]])
        return answer.status, page

    def write(self, name, text, page):
        seen = re.search('name="seen" value="([0-9]*)"', page)[1]
        return self.ask(place(name), {"happened": text, "seen": seen, "csrfmiddlewaretoken": "x" * 32})

def place(name):
    return f"/harrowmere/rounds/2026-27-q2/entries/{name}/commentary/"

def everybody(do):
    def one(number):
        try:
            do(number)
        except Exception as error:
            wrong.append(repr(error))
            ready.abort()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(PEOPLE)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

saved = [None] * PEOPLE

def own(number):
    browser = Browser(number)
    _, page = browser.ask(place(names[number]))
    ready.wait(60)
    saved[number] = browser.write(names[number], f"Text {number}.", page)[0]

kept = [None] * PEOPLE

def shared(number):  # two people for each entry
    name, text = names[number // 2], f"Also {number}."
    browser = Browser(number)
    _, page = browser.ask(place(name))
    ready.wait(60)
    status, page = browser.write(name, text, page)
    other = f"Also {number ^ 1}."
    kept[number] = "saved" if status == 302 else "both" if text in page and other in page else page[-3000:]
    if status == 200:  # after reading both, they put them together
        both = f"{other} {text}"
        kept[number] = kept[number] if browser.write(name, both, page)[0] == 302 else "not saved in the end"

everybody(own)
first = dict(opened.entries.values_list("name", "happened"))
everybody(shared)
server.close()
changes = Change.objects.filter(kind="commentary")
print(json.dumps({
    "wrong": wrong, "statuses": statuses, "saved": saved, "kept": Counter(kept),
    "first": [first[name] for name in names[:PEOPLE]],
    "last": [sorted(re.findall("Also [0-9]+", text)) for text in
             (Entry.objects.get(round=opened, name=name).happened for name in names[: PEOPLE // 2])],
    "rows": Counter(changes.values_list("after__happened", flat=True)),
    "trail": len([*follow(rows())]), "changes": Change.objects.count(),
}))
"""


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_fifty_people_save_at_once_and_two_of_them_the_same_entry(database, request, tmp_path):
    address = request.getfixturevalue("postgres") if database == "postgres" else ""
    env = {
        **os.environ, "OUTTURN_WORKSPACE": str(tmp_path / "w"), "OUTTURN_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "outturn.site.settings",
    }  # fmt: skip
    load = [sys.executable, "-m", "outturn", "load", str(EXAMPLES / "harrowmere")]
    subprocess.run(load, env=env, check=True, capture_output=True, timeout=120)
    played = subprocess.run(
        [sys.executable, "-c", PLAY, str(PEOPLE)], env=env, capture_output=True, text=True, timeout=300
    )
    assert played.returncode == 0, played.stderr
    assert "locked" not in played.stderr
    found = json.loads(played.stdout)
    assert found["wrong"] == []
    assert found["saved"] == [302] * PEOPLE
    assert found["first"] == [f"Text {number}." for number in range(PEOPLE)]  # each its own, and nobody else's
    assert found["kept"] == {"saved": PEOPLE // 2, "both": PEOPLE // 2}  # of two, one is first; the other sees both
    assert found["last"] == [sorted([f"Also {n}", f"Also {n + 1}"]) for n in range(0, PEOPLE, 2)]
    assert sum(found["rows"].values()) == 2 * PEOPLE  # one for each text that was acknowledged
    assert set(found["rows"].values()) == {1}
    assert found["trail"] == found["changes"]
