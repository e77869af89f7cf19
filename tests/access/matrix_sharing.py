"""Who reaches what others than the two parties are shown: what is shared with them, and what they once signed (R2)."""

from __future__ import annotations

from dataclasses import dataclass

from leder.agreements.states import State
from tests.access.world import CLOSED_SHARES, HANDED, LEFT

SIGN_IN = "sign-in"
Expected = int | str


@dataclass(frozen=True)
class Row:
    """An address, and what GET and POST give its one reader and everybody else who is signed in."""

    address: str
    # The share or the agreement it leads to, by name in the world.
    to: str
    reader: str
    get: Expected
    others: Expected = 404
    post: Expected = 405
    outsider: Expected = SIGN_IN

    def __str__(self) -> str:
        return f"{self.address} {self.to}"


ROWS = (
    # Everybody has a page of their own; what is on it is their own.
    Row("shared_with_me", "", "shared_reader", 200, others=200),
    # The one it is shared with, whatever the state of the agreement: neither the two parties nor anybody else.
    *(Row("shared", state, "shared_reader", 200) for state in (*State.values, *LEFT)),
    *(Row("shared", way, "shared_reader", 404) for way in CLOSED_SHARES),
    Row("shared", "missing", "shared_reader", 404),
    # A superior who has left the office: what was signed, nothing of what was not.
    Row("signed_record", "left_signed", "left_superior", 200),
    Row("signed_record", "left_unsigned", "left_superior", 404),
    *(Row("signed_record", state, "left_superior", 404) for state in State.values),
    # One whose agreements have been handed over: likewise.
    Row("signed_record", "handed_signed", "handing_superior", 200),
    Row("signed_record", "handed_unsigned", "handing_superior", 404),
    *(Row("shared", state, "shared_reader", 404) for state in HANDED),
    Row("signed_record", "missing", "left_superior", 404),
    # The same as a document.
    Row("signed_document", "left_signed", "left_superior", 200),
    Row("signed_document", "left_unsigned", "left_superior", 404),
    *(Row("signed_document", state, "left_superior", 404) for state in State.values),
    Row("signed_document", "missing", "left_superior", 404),
    # A document is of the whole: of one section that is shared there is none (tests/documents/test_shared.py).
    *(Row("shared_document", state, "shared_reader", 404) for state in (*State.values, *LEFT, *HANDED)),
    *(Row("shared_document", way, "shared_reader", 404) for way in CLOSED_SHARES),
    Row("shared_document", "missing", "shared_reader", 404),
)


def rows_of(address: str) -> list[Row]:
    """The rows of an address, by its name in the namespace `leder`."""
    return [row for row in ROWS if row.address == address]
