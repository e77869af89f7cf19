"""What the page editor shows of the agreements that build on a page: how many, and which paragraphs a draft changes."""

from __future__ import annotations

from typing import Any

import swapper
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.admin.panels import Panel

from leder.organisation.cms import CmsPage
from leder.pages.references import References, changed_paragraphs, references_to


class AgreementsPanel(Panel):
    """How many agreements build on the page and on each paragraph, and a warning where the draft changes one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "leder/cms/agreements_panel.html"

        @cached_property
        def references(self) -> References:
            return references_to(self.instance)

        def is_shown(self) -> bool:
            return self.references.agreements > 0

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "count": self.references.agreements,
                "changed": changed_paragraphs(self.instance, self.references),
                "notes": {pk: _note(count) for pk, count in self.references.by_paragraph.items()},
            }

        @property
        def media(self) -> forms.Media:
            return forms.Media(js=["leder/js/cms-paragraphs.js"], css={"all": ["leder/css/cms.css"]})


class PublishChanged(CmsPage):
    """Asks once more before what agreements build on is published without it, or in other words."""

    name = "leder_publish_changed"
    route = "publish/<int:page_id>/"
    in_menu = False
    page_title = _("Publish changed text")
    header_icon = "doc-full-inverse"
    template_name = "leder/cms/publish_changed.html"

    @classmethod
    def permitted(cls, user: Any) -> bool:
        """Whether this person has access to the CMS; whether they may publish the page is asked of the page."""
        return bool(user.has_perm("wagtailadmin.access_admin"))

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Show what the newest draft changes, with the number of agreements."""
        draft = self._draft(page_id)
        changed = changed_paragraphs(draft)
        if not changed:
            return redirect("wagtailadmin_pages:edit", page_id)
        return self.render_to_response(
            self.get_context_data(
                draft=draft,
                revision=draft.latest_revision_id,
                changed=changed,
                count=references_to(draft).agreements,
            )
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Publish the draft that was shown; one that was changed meanwhile is shown again."""
        draft = self._draft(page_id)
        if request.POST.get("revision") != str(draft.latest_revision_id):
            messages.warning(request, _("The draft was changed meanwhile. Look at it once more."))
            return redirect(self.name, page_id)
        PublishPageRevisionAction(draft.latest_revision, user=request.user).execute()
        messages.success(request, _("“%(title)s” is published.") % {"title": draft.get_admin_display_title()})
        return redirect("wagtailadmin_explore", draft.get_parent().pk)

    def _draft(self, page_id: int) -> Any:
        """The newest draft of a page that this person may publish. Raises Http404."""
        page = get_object_or_404(swapper.load_model("wagtailcore", "Page"), pk=page_id).specific
        may = page.permissions_for_user(self.request.user)
        if not hasattr(page, "page_kind") or not may.can_publish() or may.page_locked():
            raise Http404
        return page.get_latest_revision_as_object()


def before_publish_page(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Ask first where the published text changes what agreements build on (hook of the page editor)."""
    if not hasattr(page, "page_kind") or not changed_paragraphs(page):
        return None
    return redirect(PublishChanged.name, page.pk)


def _note(count: int) -> str:
    return ngettext(
        "%(count)s agreement builds on this paragraph", "%(count)s agreements build on this paragraph", count
    ) % {"count": count}
