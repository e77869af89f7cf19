"""What the header of the site asks for."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from leder.pages.selectors import leadership_page
from lorenskog_intranet.signin import demo

register = template.Library()

CMS_IN_SESSION = "may_use_cms"
LEADERSHIP_ADDRESS = "leadership_address"
SECONDS_REMEMBERED = 60
PLUGIN = "/leder/"  # where urls.py mounts it


class MenuItem(NamedTuple):
    """A link of the main menu."""

    label: str
    address: str
    current: bool


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> list[MenuItem]:
    """The links of the main menu: front page, leadership, the reader's own page."""
    request: HttpRequest = context["request"]
    items = [(gettext("Home"), "/", request.path == "/")]
    if address := _leadership_address(request, context.get("page")):
        items.append((gettext("Leadership"), address, request.path.startswith(address)))
    items.append((gettext("My page"), reverse("leder:my_page"), request.path.startswith(PLUGIN)))
    return [MenuItem(*item) for item in items]


def _leadership_address(request: HttpRequest, page: Any) -> str:
    """The address of the leadership page; remembered for a minute, the same for everybody."""
    address: str | None = cache.get(LEADERSHIP_ADDRESS)
    if address is None:
        leadership = leadership_page(near=page)
        address = (leadership.get_url(request) or "/") if leadership is not None else ""
        cache.set(LEADERSHIP_ADDRESS, address, SECONDS_REMEMBERED)
    return address


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the demo, so that the page says so."""
    return demo.is_open()


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """Code and name of each language, the name in the language itself."""
    return list(settings.LANGUAGES)


@register.simple_tag(takes_context=True)
def may_use_cms(context: template.Context) -> bool:
    """Whether to show the way to the CMS. Asked once a session: it only decides about links, the CMS asks itself."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return False
    if CMS_IN_SESSION not in request.session:
        request.session[CMS_IN_SESSION] = request.user.has_perm("wagtailadmin.access_admin")
    answer: Any = request.session[CMS_IN_SESSION]
    return bool(answer)
