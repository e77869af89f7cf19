"""Whether each agreement has the superior, the office and the pair that its latest handover gave it.

A handover that is gone is told by what it leaves behind: its line in the history, and texts of its pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.models import Count

from leder.agreements.models import Agreement, Entry, Event, Handover, Seal
from leder.agreements.models.agreement import names_the_latest

CHUNK = 2000


def faults() -> Iterator[str]:
    """Yield a line for each agreement that names another superior, or has lost a handover. Six queries."""
    rows = Handover.objects.filter(status=Handover.Status.CARRIED_OUT).select_related("agreement")
    handovers = rows.order_by("agreement_id", "number", "pk").iterator(chunk_size=CHUNK)
    pairs: dict[int, set[str]] = {}
    done: Counter[int] = Counter()
    for pk, group in groupby(handovers, key=lambda row: row.agreement_id):
        # What is not genuine is named by its signature already.
        genuine = [row for row in group if row.is_genuine]
        pairs[pk] = {pair for row in genuine for pair in (row.former_pair, row.successor_pair)}
        done[pk] = len(genuine)
        if genuine and not names_the_latest(genuine[0].agreement, genuine):
            uuid = genuine[0].agreement.uuid
            yield f"superior: not the one of the latest handover (agreement {uuid})"
    yield from _lost(done)
    yield from _of_no_handover(pairs)


def _lost(done: Counter[int]) -> Iterator[str]:
    events = Event.objects.filter(kind=Event.Kind.HANDED_OVER).order_by()
    noted = dict(events.values_list("agreement").annotate(count=Count("pk")))
    others = [pk for pk in noted.keys() | done.keys() if noted.get(pk, 0) != done[pk]]
    for pk, uuid in _uuids(others):
        yield f"handovers: {done[pk]} are genuine, the history has {noted.get(pk, 0)} (agreement {uuid})"


def _of_no_handover(pairs: dict[int, set[str]]) -> Iterator[str]:
    """Agreements and what was written in them, of a pair that no handover made."""
    strangers: set[int] = set()
    for found in (
        Agreement.objects.exclude(pair="").values_list("pk", "pair"),
        Entry.objects.exclude(pair="").values_list("agreement_id", "pair").distinct().order_by(),
        Seal.objects.exclude(pair="").values_list("agreement_id", "pair").distinct().order_by(),
    ):
        rows = found.iterator(chunk_size=CHUNK)
        strangers |= {pk for pk, pair in rows if pair not in pairs.get(pk, set())}
    for _pk, uuid in _uuids(strangers):
        yield f"superior: of a pair that no handover has made (agreement {uuid})"


def _uuids(pks: Iterable[int]) -> Iterator[tuple[int, object]]:
    """Row and identity of some agreements: few, or the database was set upside down."""
    every = sorted(pks)
    for start in range(0, len(every), CHUNK):
        rows = Agreement.objects.filter(pk__in=every[start : start + CHUNK])
        yield from rows.order_by("pk").values_list("pk", "uuid")
