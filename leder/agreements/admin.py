"""Rounds (avtaleår) in the CMS, for HR. Agreements themselves are registered in no admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import display
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
)

from leder.agreements.forms.round import PAGES, RoundForm
from leder.agreements.models import Round
from leder.organisation.modeladmin import HardenedModelAdmin, OrdinaryPermissions


class NoMoreByHand(OrdinaryPermissions):
    """Rounds are made and opened on the page “Open the year” (`leder.year`), and only there."""

    def user_can_create(self, user: Any) -> bool:
        return False


class RoundAdmin(HardenedModelAdmin):
    """Lists the years; corrects texts and deadlines. Shows how many agreements there are, never whose."""

    model = Round
    permission_helper_class = NoMoreByHand
    menu_label = _("Rounds")
    menu_icon = "calendar-alt"
    base_url_path = "leder/rounds"
    list_display = (
        "year",
        "letter_page",
        "form_page",
        "conversation_due",
        "follow_up_due",
        "is_open",
        "count",
    )
    list_select_related = ("letter_page", "form_page")
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "Agreements keep the text they were opened on: choosing other pages here "
                    "changes nothing for agreements that already are open."
                )
            ),
            FieldPanel("year"),
            MultiFieldPanel(
                [PageChooserPanel(name, page_type=page._meta.label_lower) for name, page in PAGES.items()],
                heading=_("Texts"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("conversation_due"),
                    FieldRowPanel([FieldPanel("follow_up_from"), FieldPanel("follow_up_due")]),
                    FieldPanel("unshared_deleted_on"),
                    FieldPanel("text_deleted_on"),
                ],
                heading=_("Deadlines"),
            ),
        ],
        base_form_class=RoundForm,
    )
    panels: ClassVar[list[Any]] = []

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(number_of_agreements=Count("agreements"))

    @display(description=_("open"))
    def is_open(self, year_round: Round) -> str:
        # In words: the pictures for yes and no belong to Django's own admin, which is not installed.
        return str(_("No") if year_round.opened_at is None else _("Yes"))

    @display(description=_("agreements"))
    def count(self, year_round: Any) -> int:
        return int(year_round.number_of_agreements)

    def lock(self, request: HttpRequest) -> None:
        list(Round.objects.select_for_update().order_by("pk").values_list("pk"))
