"""What is taken of a signed agreement, to be compared byte for byte: rows, what opens, pages, documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rfc8785
from bs4 import BeautifulSoup
from django.db.models import QuerySet
from django.urls import reverse

from leder.agreements.models import Agreement, Entry, Seal, SealLink, Signature
from leder.agreements.reading.sealed import open_seal
from leder.pages.editions import Edition
from tests.factories import access_of
from tests.proof.conftest import client_of

# Where an edition's page stands now is a fact of the page, and gone with it.
OF_THE_PAGE = {"page_id"}
# Made anew with another key, of the same values.
OF_THE_KEY = {"mac"}
# What is read in a section: what it asks, and what is written there.
READ = "h2, .leder-prose, .leder-questions, .leder-reading"


def evidence(agreement: Agreement) -> dict[str, bytes]:
    """Return all that says what was agreed, by name: stored rows, the opened record, pages as shown, documents."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    taken = dict(_rows(agreement))
    seal = agreement.seals.get(kind=Seal.Kind.AGREEMENT, voided_at=None)
    for role in ("leader", "superior"):
        person = getattr(agreement, role)
        taken[f"record, {role}"] = rfc8785.dumps(open_seal(access_of(person, seal.agreement), seal))
        for name, content in _shown(person, agreement):
            taken[f"{name}, {role}"] = content
    return taken


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Name what is not byte for byte the same."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _rows(agreement: Agreement) -> Iterator[tuple[str, bytes]]:
    pinned = [getattr(agreement, f"{kind}_edition_id") for kind in ("platform", "letter", "form")]
    tables: dict[str, QuerySet[Any]] = {
        "seal": Seal.objects.filter(agreement=agreement),
        "signature": Signature.objects.filter(seal__agreement=agreement),
        "entry": Entry.objects.filter(agreement=agreement),
        "link": SealLink.objects.filter(seal__agreement=agreement),
        "edition": Edition.objects.filter(pk__in=pinned),
    }
    for name, rows in tables.items():
        for row in rows.order_by("pk").values():
            for column, value in row.items():
                if column not in OF_THE_PAGE | OF_THE_KEY:
                    yield f"{name} {row['id']}, {column}", _bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return rfc8785.dumps(value) if isinstance(value, dict | list) else str(value).encode()


def _shown(person: Any, agreement: Agreement) -> Iterator[tuple[str, bytes]]:
    client = client_of(person)

    def fetched(name: str, *args: Any, query: dict[str, Any] | None = None) -> bytes:
        response = client.get(reverse(f"leder:{name}", args=args, query=query))
        assert response.status_code == 200, name
        return bytes(response.content)

    page = BeautifulSoup(fetched("agreement", agreement.uuid), "html.parser")
    for number, section in enumerate(page.select("section.leder-section")):
        yield f"agreement page, section {number}", _html(section.select(READ))
    page = BeautifulSoup(fetched("sign", agreement.uuid), "html.parser")
    yield (
        "what is agreed, as shown where it is signed",
        _html(page.select("section[aria-labelledby=content]")),
    )
    for kind in ("platform", "letter", "form"):
        page = BeautifulSoup(fetched("edition", getattr(agreement, f"{kind}_edition_id")), "html.parser")
        yield f"edition page, {kind}", _html(page.select("h1, article > .leder-part"))
    yield "document", fetched("document", agreement.uuid)
    yield "document without private sections", fetched("document", agreement.uuid, query={"uten-private": 1})


def _html(found: Any) -> bytes:
    pieces = [str(each) for each in found]
    assert pieces
    return "\n".join(pieces).encode()
