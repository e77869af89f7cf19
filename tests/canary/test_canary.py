"""What two dozen pairs have written comes out to those two, and by no other way."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.urls import reverse

from leder.agreements.sections.fields import goal_fields
from leder.agreements.states import State
from leder.pages import answer_kinds
from tests.access.world import OUTSIDERS
from tests.canary import channels
from tests.canary.attempts import REFUSED
from tests.canary.cast import HANDED, STRANGERS
from tests.canary.evidence import CMS, Evidence
from tests.canary.marking import find_deep
from tests.canary.planting import Planting
from tests.canary.visiting import HANDED_OVER, Sighting

# The name of somebody who works there, which is looked up; what is typed is not kept.
LOOKED_UP = {("leder:sharing", "reader")}
# These ask, and store nothing; the round is set up by HR, and its texts are published.
NO_TEXT_OF_PARTIES = {
    "ReportFilterForm",
    "EditionsForm",
    "LineFilterForm",
    "NameSearchForm",
    "PreviewForm",
    "RoundForm",
}

# What HR sends, of units, positions and people.
NO_CIPHERTEXT = {"OrganisationFile.content"}


def none(sightings: list[Sighting]) -> None:
    """Nothing came out; else where it did."""
    assert not sightings, "\n".join(sorted({str(each) for each in sightings})[:40])


# -- What was planted ------------------------------------------------------------------------------------


def test_agreements_in_every_state(planting: Planting) -> None:
    assert len(planting.agreements) == 27
    assert {agreement.state for agreement in planting.agreements.values()} == set(State.values)


def test_no_field_for_text_was_left_out(planting: Planting) -> None:
    """Neither of the forms in the code, nor of those that the parties met."""
    written = {name.removeprefix("move-") for _address, name in planting.filled | LOOKED_UP}
    assert text_fields() - written == set()


def test_no_form_that_the_parties_meet_was_left_out(evidence: Evidence) -> None:
    met = set().union(*(crawl.writable for crawl in evidence.crawls.values()))
    assert met
    assert met - evidence.planting.filled - LOOKED_UP == set()


def test_no_column_for_ciphertext_was_left_empty(planting: Planting) -> None:
    for model in apps.get_app_config("leder").get_models():
        for column in model._meta.local_fields:
            name = f"{model.__name__}.{column.name}"
            if isinstance(column, models.BinaryField) and name not in NO_CIPHERTEXT:
                assert model._default_manager.exists(), f"nothing is written in {name}"


def text_fields() -> set[str]:
    """The fields for text of every form of the plugin, without what varies in their names."""
    plain = {
        name
        for form in _forms_of(forms.Form)
        for name, each in form.base_fields.items()  # type: ignore[attr-defined]
        if _is_text(each)
    }
    varying = {f"g-*-{name}" for name, each in goal_fields().items() if _is_text(each)}
    for kind in answer_kinds.REGISTERED.values():
        varying |= {f"c-*-{name}" for name, each in kind.choice_fields().items() if _is_text(each)}
        varying |= {f"k-{name}" for name, each in kind.own_fields().items() if _is_text(each)}
    return plain | varying | {"a-*", "p-*-comment", "note"}


def _forms_of(base: type) -> list[type]:
    below = [each for child in base.__subclasses__() for each in [child, *_forms_of(child)]]
    return [
        each
        for each in below
        if inspect.getmodule(each).__name__.startswith("leder.") and each.__name__ not in NO_TEXT_OF_PARTIES  # type: ignore[union-attr]
    ]


def _is_text(each: forms.Field) -> bool:
    return (
        isinstance(each, forms.CharField)
        and not each.widget.is_hidden
        and not hasattr(each.widget, "choices")
    )


# -- What came out on pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", [*STRANGERS, *OUTSIDERS, "former_superior", *HANDED])
def test_strangers_meet_nothing(evidence: Evidence, persona: str) -> None:
    assert evidence.crawls[persona].answers
    none([each for each in evidence.by("page") if each.where.startswith(f"{persona}:")])


def test_agreements_of_others_are_missing(evidence: Evidence) -> None:
    none(evidence.by("door"))


def test_parties_meet_what_is_theirs_and_no_more(evidence: Evidence) -> None:
    none(evidence.by("page"))


def test_parties_do_meet_what_is_theirs(evidence: Evidence) -> None:
    """Otherwise it would say nothing that nobody else does."""
    planting = evidence.planting
    for key, agreement in planting.agreements.items():
        for role in ("leader", "superior"):
            persona = planting.party(agreement, role)
            read = planting.visitor.read.get(persona, set())
            mine = {each.text for each in planting.register.markers.values() if each.agreement == key}
            assert not persona or len(read & mine) > 15, f"{persona} meets little of {agreement.state}"


def test_one_whose_account_was_changed_meets_nothing(evidence: Evidence) -> None:
    """Each page that somebody was led to, asked for once more when all addresses were changed by hand."""
    visitor = evidence.planting.visitor
    personas = [persona for persona in evidence.crawls if visitor.read.get(persona)]
    asked, shut = 0, 0
    with transaction.atomic():
        get_user_model().objects.update(email="ny@example.org")
        for persona in personas:
            for path in evidence.crawls[persona].answers:
                if not path.startswith("/leder/"):
                    continue
                response = visitor.clients[persona].get(path)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                assert not find_deep(body), f"{persona}: {path}"
                asked += 1
                shut += response.headers.get("Location") == reverse("leder:account_shut")
        transaction.set_rollback(True)
    assert len(personas) > 10
    assert shut > asked / 3


def test_a_new_superior_meets_what_is_not_private_and_no_more(evidence: Evidence) -> None:
    """What stood before they came, of every kind that was written; and nothing of it is on HR's pages."""
    planting = evidence.planting
    kinds: set[tuple[str, bool]] = set()
    met: set[str] = set()
    for key, before in planting.rights.before.items():
        markers = [planting.register.markers[mark] for mark in before.marks]
        kinds |= {(each.address, each.private) for each in markers}
        persona = planting.party(planting.agreements[key], "superior")
        read = [each for each in markers if each.text in planting.visitor.read[persona]]
        assert len(read) > 5
        assert not any(each.private or each.kind != "text" for each in read)
        met |= {each.address for each in read}
        # Who has signed it reads it all as it was signed; who has not, nothing since.
        former = {who for who in HANDED if (who, key) in planting.rights.signed}
        for who in former:
            assert any(each.private and each.text in planting.visitor.read[who] for each in markers)
    assert met == HANDED_OVER
    assert kinds >= {
        ("leder:section", True),
        ("leder:comment", True),
        ("leder:preparation_section", True),
        ("leder:follow_up_progress", True),
        ("leder:conversations", False),
        ("leder:conversation_move", False),
        ("leder:sharing", True),
    }
    assert not planting.visitor.read.get("hr")


