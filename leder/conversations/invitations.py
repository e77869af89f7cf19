"""Invitations (innkallinger): the mail with which a conversation reaches both calendars when it is called or changed.

What is said stands in a table, as of any notice; each carries an entry for the calendar, and is written when it is
sent. To the leader as an invitation to answer, to the one who called as an entry of their own. The address of the
leader's answer is the one who called.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from leder.conversations.calendar import Entry, Method, Party, as_file
from leder.conversations.models import Conversation
from leder.mail.language import in_language_of
from leder.mail.notices import Notice, paragraphs, written
from leder.mail.sending import deliver, is_reached, link, name_of, one_line, reply_to
from leder.words import date_words

FILE_NAME = "innkalling.ics"
# Marks the mail as one about a calendar for Exchange, as its own are marked.
HEADERS = {"Content-Class": "urn:content-classes:calendarmessage"}

# What a mail says of a conversation: that it is called, or what has become of it.
CALLED, CHANGED, CANCELLED, HELD = "called", "changed", "cancelled", "held"

SUBJECTS: dict[str, str | Promise] = {
    CALLED: "{what}, {when}",
    CHANGED: _("Changed: {what}, {when}"),
    CANCELLED: _("Cancelled: {what}, {when}"),
    HELD: _("Cancelled: {what}, {when}"),
}
LENGTH = "{when} ({length})"
PLACE = _("Place and message stand in the agreement:")


def _page(conversation: Conversation) -> str:
    return reverse("leder:conversations", args=[conversation.agreement.uuid])


def _values(conversation: Conversation) -> dict[str, Any]:
    length = ngettext("%(minutes)s minute", "%(minutes)s minutes", conversation.minutes)
    return {
        "what": conversation.get_kind_display(),
        "when": date_words(conversation.starts_at, "weekday_time"),
        "length": length % {"minutes": conversation.minutes},
        "leader": name_of(conversation.agreement.leader),
        "superior": name_of(conversation.called_by),
    }


def _leader(conversation: Conversation) -> list[Any]:
    return [conversation.agreement.leader]


def _caller(conversation: Conversation) -> list[Any]:
    return [conversation.called_by]


TO_LEADER = {
    about: Notice(_leader, SUBJECTS[about], paragraphs(words, LENGTH, PLACE), _page, _values)
    for about, words in {
        CALLED: _("{superior} calls you to a conversation about your leader agreement."),
        CHANGED: _("{superior} has changed the time, place or message of your conversation."),
        CANCELLED: _("Your conversation with {superior} is cancelled."),
        HELD: _("{superior} has noted that you have had the conversation. The time set for it is cancelled."),
    }.items()
}
ATTACHED = _("Open the attachment to put it into your calendar, or to change what stands there.")
TO_CALLER = {
    about: Notice(_caller, SUBJECTS[about], paragraphs(words, ATTACHED, LENGTH, PLACE), _page, _values)
    for about, words in {
        CALLED: _("You have called {leader} to a conversation."),
        CHANGED: _("The conversation with {leader} is changed."),
        CANCELLED: _("The conversation with {leader} is cancelled."),
        HELD: _("The conversation with {leader} is noted as held. The time set for it is cancelled."),
    }.items()
}


def announce(conversation: Conversation) -> None:
    """Send both what the conversation is now, once that is committed: called, moved, cancelled, held before its time.

    Whoever changes a called conversation calls `take_number` first, so that calendars know the newest.
    """
    for person_id in {conversation.agreement.leader_id, conversation.called_by_id}:
        transaction.on_commit(_queueing(conversation, person_id), robust=True)


def _queueing(conversation: Conversation, person_id: Any) -> Callable[[], None]:
    """Return a function that queues the mail to a person: `leder.mail.sending.after_commit` wants one with a name."""
    number = conversation.calendar_sequence

    def queue() -> None:
        # Keys as text: a site's people may have keys that JSON has no form for.
        send_invitation.enqueue(conversation.pk, number, str(person_id))

    return queue


def take_number(conversation: Conversation) -> None:
    """Give a conversation that is about to be saved the next number of its calendar entry."""
    conversation.calendar_sequence += 1


@task()
def send_invitation(conversation_id: int, sequence: int, person_id: str) -> None:
    """Send one of the two the conversation as it stands; nothing when it was changed again: that mail is on its way."""
    conversation = (
        Conversation.objects.select_related("agreement__leader", "called_by")
        .filter(pk=conversation_id, calendar_sequence=sequence)
        .first()
    )
    if conversation is None:
        return
    parties = (*_leader(conversation), *_caller(conversation))
    person = next((each for each in parties if str(each.pk) == person_id), None)
    if person is not None and is_reached(person):
        deliver(compose(conversation, person), person_id=person.pk, about="invitation")


def compose(conversation: Conversation, recipient: Any) -> EmailMultiAlternatives:
    """Return the mail to the leader, or to the one who called, in the recipient's language."""
    with in_language_of(recipient):
        if recipient.pk == conversation.called_by_id:
            return _to_the_one_who_called(conversation, recipient)
        return _to_the_leader(conversation, recipient)


def _to_the_leader(conversation: Conversation, leader: Any) -> EmailMultiAlternatives:
    method = Method.CANCEL if _is_off(conversation) else Method.REQUEST
    content = as_file(_entry(conversation), method, now=timezone.now())
    mail = written(
        TO_LEADER[_about(conversation)],
        conversation,
        leader.email,
        reply_to=reply_to([conversation.called_by]),
        headers=HEADERS,
    )
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}")
    # For programs that do not look into the mail; not as text/calendar, or Outlook would find two invitations.
    mail.attach(FILE_NAME, content, "application/ics")
    return mail


def _to_the_one_who_called(conversation: Conversation, superior: Any) -> EmailMultiAlternatives:
    content = as_file(_entry(conversation), Method.PUBLISH, now=timezone.now())
    mail = written(TO_CALLER[_about(conversation)], conversation, superior.email)
    mail.attach(FILE_NAME, content, f"text/calendar; method={Method.PUBLISH}")
    return mail


def _about(conversation: Conversation) -> str:
    """Which row tells of it."""
    if conversation.status == Conversation.Status.HELD:
        return HELD
    if _is_off(conversation):
        return CANCELLED
    return CHANGED if conversation.calendar_sequence else CALLED


def _is_off(conversation: Conversation) -> bool:
    """Whether the time no longer stands: cancelled, or held before it came."""
    return conversation.status != Conversation.Status.CALLED


def _entry(conversation: Conversation) -> Entry:
    leader, superior = conversation.agreement.leader, conversation.called_by
    with_whom = gettext("Between %(leader)s and %(superior)s.") % {
        "leader": name_of(leader),
        "superior": name_of(superior),
    }
    return Entry(
        uid=f"{conversation.uuid}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or 'leder'}",
        sequence=conversation.calendar_sequence,
        starts_at=conversation.starts_at,
        minutes=conversation.minutes,
        summary=conversation.get_kind_display(),
        where=gettext("See the agreement"),
        description=f"{with_whom}\n{PLACE}\n{link(_page(conversation))}",
        url=link(_page(conversation)),
        organiser=_party(superior),
        attendee=_party(leader),
        cancelled=_is_off(conversation),
    )


def _party(person: Any) -> Party:
    # One without an address can't be answered; the site's own stands in, for an entry must name an organiser.
    address = one_line(person.email) or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Party(name_of(person), address)
