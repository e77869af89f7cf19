"""The pages of the journey, and what each may cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.pages.models import LeaderPlatformPage, SteeringLetterPage

AGREEMENT, LIST, SAVING, TEXT = 20, 12, 10, 8
# Of which nine are what every page of the CMS asks.
CMS = 18
# Bytes of HTML, as it is sent: nothing is compressed (decision 0027). The agreement page holds every section.
PAGE, WHOLE_AGREEMENT = 60_000, 70_000


@dataclass(frozen=True)
class Step:
    """A request that is measured. `most` is the goal for queries, `weighs` for bytes; 0 is none."""

    name: str
    send: Callable[[], HttpResponseBase]
    most: int | None = None
    weighs: int = PAGE
    status: int = 200
    # Counts every leader there is.
    whole: bool = False
    # Compared with, not ours.
    reference: bool = False


def journey() -> list[Step]:
    """The steps, each ready to be sent any number of times."""
    people = get_user_model().objects
    superior = people.get(username="superior12")
    agreements = {a.state: a for a in Agreement.objects.filter(superior=superior).order_by("-pk")}
    discussed, signed = agreements[State.DISCUSSED], agreements[State.SIGNED]
    first = Agreement.objects.filter(superior=superior, state=State.OPENED).order_by("pk")[0]
    platform = LeaderPlatformPage.objects.live()[0]
    letter = SteeringLetterPage.objects.live().order_by("-year")[0]

    def get(person: Any, path: str) -> Callable[[], HttpResponseBase]:
        client = Client()
        if person is not None:
            client.force_login(person)
        return lambda: client.get(path)

    def of(agreement: Agreement, name: str, *more: str) -> str:
        return reverse(f"leder:{name}", args=[agreement.uuid, *more])

    hr, line = people.get(username="hr"), reverse("leder:line_status")
    section = next(s.id for s in discussed.form_edition.sections if s.answer == "questions")
    leader, busy = discussed.leader, people.get(username="superior200")
    return [
        Step("sign-in page", get(None, reverse("sign_in"))),
        Step("home", get(leader, "/")),
        Step("platform", get(leader, platform.url), TEXT),
        Step("steering letter", get(leader, letter.url), TEXT),
        Step("Min side, leader", get(leader, reverse("leder:my_page")), LIST),
        Step("Min side, superior of 12", get(superior, reverse("leder:my_page")), LIST),
        Step("Min side, superior of 200", get(busy, reverse("leder:my_page")), LIST),
        Step("my reports, 12", get(superior, reverse("leder:my_reports")), LIST),
        Step("my reports, 200", get(busy, reverse("leder:my_reports")), LIST),
        Step("agreement", get(leader, of(discussed, "agreement")), AGREEMENT, WHOLE_AGREEMENT),
        Step("agreement, superior", get(superior, of(discussed, "agreement")), AGREEMENT, WHOLE_AGREEMENT),
        Step("agreement, signed", get(signed.leader, of(signed, "agreement")), AGREEMENT, WHOLE_AGREEMENT),
        Step("autosave of a section", saving(discussed, section), SAVING),
        Step("preparation", get(first.leader, of(first, "preparation")), AGREEMENT),
        Step(
            "preparation, a section", get(first.leader, of(first, "preparation_section", section)), AGREEMENT
        ),
        Step("conversations", get(superior, of(first, "conversations")), AGREEMENT),
        Step("meeting mode", get(superior, of(discussed, "meeting", section)), AGREEMENT),
        Step("sign", get(leader, of(discussed, "sign")), AGREEMENT),
        Step("document (PDF)", get(leader, of(discussed, "document")), AGREEMENT, weighs=0),
        Step("signed document (PDF)", get(signed.leader, of(signed, "document")), AGREEMENT, weighs=0),
        Step("follow-up document (PDF)", get(signed.leader, of(signed, "follow_up_document")), 25, weighs=0),
        Step("follow-up", get(signed.leader, of(signed, "follow_up")), AGREEMENT),
        Step(
            "edition", get(leader, reverse("leder:edition", args=[discussed.platform_edition_id])), AGREEMENT
        ),
        Step(
            "page editor (CMS)",
            get(people.get(username="bench-editor"), reverse("wagtailadmin_pages:edit", args=[platform.pk])),
            weighs=0,
        ),
        Step("completion in my line, a director", get(people.get(username="direktor"), line), whole=True),
        Step("completion (CMS), HR", get(hr, reverse("leder_completion")), CMS, weighs=0, whole=True),
        Step(
            "completion (CMS), director's staff",
            get(people.get(username="bench-staff"), reverse("leder_completion")),
            CMS,
            weighs=0,
            whole=True,
        ),
        Step(
            "completion (CMS), leader by leader",
            get(hr, reverse("leder_completion_leaders")),
            CMS,
            weighs=0,
            whole=True,
        ),
        Step("coverage (CMS)", get(hr, reverse("leder_coverage")), CMS, weighs=0, whole=True),
        Step("a bare Django view", get(None, "/bench/bare/"), reference=True),
        Step("agreements of a leader: visible_to", get(leader, "/bench/visible/"), reference=True),
        Step("– guardian's stock query, generic table", get(leader, "/bench/stock/"), reference=True),
        Step("agreements of a superior of 200: visible_to", get(busy, "/bench/visible/"), reference=True),
        Step("– guardian's stock query, generic table", get(busy, "/bench/stock/"), reference=True),
    ]


def saving(agreement: Agreement, section: str) -> Callable[[], HttpResponseBase]:
    """Autosave of a section, each time with other words."""
    client = Client()
    client.force_login(agreement.leader)
    path = reverse("leder:section", args=[agreement.uuid, section])
    entry = agreement.entries.get(section_id=section, kind="answer")
    version, words = count(entry.version), count()

    def send() -> HttpResponseBase:
        fields = {"version": next(version), "note": f"En tanke til, nummer {next(words)}. " * 8}
        return client.post(path, fields, headers={"accept": "application/json"})

    return send
