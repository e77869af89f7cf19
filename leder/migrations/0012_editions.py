from django.db import migrations, models

PAGES = {"platform": "LeaderPlatformPage", "letter": "SteeringLetterPage", "form": "AgreementFormPage"}


def number_editions(apps, schema_editor):
    """Number the editions of each page in the order they were made, and note what their ids were copied from."""
    editions = apps.get_model("leder", "Edition").objects.exclude(page=None)
    pages = None
    number = 0
    for edition in editions.order_by("page_id", "published_at", "pk").iterator():
        if edition.page_id != pages:
            pages, number = edition.page_id, 0
            page = apps.get_model("leder", PAGES[edition.kind]).objects.filter(pk=edition.page_id).first()
        number += 1
        edition.number = number
        edition.origins = page.origins if page else {}
        edition.save(update_fields=["number", "origins"])


class Migration(migrations.Migration):
    dependencies = [
        ("leder", "0011_completion"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="edition", name="leder_edition_once_a_page"),
        migrations.AddField(
            model_name="edition", name="number", field=models.PositiveIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="edition", name="source_sha256", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AddField(model_name="edition", name="origins", field=models.JSONField(default=dict)),
        migrations.RunPython(number_editions, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("page", "number"), name="leder_edition_number"),
        ),
    ]
