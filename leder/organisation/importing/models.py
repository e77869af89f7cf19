"""What an import keeps: how headings were read, the file while it is being looked at, and what each import did."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leder.organisation.models import Position


class ColumnMapping(models.Model):
    """Which column of ours stands under which heading, for files with these headings."""

    heading_set = models.CharField(max_length=64, unique=True)
    # Heading → our column; "" for one that is left out.
    columns = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return self.heading_set[:8]


class OrganisationFile(models.Model):
    """A file between being sent and being applied. Only who sent it goes on with it; it is deleted the day after."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200)
    # Its table, compressed: the bytes that were sent are read once (`reading.to_keep`), and kept nowhere.
    content = models.BinaryField()
    # Place in the row → our column, once chosen.
    places = models.JSONField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return str(self.uuid)


class OrganisationImport(models.Model):
    """An import that changed something: of what, from what, and how much."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    # Of what the file said, and of what an export would have said before.
    fingerprint = models.CharField(max_length=64, db_index=True)
    before = models.CharField(max_length=64, db_index=True)
    counts = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar = ["-pk"]
        default_permissions: ClassVar = ()
        verbose_name = _("import of the organisation")

    def __str__(self) -> str:
        return gettext("Import %(number)s") % {"number": self.pk}

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.name[:200]
        super().save(*args, **kwargs)


class AppointmentChange(models.Model):
    """What an appointment was before an import touched it, so that an earlier file can undo the import."""

    made_by = models.ForeignKey(OrganisationImport, on_delete=models.CASCADE, related_name="appointments")
    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts = models.DateField()
    acting = models.BooleanField()
    existed = models.BooleanField()
    ends = models.DateField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return str(self.pk)
