"""Template tags of the text pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.blocks import StreamValue

from leder.pages.contents import Entry, contents_of
from leder.pages.history import History, history_of

register = template.Library()


@register.simple_tag
def point_link(identity: str, label: str = "") -> SafeString:
    """The link to a heading or statement by its block id, for the address line or the clipboard."""
    return format_html(
        '<a class="leder-anchor" href="#s-{}" aria-label="{}">#</a>',
        identity,
        label or gettext("Link to this point"),
    )


@register.simple_tag
def contents(body: StreamValue) -> list[Entry]:
    """The headings of a body, for the list of contents."""
    return contents_of(body)


@register.simple_tag
def editions_of(page: Any) -> History:
    """The editions of a text, for its foot. Two queries."""
    return history_of(page)


@register.filter
def tone_colour(tone: Any) -> str:
    """The colour of a callout; an unknown tone is plain information."""
    return tone if tone in {"info", "warning", "success"} else "info"
