"""Who is told what by e-mail: that something happened and where to look, never what it is about."""

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from leder.sharing import actions
from tests.factories import access_of, make_agreement, make_user, propose, share

pytestmark = pytest.mark.django_db
PURPOSE = "Lønnssamtale"


@pytest.fixture
def sent(mailoutbox, django_capture_on_commit_callbacks):
    """A function that does something and gives the mails it sent: who, and the path they lead to."""

    def do(act):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return {mail.to[0]: _path(mail) for mail in mailoutbox}

    return do


def _path(mail):
    (line,) = [line for line in mail.body.splitlines() if line.startswith("http")]
    return line.removeprefix(settings.WAGTAILADMIN_BASE_URL)


def pages(agreement):
    return reverse("leder:sharing", args=[agreement.uuid]), reverse("leder:shared_with_me")


def test_a_proposal_tells_the_other(sent):
    agreement = make_agreement()
    here, _list = pages(agreement)
    assert sent(lambda: propose(agreement, make_user())) == {agreement.superior.email: here}
    by_superior = sent(lambda: propose(agreement, make_user(), by=agreement.superior))
    assert by_superior == {agreement.leader.email: here}


def test_consent_tells_the_proposer_and_the_reader(sent):
    agreement, reader = make_agreement(), make_user()
    proposal = propose(agreement, reader)
    there = reverse("leder:shared", args=[proposal.uuid])
    assert sent(lambda: actions.consent(access_of(agreement.superior, proposal.agreement), proposal)) == {
        agreement.leader.email: pages(agreement)[0],
        reader.email: there,
    }


def test_withdrawal_tells_the_other_and_the_reader_if_it_was_open(sent):
    agreement, reader = make_agreement(), make_user()
    here, mine = pages(agreement)
    agreed, proposal = share(agreement, reader), propose(agreement, reader, section_id="")
    assert sent(lambda: actions.withdraw(access_of(agreement.superior, agreed.agreement), agreed)) == {
        agreement.leader.email: here,
        reader.email: mine,
    }
    taken_back = sent(lambda: actions.withdraw(access_of(agreement.leader, proposal.agreement), proposal))
    assert taken_back == {agreement.superior.email: here}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_mail_says_what_for_of_what_or_who(language, mailoutbox, django_capture_on_commit_callbacks):
    agreement, reader = make_agreement(), make_user(first_name="Ragnhild")
    with translation.override(language), django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(
            access_of(agreement.leader, agreement),
            share(agreement, reader, purpose=PURPOSE),
        )
    assert len(mailoutbox) == 5
    for mail in mailoutbox:
        said = f"{mail.subject} {mail.body}"
        for words in (PURPOSE, "Ledelsesutvikling", "Lars", "Siri", "Ragnhild"):
            assert words not in said


def test_nobody_is_told_of_what_was_not_done(sent):
    agreement = make_agreement()
    proposal = propose(agreement, make_user())

    def undone():
        with transaction.atomic():
            actions.consent(access_of(agreement.superior, proposal.agreement), proposal)
            transaction.set_rollback(True)

    assert sent(undone) == {}


def test_one_without_an_address_is_no_trouble(sent):
    agreement, reader = make_agreement(), make_user(email="")
    proposal = propose(agreement, reader)
    told = sent(lambda: actions.consent(access_of(agreement.superior, proposal.agreement), proposal))
    assert list(told) == [agreement.leader.email]
