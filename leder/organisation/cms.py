"""The frame of the plugin's own pages in the CMS: who sees them, where they stand in the menu, how they look.

One who lacks the permission gets the same 404 as for an address that is not there.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path, reverse, reverse_lazy
from django.urls.resolvers import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

OWN_PERMISSIONS = (
    "import_organisation",
    "open_round",
    "hand_over",
    "view_figures",
    "view_names",
    "view_hr_log",
)


class CmsPage(WagtailAdminTemplateMixin, View):
    """A page of the plugin in the CMS. Define `get` and, for what changes something, `post`.

    `name` is the address's name in the namespace of Wagtail's admin, `route` its path below `leder/`. `permission` is
    what one needs to see it ("leder.open_round"); a page with `in_menu` stands under "Leader agreements".
    """

    name: ClassVar[str]
    route: ClassVar[str]
    permission: ClassVar[str]
    page_title: str | Promise = ""
    header_icon: str = "group"
    menu_label: ClassVar[str | Promise] = ""
    in_menu: ClassVar[bool] = True
    template_name = "leder/cms/page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permitted(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whether this person may see the page at all."""
        return bool(user.has_perm(cls.permission))

    @classmethod
    def address(cls) -> URLPattern:
        """The page's address, for `register_admin_urls`."""
        return path(f"leder/{cls.route}", cls.as_view(), name=cls.name)

    @classmethod
    def menu_item(cls, order: int) -> MenuItem:
        """The page's line in the menu."""
        return _PageMenuItem(cls, order)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": self.get_page_title()},
        ]


def own_permissions() -> Any:
    """The permissions that belong to no list, so that the CMS shows them among a group's permissions."""
    return Permission.objects.filter(content_type__app_label="leder", codename__in=OWN_PERMISSIONS)


class _PageMenuItem(MenuItem):
    def __init__(self, page: type[CmsPage], order: int) -> None:
        self.page = page
        super().__init__(
            page.menu_label or page.page_title,
            reverse(page.name),
            name=page.name,
            icon_name=page.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return self.page.permitted(request.user)
