"""Template tags of comparisons: words with what is removed and added marked for eye and ear.

Everything is built here from plain words; nothing of the stored HTML comes through but its words and safe addresses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from leder.pages import telling
from leder.pages.comparing import Change, FieldChange, PartChange, StatementChange
from leder.pages.wording import ParagraphChange, Piece
from leder.templatetags.leder_ui import icon
from leder.words import date_words

register = template.Library()

BOTH, OLD, NEW = "both", "old", "new"
HIDDEN = {OLD: Change.ADDED, NEW: Change.REMOVED}

register.filter("stretches", telling.stretches)
register.filter("text_fields", telling.text_fields)
register.filter("facts", telling.facts)
register.filter("heading_of", telling.heading_of)
register.filter("field_label", telling.label_for)


@register.filter
def change_marks(item: PartChange | StatementChange) -> SafeString:
    """What has become of a part or statement, as tags with text, symbol and colour."""
    return format_html_join("", "{}", ((change_mark(mark),) for mark in telling.marks_of(item)))


@register.simple_tag
def change_mark(mark: telling.Mark, label: str = "") -> SafeString:
    """One change as a tag; `label` replaces the usual text."""
    return format_html(
        '<span class="ds-tag" data-color="{}">{}{}</span>', mark.colour, icon(mark.icon), label or mark.label
    )


@register.simple_tag
def words(field: FieldChange, side: str = BOTH) -> SafeString:
    """A field's text as paragraphs and lists: of both editions in one, or of one `side` ("old", "new")."""
    return mark_safe("".join(_blocks(field.paragraphs, side)))  # noqa: S308  built of escaped words


@register.simple_tag
def line(field: FieldChange | None, side: str = BOTH) -> SafeString:
    """A field's text in one line, for a heading or a fact; a value as readers know it."""
    if field is None:
        return SafeString("")
    if field.paragraphs:
        shown = (_pieces(each, side) for each in field.paragraphs if each.change != HIDDEN.get(side))
        return mark_safe(" ".join(shown))  # noqa: S308  built of escaped words
    return _values(field, side)


def _values(field: FieldChange, side: str) -> SafeString:
    old, new = _value(field, field.old), _value(field, field.new)
    if field.follows_year and side != OLD:
        moved = gettext("(moved with the year)")
        return format_html('{} <span class="leder-meta">{}</span>', new, moved)
    if side != BOTH or field.change == Change.UNCHANGED:
        return format_html("{}", old if side == OLD else new)
    marked = [
        _marked(Change.REMOVED, escape(old)) if old else "",
        _marked(Change.ADDED, escape(new)) if new else "",
    ]
    return mark_safe(" ".join(filter(None, marked)))  # noqa: S308  built of escaped words


def _value(field: FieldChange, value: Any) -> str:
    if isinstance(field.old, bool) or isinstance(field.new, bool):
        value = bool(value)
    elif value in ("", None):
        return ""
    shown = telling.value_for(field, value)
    return date_words(shown) if isinstance(shown, dt.date) else str(shown)


# -- Paragraphs and lists ------------------------------------------------------------------------------------
def _blocks(paragraphs: tuple[ParagraphChange, ...], side: str) -> Iterator[str]:
    """The paragraphs as HTML. A list in a list stands in the same list, set further in."""
    inside = ""
    for paragraph in paragraphs:
        if paragraph.change == HIDDEN.get(side):
            continue
        wanted = ("ol" if paragraph.numbered else "ul") if paragraph.depth else ""
        if inside != wanted:
            yield f"{f'</{inside}>' if inside else ''}{f'<{wanted}>' if wanted else ''}"
            inside = wanted
        element = "li" if wanted else "p"
        depth = f' data-depth="{min(paragraph.depth, 4)}"' if paragraph.depth > 1 else ""
        yield f'<{element}{depth} data-change="{paragraph.change.value}">{_pieces(paragraph, side)}'
        yield f"{_links(paragraph, side)}</{element}>"
    if inside:
        yield f"</{inside}>"


def _pieces(paragraph: ParagraphChange, side: str) -> str:
    shown = [piece for piece in paragraph.pieces if piece.change != HIDDEN.get(side)]
    html: list[str] = []
    before = Change.UNCHANGED
    for change, together in groupby(shown, key=lambda piece: piece.change):
        # What replaces something stands a space from it, whatever stood between the words.
        if before == Change.REMOVED and change == Change.ADDED:
            html.append(" ")
        html.append(_marked(change, "".join(map(_set, together))))
        before = change
    return "".join(html)


def _set(piece: Piece) -> str:
    html = str(escape(piece.text)).replace("\n", "<br>")
    if piece.style.italic:
        html = f"<em>{html}</em>"
    if piece.style.bold:
        html = f"<strong>{html}</strong>"
    if piece.style.href and piece.change != Change.REMOVED:
        html = f'<a href="{escape(piece.style.href)}">{html}</a>'
    return html


def _marked(change: Change, html: str) -> str:
    """Words in `ins` or `del`; screen readers are told in words where they begin and end."""
    if change == Change.UNCHANGED:
        return html
    if change == Change.REMOVED:
        element, begins = "del", pgettext("in a comparison, before words", "removed:")
    else:
        element, begins = "ins", pgettext("in a comparison, before words", "added:")
    return (
        f'<{element}><span class="ds-sr-only">[{escape(begins)} </span>{html}'
        f'<span class="ds-sr-only">] </span></{element}>'
    )


def _links(paragraph: ParagraphChange, side: str) -> str:
    if not paragraph.links or side == OLD or paragraph.change != Change.REWRITTEN:
        return ""
    told = []
    for link in paragraph.links:
        values = {"text": link.text, "old": link.old, "new": link.new}
        if not link.old:
            told.append(gettext("“%(text)s” now leads to %(new)s") % values)
        elif not link.new:
            told.append(gettext("“%(text)s” is no longer a link to %(old)s") % values)
        else:
            told.append(gettext("“%(text)s” now leads to %(new)s, earlier to %(old)s") % values)
    return str(
        format_html_join("", '<span class="leder-meta leder-link-change">{}</span>', ((t,) for t in told))
    )
