"""The parts of the year's agreement form (lederavtaleskjema): text, the parties, and sections to fill in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from leder.pages import answer_kinds
from leder.pages.blocks.common import (
    PREVIEW_TEXT,
    CalloutBlock,
    PartBlock,
    PointsSectionBlock,
    TextSectionBlock,
    free_text,
    heading,
    rich_text,
)
from leder.pages.choices import Stage, label_of

FORM_GROUP = _("Agreement form")


class PartiesBlock(PartBlock):
    """Where the parties, the place and the date are written (sted og dato, leder og overordnet leder)."""

    heading = heading()
    help = blocks.TextBlock(required=False, rows=2, label=_("Help text"))

    class Meta:
        icon = "user"
        group = FORM_GROUP
        label = _("Place, date and parties")
        description = _("Shows who the two parties are, with place and date. It fills itself in.")
        template = "leder/blocks/parties.html"
        preview_value = {"heading": _("Place, date and parties"), "help": ""}


class SectionBlock(PartBlock):
    """A section (del) of the agreement: guidance, questions, and the kind of answer."""

    heading = heading()
    guidance = rich_text(required=False, label=_("Guidance"))
    questions = blocks.ListBlock(
        blocks.TextBlock(label=_("Question"), rows=2),
        default=[],
        label=_("Guiding questions"),
        help_text=_("They also stand in the preparation and on the screen in the conversation."),
    )
    answer = blocks.ChoiceBlock(
        choices=answer_kinds.choices, default=answer_kinds.NOTE, label=_("What the parties write")
    )
    goals = blocks.BooleanBlock(
        required=False,
        label=_("Goals and measures"),
        help_text=_("The section also has goals with measures and dates."),
    )
    private = blocks.BooleanBlock(
        required=False,
        label=_("Private"),
        help_text=_(
            "Only the two parties can read what is written here, unless they agree to share it. "
            "Agreements that are already open are not changed."
        ),
    )
    stage = blocks.ChoiceBlock(
        choices=Stage.choices, default=Stage.AGREEMENT.value, label=_("When it is written")
    )

    class Meta:
        icon = "form"
        group = FORM_GROUP
        label = _("Section to fill in")
        description = _("A section of the agreement, with guiding questions and fields for the two parties.")
        template = "leder/blocks/section.html"
        preview_value = {
            "heading": _("Leader development"),
            "guidance": PREVIEW_TEXT,
            "questions": [_("What are you good at, and why?"), _("What is challenging, and why?")],
            "answer": answer_kinds.QUESTIONS,
            "goals": True,
            "private": True,
            "stage": Stage.AGREEMENT.value,
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["answer_label"] = answer_kinds.label_of(value["answer"])
        context["stage_label"] = label_of(Stage, value["stage"])
        return context

    def clean(self, value: Any) -> Any:
        """An answer to each question needs questions, once the draft is to be published."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        kind = answer_kinds.REGISTERED.get(cleaned["answer"])
        if kind is not None and kind.asks_questions and not len(cleaned["questions"]):
            message = _("Write at least one question, or choose another kind of answer.")
            raise blocks.StructBlockValidationError({"questions": ValidationError(message, code="questions")})
        return cleaned


class FormBody(blocks.StreamBlock):
    """What an agreement form can be made of."""

    text_section = TextSectionBlock()
    points_section = PointsSectionBlock()
    parties = PartiesBlock()
    section = SectionBlock()
    callout = CalloutBlock()
    rich_text = free_text()

    class Meta:
        block_counts = {"parties": {"max_num": 1}}
