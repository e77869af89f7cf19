"""For whom an agreement exists, and who may read what is written in it (R2)."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from guardian.shortcuts import assign_perm

from leder.agreements import actions
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Reading
from leder.agreements.reading import open_texts
from leder.agreements.reading_sealed import open_seal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests.factories import SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db
WRITTEN = {"note": "Skrevet", "answers": {}, "choices": [], "goals": []}


def visible(user):
    return list(Agreement.objects.visible_to(user))


def test_the_two_parties_and_nobody_else():
    agreement, other = make_agreement(), make_agreement()
    assert visible(agreement.leader) == [agreement]
    assert visible(agreement.superior) == [agreement]
    assert visible(other.leader) == [other]
    assert visible(AnonymousUser()) == []


def test_superuser_and_global_permission_give_nothing():
    make_agreement()
    superuser, holder = make_user(is_superuser=True), make_user()
    holder.user_permissions.set(Permission.objects.all())
    assert visible(superuser) == visible(holder) == []


def test_a_grant_alone_opens_nothing():
    agreement, stranger = make_agreement(), make_user()
    assign_perm("party_agreement", stranger, agreement)
    assert visible(stranger) == []
    assert (
        open_texts(reader=stranger, agreement=agreement, recent=True, kinds=Reading.Kind.values).answers == {}
    )


def test_a_party_without_the_grant_sees_nothing():
    agreement = make_agreement()
    AgreementUserObjectPermission.objects.filter(user=agreement.superior).delete()
    assert visible(agreement.superior) == []


def test_one_who_is_no_longer_active_sees_nothing():
    agreement = make_agreement()
    agreement.leader.is_active = False
    assert visible(agreement.leader) == []


def test_guardian_writes_its_grants_to_the_table_with_a_foreign_key():
    agreement = make_agreement()
    assert AgreementUserObjectPermission.objects.filter(content_object=agreement).count() == 2


@pytest.mark.parametrize("superuser", [False, True])
def test_texts_and_seals_open_for_the_parties_only(superuser):
    agreement = make_agreement(state=State.DISCUSSED)
    actions.save_section(
        actor=agreement.leader, agreement=agreement, section_id=SECTION, version=0, payload=WRITTEN
    )
    actions.add_comment(actor=agreement.leader, agreement=agreement, section_id=SECTION, text="Hei")
    stranger = make_user(is_superuser=superuser)
    texts = open_texts(reader=stranger, agreement=agreement, recent=True, kinds=Reading.Kind.values)
    assert (texts.answers, texts.comments, texts.preparations) == ({}, {}, {})
    opened = open_texts(
        reader=agreement.superior, agreement=agreement, recent=True, kinds=Reading.Kind.values
    )
    assert opened.answers[SECTION].payload == WRITTEN
    assert opened.comments[SECTION][0].text == "Hei"


def test_a_seal_does_not_open_for_a_stranger():
    agreement = make_agreement(state=State.SIGNED)
    with pytest.raises(PermissionError):
        open_seal(reader=make_user(is_superuser=True), seal=agreement.seals.get())


def test_a_preparation_is_its_authors_alone_until_both_are_ready():
    agreement = make_agreement()
    for person in (agreement.leader, agreement.superior):
        conversing.save_preparation(
            actor=person, agreement=agreement, section_id=SECTION, version=0, payload=WRITTEN
        )
    roles = {}
    for step in ("writing", "one ready", "both ready"):
        if step == "one ready":
            assert conversing.mark_ready(actor=agreement.leader, agreement=agreement) is False
        if step == "both ready":
            assert conversing.mark_ready(actor=agreement.superior, agreement=agreement) is True
        agreement.refresh_from_db()
        roles[step] = {
            person.first_name: {
                role
                for role, _ in open_texts(
                    reader=person, agreement=agreement, recent=True, kinds=Reading.Kind.values
                ).preparations
            }
            for person in (agreement.leader, agreement.superior)
        }
    alone = {"Lars": {"leader"}, "Siri": {"superior"}}
    both = {"leader", "superior"}
    assert roles == {"writing": alone, "one ready": alone, "both ready": {"Lars": both, "Siri": both}}
