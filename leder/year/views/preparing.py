"""Before the year is opened: its texts, its deadlines, and the preview of what will happen."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.log_actions import log

from leder.year.forms import DeadlinesForm, PreviewForm, TextsForm
from leder.year.plan import Remark, filtered, plan_of
from leder.year.texts import YEARLY, copy_to_draft, copyable, problems_of, stopping
from leder.year.views.base import YearPage

LINES_ON_A_PAGE = 50


class TextsStep(YearPage):
    """Step 1: which platform, letter and form the agreements stand on; last year's can be copied to a draft."""

    name = "leder_year_texts"
    route = "year/<int:year>/texts/"
    template_name = "leder/year/texts.html"
    needs_round = False
    sets_up = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(TextsForm(year=self.year, instance=self.round))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TextsForm(request.POST, year=self.year, instance=self.round)
        if not form.is_valid():
            return self._show(form)
        is_new = self.round is None
        saved = form.save()
        log(instance=saved, action="wagtail.create" if is_new else "wagtail.edit", user=request.user)
        return self.go("leder_year_deadlines")

    def _show(self, form: TextsForm) -> HttpResponse:
        problems = problems_of(self.round) if self.round else []
        return self.render_to_response(
            self.get_context_data(form=form, copies=copyable(self.request.user, self.year), problems=problems)
        )


class Copy(YearPage):
    """Copies last year's letter or form to a draft, and goes to its editor."""

    name = "leder_year_copy"
    route = "year/<int:year>/copy/"
    needs_round = False
    sets_up = True
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        name = request.POST.get("text", "")
        if name not in YEARLY:
            raise Http404
        try:
            copied = copy_to_draft(actor=request.user, name=name, year=self.year)
        except PermissionDenied as denied:
            raise Http404 from denied
        if copied is None:
            return self.go("leder_year_texts")
        messages.success(
            request,
            _(
                "“%(title)s” is a draft. Work on it here and send it to approval; "
                "the year can be opened when it is published."
            )
            % {"title": copied.get_admin_display_title()},
        )
        return redirect("wagtailadmin_pages:edit", copied.pk)


class DeadlinesStep(YearPage):
    """Step 2: the deadlines."""

    name = "leder_year_deadlines"
    route = "year/<int:year>/deadlines/"
    template_name = "leder/year/deadlines.html"
    sets_up = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(DeadlinesForm(instance=self.year_round))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeadlinesForm(request.POST, instance=self.year_round)
        if not form.is_valid():
            return self._show(form)
        if form.has_changed():
            log(instance=form.save(), action="wagtail.edit", user=request.user)
        return self.go("leder_year_preview")

    def _show(self, form: DeadlinesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


class Preview(YearPage):
    """Step 3: who gets an agreement and with whom, and what somebody should look at first."""

    name = "leder_year_preview"
    route = "year/<int:year>/preview/"
    template_name = "leder/year/preview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        plan = plan_of(self.year_round, timezone.localdate())
        form = PreviewForm(request.GET, plan=plan)
        asked = form.asked()
        paginator = WagtailPaginator(filtered(plan, **asked), LINES_ON_A_PAGE)
        page = paginator.get_page(request.GET.get("p"))
        problems = problems_of(self.year_round)
        return self.render_to_response(
            self.get_context_data(
                plan=plan,
                remarks=[(remark, plan.counts[remark]) for remark in Remark if plan.counts[remark]],
                form=form,
                is_filtered=any(asked.values()),
                page_obj=page,
                elided_page_range=paginator.get_elided_page_range(page.number),
                problems=problems,
                may_open=not stopping(problems),
            )
        )
