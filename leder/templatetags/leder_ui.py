"""Template tags and filters that write our markup: states, dates, people, icons, form fields, pages of a list.

Small ones build their element here, since a list of 200 rows asks for hundreds; larger ones have a template in
``leder/components/``. They only show what they are given: no rules, no queries but the ancestors of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page as PageOfList
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leder import form_markup, words
from leder.words import date_words, full_name

register = template.Library()
register.filter(date_words)
register.filter(full_name)

Text = str | Promise


@register.simple_tag
def help_desk() -> str:
    """Whom to ring. A number stays on its line."""
    return re.sub(r"(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", words.help_desk())


# -- Icons ---------------------------------------------------------------------------------------------
ICONS = frozenset(
    {
        *(
            "arrow-left",
            "arrow-right",
            "calendar",
            "chat",
            "check",
            "chevron",
            "circle",
            "clock",
            "copy",
            "cross",
        ),
        *(
            "document",
            "download",
            "eye",
            "flag",
            "globe",
            "goal",
            "half",
            "handshake",
            "history",
            "home",
            "info",
        ),
        *("link", "lock", "menu", "minus", "moon", "pen", "people", "person", "plus", "print", "search"),
        *("sign-out", "sun", "warning"),
    }
)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from screen readers. Raises TemplateSyntaxError for a name it lacks."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"No icon is called {name!r}.")
    return format_html(
        '<svg class="leder-icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("leder/img/icons.svg"),
        name,
    )


# -- States --------------------------------------------------------------------------------------------
class Look(NamedTuple):
    """How a state shows: always text, symbol and colour together."""

    label: Text
    colour: str
    icon: str


LOOKS: dict[str, Look] = {
    # an agreement
    "opened": Look(_("Opened"), "neutral", "circle"),
    "prepared": Look(_("Both are prepared"), "info", "half"),
    "discussed": Look(_("Conversation held"), "info", "chat"),
    "signing": Look(_("Waiting for one signature"), "warning", "pen"),
    "signed": Look(_("Signed"), "success", "check"),
    "followed_up": Look(_("Follow-up held"), "success", "flag"),
    "replaced": Look(_("Replaced"), "neutral", "history"),
    "ended": Look(_("Ended"), "neutral", "cross"),
    # a section, a preparation, a conversation, a goal, a text
    "approved": Look(_("Approved"), "success", "check"),
    "changes": Look(_("Changes asked for"), "warning", "pen"),
    "draft": Look(_("Draft"), "neutral", "pen"),
    "ready": Look(_("Ready"), "success", "check"),
    "waiting": Look(_("Waiting"), "warning", "clock"),
    "missing": Look(_("Missing"), "danger", "warning"),
    "planned": Look(_("Planned"), "info", "calendar"),
    "held": Look(_("Held"), "success", "check"),
    "moved": Look(_("Moved"), "warning", "calendar"),
    "cancelled": Look(_("Cancelled"), "neutral", "cross"),
    "open": Look(_("Not started"), "neutral", "circle"),
    "started": Look(_("Started"), "info", "half"),
    "reached": Look(_("Reached"), "success", "check"),
    "dropped": Look(_("Dropped"), "neutral", "minus"),
    "private": Look(_("Only you two"), "brand3", "lock"),
    "example": Look(_("Example text"), "neutral", "info"),
}


@register.simple_tag
def state_tag(state: str, label: Text = "") -> SafeString:
    """A state as text, symbol and colour; ``label`` replaces the usual text. Raises KeyError for unknown states."""
    look = LOOKS[str(state)]
    return format_html(
        '<span class="ds-tag" data-color="{}">{}{}</span>', look.colour, icon(look.icon), label or look.label
    )


@register.simple_tag
def private_mark(label: Text = "") -> SafeString:
    """The lock and the words that mark what only the two parties read (R2)."""
    return format_html(
        '<span class="leder-private">{}{}</span>', icon("lock"), label or gettext("Only you two")
    )


# -- Dates and numbers ---------------------------------------------------------------------------------
NARROW_SPACE = "\u202f"  # does not break


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.simple_tag
def when(value: date | datetime | None, form: str = "") -> SafeString | str:
    """The same in a ``<time>`` element."""
    if value is None:
        return ""
    exact = value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', exact, date_words(value, form))


@register.filter
def days_left(value: date | datetime | None) -> str:
    """How far a deadline is from today: "in 12 days", "today", "3 days past the deadline"."""
    if value is None:
        return ""
    days = (_day(value) - timezone.localdate()).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day past the deadline", "%(days)d days past the deadline", -days) % {
        "days": -days
    }


@register.filter
def thin(value: int | None) -> str:
    """A number with narrow spaces between the thousands."""
    return "" if value is None else f"{value:,}".replace(",", NARROW_SPACE)


# -- People --------------------------------------------------------------------------------------------
@register.filter
def initials(user: Any) -> str:
    """First letters of the first and the last name."""
    names = full_name(user).split()
    return "".join(name[0] for name in ([names[0], names[-1]] if len(names) > 1 else names)).upper()


@register.simple_tag
def person(user: Any, more: Text = "") -> SafeString:
    """Initials and name, with ``more`` (a title, a unit) on a line of its own. None shows that nobody is there."""
    if user is None:
        return format_html('<span class="leder-person">{}</span>', gettext("Nobody appointed"))
    second = format_html('<span class="leder-person__more">{}</span>', more) if more else ""
    return format_html(
        '<span class="leder-person"><span class="leder-initials" aria-hidden="true">{}</span>'
        '<span><span class="leder-person__name">{}</span>{}</span></span>',
        initials(user),
        full_name(user),
        second,
    )


# -- Where am I ----------------------------------------------------------------------------------------
@register.simple_tag
def breadcrumb(label: Text, url: str = "") -> SafeString:
    """One step of the way to this page; the last, without an address, is the page itself."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, label)
    return format_html('<li><span aria-current="page">{}</span></li>', label)


