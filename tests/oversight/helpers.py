"""A superior with reports, as the organisation and the real actions make them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from leder.agreements import actions
from leder.agreements.models import Agreement
from leder.agreements.states import State
from tests.factories import bring_to, make_editions, make_leader, make_round


def make_superior(**kwargs: Any) -> tuple[Any, Any]:
    """A person in a position that others report to, and the position."""
    person, position = make_leader(first_name="Siri", last_name="Overordnet", **kwargs)
    position.title, position.group = "Virksomhetsleder", 2
    position.save()
    return person, position


def make_report(superior: Any, position: Any, *, state: str | None = State.OPENED, **kwargs: Any) -> Any:
    """A leader below a superior; with an agreement in a state, or none. Returns (leader, agreement or None)."""
    year = kwargs.pop("year", None)
    leader, own = make_leader(reports_to=position, **kwargs)
    if state is None:
        return leader, None
    return leader, make_agreement_for(leader, own, superior, state=state, **({"year": year} if year else {}))


def make_agreement_for(leader: Any, own: Any, superior: Any, *, state: str, **kwargs: Any) -> Agreement:
    """An agreement of a leader in a position with a superior, brought to a state."""
    agreement = actions.open_agreement(
        year_round=make_round(**kwargs),
        position=own,
        leader=leader,
        superior=superior,
        superior_position=own.reports_to,
        editions=make_editions(),
    )
    return bring_to(agreement, state)


def days(number: int) -> dt.timedelta:
    """That many days."""
    return dt.timedelta(days=number)
