"""Many who write at once: each change is kept, in one chain, on both databases, which refuse to alter it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
EXAMPLES = Path(__file__).parents[2] / "examples"
THREADS, EACH, PROCESSES = 10, 3, 2

WRITE = """
import json, sys, threading
import django
django.setup()
from django.db import connection, transaction
from outturn.site.councils.models import Council
from outturn.site.trail.actions import note_change

failed = []

def write(name):
    try:
        for number in range(EACH):
            with transaction.atomic():
                council = Council.objects.select_for_update().get(slug=["york", "leeds"][number % 2])
                council.short_name = f"{name} {number}"
                council.save()
                note_change(by=name, verb="changed", council=council.slug, kind="council", subject="x", title="x",
                            before={"n": ""}, after={"n": number})
    except Exception as error:
        failed.append(repr(error))
    finally:
        connection.close()

threads = [threading.Thread(target=write, args=(f"{sys.argv[1]}-{number}",)) for number in range(THREADS)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(failed))
""".replace("EACH", str(EACH)).replace("THREADS", str(THREADS))

LOOK = """
import json
import django
django.setup()
from django.db import DatabaseError, connection, transaction
from outturn.site.trail import past, triggers
from outturn.site.trail.clock import going_to
from outturn.site.trail.keeping import head, head_file, read_head, rows
from outturn.site.trail.chain import follow
from outturn.site.trail.models import Change, Pending
from outturn.site.councils.models import Council

def refused(act):
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return triggers.REFUSAL in str(error)
    return False

def names_after(number):
    moment = past.find(str(number))
    with going_to(moment), past.opened(moment.database):
        return list(Council.objects.order_by("slug").values_list("short_name", flat=True))

council_changes = Change.objects.filter(kind="council", verb="changed").order_by("id")
changes = list(council_changes.values_list("id", "by", "after", "council"))
names, wrong = {"leeds": "Leeds", "york": "York"}, []
for number, by, after, council in changes:
    names[council] = f"{by} {after['n']}"
    if number % 29 == 0 and names_after(number) != [names["leeds"], names["york"]]:
        wrong.append([number, names_after(number), dict(names)])
print(json.dumps({
    "rows": len([*follow(rows())]), "changes": len(changes), "wrong": wrong, "pending": Pending.objects.count(),
    "numbers": head().row, "head": head() == read_head(head_file()), "writers": len({by for _, by, *_ in changes}),
    "refused": [
        refused(lambda: Change.objects.filter(id=2).update(by="x")),
        refused(lambda: Change.objects.filter(id=2).delete()),
        refused(lambda: Change.objects.create(id=1, by="x", digest="x")),
        refused(lambda: connection.cursor().execute("UPDATE trail_change SET reason = 'x'")),
    ],
    "missing": triggers.missing(),
}))
"""


def python(code, env, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def answer_of(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_many_who_write_at_once_make_one_chain(database, request, tmp_path):
    address = request.getfixturevalue("postgres") if database == "postgres" else ""
    env = {
        **os.environ, "OUTTURN_WORKSPACE": str(tmp_path / "w"), "OUTTURN_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "outturn.site.settings",
    }  # fmt: skip
    load = [sys.executable, "-m", "outturn", "load", str(EXAMPLES / "york"), str(EXAMPLES / "leeds")]
    subprocess.run(load, env=env, check=True, capture_output=True, timeout=120)
    for failed in map(answer_of, [python(WRITE, env, f"p{number}") for number in range(PROCESSES)]):
        assert failed == []
    found = answer_of(python(LOOK, env))
    made = THREADS * EACH * PROCESSES
    assert found["changes"] == made
    assert found["rows"] == found["numbers"] == made + 2  # the two councils were loaded
    assert found["writers"] == THREADS * PROCESSES
    assert found["wrong"] == []
    assert found["pending"] == 0
    assert found["head"] is True
    assert found["refused"] == [True] * 4
    assert found["missing"] == []
