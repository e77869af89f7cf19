"""The parts of the leader platform (lederplattform), in the order of the platform."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from leder.pages.blocks.common import (
    PREVIEW_TEXT,
    CalloutBlock,
    DocumentListBlock,
    LinkTargetBlock,
    LinkTargetValue,
    PartBlock,
    PointsSectionBlock,
    TextSectionBlock,
    free_text,
    heading,
    introduction,
    reject_repeated,
    rich_text,
)
from leder.pages.choices import Area, DocumentCategory, LeaderGroup, Perspective
from leder.pages.figures import Circle, draw_circles

PLATFORM_GROUP = _("Leader platform")


class ValueBlock(blocks.StructBlock):
    """A value (verdi) with its statements."""

    name = blocks.CharBlock(max_length=60, label=_("Value"))
    statements = blocks.ListBlock(
        blocks.TextBlock(label=_("Statement"), rows=2),
        min_num=1,
        label=_("Statements"),
        help_text=_("What the value means in practice, one sentence each."),
    )

    class Meta:
        icon = "tag"
        label = _("Value")
        label_format = "{name}"


class ValuesBlock(PartBlock):
    """The values (verdigrunnlag), shown as cards."""

    heading = heading()
    intro = introduction()
    values = blocks.ListBlock(ValueBlock(), min_num=1, max_num=6, label=_("Values"))

    class Meta:
        icon = "tag"
        group = PLATFORM_GROUP
        label = _("Values")
        description = _("The municipality's values, each as a card with its statements.")
        template = "leder/blocks/values.html"
        preview_value = {
            "heading": _("Our values"),
            "intro": "",
            "values": [
                {
                    "name": _("Open"),
                    "statements": [_("meets others with trust"), _("leaves room for difference")],
                },
                {"name": _("Credible"), "statements": [_("keeps promises")]},
                {"name": _("Committed"), "statements": [_("welcomes new ideas")]},
            ],
        }


class ExpectationBlock(blocks.StructBlock):
    """An expectation of leaders (forventning), which agreements cite."""

    text = blocks.TextBlock(rows=2, label=_("Expectation"))
    elaboration = blocks.TextBlock(
        required=False,
        rows=2,
        label=_("In other words"),
        help_text=_("A sentence or two that explain, if need be."),
    )

    class Meta:
        icon = "thumbtack"
        label = _("Expectation")
        label_format = "{text}"


class ExpectationsBlock(PartBlock):
    """The expectations of leaders (forventninger til ledere)."""

    heading = heading()
    intro = introduction()
    expectations = blocks.ListBlock(
        ExpectationBlock(),
        min_num=1,
        label=_("Expectations"),
        help_text=_(
            "Leaders choose among these in their agreements. Rewording is fine: an agreement keeps its own."
        ),
    )

    class Meta:
        icon = "thumbtack"
        group = PLATFORM_GROUP
        label = _("Expectations of leaders")
        description = _("Numbered expectations that leaders can choose in their agreements.")
        template = "leder/blocks/expectations.html"
        preview_value = {
            "heading": _("What we expect of leaders"),
            "intro": "",
            "expectations": [
                {
                    "text": _("puts the resident first"),
                    "elaboration": _("Services are made with their users."),
                },
                {"text": _("cooperates across borders"), "elaboration": ""},
            ],
        }


class DutyBlock(blocks.StructBlock):
    """A side of the employer's role: the term and what it means."""

    term = blocks.CharBlock(max_length=100, label=_("Term"))
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "key"
        label = _("Right or duty")
        label_format = "{term}"


class EmployerRoleBlock(PartBlock):
    """The employer's role (arbeidsgiverrollen): right and duty to lead."""

    heading = heading()
    intro = introduction()
    duties = blocks.ListBlock(DutyBlock(), min_num=1, label=_("Rights and duties"))

    class Meta:
        icon = "key"
        group = PLATFORM_GROUP
        label = _("Employer's role")
        description = _("Terms with their meaning, such as the employer's right and duty to lead.")
        template = "leder/blocks/employer_role.html"
        preview_value = {
            "heading": _("The employer's role"),
            "intro": "",
            "duties": [{"term": _("Right to lead"), "text": PREVIEW_TEXT}],
        }


