"""The whole example: what it holds, that it holds together, and that making it again changes nothing."""

import datetime as dt
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from leder.agreements.access import accounts
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    DataKey,
    Entry,
    Event,
    KnownAccount,
    Role,
    Round,
    Seal,
    Signature,
)
from leder.agreements.models.account import Stored, standing_of
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.sealed import open_place, open_seal
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations.actions import open_details
from leder.conversations.models import Conversation
from leder.organisation.models import Appointment, Position, Unit
from lorenskog_intranet.demo.scenario import work_year
from tests.factories import access_of

pytestmark = pytest.mark.django_db

COUNTED = (Unit, Position, Appointment, Round, Agreement, Entry, Event, Seal, Signature, Conversation)


def _counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def _full():
    return Agreement.objects.with_status().select_related(
        "data_key", "form_edition", "letter_edition", "platform_edition"
    )


def _of(username, back=0):
    """The agreement of a person, this work year or so many years back."""
    year = work_year(timezone.localdate()) - back
    return _full().get(leader__username=username, round__year=year)


def test_three_rounds_on_texts_of_their_own(example):
    year = work_year(timezone.localdate())
    rounds = list(Round.objects.order_by("year"))
    assert [r.year for r in rounds] == [year - 2, year - 1, year]
    assert len({r.form_page_id for r in rounds}) == len({r.letter_page_id for r in rounds}) == 3
    assert len({r.platform_page_id for r in rounds}) == 1
    assert all(r.opened_at <= timezone.now() for r in rounds)
    assert "3" in example[-1]


def test_every_agreement_has_a_key_and_two_grants(example):
    agreements = Agreement.objects.count()
    assert agreements > 120
    assert DataKey.objects.count() == agreements
    grants = Counter(AgreementUserObjectPermission.objects.values_list("content_object_id", flat=True))
    assert set(grants.values()) == {2}
    assert len(grants) == agreements
    for agreement in Agreement.objects.select_related("leader", "superior"):
        for party in (agreement.leader, agreement.superior):
            assert Agreement.objects.visible_to(party).filter(pk=agreement.pk).exists()


def test_everything_opens_and_every_seal_covers_what_is_written(example):
    seals = 0
    for agreement in _full():
        texts = open_texts(access_of(agreement.leader, agreement))
        assert not texts.damaged
        for conversation in agreement.conversations.all():
            assert open_details(access_of(agreement.leader, agreement), conversation)["place"]
        for seal in agreement.seals.all():
            seals += 1
            record = open_seal(access_of(agreement.superior, seal.agreement), seal)
            assert digest(record) == seal.sha256
            record.pop("salt")
            expected = agreement_record if seal.kind == Seal.Kind.AGREEMENT else follow_up_record
            assert record == expected(agreement, texts)
            if seal.kind == Seal.Kind.AGREEMENT:
                for signature in seal.signatures.all():
                    assert open_place(access_of(agreement.leader, agreement), signature)
    assert seals > 100


def test_states_agree_with_what_hangs_on_them(example):
    for agreement in Agreement.objects.prefetch_related("seals__signatures"):
        roles = {
            seal.kind: {signature.role for signature in seal.signatures.all()}
            for seal in agreement.seals.all()
        }
        both = {Role.LEADER, Role.SUPERIOR}
        signed = roles.get(Seal.Kind.AGREEMENT, set())
        confirmed = roles.get(Seal.Kind.FOLLOW_UP, set())
        if agreement.state == State.SIGNING:
            assert len(signed) == 1
        if agreement.state in (State.SIGNED, State.FOLLOWED_UP, State.REPLACED):
            assert signed == both
            assert agreement.signed_at
        if agreement.state in (State.OPENED, State.PREPARED, State.DISCUSSED):
            assert not signed
        assert (agreement.state == State.FOLLOWED_UP) <= (confirmed == both)
        assert (agreement.state in (State.PREPARED,)) <= bool(
            agreement.leader_ready_at and agreement.superior_ready_at
        )


