"""Who reaches the pages that are not of one agreement: Min side, my reports, opening an agreement, an edition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from leder.agreements.states import State
from tests.access.world import HANDED, LEFT

SIGN_IN = "sign-in"
Expected = int | str


@dataclass(frozen=True)
class Row:
    """An address, and what GET or POST gives each persona; `others` is for everybody who is signed in and not named."""

    address: str
    method: str
    others: Expected
    named: dict[str, Expected] = field(default_factory=dict)
    # "new": a leader below "superior" without an agreement yet; "open": one who has it already.
    # "signed", "signing": the seal of the agreement in that state.
    # "edition": the text of the agreements, whose page is gone; "published": one whose page is there.
    arguments: dict[str, Any] = field(default_factory=dict)
    outsider: Expected = SIGN_IN

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.arguments or ''}"


# Everybody who is a party of some agreement. All of these stand on the same text.
PARTIES = (
    *(f"leader_{state}" for state in (*State.values, *LEFT, *HANDED, "reopened")),
    "superior",
    "former_superior",
    "new_superior",
    "colleague",
)

# Those with somebody below them.
SUPERIORS = ("grand_superior", "superior", "former_superior", "new_superior")

ROWS = (
    # Everybody has a page of their own; what is on it is their own.
    Row("my_page", "GET", 200),
    Row("my_page", "POST", 405),
    Row("my_reports", "GET", 200),
    Row("my_reports", "POST", 405),
    # Each chooses for themselves; nothing is chosen in an empty form.
    Row("notifications", "GET", 200),
    Row("notifications", "POST", 422),
    # Of their own sign-ins, which nobody else is shown.
    Row("sign_ins", "GET", 200),
    Row("sign_ins", "POST", 405),
    # What is said of a shut account: to its person, and to the parties of today. Of one that was never shut nothing is.
    Row("account_shut", "GET", 302),
    Row("account_shut", "POST", 405),
    Row("account_confirm", "GET", 404, arguments={"change": "known"}),
    Row("account_confirm", "GET", 404, {"superior": 200}, {"change": "shut"}),
    Row("account_confirm", "GET", 404, arguments={"change": "missing"}),
    Row("account_confirm", "POST", 404, {"superior": 403}, {"change": "shut"}),
    # Everybody has a page of their own line; those with nobody below are told so. Files and prints are of a line.
    Row("line_status", "GET", 200),
    Row("line_status", "POST", 405),
    Row("line_print", "GET", 404, dict.fromkeys(SUPERIORS, 200)),
    Row("line_print", "POST", 405),
    Row("line_export", "GET", 404, dict.fromkeys(SUPERIORS, 200), {"kind": "csv"}),
    Row("line_export", "GET", 404, arguments={"kind": "exe"}),
    Row("line_export", "POST", 405, arguments={"kind": "csv"}),
    # Only the superior of the position opens its agreement: neither the superior's superior, nor HR (R3).
    Row("open_agreement", "GET", 405, arguments={"position_id": "new"}),
    Row("open_agreement", "POST", 404, {"superior": 302}, {"position_id": "new"}),
    Row("open_agreement", "POST", 404, {"superior": 302}, {"position_id": "open"}),
    Row("open_agreement", "POST", 404, arguments={"position_id": 0}),
    # An edition is for those who may read its page, and for the parties of agreements on it when that is gone.
    Row("edition", "GET", 200, arguments={"pk": "published"}),
    Row("edition", "GET", 404, dict.fromkeys(PARTIES, 200), {"pk": "edition"}),
    Row("edition", "GET", 404, arguments={"pk": 0}),
    Row("edition", "POST", 405, arguments={"pk": "edition"}),
    # Two editions compared are for those who may read both of them.
    Row("comparison", "GET", 200, arguments={"pk": "published", "other": "published"}),
    Row("comparison", "GET", 404, dict.fromkeys(PARTIES, 200), {"pk": "published", "other": "edition"}),
    Row("comparison", "GET", 404, dict.fromkeys(PARTIES, 200), {"pk": "edition", "other": "published"}),
    Row("comparison", "GET", 404, arguments={"pk": "published", "other": 0}),
    Row("comparison", "POST", 405, arguments={"pk": "published", "other": "published"}),
    # Whoever has a document may ask whether it is genuine; they are told neither names nor text.
    Row("check", "GET", 200),
    Row("check", "POST", 422),
    Row("check_seal", "GET", 200, arguments={"seal": "signed"}),
    Row("check_seal", "GET", 404, arguments={"seal": "signing"}),
    Row("check_seal", "GET", 404, arguments={"seal": "missing"}),
    Row("check_seal", "POST", 405, arguments={"seal": "signed"}),
)


def rows_of(address: str) -> list[Row]:
    """The rows of an address, by its name in the namespace `leder`."""
    return [row for row in ROWS if row.address == address]
