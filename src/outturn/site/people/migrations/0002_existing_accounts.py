"""Whoever had an account before there were roles could change everything, and still can."""

from django.conf import settings
from django.db import migrations


def administer(apps, schema_editor):
    user, grant = apps.get_model(settings.AUTH_USER_MODEL), apps.get_model("people", "Grant")
    grant.objects.bulk_create(grant(user=each, role="administrator") for each in user.objects.filter(is_active=True))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(administer, migrations.RunPython.noop)]
