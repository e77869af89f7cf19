"""HR's page of handovers (overleveringer): what changes hands on a day, planned, carried out. Names and dates only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import LogActionRegistry, log

from leder import conf
from leder.agreements.actions.base import RuleBroken
from leder.agreements.models import Handover
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.recent import confirm_first, is_recent
from leder.handover import actions, deciding, rules
from leder.handover.changes import Change, changes_on
from leder.handover.coming import coming_in_hr
from leder.handover.office import is_alone
from leder.identity import hr
from leder.organisation.cms import CmsPage

ROWS_ON_A_PAGE = 50
PLANNED, CANCELLED = "leder.handover.plan", "leder.handover.cancel"
APPROVED = "leder.handover.approve"


class DayForm(forms.Form):
    """The day to look at: today or later."""

    on = forms.DateField(label=gettext_lazy("Date"), widget=AdminDateInput())

    def clean_on(self) -> dt.date:
        """Not a day that has passed: what was carried out stands in the list below."""
        on: dt.date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise forms.ValidationError(gettext_lazy("Choose a date from today on."))
        return on


class HandoverPage(CmsPage):
    """For a date: which agreements get another superior, and why; and what is planned, done and cancelled."""

    name = "leder_handovers"
    route = "handovers/"
    permission = rules.PERMISSION
    page_title = gettext_lazy("Handovers")
    menu_label = gettext_lazy("Handovers")
    header_icon = "user"
    template_name = "leder/cms/handovers.html"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = DayForm(request.GET if "on" in request.GET else None)
        on = form.cleaned_data["on"] if form.is_valid() else timezone.localdate()
        if not form.errors:
            # The day as the CMS writes it, however the address did.
            form = DayForm(initial={"on": on})
        return self.render_to_response(self.get_context_data(**self._shown(request, form, on)))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Plan one (`agreement`) or all from a superior to another (`side`), `approve` one, or `cancel` one.

        The second person's yes asks for a recent sign-in: one in HR at another's open session is one person still.
        """
        if "approve" in request.POST and not is_recent(request):
            return confirm_first(request, back=reverse(self.name))
        hr.look()
        if "cancel" in request.POST or "approve" in request.POST:
            self._decide(request)
            return redirect(self.name)
        form = DayForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(each) for each in form.errors.get("on", [])))
            return redirect(self.name)
        on = form.cleaned_data["on"]
        self._plan(request, _asked(request.POST, changes_on(on)), on)
        return redirect(reverse(self.name, query={"on": on.isoformat()}))

    def _shown(self, request: HttpRequest, form: DayForm, on: dt.date) -> dict[str, Any]:
        changes = changes_on(on)
        settled = hr.is_settled(request.user)
        coming = coming_in_hr(request.user, settled=settled)
        rows = Handover.objects.with_people()
        past = rows.exclude(status__in=(Handover.Status.PLANNED, Handover.Status.STOPPED))
        past = past.order_by("-planned_at", "-pk")
        page = Paginator(past, ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
        return {
            "form": form,
            "on": on,
            "groups": [
                {
                    "key": key,
                    "former": former,
                    "successor": successor,
                    "changes": of,
                    "is_own": successor.person.pk == request.user.pk,
                }
                for key, former, successor, of in _grouped(changes)
            ],
            "count": len(changes),
            "planned": [each for each in coming if each.row.status == Handover.Status.PLANNED],
            "stopped": [each for each in coming if each.row.status == Handover.Status.STOPPED],
            "is_alone": is_alone(request.user),
            "is_settled": settled,
            "settle_hours": int(conf.quarantine().total_seconds() // 3600),
            "stop_days": conf.handover_stop_days(),
            "past": [row for row in page if row.status != Handover.Status.CARRIED_OUT or row.is_genuine],
            "page_obj": page,
        }

    def _plan(self, request: HttpRequest, asked: list[Change], on: dt.date) -> None:
        done = 0
        for change in asked:
            try:
                actions.plan(actor=request.user, agreement=change.agreement, on=on)
            except (RuleBroken, DamagedText):
                continue
            done += 1
        if done:
            log(
                instance=asked[0].former.position,
                action=PLANNED,
                user=request.user,
                data={"count": done, "date": on.isoformat()},
            )
            words = ngettext("%(count)d handover is planned.", "%(count)d handovers are planned.", done)
            messages.success(request, words % {"count": done} + " " + _("All three are told by e-mail."))
        if done < max(len(asked), 1):
            messages.warning(
                request,
                _("Some of this has changed, or would come to yourself. Here is how it stands now."),
            )

    def _decide(self, request: HttpRequest) -> None:
        act = "approve" if "approve" in request.POST else "cancel"
        row = Handover.objects.filter(pk=_number(request.POST.get(act))).first()
        try:
            if row is None:
                raise RuleBroken
            decide = deciding.approve if act == "approve" else actions.cancel
            row = decide(actor=request.user, handover=row)
        except (RuleBroken, DamagedText):
            messages.warning(
                request,
                _("That is no longer so, or another in HR has to decide it. Here is how it stands now."),
            )
            return
        log(
            instance=row.former_position,
            action=APPROVED if act == "approve" else CANCELLED,
            user=request.user,
            data={"count": 1, "date": row.on.isoformat()},
        )
        messages.success(request, _SAID[Handover.Status(row.status)])


_SAID = {
    Handover.Status.PLANNED: gettext_lazy("The handover is approved. All three are told by e-mail."),
    Handover.Status.CARRIED_OUT: gettext_lazy("The handover is carried out. All three are told by e-mail."),
    Handover.Status.CANCELLED: gettext_lazy("The handover is cancelled. All three are told by e-mail."),
    Handover.Status.LAPSED: gettext_lazy("The handover lapsed: the organisation no longer says so."),
}


def register_log_actions(registry: LogActionRegistry) -> None:
    """Name what HR does here in Wagtail's log."""
    registry.register_action(PLANNED, gettext_lazy("Plan handovers"), gettext_lazy("Handovers planned"))
    registry.register_action(APPROVED, gettext_lazy("Approve a handover"), gettext_lazy("Handover approved"))
    registry.register_action(CANCELLED, gettext_lazy("Cancel a handover"), gettext_lazy("Handover cancelled"))


def _grouped(changes: Iterable[Change]) -> Iterable[tuple[str, Any, Any, list[Change]]]:
    """By superior and successor, each with a key for the form."""
    for (former, successor), group in groupby(changes, key=lambda change: (change.former, change.successor)):
        of = list(group)
        yield _side_key(of[0]), former, successor, of


def _side_key(change: Change) -> str:
    sides = (change.former, change.successor)
    return "-".join(str(each) for side in sides for each in (side.person.pk, side.position.pk))


def _asked(posted: Any, changes: list[Change]) -> list[Change]:
    """Return what is asked for of what the organisation says: one agreement, or all from one superior to another."""
    if side := posted.get("side"):
        return [change for change in changes if _side_key(change) == side]
    return [change for change in changes if change.agreement.pk == _number(posted.get("agreement"))]


def _number(value: Any) -> int:
    return int(value) if str(value).isdecimal() and len(str(value)) < 19 else 0
