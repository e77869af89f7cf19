"""Blocks that every page type can use, and what the domain blocks share."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from leder.pages.choices import Tone
from leder.pages.markup import is_too_deep

# Headings are blocks of their own, with anchors; images and embeds have no place in a text that is signed.
RICH_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]

# A whole letter is some 60,000 signs with its markup.
LONGEST_TEXT = 200_000

TEXT_GROUP = _("Text")
PREVIEW_TEMPLATE = "leder/blocks/preview.html"
PREVIEW_TEXT = _(
    "<p>A paragraph of running text. It may hold <b>emphasis</b>, links and lists, "
    "and reads best when it is short.</p>"
)


def rich_text(**options: Any) -> blocks.RichTextBlock:
    """A rich text field with the features that a text to be signed may have."""
    block = blocks.RichTextBlock(features=RICH_FEATURES, **options)
    # Not an argument: those stand in migrations.
    block.field_options["validators"] = [*block.field_options["validators"], not_too_much]
    return block


def not_too_much(html: str) -> None:
    """Raise ValidationError for rich text that is longer or deeper than anybody writes."""
    if len(html) > LONGEST_TEXT:
        raise ValidationError(_("The text is too long for one field. Share it out over several sections."))
    if is_too_deep(html):
        raise ValidationError(
            _(
                "There is formatting within formatting, more than 50 deep. "
                "Copy the text and paste it without formatting."
            )
        )


def heading(**options: Any) -> blocks.CharBlock:
    """The heading of a part; it shows in the list of contents."""
    options.setdefault("label", _("Heading"))
    return blocks.CharBlock(max_length=150, **options)


def introduction() -> blocks.RichTextBlock:
    """What stands between a part's heading and its list."""
    return rich_text(required=False, label=_("Introduction"))


def reject_repeated(block: blocks.StructBlock, value: Any, list_name: str, key: str, message: Any) -> None:
    """Raise a StructBlockValidationError on `list_name` when two of its items have the same `key`.

    A draft may hold what is not finished, so nothing is raised while `block` defers validation.
    """
    if block.is_deferred_validation:
        return
    counted = Counter(item[key] for item in value[list_name] if item[key])
    if any(count > 1 for count in counted.values()):
        raise blocks.StructBlockValidationError({list_name: ValidationError(message, code="repeated")})


class PartBlock(blocks.StructBlock):
    """A part of the text (del av teksten): what all domain blocks build on. They preview the same way."""

    class Meta:
        preview_template = PREVIEW_TEMPLATE
        label_format = "{heading}"


class TextSectionBlock(PartBlock):
    """A heading with running text."""

    heading = heading()
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "title"
        group = TEXT_GROUP
        label = _("Heading and text")
        description = _("A heading with running text below it.")
        template = "leder/blocks/text_section.html"
        preview_value = {"heading": _("Purpose"), "text": PREVIEW_TEXT}


class PointsSectionBlock(PartBlock):
    """A heading with points (punkter) that can be cited one by one."""

    heading = heading()
    intro = introduction()
    points = blocks.ListBlock(
        blocks.TextBlock(label=_("Point"), rows=2),
        min_num=1,
        label=_("Points"),
        help_text=_(
            "One sentence or two each. Every point gets an address of its own that others can link to."
        ),
    )

    class Meta:
        icon = "list-ul"
        group = TEXT_GROUP
        label = _("Heading and points")
        description = _("A heading and a list of points, each with an address of its own.")
        template = "leder/blocks/points_section.html"
        preview_value = {
            "heading": _("Leader support"),
            "intro": _("<p>A leader can expect:</p>"),
            "points": [_("time for conversations"), _("feedback on results")],
        }


class CalloutBlock(PartBlock):
    """A box that stands out from the text (uthevet boks)."""

    tone = blocks.ChoiceBlock(choices=Tone.choices, default=Tone.INFO.value, label=_("Tone"))
    heading = heading(required=False)
    text = rich_text(label=_("Text"))

    class Meta:
        icon = "info-circle"
        group = TEXT_GROUP
        label = _("Callout")
        description = _("A coloured box for what nobody should miss. Use it sparingly.")
        template = "leder/blocks/callout.html"
        preview_value = {"tone": Tone.INFO.value, "heading": _("Example text"), "text": PREVIEW_TEXT}


class LinkTargetValue(blocks.StructValue):
    """A title with at most one target: a page, a document or an address."""

    @property
    def href(self) -> str:
        """The address of the target, or "" when there is none (or the page is no longer published)."""
        if page := self.get("page"):
            return page.url or "" if page.live else ""
        if document := self.get("document"):
            return str(document.url)
        return self.get("url") or ""


class LinkTargetBlock(blocks.StructBlock):
    """A document in a list: its title, and where it is found."""

    title = blocks.CharBlock(max_length=200, label=_("Title"))
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    document = DocumentChooserBlock(required=False, label=_("Document"))
    url = blocks.URLBlock(
        required=False,
        label=_("Address"),
        help_text=_("Where it is found, when it is neither a page nor a document here."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        label_format = "{title}"
        value_class = LinkTargetValue

    def clean(self, value: Any) -> Any:
        """At most one of page, document and address."""
        cleaned = super().clean(value)
        if (
            not self.is_deferred_validation
            and sum(bool(cleaned[name]) for name in ("page", "document", "url")) > 1
        ):
            message = _("Choose either a page, a document or an address, not several of them.")
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(message, code="targets")]
            )
        return cleaned


class DocumentListBlock(PartBlock):
    """A list of documents and pages to read."""

    heading = heading()
    documents = blocks.ListBlock(LinkTargetBlock(), min_num=1, label=_("Documents"))

    class Meta:
        icon = "doc-full"
        group = TEXT_GROUP
        label = _("Document list")
        description = _("Links to documents, pages in the intranet and other addresses.")
        template = "leder/blocks/document_list.html"
        preview_value = {
            "heading": _("Read more"),
            "documents": [
                {
                    "title": _("Delegation rules"),
                    "page": None,
                    "document": None,
                    "url": "https://example.org/",
                },
                {"title": _("Staff rules"), "page": None, "document": None, "url": ""},
            ],
        }


def free_text() -> blocks.RichTextBlock:
    """Rich text without a heading."""
    return rich_text(
        icon="pilcrow",
        group=TEXT_GROUP,
        label=_("Text"),
        template="leder/blocks/rich_text.html",
        preview_template=PREVIEW_TEMPLATE,
        preview_value=PREVIEW_TEXT,
        description=_("Running text without a heading."),
    )
