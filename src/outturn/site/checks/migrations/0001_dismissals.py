import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("councils", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=300)),
                ("rule", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=250)),
                ("title", models.CharField(max_length=300)),
                ("words", models.TextField()),
                ("because", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_because", models.TextField(blank=True)),
                ("taken_back_by", models.CharField(blank=True, max_length=150)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dismissals", to="councils.council"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("council", "key"),
                        name="one_dismissal_per_finding",
                    )
                ],
            },
        ),
    ]