FRONT_PAGE_DEPTH = 2  # right below the tree's root


@register.inclusion_tag("leder/components/page_breadcrumbs.html", takes_context=True)
def page_breadcrumbs(context: template.Context, page: Any) -> dict[str, Any]:
    """The way to a Wagtail page: the front page, its published ancestors (one query) and itself."""
    request = context.get("request")
    ancestors = page.get_ancestors().filter(depth__gte=FRONT_PAGE_DEPTH).live() if page.path else []
    return {
        "steps": [
            (
                gettext("Home") if ancestor.depth == FRONT_PAGE_DEPTH else ancestor.title,
                ancestor.get_url(request),
            )
            for ancestor in ancestors
        ],
        "page": page,
    }


@register.simple_tag(takes_context=True)
def colour_scheme(context: template.Context) -> str:
    """The reader's choice of light or dark (kept in a cookie by base.js), else "auto": as the system."""
    request = context.get("request")
    chosen = request.COOKIES.get("leder_colour_scheme", "") if request else ""
    return chosen if chosen in {"light", "dark"} else "auto"


@register.filter
def alert_colour(message: Any) -> str:
    """The colour of an alert that shows a message of django.contrib.messages."""
    return {"success": "success", "warning": "warning", "error": "danger"}.get(message.level_tag, "info")


@register.inclusion_tag("leder/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page_obj: PageOfList, name: str = "side") -> dict[str, Any]:
    """Links to the pages of a list; keeps the rest of the query string. ``name`` is the parameter's name."""
    request: HttpRequest = context["request"]

    def address(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    def numbers() -> Iterator[dict[str, Any]]:
        ellipsis = str(page_obj.paginator.ELLIPSIS)
        for number in page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1):
            gap = number == ellipsis
            yield {"gap": True} if gap else {"number": number, "address": address(int(number))}

    return {
        "page_obj": page_obj,
        "numbers": list(numbers()),
        "previous": address(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": address(page_obj.number + 1) if page_obj.has_next() else "",
    }


# -- Forms ---------------------------------------------------------------------------------------------
@register.inclusion_tag("leder/components/field.html")
def form_field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A form field with label, description and errors tied together.

    Options: ``rows`` (of a textarea), ``size`` (sm, lg), ``hide_label`` (screen readers still get it),
    ``variant="outline"`` (each choice as a box of its own).
    """
    return form_markup.field_context(bound, **options)


@register.inclusion_tag("leder/components/error_summary.html")
def error_summary(*forms: BaseForm | Any) -> dict[str, Any]:
    """What must be put right in the forms or formsets, with a link to each field. Nothing when all is well."""
    return {"errors": [error for form in forms for error in form_markup.errors_of(form)]}
