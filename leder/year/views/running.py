"""Opening the year, and how far it has come."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages

from leder.agreements.actions import RuleBroken
from leder.year import opening as opening_of_year
from leder.year.plan import plan_of
from leder.year.tasks import open_round
from leder.year.texts import problems_of, stopping
from leder.year.views.base import YearPage

SECONDS_BETWEEN_LOOKS = 3


class OpenStep(YearPage):
    """Step 4: what will happen, in figures, and the button. Also takes up an opening that has stopped."""

    name = "leder_year_open"
    route = "year/<int:year>/open/"
    template_name = "leder/year/open.html"
    before_opening = False

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.year_round.openings.exists():
            return self.go("leder_year_progress")
        today = timezone.localdate()
        if self.year < today.year:
            raise Http404
        problems = problems_of(self.year_round)
        return self.render_to_response(
            self.get_context_data(
                is_early=self.year > today.year + 1,
                plan=plan_of(self.year_round, today),
                problems=problems,
                may_open=not stopping(problems),
            )
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            opening = opening_of_year.begin(actor=request.user, year_round=self.year_round)
        except RuleBroken:
            messages.error(request, _("The year can't be opened now. This page says why."))
            return self.go("leder_year_open")
        open_round.enqueue(opening.pk)
        return self.go("leder_year_progress")


class Progress(YearPage):
    """How far the opening has come; looks again by itself until it has finished or stopped."""

    name = "leder_year_progress"
    route = "year/<int:year>/progress/"
    template_name = "leder/year/progress.html"
    before_opening = False

    def get(self, request: HttpRequest) -> HttpResponse:
        opening = self.year_round.openings.order_by("-pk").first()
        if opening is None:
            return self.go("leder_year_open")
        response = self.render_to_response(
            self.get_context_data(opening=opening, problems=problems_of(self.year_round))
        )
        if opening.finished_at is None and not opening.has_stopped:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(seconds=SECONDS_BETWEEN_LOOKS, **kwargs)
