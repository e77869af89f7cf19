"""Earlier versions (tidligere versjoner) of a section: the list, one of them, and putting it back."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leder.agreements import actions, rules
from leder.agreements.actions.putting_back import is_signed_by_one
from leder.agreements.models import Access, Version
from leder.agreements.reading.versions import MOST, earlier_versions, open_version, standing_number
from leder.agreements.sections.cited import cited_editions
from leder.agreements.sections.kinds import kind_of
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.agreement import section_url
from leder.agreements.views.guard.access import access_or_404, allow_if, for_parties, section_or_404
from leder.agreements.views.guard.recent import confirm_first
from leder.agreements.views.guard.saving import DOES_NOT_OPEN, posted_version
from leder.pages.editions import Section


@require_safe
@for_parties
def versions(request: HttpRequest, uuid: uuids.UUID, sid: str) -> HttpResponse:
    """List the earlier versions of a section, the latest first. Opens none, so it is no reading."""
    access, section = _reached(request, uuid, sid)
    if section.private and not access.recent:
        return confirm_first(request)
    context = _context(access, section)
    context["versions"] = [(each, _is_ones_own(access, each)) for each in earlier_versions(access, section)]
    return render(request, "leder/agreements/versions.html", context)


@require_safe
@for_parties
def version(request: HttpRequest, uuid: uuids.UUID, sid: str, number: int) -> HttpResponse:
    """Show an earlier version. 404 for one that this party does not read, as for one that never was."""
    access, section = _reached(request, uuid, sid)
    if section.private and not access.recent:
        return confirm_first(request)
    return _version_page(request, access, section, number)


@require_POST
@for_parties
def put_back(request: HttpRequest, uuid: uuids.UUID, sid: str, number: int) -> HttpResponse:
    """Save an earlier version anew. Where the section was saved meanwhile, it says so (409) and changes nothing."""
    access, section = _reached(request, uuid, sid)
    if section.private and not access.recent:
        return confirm_first(request, back=reverse("leder:version", args=[uuid, sid, number]))
    if not any(each.number == number for each in earlier_versions(access, section)):
        raise Http404
    try:
        actions.put_back(access, section_id=sid, number=number, version=posted_version(request))
    except actions.VersionConflict:
        messages.warning(
            request,
            _("The section has been changed since you opened this page. Read what stands there first."),
        )
        return _version_page(request, access, section, number, status=409)
    except DamagedText:
        messages.error(request, DOES_NOT_OPEN)
        return _version_page(request, access, section, number, status=409)
    messages.success(
        request, _("The earlier version is put back. What stood there is kept among the earlier versions.")
    )
    return redirect(section_url(access.agreement, section))


def _reached(request: HttpRequest, uuid: uuids.UUID, sid: str) -> tuple[Access, Section]:
    access = access_or_404(request, uuid)
    section = section_or_404(access.agreement, sid)
    allow_if(rules.may_read_versions(access, section))
    return access, section


def _version_page(
    request: HttpRequest, access: Access, section: Section, number: int, *, status: int = 200
) -> HttpResponse:
    opened = open_version(access, section, number)
    if opened is None:
        raise Http404
    agreement, row = access.agreement, opened.row
    is_signed = is_signed_by_one(agreement, section)
    may_put_back = rules.may_put_back(access, section, is_signed=is_signed)
    context = _context(access, section)
    context |= {
        "version": row,
        "only_you": _is_ones_own(access, row),
        "is_damaged": opened.payload is None,
        "written": kind_of(section).in_words(section, opened.payload, cited_editions(agreement, section)),
        "may_put_back": may_put_back and rules.may_put_this_back(access, row) and opened.payload is not None,
        "standing": standing_number(access, section),
    }
    return render(request, "leder/agreements/version.html", context, status=status)


def _is_ones_own(access: Access, row: Version) -> bool:
    """Whether nobody else of today's two can read it."""
    return not row.shown or row.pair != access.agreement.pair


def _context(access: Access, section: Section) -> dict[str, object]:
    return {
        "agreement": access.agreement,
        "section": section,
        "section_url": section_url(access.agreement, section),
        "other": access.other,
        "most": MOST,
        "days": rules.VERSIONS_LAST.days,
    }
