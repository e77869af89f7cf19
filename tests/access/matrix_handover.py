"""Who reaches a handover that is planned, stopped or over: the three whom it is about, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field

SIGN_IN = "sign-in"
Expected = int | str
# The three, as they are called here: `test_handover_deciding` says which personas they are.
THREE = ("leader", "former", "successor")
# How a handover can stand. "waits": its day has come, and it can be stopped. "in time": it can be stopped, and acts on
# its day all the same. "late": the time to stop it is over. "forged": changed by hand.
STATES = ("waits", "in time", "late", "stopped", "approved", "carried_out", "cancelled", "lapsed", "forged")


@dataclass(frozen=True)
class Row:
    """An address, and what GET or POST gives each of the three in some states; everybody else is a stranger."""

    address: str
    method: str
    states: tuple[str, ...]
    leader: Expected
    former: Expected
    successor: Expected
    data: dict[str, str] = field(default_factory=dict)
    stranger: Expected = 404
    outsider: Expected = SIGN_IN
    channel: str = "page"

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.channel} {'/'.join(self.states)} {self.data or ''}"


def but(*states: str) -> tuple[str, ...]:
    """All states but these, and but the one that exists for nobody."""
    return tuple(state for state in STATES if state not in (*states, "forged"))


REASON = {"reason": "talk"}
STOPPABLE = ("waits", "in time", "approved")

ROWS = (
    Row("handover", "GET", but(), 200, 200, 200),
    Row("handover", "GET", but(), 200, 200, 200, channel="stale"),
    Row("handover", "GET", ("forged",), 404, 404, 404),
    Row("handover", "POST", STATES, 405, 405, 405, stranger=405),
    Row("handover_stop", "GET", STATES, 405, 405, 405, stranger=405),
    Row("handover_stop", "POST", STOPPABLE, 302, 302, 403, REASON),
    Row("handover_stop", "POST", STOPPABLE, 302, 302, 403, REASON, channel="stale"),
    Row("handover_stop", "POST", STOPPABLE, 422, 422, 403),
    Row("handover_stop", "POST", STOPPABLE, 422, 422, 403, {"reason": "Fordi han er syk"}),
    Row("handover_stop", "POST", but(*STOPPABLE), 403, 403, 403, REASON),
    Row("handover_stop", "POST", ("forged",), 404, 404, 404, REASON),
    Row("handover_allow", "GET", STATES, 405, 405, 405, stranger=405),
    # Only the leader, where it would wait; and only one who has just signed in.
    Row("handover_allow", "POST", ("waits",), 302, 403, 403),
    Row("handover_allow", "POST", ("waits",), "confirm", 403, 403, channel="stale"),
    Row("handover_allow", "POST", but("waits"), 403, 403, 403),
    Row("handover_allow", "POST", ("forged",), 404, 404, 404),
)


def rows_of(address: str) -> list[Row]:
    """The rows of an address, by its name in the namespace `leder`."""
    return [row for row in ROWS if row.address == address]
