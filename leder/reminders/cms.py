"""The reminders in the CMS, for HR: what went out and what comes next, when they begin, and how they look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, log

from leder.organisation.cms import CmsPage
from leder.reminders.examples import examples
from leder.reminders.figures import planned, weeks
from leder.reminders.kinds import Kind
from leder.reminders.models import ReminderPlan

CHANGED = "leder.change_reminder_plan"


class PlanForm(forms.ModelForm):
    """From which day of the week, and how many days before a deadline."""

    class Meta:
        model = ReminderPlan
        fields = ("weekday", "missing_days", "uncalled_days", "step_days")


class RemindersPage(CmsPage):
    """Figures by week, what is planned, and the timing, which HR changes here."""

    name = "leder_reminders"
    route = "reminders/"
    permission = "leder.change_remindertext"
    page_title = gettext_lazy("Reminders")
    header_icon = "mail"
    template_name = "leder/cms/reminders.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(PlanForm(instance=ReminderPlan.current()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change the timing. What was changed stands in the log, as figures."""
        form = PlanForm(request.POST, instance=ReminderPlan.current())
        if not form.is_valid():
            return self._page(form, status=422)
        if form.has_changed():
            plan = form.save()
            figures = {name: form.cleaned_data[name] for name in form.changed_data}
            log(instance=plan, action=CHANGED, user=request.user, data=figures)
        messages.success(request, _("The timing is saved. It counts from the next digests on."))
        return redirect(self.name)

    def _page(self, form: PlanForm, status: int = 200) -> HttpResponse:
        today = timezone.localdate()
        # What holds, while the form shows what was typed.
        plan = ReminderPlan.current()
        rows = planned(today, plan)
        context: dict[str, Any] = {
            "form": form,
            "weeks": weeks(today),
            "kinds": [kind.label for kind in Kind],
            "begun": [row for row in rows if row.day <= today],
            "to_come": [row for row in rows if row.day > today],
        }
        return self.render_to_response(self.get_context_data(**context), status=status)


class PreviewPage(CmsPage):
    """The mails as they will look, for an invented person, in each language."""

    name = "leder_reminder_preview"
    route = "reminders/preview/"
    permission = "leder.change_remindertext"
    page_title = gettext_lazy("How the reminders look")
    header_icon = "view"
    in_menu = False
    template_name = "leder/cms/reminder_preview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("kind", "")
        kind = Kind(asked) if asked in Kind.values else Kind.STEP
        context = {
            "kind": kind,
            "kinds": Kind.choices,
            "examples": examples(kind, today=timezone.localdate()),
        }
        return self.render_to_response(self.get_context_data(**context))


PAGES = (RemindersPage, PreviewPage)


def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged (hook of Wagtail's)."""
    actions.register_action(
        CHANGED,
        gettext_lazy("Change the timing of reminders"),
        gettext_lazy("Changed the timing of reminders"),
    )
