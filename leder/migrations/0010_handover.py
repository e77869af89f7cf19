import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leder', '0009_year'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('former_title', models.CharField(max_length=200)),
                ('former_pair', models.CharField(blank=True, default='', max_length=32)),
                ('successor_pair', models.CharField(blank=True, default='', max_length=32)),
                ('on', models.DateField(verbose_name='date')),
                ('acting', models.BooleanField(default=False, verbose_name='acting')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('carried_out', 'Carried out'), ('cancelled', 'Cancelled'), ('lapsed', 'Lapsed')], default='planned', max_length=11)),
                ('planned_at', models.DateTimeField()),
                ('carried_out_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('mac', models.CharField(blank=True, default='', max_length=81)),
            ],
            options={
                'ordering': ['on', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='leder_entry_once_a_section',
        ),
        migrations.AddField(
            model_name='agreement',
            name='handed_over_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='agreement',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='agreement',
            name='signed_pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='agreementuserobjectpermission',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='comment',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='entry',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='seal',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='sectionreview',
            name='pair',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('answer', 'Answer'), ('preparation', 'Preparation'), ('progress', 'Progress'), ('consented', 'Consented')], max_length=12),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened the agreement'), ('ready', 'is ready with the preparation'), ('unready', 'took the preparation back'), ('prepared', 'Both preparations were opened'), ('called', 'called a conversation'), ('moved', 'moved a conversation'), ('cancelled', 'cancelled a conversation'), ('held', 'noted that the conversation was held'), ('approved', 'approved a section'), ('changes', 'asked for changes in a section'), ('signed', 'signed the agreement'), ('voided', 'changed the content, so the signature no longer counts'), ('confirmed', 'confirmed the follow-up'), ('replaced', 'The agreement was replaced by a new one'), ('ended', 'The agreement was ended'), ('proposed', 'proposed to share a part'), ('shared', 'agreed to share a part'), ('declined', 'said no to sharing a part'), ('withdrawn', 'withdrew the sharing of a part'), ('deleted', 'The text was deleted for good'), ('handover', 'handed the agreement over to another superior'), ('consented', 'let the superior read a section from before')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('agreement', 'section_id', 'kind', 'role', 'pair'), name='leder_entry_once_a_section'),
        ),
        migrations.AddField(
            model_name='handover',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='leder.agreement'),
        ),
        migrations.AddField(
            model_name='handover',
            name='former',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='former_position',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leder.position'),
        ),
        migrations.AddField(
            model_name='handover',
            name='planned_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='successor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='successor_position',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='leder.position'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['status', 'on'], name='leder_handover_due'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['former', 'status'], name='leder_handover_former'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'planned')), fields=('agreement', 'on'), name='leder_handover_one_planned_a_day'),
        ),
    ]
