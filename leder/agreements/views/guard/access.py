"""What every view of an agreement begins with: a stranger and a missing agreement get the same 404."""

from __future__ import annotations

import logging
import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from leder.agreements.access.pairs import is_of_a_pair
from leder.agreements.editions.decisions import form_asked
from leder.agreements.editions.newer import receives
from leder.agreements.models import Access, Agreement
from leder.agreements.models.agreement import held_by
from leder.agreements.sections.cited import cited_editions
from leder.agreements.views.guard.device import is_new_device
from leder.agreements.views.guard.recent import is_recent
from leder.pages.editions import Edition, Section

logger = logging.getLogger("leder.access")

View = Callable[..., HttpResponse]


def access_or_404(request: HttpRequest, uuid: uuids.UUID) -> Access:
    """Return access to the agreement, with people and texts. Raises Http404 for all but the two parties."""
    rows = held_by(request.user).filter(uuid=uuid).select_related("round", "leader", "superior", "data_key")
    found = rows.access_for(request.user, recent=is_recent(request), new_device=is_new_device(request))
    if found is None:
        log_denied(request, uuid)
        raise Http404
    found.agreement.with_editions()
    return found


def log_denied(request: HttpRequest, uuid: uuids.UUID) -> None:
    """Tell operators that somebody asked for an agreement that is not theirs. The answer tells nobody."""
    if Agreement.objects.filter(uuid=uuid).exists():
        view = request.resolver_match.view_name if request.resolver_match else ""
        logger.warning("denied: user %s, %s %s, agreement %s", request.user.pk, request.method, view, uuid)


def section_or_404(agreement: Agreement, section_id: str) -> Section:
    """Return the section of the agreement's form. Raises Http404 for one that is not there."""
    section = agreement.form_edition.section(section_id)
    if section is None:
        raise Http404
    return section


def is_exchanged(request: HttpRequest, agreement: Agreement, section_id: str) -> bool:
    """Whether a page was made from a form in which the section was another: what was typed there fits no more."""
    seen = form_asked(agreement, request.GET.get("f", "")).section(section_id)
    return seen is not None and not receives(agreement.form_edition.section(section_id), seen)


def is_of_another_pair(request: HttpRequest, agreement: Agreement, section_id: str, kind: str) -> bool:
    """Whether a page was made while another was superior, for a text that belongs to the pair that writes it (R2)."""
    return request.GET.get("p", "") != agreement.pair and is_of_a_pair(agreement, section_id, kind)


def editions_for(agreement: Agreement, section: Section) -> list[Edition]:
    """Return the pinned editions that a section chooses from."""
    return cited_editions(agreement, section)


def allow_if(allowed: bool) -> None:
    """Raise PermissionDenied (403) unless the rule says yes."""
    if not allowed:
        raise PermissionDenied


def never_store(view: View) -> View:
    """Ask browsers and proxies to keep no copy. A host's middleware may not do it, so the plugin does itself."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return wrapped


def for_parties(view: View) -> View:
    """A view for signed-in people whose answers are never stored. Who it answers is `access_or_404`."""
    return login_required(never_store(view))


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's own script asks, which wants data instead of a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def data(content: dict[str, Any], status: int = 200) -> JsonResponse:
    """Return data for the page's own script."""
    return JsonResponse(content, status=status)
