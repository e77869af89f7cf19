"""Importing in the CMS: send a file, say what its columns are, look at the difference, apply. Works without scripts."""

from __future__ import annotations

import datetime as dt
from http.client import TOO_MANY_REQUESTS
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder import pace
from leder.organisation.cms import CmsPage

from . import actions, mapping
from .columns import every_column, missing
from .difference import kinds
from .export import FORMATS, export
from .faults import Fault, count
from .forms import ColumnsForm, FileForm
from .models import OrganisationFile, OrganisationImport
from .reading import Table, kept

PER_PAGE = 100
# So many lines of each kind are shown at once; the rest has pages of its own.
FIRST_LINES = 10
PERMISSION = "leder.import_organisation"


class _ImportPage(CmsPage):
    permission = PERMISSION
    in_menu = False
    page_title = gettext_lazy("Import the organisation")
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        if isinstance(self, ImportPage):
            return items
        first = {"url": reverse(ImportPage.name), "label": ImportPage.page_title}
        return [*items[:-1], first, {"url": "", "label": self.get_page_subtitle() or self.get_page_title()}]


class ImportPage(_ImportPage):
    """Send a file; what was imported before; take the organisation out as a file."""

    name = "leder_import"
    route = "import/"
    in_menu = True
    template_name = "leder/cms/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        # Asked before the file is read, which is what costs.
        if wait := pace.too_early(request, "import"):
            return self._later(wait)
        if not form.is_valid():
            return self._page(form, status=400)
        table = form.cleaned_data["table"]
        stored = actions.store_file(name=form.cleaned_data["name"], table=table, user=request.user)
        places, remembered = mapping.propose(table.headings)
        if remembered and not missing(places.values()):
            stored.places = {str(place): key for place, key in places.items()}
            stored.save(update_fields=["places"])
            return redirect(DifferencePage.name, stored.pk)
        return redirect(ColumnsPage.name, stored.pk)

    def _later(self, seconds: int) -> HttpResponse:
        messages.error(self.request, pace.words(seconds))
        response = self._page(FileForm(), status=TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _page(self, form: FileForm, status: int = 200) -> HttpResponse:
        done = self.request.GET.get("done", "")
        imports = list(OrganisationImport.objects.select_related("by")[:20])
        context = self.get_context_data(
            form=form,
            columns=every_column(),
            waiting=_mine(self.request).first(),
            imports=[(each, _figures(each.counts)) for each in imports],
            done=next((each for each in imports if str(each.pk) == done), None),
        )
        return self.render_to_response(context, status=status)


class _FilePage(_ImportPage):
    """A page about a file that this person has sent; for everybody else it is not there."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.uuid = kwargs.get("file")

    @cached_property
    def file(self) -> OrganisationFile:
        return get_object_or_404(_mine(self.request), pk=self.uuid)

    @cached_property
    def table(self) -> Table:
        return kept(bytes(self.file.content))


class ColumnsPage(_FilePage):
    """Which column of the file is which of ours. Remembered for files with the same headings."""

    name = "leder_import_columns"
    route = "import/<uuid:file>/columns/"
    page_subtitle = gettext_lazy("Columns")
    template_name = "leder/cms/import_columns.html"

    def get(self, request: HttpRequest, file: Any) -> HttpResponse:
        chosen = self.file.places
        places = (
            {int(place): key for place, key in chosen.items()}
            if chosen
            else mapping.propose(self.table.headings)[0]
        )
        return self._page(ColumnsForm(table=self.table, places=places))

    def post(self, request: HttpRequest, file: Any) -> HttpResponse:
        form = ColumnsForm(request.POST, table=self.table)
        if not form.is_valid():
            return self._page(form, status=400)
        self.file.places = {str(place): key for place, key in form.places.items()}
        self.file.save(update_fields=["places"])
        mapping.remember(self.table.headings, form.places)
        return redirect(DifferencePage.name, self.file.pk)

    def _page(self, form: ColumnsForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, file=self.file, rows=len(self.table.rows))
        return self.render_to_response(context, status=status)


class DifferencePage(_FilePage):
    """What is wrong in the file, or what it changes; apply it, or let it be."""

    name = "leder_import_difference"
    route = "import/<uuid:file>/"
    page_subtitle = gettext_lazy("What changes")
    template_name = "leder/cms/import_difference.html"

    def get(self, request: HttpRequest, file: Any) -> HttpResponse:
        if not self.file.places:
            return redirect(ColumnsPage.name, self.file.pk)
        return self._page(actions.look_at(self.table, self.places, undo=_choice(request.GET.get("undo"))))

    def post(self, request: HttpRequest, file: Any) -> HttpResponse:
        if "cancel" in request.POST:
            self.file.delete()
            messages.success(request, _("The file is deleted. Nothing is changed."))
            return redirect(ImportPage.name)
        if not self.file.places:
            return redirect(ColumnsPage.name, self.file.pk)
        try:
            done = actions.apply(
                table=self.table,
                places=self.places,
                name=self.file.name,
                by=request.user,
                digest=request.POST.get("digest", ""),
                undo=_choice(request.POST.get("undo")),
            )
        except actions.OrganisationChanged as changed:
            messages.warning(
                request,
                _(
                    "The organisation has changed since you were shown the difference. Nothing is imported: look again."
                ),
            )
            return self._page(changed.look, status=409)
        except actions.FileFaulty as faulty:
            return self._page(faulty.look, status=409)
        self.file.delete()
        if done is None:
            messages.success(request, _("The organisation is already as in the file. Nothing is changed."))
            return redirect(ImportPage.name)
        return redirect(f"{reverse(ImportPage.name)}?{urlencode({'done': done.pk})}")

    @cached_property
    def places(self) -> dict[int, str]:
        return {int(place): key for place, key in (self.file.places or {}).items()}

    def _page(self, look: actions.Look, status: int = 200) -> HttpResponse:
        context = self.get_context_data(file=self.file, look=look, rows=len(self.table.rows))
        kind = self.request.GET.get("kind", "")
        if look.faults:
            shown = [fault for fault in look.faults if fault.kind.value == kind] or look.faults
            context |= {"kinds": count(look.faults), "kind": kind, "page": self._part(shown)}
        elif look.difference is not None:
            context |= self._difference(look, kind)
        return self.render_to_response(context, status=status)

    def _difference(self, look: actions.Look, kind: str) -> dict[str, Any]:
        assert look.difference is not None  # noqa: S101
        counts = look.difference.counts()
        groups: list[dict[str, Any]] = []
        for each in kinds():
            if each.value not in counts or (kind in counts and each.value != kind):
                continue
            lines = [change for change in look.difference.changes if change.kind == each]
            groups.append({"kind": each, "count": len(lines), "lines": lines[:FIRST_LINES], "all": lines})
        page = self._part(groups[0]["all"]) if kind in counts else None
        return {
            "groups": groups,
            "counts": _figures(counts),
            "kind": kind if kind in counts else "",
            "page": page,
            "warnings": _by_kind(look.warnings),
            "digest": look.difference.digest,
        }

    def _part(self, lines: list[Any]) -> Any:
        return Paginator(lines, PER_PAGE).get_page(self.request.GET.get("p"))


class ExportPage(_ImportPage):
    """The organisation as a file, in the form that is imported."""

    name = "leder_export"
    route = "import/export/"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = request.GET.get("format", "xlsx")
        if form not in FORMATS:
            raise Http404
        name = f"organisasjon-{timezone.localdate():%Y-%m-%d}.{form}"
        answer = HttpResponse(export(form), content_type=FORMATS[form])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer


PAGES: tuple[type[CmsPage], ...] = (ImportPage, ExportPage, ColumnsPage, DifferencePage)


def _mine(request: HttpRequest) -> QuerySet[OrganisationFile]:
    """The file that this person has sent and not yet applied, as long as it is stored."""
    oldest = timezone.now() - dt.timedelta(hours=actions.FILE_HOURS)
    return OrganisationFile.objects.filter(uploaded_by_id=request.user.pk, at__gte=oldest)


def _choice(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(text or "")


def _figures(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(kind.label), counts[kind.value]) for kind in kinds() if counts.get(kind.value)]


def _by_kind(faults: list[Fault]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "count": number, "lines": [each for each in faults if each.kind == kind][:50]}
        for kind, number in count(faults)
    ]
