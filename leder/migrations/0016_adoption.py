import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leder", "0015_reopening"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="adopted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "opened the agreement"),
                    ("ready", "is ready with the preparation"),
                    ("unready", "took the preparation back"),
                    ("prepared", "Both preparations were opened"),
                    ("called", "called a conversation"),
                    ("moved", "moved a conversation"),
                    ("cancelled", "cancelled a conversation"),
                    ("held", "noted that the conversation was held"),
                    ("approved", "approved a section"),
                    ("changes", "asked for changes in a section"),
                    ("signed", "signed the agreement"),
                    ("voided", "changed the content, so the signature no longer counts"),
                    ("confirmed", "confirmed the follow-up"),
                    ("replaced", "The agreement was replaced by a new one"),
                    ("ended", "The agreement was ended"),
                    ("proposed", "proposed to share a part"),
                    ("shared", "agreed to share a part"),
                    ("declined", "said no to sharing a part"),
                    ("withdrawn", "withdrew the sharing of a part"),
                    ("deleted", "The text was deleted for good"),
                    ("handover", "handed the agreement over to another superior"),
                    ("consented", "let the superior read a section from before"),
                    ("reopening", "proposed to reopen the agreement"),
                    ("reopened", "agreed to reopen the agreement"),
                    ("not_opened", "said no to reopening the agreement"),
                    ("unproposed", "took back the proposal to reopen the agreement"),
                    ("adopted", "took another edition of a text into use"),
                    ("kept", "kept the edition of a text that was published anew"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="TextDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[("adopted", "took it into use"), ("kept", "kept the edition you had")],
                        max_length=7,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("mac", models.CharField(blank=True, default="", max_length=81)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_decisions",
                        to="leder.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "new_edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="leder.edition"
                    ),
                ),
                (
                    "old_edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="leder.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "default_permissions": (),
            },
        ),
    ]
