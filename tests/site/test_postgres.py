"""PostgreSQL by one setting: the same demo, the same pages."""

import json
import os
import subprocess
import sys

import pytest

PAGES = [
    "/", "/york/", "/york/plans/2018-19/", "/york/plans/2018-19/?actions-sort=-owner", "/york/risks/",
    "/york/plans/2018-19/actions/ASCP17/", "/york/indicators/", "/york/indicators/ascof2a1-snapshot/", "/leeds/",
    "/leeds/scorecards/2012-13/q1/", "/harrowmere/plans/2026-27/", "/harrowmere/scorecards/2026-27/q2/",
    "/exampleshire/scorecards/2026-27/q2/", "/exampleshire/indicators/reable-out/", "/search/?q=reablement",
    "/search/?q=LEADER", "/catalogue/",
]  # fmt: skip
FETCH = """
import json, sys, django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
print(json.dumps({path: client.get(path).content.decode() for path in json.loads(sys.argv[1])}))
"""


def pages_of(workspace, database: str) -> dict[str, str]:
    env = {**os.environ, "OUTTURN_WORKSPACE": str(workspace), "DJANGO_SETTINGS_MODULE": "outturn.site.settings"}
    env["OUTTURN_DATABASE"] = database
    demo = [sys.executable, "-m", "outturn", "demo", "--no-serve", "--workspace", str(workspace)]
    subprocess.run(demo, env=env, check=True, capture_output=True, timeout=120)
    fetched = subprocess.run(
        [sys.executable, "-c", FETCH, json.dumps(PAGES)],
        env=env,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return json.loads(fetched.stdout)


@pytest.mark.postgres
@pytest.mark.slow
def test_every_page_is_the_same_on_postgresql_as_on_sqlite(postgres, tmp_path):
    on_sqlite = pages_of(tmp_path / "sqlite", "")
    on_postgres = pages_of(tmp_path / "postgres", postgres)
    for path in PAGES:
        assert on_postgres[path] == on_sqlite[path], path
    assert "ASCP23" in on_sqlite["/york/plans/2018-19/"]
