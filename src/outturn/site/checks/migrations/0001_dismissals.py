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
                ("key", models.CharField(max_length=300, editable=False)),
                ("rule", models.CharField(max_length=10, editable=False)),
                ("subject", models.CharField(max_length=250, editable=False)),
                ("title", models.CharField(max_length=300, editable=False)),
                ("words", models.TextField()),
                ("because", models.TextField()),
                ("by", models.CharField(max_length=150, editable=False)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_because", models.TextField(blank=True)),
                ("taken_back_by", models.CharField(blank=True, max_length=150, editable=False)),
                ("taken_back_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
