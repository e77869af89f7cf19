"""What the pages of a year share: which year it is about, and where one is among the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Round
from leder.organisation.cms import CmsPage


@dataclass(frozen=True)
class StepMark:
    """A step on the way, as the pages show it; `url` is empty for one that can't be gone to yet."""

    number: int
    label: str | Promise
    url: str
    state: str


STEPS: tuple[tuple[str, Promise], ...] = (
    ("leder_year_texts", _("Texts")),
    ("leder_year_deadlines", _("Deadlines")),
    ("leder_year_preview", _("See who")),
    ("leder_year_open", _("Open the year")),
)


class YearPage(CmsPage):
    """A page about one year; those of years that can't be set up are missing, as for anybody without permission.

    `self.round` is the year's round, None before the texts are chosen; a page with `needs_round` leads there first.
    """

    permission = "leder.open_round"
    page_title = _("Open the year")
    header_icon = "calendar-alt"
    in_menu = False
    needs_round: ClassVar[bool] = True
    # A page that is only for what comes before the opening leads on to how that went.
    before_opening: ClassVar[bool] = True
    # A page that chooses what the year stands on: not once there may be agreements.
    sets_up: ClassVar[bool] = False
    year: int
    round: Round | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permitted(request.user):
            raise Http404
        self.year = kwargs.pop("year")
        self.round = Round.objects.filter(year=self.year).first()
        if self.round is None:
            if self.year not in years_to_set_up():
                raise Http404
            if self.needs_round:
                return self.go("leder_year_texts")
        elif self.before_opening:
            if self.year < timezone.localdate().year:
                raise Http404
            if self.round.openings.exists():
                return self.go("leder_year_progress")
            if self.sets_up and self.round.opened_at is not None:
                # Opened one by one by superiors: its texts and deadlines are corrected in the list of rounds.
                return self.go("leder_year_preview")
        return super().dispatch(request, *args, **kwargs)

    @property
    def year_round(self) -> Round:
        """The round, on a page that needs one."""
        if self.round is None:
            raise Http404
        return self.round

    def go(self, name: str) -> HttpResponse:
        """Go to another page of the same year."""
        return redirect(name, year=self.year)

    def get_page_title(self) -> str:
        return gettext("Open the year %(year)s") % {"year": self.year}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        above = {"url": reverse("leder_year"), "label": YearPage.page_title}
        return [*items[:-1], above, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        marks = step_marks(self.year, self.round, self.name)
        return super().get_context_data(year=self.year, round=self.round, steps=marks, **kwargs)


def years_to_set_up() -> set[int]:
    """The years that a round can be made for: this one, the next, and the one after the newest."""
    this_year = timezone.localdate().year
    newest = Round.objects.order_by("-year").values_list("year", flat=True).first() or this_year
    return {this_year, this_year + 1, max(newest + 1, this_year)}


def step_marks(year: int, year_round: Round | None, here: str = "") -> list[StepMark]:
    """The four steps of a year: which are done, which is now, which can be gone to."""
    names = [name for name, _label in STEPS]
    opened = year_round is not None and year_round.openings.exists()
    now = names.index(here) if here in names else len(names) if opened else 0
    marks = []
    for number, (name, label) in enumerate(STEPS):
        state = "now" if number == now else "done" if number < now else "next"
        begun = year_round is not None and year_round.opened_at is not None
        reachable = not opened and (year_round is not None or number == 0) and not (begun and number < 2)
        url = reverse(name, kwargs={"year": year}) if reachable else ""
        marks.append(StepMark(number + 1, label, url, state))
    return marks
