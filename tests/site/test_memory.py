"""What is kept of the database is never older than the newest change."""

import pytest
from django.db import transaction

from outturn.site.plans.models import Action
from outturn.site.plans.reading import find_plan, read_plan
from outturn.site.trail.actions import note_change

pytestmark = pytest.mark.django_db


def theme() -> str:
    return read_plan(find_plan("york", "2018-19")).actions[0].theme


def change_theme(to: str) -> None:
    Action.objects.filter(reference="ASCP01").update(theme=to)
    note_change(by="ada", verb="added", council="york", kind="action", subject="2018-19/ASCP01", title="ASCP01")


def test_a_plan_is_read_once_until_something_changes(examples, django_assert_num_queries):
    first = read_plan(find_plan("york", "2018-19"))
    with django_assert_num_queries(2):  # the plan's own row, and the newest change
        assert read_plan(find_plan("york", "2018-19")) is first
    change_theme("Changed")
    assert theme() == "Changed"


def test_a_change_that_is_rolled_back_is_not_remembered(examples):
    was = theme()
    with transaction.atomic():
        change_theme("Never saved")
        assert theme() == "Never saved"
        transaction.set_rollback(True)
    assert theme() == was
    change_theme("Saved")  # SQLite gives this change the number of the one rolled back
    assert theme() == "Saved"
