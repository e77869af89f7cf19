"""Who in HR can hand over, and so who is a second person. Reads only."""

from __future__ import annotations

from typing import Any

from leder.identity import hr


def people_in_hr() -> list[Any]:
    """Return those whom a role gives the right to hand over; one who may do everything is not HR. One query."""
    return [person for person in hr.holders() if person.is_active]


def is_alone(user: Any) -> bool:
    """Whether nobody else in HR could be the second person. One query."""
    return all(person.pk == user.pk for person in people_in_hr())
