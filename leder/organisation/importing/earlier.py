"""Whether a file was seen before: the file of an earlier import, or an export made before one.

Importing it again then either says how things are now, as any file does, or undoes what has been imported since.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils import timezone

from .models import AppointmentChange, OrganisationImport
from .plain import Organisation, TermKey
from .terms import Past

# A file from longer ago more likely says how things are: what came and went in between was real.
UNDONE_WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Imports that have changed the organisation since the file was true."""

    first: int
    count: int
    since: dt.datetime

    @property
    def is_recent(self) -> bool:
        """Whether the imports since are so few days old that undoing them is what is meant."""
        return timezone.now() - self.since < UNDONE_WITHIN

    def past(self) -> Past:
        """What the appointments changed since then were."""
        person = f"person__{get_user_model().USERNAME_FIELD}"
        rows = AppointmentChange.objects.filter(made_by_id__gte=self.first).order_by("-made_by_id", "-pk")
        return {
            TermKey(position, str(key), starts, acting): (existed, ends)
            for position, key, starts, acting, existed, ends in rows.values_list(
                "position__code", person, "starts", "acting", "existed", "ends"
            )
        }


def find(file: Organisation) -> Earlier | None:
    """The imports since this file was how things are, or None when it never was, or still is as far as imports go."""
    fingerprint = file.fingerprint()
    after = OrganisationImport.objects.filter(fingerprint=fingerprint).order_by("-pk").first()
    before = OrganisationImport.objects.filter(before=fingerprint).order_by("-pk").first()
    first = max(after.pk + 1 if after else 0, before.pk if before else 0)
    since = OrganisationImport.objects.filter(pk__gte=first).order_by("pk") if first else None
    if not since:
        return None
    # Counted as one reads it: the imports to undo.
    return Earlier(since[0].pk, len(since), since[0].at)
