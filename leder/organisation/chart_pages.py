"""The organisation chart in the CMS: searched and filtered on the server, folded without scripts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .chart import Chart, Node, Problem, chart, fit, part_of
from .cms import CmsPage
from .modeladmin import is_id
from .models import Unit

PER_PAGE = 50
# With more positions than this, what stands below the first levels is folded.
UNFOLDED = 60


class ChartPage(CmsPage):
    """Who leads what and who answers to whom today; vacant and acting positions, leaders without a superior."""

    name = "leder_chart"
    route = "chart/"
    permission = "leder.view_unit"
    page_title = _("Organisation chart")
    header_icon = "site"
    template_name = "leder/cms/chart.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = chart(timezone.localdate())
        words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
        problem = Problem(wanted) if (wanted := request.GET.get("show")) in Problem.values else None
        by = "superior" if request.GET.get("by") == "superior" else "unit"
        context: dict[str, Any] = {
            "words": words,
            "problem": problem,
            "by": by,
            "total": len(found.posts),
            "problems": [(each, found.count(each)) for each in Problem],
        }
        if words or problem:
            page = Paginator(found.search(words, problem), PER_PAGE).get_page(request.GET.get("p"))
            context |= {"page": page, "rows": [(post, found.path_of(post.unit)) for post in page]}
        else:
            context |= self._tree(found, by, request.GET.get("at", ""))
        return self.render_to_response(self.get_context_data(**context))

    def _tree(self, found: Chart, by: str, at: str) -> dict[str, Any]:
        nodes = found.by_unit() if by == "unit" else found.by_superior()
        path: list[Any] = []
        if at:
            part = part_of(nodes, int(at)) if is_id(Unit, at) else None
            if part is None:
                raise Http404
            path = _above(nodes, part)
            nodes = [part]
        fit(nodes)
        return {"nodes": nodes, "path": path, "folded": sum(node.total for node in nodes) > UNFOLDED}


def _above(nodes: list[Node], part: Node) -> list[Node]:
    """The nodes that stand above one, from the top."""
    for node in nodes:
        if node is part:
            return []
        found = _above(node.below, part)
        if found or part in node.below:
            return [node, *found]
    return []
