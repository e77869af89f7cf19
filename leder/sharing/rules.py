"""What may be shared, by whom, with whom and until when: pure predicates, as in `agreements.rules` (R2).

A share waits for consent or is agreed until its date; after that it counts as ended, whatever the row still says.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from leder.agreements.models import Access, Agreement, Role, Share
from leder.agreements.rules import is_of, may_answer, may_take_back
from leder.agreements.states import State
from leder.people import Person

WHOLE = ""


def may_share(access: Access) -> bool:
    """A party shares while the agreement is not ended and there is a text to share."""
    agreement = access.agreement
    return agreement.state != State.ENDED and agreement.text_deleted_at is None


def may_propose(access: Access, *, section_id: str, reader: Person, until: dt.date) -> bool:
    """A party proposes one section that takes answers, or the whole, to one person, until a day within a year."""
    return (
        may_share(access)
        and can_be_shared(access.agreement, section_id)
        and may_be_reader(reader, access.agreement)
        and timezone.localdate() <= until <= latest_day(timezone.localdate())
    )


def may_consent(access: Access, share: Share) -> bool:
    """The other party than the one who proposed agrees, on the same terms as it is proposed on."""
    return (
        may_answer(access, share)
        and share.is_genuine
        and may_share(access)
        and may_be_reader(share.reader, access.agreement)
    )


def may_withdraw(access: Access, share: Share) -> bool:
    """Either party withdraws what is agreed, at any time; a proposal is taken back by the one who made it."""
    return (is_of(access, share) and share.is_running) or may_take_back(access, share)


def may_see(access: Access, share: Share) -> bool:
    """Both see what is shared; what was before the superior of today is the leader's alone to see."""
    since = access.agreement.handed_over_at
    return access.role == Role.LEADER or since is None or share.proposed_at >= since


def is_standing(share: Share) -> bool:
    """Whether the share waits for consent or is agreed, and its date has not passed."""
    return share.is_waiting or share.is_running


def can_be_shared(agreement: Agreement, section_id: str) -> bool:
    """The whole, or a section that the parties write in."""
    section = agreement.form_edition.section(section_id)
    return section_id == WHOLE or (section is not None and section.takes_answers)


def may_be_reader(reader: Person, agreement: Agreement) -> bool:
    """Somebody who works here and is neither of the two."""
    return reader.is_active and agreement.role_of(reader) is None


def latest_day(today: dt.date) -> dt.date:
    """The last day that something can be shared until: the same date next year."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:
        return today.replace(year=today.year + 1, day=28)
