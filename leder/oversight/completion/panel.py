"""The year's completion on the dashboard of the CMS, in figures, for those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from leder.agreements.models import Round
from leder.oversight.completion.cms import NAMES, CompletionPage
from leder.oversight.completion.figures import draw_bars, whole
from leder.oversight.completion.status import status
from leder.oversight.completion.tallies import Cube
from leder.oversight.figures.holding_back import FLOOR


class CompletionPanel(Component):
    """How far the newest round has come: one bar, and how many are late. Six queries at any size."""

    name = "leder_completion"
    template_name = "leder/oversight/completion/panel.html"
    order = 150

    def __init__(self, *, names: bool) -> None:
        self.names = names

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        year_round = Round.objects.filter(opened_at__isnull=False).order_by("-year").first()
        if year_round is None:
            return {"year_round": None}
        total = Cube(status(year_round, today=timezone.localdate())).total()
        if total.counted < FLOOR and not self.names:
            return {"year_round": year_round, "total": None, "floor": FLOOR}
        title = _("Completion %(year)s") % {"year": year_round.year}
        return {
            "year_round": year_round,
            "total": total,
            "bar": draw_bars([whole(total)], identity="panel", title=title),
            "url": reverse(CompletionPage.name),
        }


def add_completion_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panel among those of the CMS's first page (hook `construct_homepage_panels`)."""
    if CompletionPage.permitted(request.user):
        panels.append(CompletionPanel(names=request.user.has_perm(NAMES)))
