"""The pages that communications staff edit: landing page, platform, and each year's letter and form."""

from typing import Any, ClassVar, NamedTuple

import swapper
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from leder.pages.blocks.agreement_form import FormBody
from leder.pages.blocks.common import RICH_FEATURES
from leder.pages.blocks.letter import LetterBody
from leder.pages.blocks.platform import LeadershipBody, PlatformBody
from leder.pages.contents import content_of
from leder.pages.copying import CopiedText, YearlyText, years_taken
from leder.pages.forms import CopyYearForm
from leder.pages.panels import AgreementsPanel
from leder.pages.routing import restrictions_on, route_below

Page: Any = swapper.load_model("wagtailcore", "Page", require_ready=False)

# Wagtail looks for the template of every concrete class by itself, so each class names it.
TEXT_TEMPLATE = "leder/pages/text_page.html"
BODY_SEARCH = [index.SearchField("introduction"), index.SearchField("body")]


def introduction_field() -> RichTextField:
    """The introduction below a page's title."""
    return RichTextField(
        _("introduction"),
        blank=True,
        features=RICH_FEATURES,
        help_text=_("Two or three sentences below the title, in larger type."),
    )


class Shelf(NamedTuple):
    """A kind of text on the landing page: what stands now, what is to come, and what has been."""

    page: Any
    coming: list[Any]
    earlier: list[Any]


class LeadershipPage(Page):
    """Landing page of leadership (ledelse): introduces and lists the platform, the letters and the forms."""

    introduction = introduction_field()
    body = StreamField(LeadershipBody(), blank=True, verbose_name=_("content"))

    page_description = _(
        "Where the leader platform, the steering letters and the agreement forms have their place."
    )
    subpage_types: ClassVar[list[str]] = [
        "leder.LeaderPlatformPage",
        "leder.SteeringLetterPage",
        "leder.AgreementFormPage",
    ]
    template = "leder/pages/leadership_page.html"
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, *BODY_SEARCH]

    class Meta:
        verbose_name = _("leadership page")
        verbose_name_plural = _("leadership pages")

    def get_view_restrictions(self) -> Any:
        """As Wagtail's, in one query."""
        return restrictions_on(self)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, with one query for the page below instead of two."""
        kinds = ["leaderplatformpage", "steeringletterpage", "agreementformpage"]
        found = route_below(self, request, path_components, kinds) if path_components else None
        return found or super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `shelves`: the platform, the letters and the forms, each as what stands, comes and has been."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        this_year = timezone.localdate().year
        shelves = [Shelf(page, [], []) for page in LeaderPlatformPage.objects.child_of(self).live()]
        for model in (SteeringLetterPage, AgreementFormPage):
            pages = list(model.objects.child_of(self).live().order_by("-year"))
            # With nothing for this year, the nearest stands in: the newest of the past, else the first to come.
            past = [page for page in pages if page.year <= this_year] or pages[-1:]
            if past:
                coming = [page for page in reversed(pages) if page.year > past[0].year]
                shelves.append(Shelf(past[0], coming, past[1:]))
        context["shelves"] = shelves
        return context


class LeaderPlatformPage(CopiedText, Page):
    """The leader platform (lederplattform): what is expected of every leader."""

    introduction = introduction_field()
    body = StreamField(PlatformBody(), collapsed=True, verbose_name=_("content"))

    page_description = _("What is expected of every leader: values, expectations, responsibility.")
    parent_page_types: ClassVar[list[str]] = ["leder.LeadershipPage"]
    subpage_types: ClassVar[list[str]] = []
    page_kind: ClassVar[str] = "platform"
    template = TEXT_TEMPLATE
    content_panels: ClassVar[list[Any]] = [
        AgreementsPanel(),
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, *BODY_SEARCH]

    class Meta:
        verbose_name = _("leader platform")
        verbose_name_plural = _("leader platforms")

    def get_view_restrictions(self) -> Any:
        """As Wagtail's, in one query."""
        return restrictions_on(self)

    def edition_content(self) -> dict[str, Any]:
        """The platform as plain data, for editions."""
        return content_of(self, self.page_kind)


class YearPage(YearlyText, Page):
    """What the letter and the form have in common: a year, once a year in the same place."""

    page_kind: ClassVar[str]
    parent_page_types: ClassVar[list[str]] = ["leder.LeadershipPage"]
    subpage_types: ClassVar[list[str]] = []
    copy_form_class = CopyYearForm
    content_panels: ClassVar[list[Any]] = [
        AgreementsPanel(),
        *Page.content_panels,
        FieldPanel("year"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True

    def clean(self) -> None:
        """One page of the kind for each year under the same page."""
        super().clean()
        if self.year and self.year in years_taken(self):
            message = _(
                "There is already such a page for %(year)s here. Choose another year, or edit that page."
            )
            raise ValidationError(
                {"year": ValidationError(message, code="year_taken", params={"year": self.year})}
            )

    def get_view_restrictions(self) -> Any:
        """As Wagtail's, in one query."""
        return restrictions_on(self)

    def edition_content(self) -> dict[str, Any]:
        """The text as plain data, for editions."""
        return content_of(self, self.page_kind)


class SteeringLetterPage(YearPage):
    """The steering letter (styringsbrev) of a year: the municipal director's themes and assignments."""

    introduction = introduction_field()
    body = StreamField(LetterBody(), collapsed=True, verbose_name=_("content"))

    page_kind = "letter"
    template = TEXT_TEMPLATE
    page_description = _("The year's themes and assignments. Start a new year by copying last year's letter.")
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, *BODY_SEARCH, index.FilterField("year")]

    class Meta:
        verbose_name = _("steering letter")
        verbose_name_plural = _("steering letters")


class AgreementFormPage(YearPage):
    """The agreement form (lederavtaleskjema) of a year: the text and sections that agreements are made of."""

    introduction = introduction_field()
    body = StreamField(FormBody(), collapsed=True, verbose_name=_("content"))

    page_kind = "form"
    template = TEXT_TEMPLATE
    page_description = _(
        "What leaders and their superiors fill in. Start a new year by copying last year's form."
    )
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, *BODY_SEARCH, index.FilterField("year")]

    class Meta:
        verbose_name = _("agreement form")
        verbose_name_plural = _("agreement forms")
