"""The parts of the steering letter (styringsbrev): themes with their assignments."""

from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from leder.pages.blocks.common import (
    CalloutBlock,
    DocumentListBlock,
    PartBlock,
    PointsSectionBlock,
    TextSectionBlock,
    free_text,
    introduction,
)
from leder.pages.choices import LeaderGroup, Perspective, label_of

LETTER_GROUP = _("Steering letter")


class AssignmentValue(blocks.StructValue):
    """An assignment (oppdrag); says in words whom it is for."""

    @property
    def audience(self) -> str:
        """Whom the assignment is for, in words; "" means everyone the letter is for."""
        chosen = sorted(set(self.get("groups") or []))
        groups = ""
        if chosen and len(chosen) < len(LeaderGroup):
            groups = ngettext("Leader group %(groups)s", "Leader groups %(groups)s", len(chosen)) % {
                "groups": get_text_list(chosen, gettext("and"))
            }
        return " · ".join(part for part in [(self.get("sectors") or "").strip(), groups] if part)


class AssignmentBlock(blocks.StructBlock):
    """An assignment (oppdrag): what is to be delivered, by whom, by when, and how it is seen."""

    text = blocks.TextBlock(rows=3, label=_("Assignment"))
    sectors = blocks.CharBlock(
        required=False,
        max_length=200,
        label=_("Sectors and staff departments"),
        help_text=_("Whom it is for, in words. Empty means everyone."),
    )
    groups = blocks.MultipleChoiceBlock(
        required=False,
        choices=LeaderGroup.choices,
        label=_("Leader groups"),
        help_text=_("Choose none when it is for all of them."),
    )
    deadline = blocks.DateBlock(required=False, label=_("Deadline"))
    indicator = blocks.CharBlock(
        required=False, max_length=200, label=_("Indicator"), help_text=_("What shows how it goes.")
    )
    target = blocks.CharBlock(required=False, max_length=200, label=_("Target"))

    class Meta:
        icon = "tasks"
        label = _("Assignment")
        label_format = "{text}"
        value_class = AssignmentValue


class ThemeBlock(PartBlock):
    """A central theme (sentralt tema) with its assignments, which agreements cite."""

    title = blocks.CharBlock(max_length=150, label=_("Theme"))
    perspective = blocks.ChoiceBlock(
        choices=Perspective.choices,
        label=_("Perspective"),
        help_text=_("The perspective of the scorecard that the theme belongs to."),
    )
    intro = introduction()
    assignments = blocks.ListBlock(
        AssignmentBlock(),
        min_num=1,
        collapsed=True,
        label=_("Assignments"),
        help_text=_(
            "Leaders choose among these in their agreements. Rewording is fine: an agreement keeps its own."
        ),
    )

    class Meta:
        icon = "clipboard-list"
        group = LETTER_GROUP
        label = _("Theme with assignments")
        label_format = "{title}"
        description = _(
            "A central theme of the year, with assignments that leaders can choose in their agreements."
        )
        template = "leder/blocks/theme.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["perspective_label"] = label_of(Perspective, value["perspective"])
        return context

    def get_preview_value(self) -> blocks.StructValue:
        """A theme with one assignment, due in the autumn of this year."""
        return self.normalize(
            {
                "title": gettext("A healthy working environment"),
                "perspective": Perspective.ORGANISATION.value,
                "intro": "",
                "assignments": [
                    {
                        "text": gettext("Go through sick leave with each department."),
                        "sectors": gettext("All sectors"),
                        "groups": ["2", "3"],
                        "deadline": date(date.today().year, 10, 1),
                        "indicator": gettext("Sick leave"),
                        "target": gettext("lower than last year"),
                    }
                ],
            }
        )


class LetterBody(blocks.StreamBlock):
    """What a steering letter can be made of."""

    text_section = TextSectionBlock()
    theme = ThemeBlock()
    points_section = PointsSectionBlock()
    callout = CalloutBlock()
    rich_text = free_text()
    document_list = DocumentListBlock()
