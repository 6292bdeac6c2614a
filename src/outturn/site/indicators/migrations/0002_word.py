
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField()),
                ('period', models.CharField(max_length=30)),
                ('kind', models.CharField(choices=[('overrule', 'overrule'), ('accepted', 'accepted variance')], max_length=20)),
                ('rag', models.CharField(blank=True, max_length=10)),
                ('because', models.TextField()),
                ('by', models.CharField(max_length=200)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='indicators.indicator')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'period'), name='one_word_per_period'), models.UniqueConstraint(fields=('indicator', 'order'), name='one_word_per_place')],
            },
        ),
    ]
