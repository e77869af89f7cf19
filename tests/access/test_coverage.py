"""An address without a row fails the suite: nobody adds one without saying whom it is for."""

from __future__ import annotations

import types
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import include, path

from tests.access import (
    matrix_agreements,
    matrix_cms,
    matrix_handover,
    matrix_people,
    matrix_sharing,
    matrix_site,
)
from tests.access.addresses import Address, every_address

MATRICES: tuple[Any, ...] = (matrix_agreements, matrix_handover, matrix_people, matrix_sharing)


def has_row(address: Address) -> bool:
    """Whether any of the matrices says who reaches the address."""
    name = address.name.removeprefix("leder:")
    if address.name.startswith("leder:"):
        return any(matrix.rows_of(name) for matrix in MATRICES)
    if address.route.startswith("cms/"):
        return matrix_cms.group_of(address.route) is not None
    return bool(matrix_site.rows_of(address.name, address.route))


def without_row(urlconf: types.ModuleType | None = None) -> list[str]:
    return [address.route for address in every_address(urlconf) if not has_row(address)]


def test_every_address_has_a_row() -> None:
    assert without_row() == []


@pytest.mark.parametrize("route", ["avtale/<uuid:uuid>/eksport/", "cms/nytt/", "nytt/"])
def test_a_new_address_is_noticed(route: str) -> None:
    new = path(route, lambda request: HttpResponse(), name="nytt")
    urlconf = types.ModuleType("urlconf")
    urlconf.urlpatterns = [path("", include(([new], "leder")))] if "avtale" in route else [new]  # type: ignore[attr-defined]
    assert without_row(urlconf) == [route]


def test_no_row_stands_for_an_address_that_is_gone() -> None:
    names = {address.name.removeprefix("leder:") for address in every_address()}
    rows = [row for matrix in MATRICES for row in matrix.ROWS]
    assert {row.address for row in rows} - names == set()
    assert {row.name for row in matrix_site.ROWS} - {a.name for a in every_address()} == set()
