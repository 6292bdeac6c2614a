"""A site with the example councils in it, loaded once for all page tests."""

from pathlib import Path

import pytest

from outturn.plans.roles import Role
from outturn.site.councils.actions import load_council
from outturn.site.people.models import Grant

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def examples(db):
    """York, Leeds and Harrowmere as a demo has them."""
    for slug in ("york", "leeds", "harrowmere"):
        load_council(EXAMPLES / slug, by="tester")


@pytest.fixture
def account(db, django_user_model):
    """Makes an account: an administrator, as `outturn account` does, or with another role."""

    def make(name, role=Role.ADMINISTRATOR, **scope):
        user = django_user_model.objects.create_user(name)
        if role:
            Grant.objects.create(user=user, role=role, **scope)
        return user

    return make


@pytest.fixture
def staff(client, account):
    """A client signed in as a member of staff who may change everything."""
    client.force_login(account("ada"))
    return client
