"""The front page."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from leder.pages.routing import route_below

from .front import shown_texts


class HomePage(Page):
    """The front page (forside): the year's texts and the reader's own next step."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link", "ul"])

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1
    template = "home/home_page.html"

    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, with one query instead of two for the leadership page, which most addresses lead through."""
        found = route_below(self, request, path_components, ["leadershippage"]) if path_components else None
        return found or super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(shown_texts())
        return context
