from django.db import migrations

from outturn.site.trail.chain import CONTENT, digest_of


def chain(apps, schema_editor):
    """Chain the rows written before there was a chain, in their order. From here on none can be altered unseen."""
    changes = apps.get_model("trail", "Change").objects
    prior = ""
    for row in list(changes.order_by("id").values(*CONTENT)):
        digest = digest_of({**row, "prior": prior})
        changes.filter(id=row["id"]).update(prior=prior, digest=digest)
        prior = digest


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_chained")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
