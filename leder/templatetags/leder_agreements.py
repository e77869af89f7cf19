"""Template tags of agreements: statements of a text in groups, and where one's own agreement builds on a page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.db.models import Q
from django.utils.safestring import SafeString

from leder.agreements.models import Agreement, Role
from leder.agreements.reading import open_texts
from leder.agreements.states import ACTIVE
from leder.agreements.written import day

register = template.Library()

FIELDS = re.compile(r"(<textarea.*?</textarea>)", re.DOTALL)
INDENTATION = re.compile(r"\n\s*(?=<)|\n[ \t]+")

# Statements that are the heading of those that follow: a value, an area of responsibility, a perspective.
HEADINGS = frozenset({"value", "area", "perspective"})


@dataclass
class StatementGroup:
    """Statements of a part under a heading of their own, or under none."""

    heading: str = ""
    id: str = ""
    text: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)


@register.filter
def statement_groups(part: dict[str, Any]) -> list[StatementGroup]:
    """Return the statements of a part of an edition, in groups, in the order of the text."""
    groups: list[StatementGroup] = []
    for statement in part.get("statements", []):
        if statement["kind"] in HEADINGS:
            text = statement.get("summary") or statement.get("description", "")
            groups.append(StatementGroup(statement["text"], statement["id"], text))
            continue
        heading = statement.get("group", "")
        if not groups or groups[-1].heading != heading:
            groups.append(StatementGroup(heading))
        groups[-1].statements.append(statement)
    return groups


@register.tag
def unindented(parser: Any, token: Any) -> template.Node:
    """Send the lines of a large page without the indentation of its templates. What stands in fields is untouched."""
    nodes = parser.parse(("endunindented",))
    parser.delete_first_token()
    return Unindented(nodes)


class Unindented(template.Node):
    """The block between `{% unindented %}` and `{% endunindented %}`."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes

    def render(self, context: template.Context) -> SafeString:
        pieces = FIELDS.split(self.nodes.render(context))
        # Every other piece is a field.
        pieces[::2] = [INDENTATION.sub("\n", piece) for piece in pieces[::2]]
        return SafeString("".join(pieces))


@register.filter
def iso_day(value: str) -> dt.date | None:
    """The date that ISO text stands for; None for none."""
    return day(value)


@register.inclusion_tag("leder/agreements/_marks.html", takes_context=True)
def my_agreement_marks(context: template.Context, page: Any) -> dict[str, Any]:
    """Where the reader's own agreement, as leader, builds on this page: links, never what is written.

    At most three queries; one for those who have no agreement on the page.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not page.pk:
        return {}
    agreement = (
        Agreement.objects.visible_to(user)
        .filter(leader_id=user.pk, state__in=ACTIVE)
        .filter(
            Q(platform_edition__page_id=page.pk)
            | Q(letter_edition__page_id=page.pk)
            | Q(form_edition__page_id=page.pk)
        )
        .select_related("round", "data_key", "platform_edition", "letter_edition", "form_edition")
        .order_by("-round__year")
        .first()
    )
    if agreement is None or agreement.role_of(user) != Role.LEADER:
        return {}
    return {"agreement": agreement, "statements": _chosen_on(agreement, page, user)}


def _chosen_on(agreement: Agreement, page: Any, reader: Any) -> list[Any]:
    editions = (agreement.platform_edition, agreement.letter_edition)
    edition = next((each for each in editions if each.page_id == page.pk), None)
    if edition is None:
        return []
    texts = open_texts(reader=reader, agreement=agreement)
    chosen = {choice["id"] for text in texts.answers.values() for choice in text.payload.get("choices", [])}
    return [statement for key, statement in edition.statements.items() if key in chosen]
