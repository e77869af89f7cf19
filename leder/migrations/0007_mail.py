import django.core.validators
import django.db.models.deletion
import leder.reminders.placeholders
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leder', '0006_hr_permissions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MailPreference',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(blank=True, default='', max_length=10)),
                ('optional_reminders', models.BooleanField(default=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReminderPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday')], default=1, verbose_name='from this day of the week')),
                ('missing_days', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='leaders without an agreement: days before the first conversation is due')),
                ('uncalled_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='conversations not called: days before they are due')),
                ('step_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='what remains to be done: days before it is due')),
            ],
            options={
                'verbose_name': 'timing of reminders',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='calendar_sequence',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='ReminderText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('overdue', 'A deadline has passed'), ('missing', 'Leaders without an agreement'), ('uncalled', 'A conversation is not called'), ('step', 'A deadline is near'), ('autumn', 'The time of follow-ups begins'), ('meeting', 'A conversation is soon')], max_length=10, verbose_name='when it is sent')),
                ('language', models.CharField(choices=[('nb', 'Bokmål'), ('nn', 'Nynorsk'), ('en', 'English')], default='nb', max_length=2, verbose_name='language')),
                ('subject', models.CharField(blank=True, default='', max_length=120, validators=[leder.reminders.placeholders.check_placeholders], verbose_name='subject')),
                ('introduction', models.TextField(blank=True, default='', max_length=1000, validators=[leder.reminders.placeholders.check_placeholders], verbose_name='introduction')),
                ('closing', models.TextField(blank=True, default='', max_length=1000, validators=[leder.reminders.placeholders.check_placeholders], verbose_name='closing')),
            ],
            options={
                'verbose_name': 'text of reminders',
                'verbose_name_plural': 'texts of reminders',
                'ordering': ['kind', 'language'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='leder_remindertext_once', violation_error_message='There is a text for this in this language already. Change that one.')],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week_start', models.DateField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('kinds', models.JSONField(default=dict)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-week_start', 'pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['week_start'], name='leder_digest_week')],
                'constraints': [models.UniqueConstraint(fields=('person', 'week_start'), name='leder_digest_one_a_week')],
            },
        ),
    ]
