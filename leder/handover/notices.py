"""E-mail about handovers to all three: who, when, and what each can do. Never what anybody has written (R2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Handover
from leder.agreements.notices import page_of, tell
from leder.templatetags.leder_ui import date_words

# In the language of the one who is told.
_in_words = lazy(date_words, str)
MY_PAGE, KEPT = "leder:my_page", "leder:shared_with_me"


def tell_planned(row: Handover) -> None:
    """Tell the three of a handover to come, with its date."""
    values = _values(row)
    _tell(
        row.agreement.leader,
        _("Your leader agreement gets another superior"),
        _(
            "From {date}, {successor} is your superior in the leader agreement {year}, after {former}. "
            "What you two have written in private parts is not handed over. Your page:"
        ),
        reverse(MY_PAGE),
        values,
    )
    _tell(
        row.former,
        _("A leader agreement is to be handed over"),
        _(
            "From {date}, {successor} is the superior in the leader agreement {year} with {leader}. "
            "You then keep what you have signed, as it was signed, and see nothing that comes later. Your page:"
        ),
        reverse(MY_PAGE),
        values,
    )
    _tell(
        row.successor,
        _("A leader agreement is to be handed over to you"),
        _("From {date}, you are the superior in the leader agreement {year} with {leader}. Your page:"),
        reverse(MY_PAGE),
        values,
    )


def tell_carried_out(row: Handover, *, lost_signature: bool) -> None:
    """Tell the three that the agreement has been handed over, and what follows for each."""
    values = _values(row)
    page = page_of(row.agreement)
    if row.former_id == row.successor_id:
        for person in (row.agreement.leader, row.successor):
            _tell(
                person,
                _("The superior's position in a leader agreement has changed"),
                _("{successor} goes on as the superior in the leader agreement {year}. Read it here:"),
                page,
                values,
            )
        return
    if row.acting:
        decides: Promise = _(
            "{successor} is now your superior in the leader agreement {year}, acting. What you have written in private "
            "parts with {former} is not handed over."
        )
    else:
        decides = _(
            "{successor} is now your superior in the leader agreement {year}. What you have written in private parts "
            "with {former} is not handed over, unless you decide so on the page."
        )
    more = _("Read more here:")
    again = _("You had signed. That signature no longer counts, because you sign with another now.")
    _tell(
        row.agreement.leader,
        _("Your leader agreement has got another superior"),
        format_lazy(
            "{} {} {}" if lost_signature else "{} {}", decides, *([again] if lost_signature else []), more
        ),
        page,
        values,
    )
    _tell(
        row.former,
        _("A leader agreement is handed over"),
        _(
            "{successor} is now the superior in the leader agreement {year} with {leader}. What you have signed, "
            "you can read as it was signed:"
        ),
        reverse(KEPT),
        values,
    )
    _tell(
        row.successor,
        _("A leader agreement is handed over to you"),
        _("You are now the superior in the leader agreement {year} with {leader}. Read it here:"),
        page,
        values,
    )


def tell_off(row: Handover) -> None:
    """Tell the three that a planned handover does not take place."""
    for person in (row.agreement.leader, row.former, row.successor):
        _tell(
            person,
            _("A leader agreement is not handed over after all"),
            _(
                "The handover of the leader agreement {year} with {leader} from {former} to {successor}, planned for "
                "{date}, does not take place. Your page:"
            ),
            reverse(MY_PAGE),
            _values(row),
        )


def tell_consented(*, agreement: Agreement) -> None:
    """Tell the superior that the leader lets them read something from before."""
    tell(
        agreement.superior,
        _("A leader lets you read more of the agreement"),
        _("The leader has decided that you can read a private part from before you became the superior:"),
        page_of(agreement),
    )


def _values(row: Handover) -> dict[str, Any]:
    return {
        "leader": row.agreement.leader.get_full_name(),
        "former": row.former.get_full_name(),
        "successor": row.successor.get_full_name(),
        "year": row.agreement.year,
        "date": _in_words(row.on),
    }


def _tell(
    recipient: Any, subject: str | Promise, message: str | Promise, path: str, values: dict[str, Any]
) -> None:
    # Formatted when it is sent, in the language of the one who reads it.
    tell(recipient, subject, format_lazy(message, **values), path)  # type: ignore[arg-type]
