"""The operators' log (brukere og grupper): who was put in which group or taken out, what groups may do, by whom, when.

For those who keep the users. It has nothing of agreements: whose account was changed is told to those it concerns.
"""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from leder.organisation.cms import CmsPage
from leder.oversight.hr_log import HrLogPage

from . import roles


class OperatorsLogPage(HrLogPage):
    """The list, newest first, as HR's own."""

    name = "operators_log"
    route = "operators-log/"
    permission = "lorenskog_intranet.change_user"
    page_title = _("Users and groups: what was changed")
    menu_label = _("Log of users")
    index_url_name = name
    index_results_url_name = "operators_log_results"

    @classmethod
    def address(cls) -> URLPattern:
        """Beside the users, not among the plugin's own pages."""
        return path(cls.route, cls.as_view(), name=cls.name)

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        """The log of people and groups."""
        entries = roles.entries().select_related("user", "content_type")
        return entries.prefetch_related("user__wagtail_userprofile")


class OperatorsLogResults(OperatorsLogPage):
    """The list alone, which the filters exchange without loading the page anew."""

    name = "operators_log_results"
    route = "operators-log/results/"
    in_menu = False
    results_only = True


PAGES: tuple[type[CmsPage], ...] = (OperatorsLogPage, OperatorsLogResults)


def addresses() -> list[URLPattern]:
    """For `register_admin_urls`."""
    return [page.address() for page in PAGES]


def menu_item() -> Any:
    """For `register_settings_menu_item`: beside users and groups."""
    return OperatorsLogPage.menu_item(order=602)
