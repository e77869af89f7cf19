"""The chain of seals, and what both had signed before there was one, in the order it was signed."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from leder.agreements import chain


def chain_what_is_signed(apps: Any, schema_editor: Any) -> None:
    """Begin the chain of every round."""
    seals, links, heads = (apps.get_model("leder", name).objects for name in ("Seal", "SealLink", "SealHead"))
    for year_round in apps.get_model("leder", "Round").objects.order_by("year"):
        chain.begin(year_round, seals=seals.all(), links=links, heads=heads)


class Migration(migrations.Migration):
    dependencies = [("leder", "0013_documents")]

    operations = [
        migrations.CreateModel(
            name='SealHead',
            fields=[
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='seal_head', serialize=False, to='leder.round')),
                ('length', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('mac', models.CharField(blank=True, default='', max_length=81)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SealLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('sealed', 'Sealed'), ('reopened', 'Reopened')], max_length=8)),
                ('said', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seal_links', to='leder.round')),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='leder.seal')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('round', 'number'), name='leder_seal_link_number')],
            },
        ),
        migrations.RunPython(chain_what_is_signed, migrations.RunPython.noop),
    ]
