"""Who reaches what of the site's own addresses, as data: status for those who are not signed in, and for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SIGN_IN = "sign-in"
Expected = int | str


@dataclass(frozen=True)
class Row:
    """An address with example arguments; what GET and POST give an outsider and somebody signed in."""

    name: str
    arguments: dict[str, Any]
    outsider: tuple[Expected, Expected]
    signed_in: tuple[Expected, Expected]
    route: str = ""


# name of the address, its arguments, (GET, POST) of an outsider, (GET, POST) of somebody signed in
ROWS = (
    Row("sign_in", {}, (200, 200), (302, 302)),
    # Signing in by a click is the demo's alone: elsewhere there is nothing.
    Row("demo_sign_in", {}, (405, 404), (405, 404)),
    # Who has signed in lately goes on at once; who has no password signs in anew.
    Row("confirm_sign_in", {}, (SIGN_IN, SIGN_IN), (302, 302)),
    # A password is changed by those who have one; these sign in without.
    Row("change_password", {}, (SIGN_IN, SIGN_IN), (404, 404)),
    Row("sign_out", {}, (405, 302), (405, 302)),
    Row("set_language", {}, (302, 302), (302, 302)),
    Row("search", {}, (SIGN_IN, SIGN_IN), (200, 405)),
    Row("media", {"path": "{image}"}, (SIGN_IN, SIGN_IN), (200, 405)),
    Row("media", {"path": "documents/reglement.txt"}, (SIGN_IN, SIGN_IN), (404, 405)),
    Row("media", {"path": "images/../../db.sqlite3"}, (SIGN_IN, SIGN_IN), (404, 405)),
    Row("wagtaildocs_serve", {"_0": "{document}", "_1": "{filename}"}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtaildocs_authenticate_with_password", {"restriction_id": 1}, (SIGN_IN, SIGN_IN), (404, 404)),
    Row(
        "wagtailcore_authenticate_with_password",
        {"page_view_restriction_id": 1, "page_id": 1},
        (SIGN_IN, SIGN_IN),
        (404, 404),
    ),
    Row("wagtailcore_login", {}, (SIGN_IN, SIGN_IN), (302, 302)),
    Row("", {}, (SIGN_IN, SIGN_IN), (302, 302), route="_util/login/"),
    Row("wagtail_serve", {"_0": ""}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtail_serve", {"_0": "ledelse/"}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtail_serve", {"_0": "ledelse/plattform/"}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtail_serve", {"_0": "ledelse/brev/"}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtail_serve", {"_0": "ledelse/skjema/"}, (SIGN_IN, SIGN_IN), (200, 200)),
    Row("wagtail_serve", {"_0": "finnes-ikke/"}, (SIGN_IN, SIGN_IN), (404, 404)),
)


def rows_of(name: str, route: str) -> list[Row]:
    """The rows of an address."""
    return [row for row in ROWS if (row.route == route if row.route else row.name == name)]
