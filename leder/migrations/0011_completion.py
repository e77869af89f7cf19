import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leder", "0010_handover"),
    ]

    operations = [
        migrations.CreateModel(
            name='CoverageCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letter', models.JSONField(default=dict)),
                ('letter_of', models.PositiveIntegerField(null=True)),
                ('letter_at', models.DateTimeField(null=True)),
                ('goals', models.JSONField(default=dict)),
                ('goals_of', models.PositiveIntegerField(null=True)),
                ('goals_at', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leder.unit')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leder.round')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('round', 'area'), name='leder_coverage_once_an_area'), models.UniqueConstraint(condition=models.Q(('area', None)), fields=('round',), name='leder_coverage_once_a_whole')],
            },
        ),
    ]
