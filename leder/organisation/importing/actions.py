"""A file is looked at (dry run), and applied: one transaction, under a lock that lets two imports take turns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import log

from . import checks, earlier
from .applying import write
from .columns import missing
from .difference import Difference, compare
from .faults import Fault, FaultKind
from .models import OrganisationFile, OrganisationImport
from .plain import Organisation, Standing
from .reading import Table, to_keep
from .rows import understand
from .standing import load_standing, lock

ACTION = "leder.import_organisation"
# A hook of Wagtail's, called with the keys of accounts before they are changed and after (`made_now`): what follows
# from it is for the slices above to say.
LOOK_AT_ACCOUNTS = "leder_look_at_accounts"
FILE_HOURS = 24
# How long what an import changed is kept, for undoing it by an earlier file.
RETENTION_DAYS = 400


class OrganisationChanged(Exception):
    """The organisation is no longer what the difference was made from. Nothing is changed; `look` is how it is now."""

    def __init__(self, look: Look) -> None:
        self.look = look
        super().__init__("the organisation has changed since the difference was shown")


class FileFaulty(Exception):
    """The file has faults. Nothing is changed."""

    def __init__(self, look: Look) -> None:
        self.look = look
        super().__init__(f"{len(look.faults)} faults")


@dataclass
class Look:
    """What a dry run found. Without faults there is a difference; `earlier` when the file is one of before."""

    faults: list[Fault]
    warnings: list[Fault]
    file: Organisation
    standing: Standing
    difference: Difference | None = None
    earlier: earlier.Earlier | None = None
    undo: bool = False


def look_at(
    table: Table, places: Mapping[int, str], *, undo: bool | None = None, day: dt.date | None = None
) -> Look:
    """Read the rows and compare them with what stands; changes nothing.

    `undo` says whether an earlier file undoes what has been imported since (None: when that is recent).
    """
    day = day or timezone.localdate()
    standing = load_standing()
    if absent := missing(places.values()):
        text = _("The file has no such column, or it is not chosen.")
        faults = [Fault(FaultKind.MISSING_COLUMN, None, each.heading, text) for each in absent]
        return Look(faults, [], Organisation(), standing)
    sheet = understand(table, places, standing.accounts)
    checks.check(sheet, standing)
    found = Look(sheet.faults, [], sheet.organisation, standing)
    if not sheet.faults:
        found.warnings = checks.warnings(sheet, standing, day)
        found.earlier = earlier.find(sheet.organisation)
        found.undo = bool(found.earlier and (found.earlier.is_recent if undo is None else undo))
        past = found.earlier.past() if found.earlier and found.undo else None
        found.difference = compare(standing, sheet.organisation, day, past)
    return found


@transaction.atomic
def apply(
    *,
    table: Table,
    places: Mapping[int, str],
    name: str,
    by: Any = None,
    digest: str | None = None,
    undo: bool | None = None,
) -> OrganisationImport | None:
    """Make the organisation what the file says. Returns the import, or None when there was nothing to change.

    `digest` is that of the difference that was shown. Raises `FileFaulty`, and `OrganisationChanged` when the
    difference is another by now; then nothing is changed.
    """
    lock()
    look = look_at(table, places, undo=undo)
    difference = look.difference
    if difference is None:
        raise FileFaulty(look)
    if digest is not None and digest != difference.digest:
        raise OrganisationChanged(look)
    if not difference.changes:
        return None
    counts = difference.counts()
    made_by = OrganisationImport.objects.create(
        by=by,
        name=name,
        fingerprint=look.file.fingerprint(),
        before=look.standing.in_use().fingerprint(),
        counts=counts,
    )
    accounts = look.standing.accounts
    changed = [accounts[key].pk for key in difference.people if key in accounts]
    _look_at(changed)
    write(difference, look.standing, made_by)
    _look_at(changed, made_now=True)
    log(instance=made_by, action=ACTION, user=by, data={"counts": counts, "undo": look.undo})
    return made_by


def _look_at(accounts: list[Any], *, made_now: bool = False) -> None:
    for look in hooks.get_hooks(LOOK_AT_ACCOUNTS) if accounts else ():
        look(accounts, made_now=made_now)


def store_file(*, name: str, table: Table, user: Any) -> OrganisationFile:
    """Keep what stands in a file that somebody has sent, instead of any that the same person sent earlier."""
    with transaction.atomic():
        OrganisationFile.objects.filter(uploaded_by=user).delete()
        return OrganisationFile.objects.create(uploaded_by=user, name=name[-200:], content=to_keep(table))


def delete_old() -> int:
    """Delete files nobody has gone on with, and what long past imports changed. Returns the number of files."""
    now = timezone.now()
    OrganisationImport.objects.filter(at__lt=now - dt.timedelta(days=RETENTION_DAYS)).delete()
    deleted, _kinds = OrganisationFile.objects.filter(at__lt=now - dt.timedelta(hours=FILE_HOURS)).delete()
    return deleted
