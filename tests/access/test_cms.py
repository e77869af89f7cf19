"""Every address of the CMS, as everybody: the rows of `matrix_cms`."""

from __future__ import annotations

from typing import Any

import pytest

from leder.organisation.models import Position
from tests.access.addresses import Address, every_address
from tests.access.matrix_cms import CMS, GROUPS, Group, group_of
from tests.access.visiting import Visitor
from tests.access.world import ACCOUNTS, YEAR, World

ADDRESSES = [address for address in every_address() if address.route.startswith("cms/")]
# Not of the CMS, whatever else they are.
KEPT_OUT = ("superior", "leader_signed", *(ACCOUNTS.keys() - CMS))
HOME = "/cms/"
# Each answers 405 to GET before it asks who it is: what is served is the method, not a page.
DOOR = ("cms/login/", "cms/logout/")


def arguments(world: World, address: Address) -> dict[str, Any]:
    """Arguments that lead to something that is there, wherever that is possible."""
    pages = world.pages
    platform = pages["spare"]
    # Whoever has an agreement, or is asked to read one, can't be deleted, so nobody would get to see the question.
    person = world.people["director_staff" if "delete" in address.route else "leader_signed"]
    own = {
        "wagtailusers_users": person.pk,
        "wagtailusers_groups": world.people["hr"].groups.get().pk,
        "leder_positions": Position.objects.first().pk,
        "leder_person_chooser": world.people["leader_signed"].pk,
    }
    prefix = address.name.partition(":")[0].partition("_modeladmin")[0]
    pk = own.get(prefix, platform.pk if "pages" in address.route else 1)
    return {
        "pk": pk, "instance_pk": pk, "page_id": platform.pk, "page_pk": platform.pk, "workflow_pk": 1,
        "parent_page_id": pages["landing"].pk, "page_to_move_id": platform.pk, "destination_id": pages["home"].pk,
        "revision_id": platform.live_revision_id, "revision_id_a": "earliest", "revision_id_b": "latest",
        "image_id": pages["image"].pk, "document_id": pages["document"].pk, "doc_id": pages["document"].pk,
        "uploaded_file_id": 1, "collection_id": 1, "task_id": 1, "task_state_id": 1, "workflow_state_id": 1,
        "session_id": 1, "object_id": str(platform.pk), "app_label": "leder", "app_name": "leder",
        "model_name": "leaderplatformpage", "content_type_app_name": "leder",
        "content_type_model_name": "leaderplatformpage", "action": "delete", "action_name": "approve",
        "year": YEAR, "kind": "csv", "filter_spec": "max-100x100", "uidb64": "MQ", "token": "x-y",
        "file": world.organisation_file,
    }  # fmt: skip


def path_of(world: World, address: Address) -> str:
    path = address.path(arguments(world, address))
    return path if path != "/cms//" else "/cms/finnes-ikke/"


def group(address: Address) -> Group:
    found = group_of(address.route)
    assert found, f"tests/access/matrix_cms.py has no row for {address.route}"
    return found


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: a.route)
def test_those_outside_the_cms(visitor: Visitor, address: Address) -> None:
    path = path_of(visitor.world, address)
    readers = group(address).readers
    for persona in ("anonymous", "inactive", *KEPT_OUT):
        for answer in (visitor.get(persona, path), visitor.post(persona, path)):
            if persona in KEPT_OUT and readers > CMS:
                assert answer.status in (200, 405), answer
                continue
            if answer.path.startswith(tuple(f"/{door}" for door in DOOR)):
                assert answer.status in (302, 405), answer
            else:
                assert answer.status == 404 or answer.location.startswith(("/logg-inn/", "/cms/login/")), (
                    answer
                )
            assert not answer.changed, answer


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: a.route)
def test_those_inside_the_cms(visitor: Visitor, address: Address) -> None:
    rule = group(address)
    # The superuser goes everywhere, the others where they should not get in; where they should is the next test.
    for persona in sorted(CMS - rule.readers | {"superuser"}):
        answer = visitor.get(persona, path_of(visitor.world, address))
        assert answer.status < 500, answer
        if persona not in rule.readers:
            assert answer.status in (302, 400, 403, 404, 405), answer


@pytest.mark.parametrize(
    "rule", [rule for rule in GROUPS if rule.readers and not rule.silent], ids=lambda r: r.route
)
def test_every_row_is_in_use(visitor: Visitor, rule: Group) -> None:
    """Those who may read do read something there: a row that opens nothing would say nothing."""
    members = [address for address in ADDRESSES if group_of(address.route) is rule]
    assert members, "no address belongs to this row any more"
    for persona in sorted(rule.readers & CMS):
        paths = [path_of(visitor.world, address) for address in members]
        assert any(visitor.get(persona, path).status == 200 for path in paths), persona
