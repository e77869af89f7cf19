"""E-mail about handovers, a table: who, when, and what each of the three can do. Never what is written (R2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Handover
from leder.agreements.notices import on_page, page_of
from leder.handover import rules
from leder.handover.office import people_in_hr
from leder.mail.notices import Notice
from leder.words import date_words


def _own_page(row: Handover) -> str:
    return reverse("leder:handover", args=[row.uuid])


def _hr_page(_row: Handover) -> str:
    return reverse("leder_handovers")


def _values(row: Handover) -> dict[str, Any]:
    return {
        "leader": row.agreement.leader.get_full_name(),
        "former": row.former.get_full_name(),
        "successor": row.successor.get_full_name(),
        "year": row.agreement.year,
        "date": date_words(row.on),
        "first": date_words(rules.first_day(row)),
        "last": date_words(rules.last_day_to_stop(row)),
        "planner": row.planned_by.get_full_name(),
        "stopped_by": row.stopped_by.get_full_name() if row.stopped_by else "",
        "approved_by": row.approved_by.get_full_name() if row.approved_by else "",
    }


PLANNED: tuple[Notice[Handover], ...] = (
    Notice(
        lambda row: [row.agreement.leader],
        _("Your leader agreement gets another superior"),
        _(
            "From {first}, {successor} is your superior in the leader agreement {year}, after {former}. "
            "What you two have written in private parts is not handed over. {planner} in HR has planned it. Is it "
            "wrong? Stop it here, until and including {last}:"
        ),
        _own_page,
        _values,
    ),
    Notice(
        lambda row: [row.former],
        _("A leader agreement is to be handed over"),
        _(
            "From {first}, {successor} is the superior in the leader agreement {year} with {leader}. "
            "You then keep what you have signed, as it was signed, and see nothing that comes later. {planner} in HR "
            "has planned it. Is it wrong? Stop it here, until and including {last}:"
        ),
        _own_page,
        _values,
    ),
    Notice(
        lambda row: [row.successor],
        _("A leader agreement is to be handed over to you"),
        _(
            "From {first}, you are the superior in the leader agreement {year} with {leader}. {leader} and {former} "
            "can stop it until and including {last}. See how it goes:"
        ),
        _own_page,
        _values,
    ),
)
STOPPED: tuple[Notice[Handover], ...] = (
    Notice(
        lambda row: row.people,
        _("The handover of a leader agreement is stopped"),
        _(
            "{stopped_by} has stopped the handover of the leader agreement {year} with {leader} from {former} to "
            "{successor}. Nothing changes before another in HR than {planner} has decided. Read more here:"
        ),
        _own_page,
        _values,
    ),
    Notice(
        lambda _row: people_in_hr(),
        _("A handover is stopped, and waits for HR"),
        _(
            "{stopped_by} has stopped the handover of the leader agreement {year} with {leader} from {former} to "
            "{successor}. Another in HR than {planner} decides whether it is carried out or called off:"
        ),
        _hr_page,
        _values,
    ),
)
APPROVED: Notice[Handover] = Notice(
    lambda row: row.people,
    _("The handover of a leader agreement is approved"),
    _(
        "{approved_by} has said yes to the handover of the leader agreement {year} with {leader} from {former} to "
        "{successor}. It is carried out on {date}. Read more here:"
    ),
    _own_page,
    _values,
)
OFF: Notice[Handover] = Notice(
    lambda row: row.people,
    _("A leader agreement is not handed over after all"),
    _(
        "The handover of the leader agreement {year} with {leader} from {former} to {successor}, planned for "
        "{date}, does not take place. Read more here:"
    ),
    _own_page,
    _values,
)
# The same superior, in another position.
MOVES: Notice[Handover] = Notice(
    lambda row: [row.agreement.leader, row.successor],
    _("The superior's position in a leader agreement changes"),
    _(
        "From {date}, {successor} goes on as the superior in the leader agreement {year}, from another position:"
    ),
    on_page("agreement"),
    _values,
)
MOVED: Notice[Handover] = Notice(
    lambda row: [row.agreement.leader, row.successor],
    _("The superior's position in a leader agreement has changed"),
    _("{successor} goes on as the superior in the leader agreement {year}. Read it here:"),
    on_page("agreement"),
    _values,
)
TO_FORMER: Notice[Handover] = Notice(
    lambda row: [row.former],
    _("A leader agreement is handed over"),
    _(
        "{successor} is now the superior in the leader agreement {year} with {leader}. What you have signed, "
        "you can read as it was signed:"
    ),
    lambda _row: reverse("leder:shared_with_me"),
    _values,
)
TO_SUCCESSOR: Notice[Handover] = Notice(
    lambda row: [row.successor],
    _("A leader agreement is handed over to you"),
    _("You are now the superior in the leader agreement {year} with {leader}. Read it here:"),
    on_page("agreement"),
    _values,
)
CONSENTED: Notice[Agreement] = Notice(
    lambda agreement: [agreement.superior],
    _("A leader lets you read more of the agreement"),
    _("The leader has decided that you can read a private part from before you became the superior:"),
    page_of,
)

TO_ACTING = _(
    "{successor} is now your superior in the leader agreement {year}, acting. What you have written in private "
    "parts with {former} is not handed over."
)
TO_APPOINTED = _(
    "{successor} is now your superior in the leader agreement {year}. What you have written in private parts "
    "with {former} is not handed over, unless you decide so on the page."
)
SIGN_AGAIN = _("You had signed. That signature no longer counts, because you sign with another now.")


def planned(row: Handover) -> tuple[Notice[Handover], ...]:
    """Return what is told when a handover is planned: the same superior in another position is nothing to stop."""
    return PLANNED if rules.needs_two(row) else (MOVES,)


def carried_out(row: Handover, *, lost_signature: bool) -> tuple[Notice[Handover], ...]:
    """Return what is told once an agreement has been handed over: to the leader by what followed for them."""
    if row.former_id == row.successor_id:
        return (MOVED,)
    said = [TO_ACTING if row.acting else TO_APPOINTED, *([SIGN_AGAIN] if lost_signature else [])]
    to_leader: Notice[Handover] = Notice(
        lambda row: [row.agreement.leader],
        _("Your leader agreement has got another superior"),
        format_lazy(" ".join(["{}"] * (len(said) + 1)), *said, _("Read more here:")),
        on_page("agreement"),
        _values,
    )
    return to_leader, TO_FORMER, TO_SUCCESSOR
