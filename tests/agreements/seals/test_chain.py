"""The chain of seals: a link for each seal that both have signed, in order, and a signed end."""

import hashlib
import json

import pytest
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Seal, SealHead, SealLink
from leder.agreements.seals import chain
from leder.agreements.states import State
from leder.safekeeping.verification import findings
from tests.factories import YEAR, make_agreement, reopen, sign

pytestmark = pytest.mark.django_db


def links(**which):
    return list(SealLink.objects.filter(**which).order_by("round__year", "number"))


def said(link):
    return json.loads(link.said)


def test_each_signature_adds_a_link():
    agreement = make_agreement(state=State.SIGNING)
    (first,) = links()
    sign(agreement, agreement.superior)
    link = links()[1]
    seal = Seal.objects.get()
    assert (link.round, link.number, link.kind, link.seal) == (agreement.round, 2, "sealed", seal)
    assert link.digest == hashlib.sha256(link.said.encode()).hexdigest()
    both = {
        "previous": first.digest,
        "number": 2,
        "link": "sealed",
        "year": YEAR,
        "agreement": str(agreement.uuid),
        "seal": str(seal.uuid),
        "kind": "agreement",
        "pair": "",
        "sha256": seal.sha256,
        "created_at": seal.created_at.isoformat(),
        "signatures": {
            each.role: {
                "signer": str(each.signer_id),
                "signed_at": each.signed_at.isoformat(),
                "place": each.place_digest,
            }
            for each in seal.signatures.all()
        },
    }
    assert said(link) == both
    by_leader = {"leader": both["signatures"]["leader"]}
    assert said(first) == {**both, "previous": "", "number": 1, "link": "first", "signatures": by_leader}


def test_the_chain_goes_on_from_link_to_link_and_its_end_is_signed():
    first = make_agreement(state=State.FOLLOWED_UP)
    second = make_agreement(state=State.SIGNED)
    found = links()
    assert [link.number for link in found] == [1, 2, 3, 4, 5, 6]
    assert [link.kind for link in found] == ["first", "sealed"] * 3
    assert [link.seal.agreement for link in found[1::2]] == [first, first, second]
    assert [link.seal.kind for link in found[::2]] == ["agreement", "follow_up", "agreement"]
    assert [said(link)["previous"] for link in found] == ["", *(link.digest for link in found[:-1])]
    head = SealHead.objects.get()
    assert (head.length, head.digest) == (6, found[5].digest)
    assert head.is_genuine


def test_each_round_has_a_chain_of_its_own():
    last = make_agreement(state=State.SIGNED, year=YEAR - 1)
    make_agreement(leader=last.leader, superior=last.superior, state=State.SIGNED)
    assert [(link.round.year, link.number) for link in links()] == [
        (YEAR - 1, 1),
        (YEAR - 1, 2),
        (YEAR, 1),
        (YEAR, 2),
    ]
    assert [said(link)["previous"] for link in links(number=1)] == ["", ""]
    assert SealHead.objects.count() == 2


def test_a_reopened_seal_gets_a_link_of_its_own():
    agreement = make_agreement(state=State.SIGNED)
    seal = agreement.seals.get()
    with pytest.raises(ValueError, match="voided"):
        chain.append(seal, SealLink.Kind.REOPENED)
    seal.voided_at = timezone.now()
    seal.save(update_fields=["voided_at"])
    link = chain.append(seal, SealLink.Kind.REOPENED)
    sealed = links()[1]
    assert (link.number, link.kind) == (3, "reopened")
    assert said(link) == {
        **said(sealed),
        "previous": sealed.digest,
        "number": 3,
        "link": "reopened",
        "at": seal.voided_at.isoformat(),
    }


def test_what_one_has_signed_is_not_chained():
    agreement = make_agreement(state=State.SIGNING)
    with pytest.raises(ValueError, match="both"):
        chain.append(agreement.seals.get(), SealLink.Kind.SEALED)
    assert [link.kind for link in links()] == ["first"]
    assert SealHead.objects.get().length == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda: SealHead.objects.update(length=0, digest=""),
        lambda: SealHead.objects.update(digest="0" * 64),
        lambda: SealHead.objects.update(mac=""),
        lambda: SealHead.objects.all().delete(),
        lambda: SealLink.objects.filter(number=3).delete(),
    ],
)
def test_a_chain_that_does_not_fit_goes_on_and_says_so_ever_after(damage):
    """What waits for its second signature from before is not signed beside; what is signed since is whole."""
    make_agreement(state=State.SIGNED)
    waiting = make_agreement(state=State.SIGNING)
    damage()
    with pytest.raises(actions.SignatureInDoubt):
        sign(waiting, waiting.superior)
    since = 3 if SealLink.objects.filter(number=3).exists() else 2
    agreement = make_agreement(state=State.SIGNED)
    assert agreement.seals.get().links.count() == 2
    with pytest.raises(actions.SignatureInDoubt):
        sign(waiting, waiting.superior)
    head = SealHead.objects.get()
    assert (head.length, head.digest, head.whole_from) == (since + 2, links()[-1].digest, since + 1)
    assert head.is_genuine
    assert any(f"before link {since + 1} did not fit" in line for line in findings())


def test_the_second_does_not_follow_the_chain(django_assert_num_queries):
    """It asks what was said last of the agreement: what stands between takes no time, and is named by verification."""
    waiting = make_agreement(state=State.SIGNING)
    make_agreement(state=State.SIGNED)
    SealLink.objects.filter(number=2).update(said="{}")
    sign(waiting, waiting.superior)
    waiting.refresh_from_db()
    assert waiting.state == State.SIGNED
    assert any(", link 2: what it says is not what its digest is of" in line for line in findings())
    make_agreement(state=State.SIGNING)
    seal = Seal.objects.select_related("agreement__round").latest("pk")
    seal.voided_at = timezone.now()
    with django_assert_num_queries(6):
        chain.append(seal, SealLink.Kind.VOIDED)


def test_what_was_signed_before_there_was_a_chain_is_chained_in_the_order_it_was_signed():
    agreements = [make_agreement(state=State.FOLLOWED_UP) for _number in range(2)]
    make_agreement(state=State.SIGNING)
    expected = [(link.number, link.kind, link.seal_id, link.said, link.digest) for link in links()]
    head = SealHead.objects.get()
    SealHead.objects.all().delete()
    SealLink.objects.all().delete()
    count = chain.begin(agreements[0].round)
    assert count == 9
    assert [(link.number, link.kind, link.seal_id, link.said, link.digest) for link in links()] == expected
    again = SealHead.objects.get()
    assert (again.length, again.digest, again.parts, again.mac) == (
        head.length,
        head.digest,
        head.parts,
        head.mac,
    )


def test_the_signature_of_a_head_covers_year_length_and_digest():
    make_agreement(state=State.SIGNED)
    head = SealHead.objects.get()
    assert head.is_genuine
    head.round.year += 1
    assert not head.is_genuine
    for name, value in (("length", 3), ("digest", "0" * 64), ("whole_from", 2), ("parts", "{}")):
        changed = SealHead.objects.get()
        setattr(changed, name, value)
        assert not changed.is_genuine, name


def test_a_reopening_adds_a_link():
    agreement = make_agreement(state=State.SIGNED)
    seal = reopen(agreement).seal
    assert [(link.kind, link.seal) for link in links()[1:]] == [("sealed", seal), ("reopened", seal)]
