"""Min side, my reports, opening an agreement and editions, as everybody: the rows of `matrix_people`."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from leder.pages.editions import edition_of
from tests.access.addresses import every_address
from tests.access.matrix_people import ROWS, SIGN_IN, Row
from tests.access.visiting import Visitor
from tests.access.world import OUTSIDERS, World

LOG = {"wagtailcore_modellogentry"}
ADDRESSES = {address.name.removeprefix("leder:"): address for address in every_address()}


def arguments(world: World, row: Row) -> dict[str, Any]:
    told = {
        "new": world.new_position.pk,
        "open": world.own["colleague"].position_id,
        "edition": world.agreements["signed"].form_edition_id,
        "published": edition_of(world.pages["form"]).pk,
        "missing": uuid.UUID(int=7),
        "shut": world.shut.uuid,
        "known": world.people["leader_signed"].leder_account.uuid,
        **{
            state: world.agreements[state].seals.get(kind="agreement").uuid for state in ("signed", "signing")
        },
    }
    return {name: told.get(value, value) for name, value in row.arguments.items()}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_people(visitor: Visitor, row: Row) -> None:
    path = ADDRESSES[row.address].path(arguments(visitor.world, row))
    for persona in visitor.world.clients:
        expected = row.outsider if persona in OUTSIDERS else row.named.get(persona, row.others)
        answer = visitor.get(persona, path) if row.method == "GET" else visitor.post(persona, path)
        if expected == SIGN_IN:
            assert answer.to_sign_in, answer
        else:
            assert answer.status == expected, f"{answer}, not {expected}"
        if expected != 302:
            # A file that goes out is noted in the log; a file that is refused is not.
            noted = LOG if row.address == "line_export" and expected == 200 else set()
            assert not answer.changed - noted, answer
