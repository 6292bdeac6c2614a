"""A site with the example councils in it, loaded once for all page tests."""

from pathlib import Path

import pytest

from outturn.site.councils.actions import load_council

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def examples(db):
    """York, Leeds and Harrowmere as a demo has them."""
    for slug in ("york", "leeds", "harrowmere"):
        load_council(EXAMPLES / slug, by="tester")


@pytest.fixture
def staff(client, django_user_model):
    """A client signed in as a member of staff."""
    client.force_login(django_user_model.objects.create_user("ada", password="a long enough password"))
    return client
