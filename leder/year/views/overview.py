"""“Open the year”: the year to be set up or the one that runs, and what is to be done there next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Round
from leder.agreements.states import ACTIVE
from leder.organisation.cms import CmsPage
from leder.year.daily import newest_open_round
from leder.year.leaving import leavers
from leder.year.plan import plan_of
from leder.year.views.base import step_marks

AUTUMN = 9


class Overview(CmsPage):
    """Which years are being set up, the one that runs, and how it stands with the organisation today."""

    name = "leder_year"
    route = "year/"
    permission = "leder.open_round"
    page_title = _("Open the year")
    header_icon = "calendar-alt"
    template_name = "leder/year/overview.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        newest = newest_open_round(today)
        return self.render_to_response(
            self.get_context_data(
                coming=_coming(today),
                newest=newest,
                standing=_standing(newest),
                missing=len(plan_of(newest, today).ready) if newest else 0,
                leaving=leavers(newest, today).count() if newest else 0,
                opening=newest.openings.order_by("-pk").first() if newest else None,
            )
        )


def _standing(newest: Round | None) -> int:
    return Agreement.objects.filter(round=newest, state__in=ACTIVE).count() if newest else 0


def _coming(today: dt.date) -> dict[str, Any]:
    """The year that is to be opened next: one that is begun, else the one after the newest.

    Where there is none at all it is this year, and from the autumn on the next.
    """
    begun = Round.objects.filter(opened_at=None, year__gte=today.year).order_by("year").first()
    first = today.year + (today.month >= AUTUMN)
    newest = Round.objects.order_by("-year").values_list("year", flat=True).first()
    following = first if newest is None else max(newest + 1, today.year)
    year = begun.year if begun else following
    return {"year": year, "round": begun, "steps": step_marks(year, begun, "leder_year_texts")}
