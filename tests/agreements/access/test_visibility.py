"""For whom an agreement exists, and who may read what is written in it (R2)."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from guardian.shortcuts import assign_perm

import leder
from leder.agreements import actions
from leder.agreements.access.grants import party_permission
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Reading, Share
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.current import open_texts
from leder.agreements.reading.sealed import open_seal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.organisation.models import Appointment
from tests.factories import SECTION, access_of, lapse, leave_office, make_agreement, make_user, share

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


def access(person, agreement):
    return held_by(person).filter(pk=agreement.pk).access_for(person, recent=True)


def test_superuser_and_global_permission_give_nothing():
    make_agreement()
    superuser, holder = make_user(is_superuser=True), make_user()
    holder.user_permissions.set(Permission.objects.all())
    assert visible(superuser) == visible(holder) == []


def test_a_grant_alone_opens_nothing():
    agreement, stranger = make_agreement(), make_user()
    assign_perm("party_agreement", stranger, agreement)
    assert visible(stranger) == []
    assert access(stranger, agreement) is None


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
        access_of(agreement.leader, agreement), section_id=SECTION, version=0, payload=WRITTEN
    )
    actions.add_comment(access_of(agreement.leader, agreement), section_id=SECTION, text="Hei")
    stranger = make_user(is_superuser=superuser)
    assert access(stranger, agreement) is None
    opened = open_texts(access_of(agreement.superior, agreement), kinds=Reading.Kind.values)
    assert opened.answers[SECTION].payload == WRITTEN
    assert opened.comments[SECTION][0].text == "Hei"


def test_a_seal_does_not_open_for_a_stranger():
    agreement = make_agreement(state=State.SIGNED)
    assert access(make_user(is_superuser=True), agreement) is None
    assert open_seal(access(agreement.superior, agreement), agreement.seals.get())["sections"]


def test_a_preparation_is_its_authors_alone_until_both_are_ready():
    agreement = make_agreement()
    for person in (agreement.leader, agreement.superior):
        conversing.save_preparation(
            access_of(person, agreement), section_id=SECTION, version=0, payload=WRITTEN
        )
    roles = {}
    for step in ("writing", "one ready", "both ready"):
        if step == "one ready":
            assert conversing.mark_ready(access_of(agreement.leader, agreement)) is False
        if step == "both ready":
            assert conversing.mark_ready(access_of(agreement.superior, agreement)) is True
        agreement.refresh_from_db()
        roles[step] = {
            person.first_name: {
                role
                for role, _ in open_texts(
                    access_of(person, agreement), kinds=Reading.Kind.values
                ).preparations
            }
            for person in (agreement.leader, agreement.superior)
        }
    alone = {"Lars": {"leader"}, "Siri": {"superior"}}
    both = {"leader", "superior"}
    assert roles == {"writing": alone, "one ready": alone, "both ready": {"Lars": both, "Siri": both}}


def test_a_grant_of_another_permission_opens_nothing():
    """A permission that somebody makes for agreements one day says nothing of being a party."""
    agreement = make_agreement()
    other = Permission.objects.create(
        codename="export_agreement", name="x", content_type=party_permission().content_type
    )
    AgreementUserObjectPermission.objects.filter(user=agreement.leader).update(permission=other)
    assert visible(agreement.leader) == []
    assert visible(agreement.superior) == [agreement]


def test_found_for_one_is_not_found_for_the_other():
    """An agreement that was found through the leader's grants says nothing of the superior's."""
    agreement = make_agreement()
    for role in ("leader", "superior"):
        person = getattr(agreement, role)
        found = access(person, agreement)
        assert (found.reader, found.role, found.recent) == (person, role, True)
        assert [each.role for each in held_by(person).accesses_for(person, recent=False)] == [role]
    leave_office(agreement)
    assert access(agreement.superior, agreement) is None
    assert access(agreement.leader, agreement) is not None
    for person in (agreement.superior, make_user()):
        assert held_by(person).accesses_for(person, recent=True) == []


def test_nothing_else_makes_an_access():
    """Python keeps nobody from it, so here are all the places that do."""
    root = Path(leder.__file__).parent
    files = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*.py")}
    made_in = {name for name, code in files.items() if re.search(r"\bAccess\(", code)}
    assert made_in == {"agreements/models/agreement.py"}


@pytest.mark.parametrize("closed", ["lapsed", "by hand", "another reader", "withdrawn", "inactive"])
def test_a_share_is_visible_until_its_date_and_only_when_genuine(closed):
    reader = make_user()
    shared = share(make_agreement(), reader)
    assert list(Share.objects.visible_to(reader)) == [shared]
    if closed == "lapsed":
        lapse(shared)
    if closed == "by hand":
        Share.objects.update(section_id="")
    if closed == "another reader":
        reader = make_user()
    if closed == "withdrawn":
        Share.objects.update(status=Share.Status.WITHDRAWN)
    if closed == "inactive":
        reader.is_active = False
    assert not Share.objects.visible_to(reader).exists()


def test_a_grant_is_signed_for_agreement_person_and_role():
    agreement, other = make_agreement(), make_agreement()
    given = {"content_object": agreement, "user_id": 1, "role": "leader", "pair": ""}
    row = AgreementUserObjectPermission(**given)
    row.sign()
    assert row.is_genuine
    changes = {"content_object": other, "user_id": 2, "role": "superior", "pair": "pair"}
    for name, value in changes.items():
        assert not AgreementUserObjectPermission(**given | {name: value}, mac=row.mac).is_genuine, name


@pytest.mark.parametrize("role", ["leader", "superior"])
def test_a_party_put_in_by_hand_reaches_nothing(role):
    """The row of the agreement, the office and the grant say what they should; only the signature is another's."""
    agreement, stranger = make_agreement(), make_user()
    Appointment.objects.create(
        position=agreement.superior_position, person=stranger, starts=dt.date(2020, 1, 1), acting=True
    )
    Agreement.objects.update(**{role: stranger})
    AgreementUserObjectPermission.objects.filter(role=role).update(user=stranger)
    assert visible(stranger) == []
    other = "superior" if role == "leader" else "leader"
    assert visible(getattr(agreement, other)) == [agreement]


def test_a_superior_put_back_by_hand_does_not_reach_what_another_pair_writes():
    """Their own grant, which is genuine, of the pair that they were of before the handover."""
    agreement = make_agreement()
    Agreement.objects.update(pair="2" * 32)
    assert visible(agreement.superior) == []
    assert visible(agreement.leader) == [agreement]
