"""Invitations (innkallinger): the mail with which a conversation reaches both calendars when it is called or changed.

To the leader as an invitation to answer, to the one who called as an entry of their own. The address of the leader's
answer is the one who called.
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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from leder.conversations.calendar import Entry, Method, Party, as_file
from leder.conversations.models import Conversation
from leder.mail.language import in_language_of
from leder.mail.sending import deliver, is_reached, letter, link, name_of, one_line, reply_to
from leder.words import date_words

FILE_NAME = "innkalling.ics"
# Marks the mail as one about a calendar for Exchange, as its own are marked.
HEADERS = {"Content-Class": "urn:content-classes:calendarmessage"}


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
    parties = (conversation.agreement.leader, conversation.called_by)
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
    mail = letter(
        leader.email,
        _subject(conversation),
        _body(conversation, _calls(conversation)),
        reply_to=reply_to([conversation.called_by]),
        headers=HEADERS,
    )
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}")
    # For programs that do not look into the mail; not as text/calendar, or Outlook would find two invitations.
    mail.attach(FILE_NAME, content, "application/ics")
    return mail


def _to_the_one_who_called(conversation: Conversation, superior: Any) -> EmailMultiAlternatives:
    content = as_file(_entry(conversation), Method.PUBLISH, now=timezone.now())
    attached = _("Open the attachment to put it into your calendar, or to change what stands there.")
    mail = letter(
        superior.email, _subject(conversation), _body(conversation, _have_called(conversation), attached)
    )
    mail.attach(FILE_NAME, content, f"text/calendar; method={Method.PUBLISH}")
    return mail


def _is_off(conversation: Conversation) -> bool:
    """Whether the time no longer stands: cancelled, or held before it came."""
    return conversation.status != Conversation.Status.CALLED


def _subject(conversation: Conversation) -> str:
    words = {"what": conversation.get_kind_display(), "when": _when(conversation)}
    if _is_off(conversation):
        return _("Cancelled: %(what)s, %(when)s") % words
    if conversation.calendar_sequence:
        return _("Changed: %(what)s, %(when)s") % words
    return f"{words['what']}, {words['when']}"


def _calls(conversation: Conversation) -> str:
    """What has happened, for the leader."""
    name = {"superior": name_of(conversation.called_by)}
    if conversation.status == Conversation.Status.HELD:
        return (
            _("%(superior)s has noted that you have had the conversation. The time set for it is cancelled.")
            % name
        )
    if _is_off(conversation):
        return _("Your conversation with %(superior)s is cancelled.") % name
    if conversation.calendar_sequence:
        return _("%(superior)s has changed the time, place or message of your conversation.") % name
    return _("%(superior)s calls you to a conversation about your leader agreement.") % name


def _have_called(conversation: Conversation) -> str:
    """What has happened, for the one who called."""
    name = {"leader": name_of(conversation.agreement.leader)}
    if conversation.status == Conversation.Status.HELD:
        return (
            _("The conversation with %(leader)s is noted as held. The time set for it is cancelled.") % name
        )
    if _is_off(conversation):
        return _("The conversation with %(leader)s is cancelled.") % name
    if conversation.calendar_sequence:
        return _("The conversation with %(leader)s is changed.") % name
    return _("You have called %(leader)s to a conversation.") % name


def _body(conversation: Conversation, *first: str) -> str:
    length = ngettext("%(minutes)s minute", "%(minutes)s minutes", conversation.minutes)
    when = f"{_when(conversation)} ({length % {'minutes': conversation.minutes}})"
    lines = [*first, when, _("Place and message stand in the agreement:"), _page(conversation)]
    return "\n\n".join(lines) + "\n"


def _entry(conversation: Conversation) -> Entry:
    leader, superior = conversation.agreement.leader, conversation.called_by
    details = _("Place and message stand in the agreement:")
    with_whom = _("Between %(leader)s and %(superior)s.") % {
        "leader": name_of(leader),
        "superior": name_of(superior),
    }
    return Entry(
        uid=f"{conversation.uuid}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or 'leder'}",
        sequence=conversation.calendar_sequence,
        starts_at=conversation.starts_at,
        minutes=conversation.minutes,
        summary=conversation.get_kind_display(),
        where=_("See the agreement"),
        description=f"{with_whom}\n{details}\n{_page(conversation)}",
        url=_page(conversation),
        organiser=_party(superior),
        attendee=_party(leader),
        cancelled=_is_off(conversation),
    )


def _party(person: Any) -> Party:
    # One without an address can't be answered; the site's own stands in, for an entry must name an organiser.
    address = one_line(person.email) or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Party(name_of(person), address)


def _page(conversation: Conversation) -> str:
    return link(reverse("leder:conversations", args=[conversation.agreement.uuid]))


def _when(conversation: Conversation) -> str:
    return date_words(conversation.starts_at, "weekday_time")