def test_what_was_chosen_stands_in_the_pinned_text(example):
    for agreement in _full():
        for section_id, text in open_texts(access_of(agreement.leader, agreement)).answers.items():
            section = agreement.form_edition.section(section_id)
            cited = {"letter": agreement.letter_edition, "platform": agreement.platform_edition}
            for choice in text.payload["choices"]:
                assert choice["id"] in cited[section.answer].statements
            assert bool(text.payload["choices"]) <= (section.answer in cited)
            questions = {question.id for question in section.questions}
            assert set(text.payload["answers"]) <= questions


def test_the_leader_has_a_year_to_begin_and_goals_to_carry_over(example):
    now = _of("leder")
    assert (now.state, now.superior.username) == (State.OPENED, "virksomhetsleder")
    assert not now.entries.exists()
    assert not now.conversations.exists()
    last = _of("leder", 1)
    assert now.previous == last
    assert last.state == State.SIGNED
    assert last.conversations.filter(kind="follow_up", status="called", starts_at__gt=timezone.now()).exists()
    goals = [
        goal
        for text in open_texts(access_of(last.leader, last)).answers.values()
        for goal in text.payload["goals"]
    ]
    assert any(goal["status"] in ("open", "started") for goal in goals)
    assert _of("leder", 2).state == State.REPLACED


def test_the_superior_meets_every_kind_of_report(example):
    year = work_year(timezone.localdate())
    states = Counter(
        Agreement.objects.filter(superior__username="virksomhetsleder", round__year=year).values_list(
            "state", flat=True
        )
    )
    assert states == {"opened": 1}  # only the leader's department is in an example this small
    own = _of("virksomhetsleder")
    assert own.superior.username == "direktor"
    assert own.superior_ready_at
    assert own.leader_ready_at is None
    assert own.entries.filter(kind="preparation", role="superior").exists()


def test_one_agreement_a_leader_and_year(example):
    pairs = Counter(Agreement.objects.values_list("leader_id", "round_id"))
    assert set(pairs.values()) == {1}


def test_those_one_signs_in_as_are_in_their_groups(example, django_user_model):
    for username, group in (
        ("hr", "HR"),
        ("hr-kollega", "HR"),
        ("kommunikasjon", "Kommunikasjon"),
        ("kommunikasjonssjef", "Kommunikasjon – godkjennere"),
    ):
        assert django_user_model.objects.get(username=username).groups.get().name == group
    assert not django_user_model.objects.get(username="ansatt").groups.exists()


def test_what_is_written_afterwards_gets_ids_of_its_own(example, django_user_model):
    agreement = Agreement.objects.first()
    highest = Event.objects.order_by("-pk").first().pk
    event = Event.objects.create(agreement=agreement, kind=Event.Kind.ENDED, actor=None, at=timezone.now())
    assert event.pk > highest
    person = django_user_model.objects.create(username="ny.leder")
    assert Position.objects.create(
        code="ny", title="Ny", unit=Unit.objects.first(), group=3, hta_chapter="5"
    ).pk
    assert person.pk


def test_making_it_again_changes_nothing(example):
    before = _counts()
    out = StringIO()
    call_command("site_demo", leaders=500, seed=7, stdout=out)
    assert len(out.getvalue().splitlines()) == 1
    assert _counts() == before


def test_everybody_who_opens_text_has_an_account_that_is_open_and_old(example):
    known = KnownAccount.objects.select_related("user")
    assert {each.pk for each in known} == set(accounts.everybody().values_list("pk", flat=True))
    week_ago = timezone.now() - dt.timedelta(days=7)
    authors = set(Entry.objects.values_list("author", flat=True))
    for each in known:
        assert standing_of(each, Stored.of(each.user), at=timezone.now()).is_open
        # A new password shuts them, as it would after a year's use.
        assert (each.shown_at is not None) == (each.pk in authors)
        assert each.unchanged_since < week_ago
        assert not each.changes
