from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('councils', '0002_council_area'),
    ]

    operations = [
        migrations.AddField(
            model_name='council',
            name='judging',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='council',
            name='peers',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='council',
            name='populations',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='council',
            name='region',
            field=models.CharField(blank=True, max_length=100),
        ),
    ]
