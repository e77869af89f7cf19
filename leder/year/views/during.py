"""During the year: what the organisation of today asks for, and doing it now instead of tonight."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages

from leder.year.daily import bring_in_line, newest_open_round
from leder.year.leaving import are_many, leavers
from leder.year.plan import plan_of
from leder.year.views.base import YearPage

# Of each kind, by name; the figures count them all.
SHOWN = 100


class BringInLine(YearPage):
    """Who would get an agreement and whose would end, by name and position, and the button that does it."""

    name = "leder_year_in_line"
    route = "year/<int:year>/in-line/"
    template_name = "leder/year/in_line.html"
    before_opening = False

    def get_page_title(self) -> str:
        return _("The year %(year)s and the organisation of today") % {"year": self.year}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "steps": []}

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        if newest_open_round(today) != self.year_round:
            raise Http404
        plan = plan_of(self.year_round, today)
        leaving = list(leavers(self.year_round, today))
        return self.render_to_response(
            self.get_context_data(
                coming=plan.ready[:SHOWN],
                coming_count=len(plan.ready),
                without=plan.without,
                leaving=leaving[:SHOWN],
                leaving_count=len(leaving),
                are_many=are_many(len(leaving), self.year_round, today),
            )
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if newest_open_round(timezone.localdate()) != self.year_round:
            raise Http404
        confirmed = request.POST.get("confirmed") == "on"
        for outcome in bring_in_line(actor=request.user, confirmed=confirmed):
            tell = messages.warning if outcome.warning else messages.success
            if outcome.count:
                tell(request, _("%(what)s: %(count)s.") % {"what": outcome.label, "count": outcome.count})
        return self.go("leder_year_in_line")
