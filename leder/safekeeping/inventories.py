"""Verification of inventories: every row that an agreement should have, as it should be, and no other; and of a round,
every agreement.

Read without a lock, some hundred agreements at a time; where something differs it is read again with those locked, so
that an act that is going on is no fault. What is written is not opened: `--texts` does that.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Count

from leder.agreements.models import Agreement, Inventory, Round, RoundCount
from leder.agreements.models.acts import inventoried_models
from leder.agreements.models.inventory import Listed, digest_of, listed_fields

logger = logging.getLogger("leder.seals")

BATCH = 500
CHUNK = 2000


def inventory_faults() -> Iterator[str]:
    """Compare the rows of every agreement with its inventory, and the agreements of every round with their number."""
    yield from _count_faults()
    waiting = Agreement.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while some := list(islice(waiting, BATCH)):
        if differing := [pk for pk, _fault in _faults(some)]:
            yield from _faults_once_locked(differing)


@transaction.atomic
def _faults_once_locked(agreements: list[int]) -> list[str]:
    rows = Agreement.objects.select_for_update(no_key=True).filter(pk__in=agreements).order_by("-pk")
    uuids = dict(rows.values_list("pk", "uuid"))
    return [f"inventory: {fault} (agreement {uuids[pk]})" for pk, fault in _faults(sorted(uuids))]


def _faults(agreements: Collection[int]) -> Iterator[tuple[int, str]]:
    """Name what differs, with the agreement. A query a kind of row, and one for the inventories."""
    inventories = Inventory.objects.in_bulk(agreements)
    standing = _standing(agreements)
    for pk in agreements:
        if pk not in inventories:
            yield pk, "it is missing"
            continue
        listed, rows = inventories[pk].listed, standing.get(pk, {})
        for kind in sorted({*listed, *rows}):
            for fault in _differences(kind, listed.get(kind, {}), rows.get(kind, {})):
                yield pk, fault


def _differences(kind: str, listed: dict[str, str], rows: dict[str, str]) -> Iterator[str]:
    for key in sorted(listed.keys() | rows.keys()):
        if key not in rows:
            yield f"{kind} {key} is gone"
        elif key not in listed:
            yield f"{kind} {key} is not the plugin's, or is another agreement's"
        elif rows[key] != listed[key]:
            yield f"{kind} {key} is not as it was last written"


def _standing(agreements: Collection[int]) -> dict[int, Listed]:
    """What inventories of these agreements would list now."""
    standing: dict[int, Listed] = {}
    for model in inventoried_models():
        fields = listed_fields(model)
        owner, kind = model.inventory_of, model.kind_of_row()
        rows = model._base_manager.filter(**{f"{owner}__in": agreements}).values(*fields)
        for values in rows.iterator(chunk_size=CHUNK):
            of_kind = standing.setdefault(values[owner], {}).setdefault(kind, {})
            of_kind[str(values["id"])] = digest_of(model, values)
    return standing


@transaction.atomic
def _count_faults() -> list[str]:
    """Name the rounds that have another number of agreements than were opened, with their counts locked."""
    counts = {row.pk: row.opened for row in RoundCount.objects.select_for_update().order_by("pk")}
    there = dict(
        Round.objects.annotate(there=Count("agreements")).order_by("year").values_list("pk", "there")
    )
    years = dict(Round.objects.values_list("pk", "year"))
    return [
        f"round {years[pk]}: {counts.get(pk, 0)} agreements were opened, and {number} are there"
        for pk, number in there.items()
        if counts.get(pk, 0) != number
    ]


@dataclass(frozen=True)
class NotedInventory:
    """How many acts had changed an agreement when it was noted, and what its inventory listed then."""

    agreement: str
    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.agreement} {self.number} {self.digest}"


@dataclass(frozen=True)
class NotedRound:
    """How many agreements a round had when it was noted, how many acts had changed them, and a digest of all."""

    year: int
    opened: int
    acts: int
    digest: str

    def __str__(self) -> str:
        return f"agreements {self.year} {self.opened} {self.acts} {self.digest}"


def noted_inventories(year: int | None = None) -> Iterator[NotedInventory]:
    """Return how the inventories stand now, of one round or of all, in an order that stays."""
    rows = Inventory.objects.order_by("agreement__round__year", "pk")
    if year is not None:
        rows = rows.filter(agreement__round__year=year)
    for row in rows.select_related("agreement").only("agreement__uuid", "number", "text").iterator(CHUNK):
        yield NotedInventory(str(row.agreement.uuid), row.number, row.digest)


def noted_rounds() -> Iterator[NotedRound]:
    """Return how the rounds stand now: a line each, for the day's log."""
    for year in Round.objects.order_by("year").values_list("year", flat=True):
        opened = acts = 0
        whole = hashlib.sha256()
        for inventory in noted_inventories(year):
            opened, acts = opened + 1, acts + inventory.number
            whole.update(f"{inventory}\n".encode())
        if opened:
            yield NotedRound(year, opened, acts, whole.hexdigest())


def log_rounds() -> int:
    """Tell the server's log how the rounds stand: kept elsewhere, it shows a database set back. Returns how many."""
    rounds = list(noted_rounds())
    for each in rounds:
        logger.info("head: %s", each)
    return len(rounds)


def set_back(noted: Iterable[NotedInventory | NotedRound]) -> Iterator[str]:
    """Name the agreements and rounds that are not what came of those that were noted. One query for many."""
    waiting = iter(noted)
    now_rounds = {each.year: each for each in noted_rounds()}
    while some := list(islice(waiting, CHUNK)):
        inventories = [each for each in some if isinstance(each, NotedInventory)]
        rows = Inventory.objects.filter(agreement__uuid__in=[each.agreement for each in inventories])
        now = {str(row.agreement.uuid): row for row in rows.select_related("agreement")}
        for each in some:
            if isinstance(each, NotedRound):
                fault = _round_set_back(each, now_rounds.get(each.year))
                place = f"round {each.year}"
            else:
                fault, place = (
                    _inventory_set_back(each, now.get(each.agreement)),
                    f"agreement {each.agreement}",
                )
            if fault:
                yield f"{place}: {fault}"


def _inventory_set_back(noted: NotedInventory, now: Inventory | None) -> str:
    if now is None:
        return "it is gone, or its inventory, since it was noted"
    if now.number < noted.number:
        return f"it had been changed {noted.number} times when it was noted, and {now.number} times now"
    differs = now.number == noted.number and now.digest != noted.digest
    return "its inventory is another than when it was noted" if differs else ""


def _round_set_back(noted: NotedRound, now: NotedRound | None) -> str:
    opened, acts = (now.opened, now.acts) if now else (0, 0)
    if opened < noted.opened:
        return f"it had {noted.opened} agreements when it was noted, and has {opened} now"
    if acts < noted.acts:
        return f"its agreements had been changed {noted.acts} times when it was noted, and {acts} times now"
    is_same = now is not None and (opened, acts) == (noted.opened, noted.acts)
    return "its inventories are others than when it was noted" if is_same and now != noted else ""