def test_an_earlier_version_that_was_not_shown_is_its_authors(evidence: Evidence) -> None:
    """Met by the leader, on its page, and by nobody else; one of them was handed over since."""
    planting, read = evidence.planting, evidence.planting.visitor.read
    alone = [each for each in planting.register.markers.values() if each.kind == "alone"]
    agreements = {each.agreement for each in alone}
    assert agreements & planting.rights.before.keys()
    for key in agreements:
        leader = planting.party(planting.agreements[key], "leader")
        marks = {each.text for each in alone if each.agreement == key}
        assert marks & read[leader]
        assert not any(marks & seen for persona, seen in read.items() if persona != leader)


def test_the_crawl_reaches_the_administration(evidence: Evidence) -> None:
    """Menus and exports too, which stand as data in the page."""
    for persona in CMS:
        assert any(path.startswith("/cms/") for path in evidence.crawls[persona].answers)
    asked = evidence.crawls["superuser"].answers
    for part in (
        "/cms/leder/rounds/",
        "/cms/users/",
        "/cms/reports/site-history/",
        "export=xlsx",
        "/cms/api/main/",
    ):
        assert any(part in path and status == 200 for path, status in asked.items()), part


def test_pages_were_previewed(evidence: Evidence) -> None:
    """What they showed is among the pages searched above."""
    assert evidence.previewed == 8


def test_no_search_knows_what_was_written(evidence: Evidence) -> None:
    assert evidence.asked > 1000
    assert not evidence.told


@pytest.mark.parametrize("channel", ["header", "cookie", "title", "address"])
def test_what_stands_around_a_page_holds_nothing(evidence: Evidence, channel: str) -> None:
    none(evidence.by(channel))


def test_what_was_refused_was_refused(evidence: Evidence) -> None:
    assert evidence.attempted == REFUSED


# -- What came out besides -------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["log", "log record", "mail", "task", "session", "cache"])
def test_nothing_on_the_side(evidence: Evidence, channel: str) -> None:
    none(evidence.by(channel))


def test_somebody_listened(evidence: Evidence) -> None:
    assert evidence.heard.records > 1000
    # Each failure above is told to those who run the site, as text and with the page beside it.
    assert evidence.heard.mails >= 2 * list(REFUSED.values()).count(500)
    # Each agreement's conversation was called, and both got the entry for the calendar, by a task.
    assert evidence.heard.calendars >= 2 * 24
    assert evidence.heard.tasks >= evidence.heard.calendars
    assert evidence.reminded > 20


@pytest.mark.parametrize(
    "search",
    [channels.files, channels.tables, channels.names, channels.database_files],
    ids=lambda f: f.__name__,
)
def test_nothing_is_stored(evidence: Evidence, search: Callable[[], list[Sighting]]) -> None:
    none(search())


def test_a_dump_holds_nothing(evidence: Evidence) -> None:
    if not channels.can_dump():
        pytest.skip("Only on PostgreSQL, where pg_dump is installed.")
    none(channels.database_dump())


@pytest.mark.parametrize("command", ["dumpdata", *channels.own_commands()])
def test_commands_say_nothing(evidence: Evidence, command: str) -> None:
    none(channels.said_by(command))
