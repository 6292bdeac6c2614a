import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=100)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
            ],
        ),
        migrations.AddField("change", "undo", models.JSONField(null=True)),
        migrations.AddField("change", "prior", models.CharField(max_length=64, blank=True, default="")),
        migrations.AddField(
            "change", "digest", models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.AlterField("change", "prior", models.CharField(max_length=64, blank=True)),
        migrations.AlterField("change", "at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AlterField("change", "council", models.SlugField(blank=True)),
        migrations.AddIndex("change", models.Index(fields=["council", "by"], name="trail_by")),
        migrations.AddIndex("change", models.Index(fields=["council", "at"], name="trail_when")),
        migrations.AddIndex("change", models.Index(fields=["at"], name="trail_at")),
        migrations.AddIndex(
            "change", models.Index(fields=["id"], condition=models.Q(undo__isnull=True), name="trail_without_undo")
        ),
    ]