class GoverningDocumentBlock(LinkTargetBlock):
    """A governing document (styrende dokument)."""

    category = blocks.ChoiceBlock(
        choices=DocumentCategory.choices, default=DocumentCategory.GOVERNING.value, label=_("Category")
    )

    class Meta:
        value_class = LinkTargetValue
        form_layout = ["title", "category", "page", "document", "url"]


class GoverningDocumentsBlock(PartBlock):
    """The governing documents (styrende dokumenter), by category."""

    heading = heading()
    intro = introduction()
    documents = blocks.ListBlock(GoverningDocumentBlock(), min_num=1, label=_("Documents"))

    class Meta:
        icon = "folder-open-inverse"
        group = PLATFORM_GROUP
        label = _("Governing documents")
        description = _(
            "Laws, agreements, decisions and the municipality's own documents, listed by category."
        )
        template = "leder/blocks/governing_documents.html"
        preview_value = {
            "heading": _("Governing documents"),
            "intro": "",
            "documents": [
                {
                    "title": _("Delegation rules"),
                    "category": DocumentCategory.GOVERNING.value,
                    "page": None,
                    "document": None,
                    "url": "https://example.org/",
                }
            ],
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["categories"] = [
            (category.label, items)
            for category in DocumentCategory
            if (
                items := [
                    item for item in value["documents"].bound_blocks if item.value["category"] == category
                ]
            )
        ]
        return context


class AreaBlock(blocks.StructBlock):
    """One area of responsibility with its points."""

    key = blocks.ChoiceBlock(choices=Area.choices, label=_("Area"))
    name = blocks.CharBlock(max_length=60, label=_("Name"), help_text=_("As it is written in the figure."))
    summary = blocks.TextBlock(required=False, rows=2, label=_("Summary"))
    points = blocks.ListBlock(blocks.TextBlock(label=_("Point"), rows=2), min_num=1, label=_("Points"))

    class Meta:
        icon = "radio-full"
        label = _("Area of responsibility")
        label_format = "{name}"


class ResponsibilityAreasBlock(PartBlock):
    """The leader's responsibility (lederansvar), with the figure of three circles."""

    heading = heading()
    intro = introduction()
    areas = blocks.ListBlock(AreaBlock(), min_num=1, max_num=3, label=_("Areas of responsibility"))

    class Meta:
        icon = "radio-empty"
        group = PLATFORM_GROUP
        label = _("Areas of responsibility")
        description = _(
            "The areas a leader answers for, with a figure of overlapping circles drawn from their names."
        )
        template = "leder/blocks/responsibility_areas.html"
        preview_value = {
            "heading": _("A leader's responsibility"),
            "intro": "",
            "areas": [
                {"key": area.value, "name": area.label, "summary": "", "points": [_("An example of a point")]}
                for area in Area
            ],
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        reject_repeated(self, cleaned, "areas", "key", _("Each area can stand in the list once."))
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["figure"] = draw_circles(
            [Circle(key=area["key"], name=str(area["name"])) for area in value["areas"]],
            title=str(value["heading"]),
            identity=str(context.get("id", "preview")),
        )
        return context


class IndicatorBlock(blocks.StructBlock):
    """An indicator (indikator) and how often it is followed up."""

    text = blocks.CharBlock(max_length=200, label=_("Indicator"))
    rhythm = blocks.CharBlock(
        required=False, max_length=80, label=_("Rhythm"), help_text=_("How often: each month, each quarter …")
    )

    class Meta:
        icon = "tick-inverse"
        label = _("Indicator")
        label_format = "{text}"


class PerspectiveBlock(blocks.StructBlock):
    """A perspective of the scorecard with its indicators."""

    key = blocks.ChoiceBlock(choices=Perspective.choices, label=_("Perspective"))
    name = blocks.CharBlock(max_length=80, label=_("Name"))
    description = blocks.TextBlock(required=False, rows=2, label=_("Description"))
    indicators = blocks.ListBlock(IndicatorBlock(), label=_("Indicators"))

    class Meta:
        icon = "view"
        label = _("Perspective")
        label_format = "{name}"


class ScorecardBlock(PartBlock):
    """The balanced scorecard (balansert målstyring)."""

    heading = heading()
    intro = introduction()
    perspectives = blocks.ListBlock(PerspectiveBlock(), min_num=1, max_num=4, label=_("Perspectives"))
    follow_up = rich_text(required=False, label=_("How results are followed up"))

    class Meta:
        icon = "table"
        group = PLATFORM_GROUP
        label = _("Balanced scorecard")
        description = _("Perspectives with indicators and how often each is followed up.")
        template = "leder/blocks/scorecard.html"
        preview_value = {
            "heading": _("Balanced scorecard"),
            "intro": "",
            "perspectives": [
                {
                    "key": Perspective.ORGANISATION.value,
                    "name": Perspective.ORGANISATION.label,
                    "description": "",
                    "indicators": [{"text": _("Sick leave"), "rhythm": _("each quarter")}],
                }
            ],
            "follow_up": "",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        reject_repeated(
            self, cleaned, "perspectives", "key", _("Each perspective can stand in the list once.")
        )
        return cleaned


class LevelBlock(blocks.StructBlock):
    """A leader level (ledernivå): who is in the group."""

    group = blocks.ChoiceBlock(choices=LeaderGroup.choices, label=_("Leader group"))
    who = rich_text(label=_("Who"))
    chapter = blocks.CharBlock(
        required=False,
        max_length=60,
        label=_("Chapter of the collective agreement"),
        help_text=_("For example 3.4.1"),
    )

    class Meta:
        icon = "group"
        label = _("Leader level")
        label_format = "{group}"


class LeaderLevelsBlock(PartBlock):
    """The leader levels (ledernivåer), shown as a table."""

    heading = heading()
    intro = introduction()
    levels = blocks.ListBlock(LevelBlock(), min_num=1, max_num=3, label=_("Leader levels"))
    note = rich_text(required=False, label=_("Note below the table"))

    class Meta:
        icon = "group"
        group = PLATFORM_GROUP
        label = _("Leader levels")
        description = _(
            "A table of the leader groups: who is in them, and their chapter of the collective agreement."
        )
        template = "leder/blocks/leader_levels.html"
        preview_value = {
            "heading": _("Leader levels"),
            "intro": "",
            "levels": [
                {"group": "1", "who": _("<p>Municipal director and directors</p>"), "chapter": "3.4.1"},
                {"group": "2", "who": _("<p>Leaders of a service</p>"), "chapter": "3.4.2"},
            ],
            "note": "",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        reject_repeated(self, cleaned, "levels", "group", _("Each leader group can stand in the table once."))
        return cleaned


class PlatformBody(blocks.StreamBlock):
    """What a leader platform can be made of."""

    text_section = TextSectionBlock()
    values = ValuesBlock()
    expectations = ExpectationsBlock()
    employer_role = EmployerRoleBlock()
    governing_documents = GoverningDocumentsBlock()
    responsibility_areas = ResponsibilityAreasBlock()
    scorecard = ScorecardBlock()
    points_section = PointsSectionBlock()
    leader_levels = LeaderLevelsBlock()
    rich_text = free_text()
    callout = CalloutBlock()
    document_list = DocumentListBlock()


class LeadershipBody(blocks.StreamBlock):
    """What the landing page of leadership can be made of."""

    text_section = TextSectionBlock()
    callout = CalloutBlock()
    document_list = DocumentListBlock()
