"""The site's own addresses, as everybody: the rows of `matrix_site`."""

from __future__ import annotations

import pytest

from tests.access.addresses import every_address
from tests.access.matrix_site import ROWS, SIGN_IN, Row
from tests.access.visiting import Visitor
from tests.access.world import OUTSIDERS, STRANGERS

ADDRESSES = every_address()


def path_of(visitor: Visitor, row: Row) -> str:
    pages = visitor.world.pages
    told = {
        "{image}": pages["image"].file.name,
        "{document}": pages["document"].pk,
        "{filename}": pages["document"].filename,
    }
    address = next(a for a in ADDRESSES if (a.route == row.route if row.route else a.name == row.name))
    return address.path({name: told.get(value, value) for name, value in row.arguments.items()})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name or row.route} {row.arguments}")
def test_site(visitor: Visitor, row: Row) -> None:
    path = path_of(visitor, row)
    expected = {**dict.fromkeys(OUTSIDERS, row.outsider), **dict.fromkeys(STRANGERS, row.signed_in)}
    expected |= dict.fromkeys(("superior", "leader_signed"), row.signed_in)
    for persona, (got, posted) in expected.items():
        for answer, status in ((visitor.get(persona, path), got), (visitor.post(persona, path), posted)):
            if status == SIGN_IN:
                assert answer.to_sign_in, answer
            else:
                assert answer.status == status, f"{answer}, not {status}"
            assert not answer.changed & {"leder_agreement", "wagtailcore_page"}, answer
