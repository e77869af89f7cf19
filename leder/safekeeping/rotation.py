"""Exchange of keys (nøkkelbytte): data keys wrapped, and signatures made, anew with the first key of LEDER_KEYS.

What is already the first key's is passed over, so that a rotation that was stopped goes on where it stopped. What no
listed key opens, or is not genuine, is left as it is and counted: `verification` names it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from leder import conf
from leder.agreements import chain, keyed, reading_log, rules
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    DataKey,
    Handover,
    ReadingHead,
    Reopening,
    Role,
    SealHead,
    Share,
    TextDecision,
)
from leder.agreements.reopened import PROPOSAL as PROPOSED_REOPENING
from leder.agreements.reopened import REOPENING, reopening_parts
from leder.agreements.text_decisions import DECISION, decision_parts
from leder.agreements.vault import DamagedText, rewrap
from leder.agreements.visibility import (
    GRANT,
    HANDOVER,
    PLAN,
    PROPOSAL,
    SHARE,
    grant_parts,
    handover_parts,
    plan_parts,
    share_parts,
)
from leder.documents.models import IssuedDocument
from leder.documents.register import DOCUMENT, document_parts
from leder.identity.models import KnownSignIn
from leder.identity.watch import PASSWORD, password_parts

BATCH = 5000
BEYOND = 2**63 - 1  # after every primary key

Parts = tuple[object, ...]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Signed:
    """A kind of row with a keyed signature: where it stands, for what purpose, and what it covers."""

    name: str
    rows: QuerySet
    purpose: str
    parts: Callable[[Any], Parts]
    field: str = "mac"


@dataclass(frozen=True)
class Count:
    """What a rotation did with one kind of row."""

    name: str
    done: int
    left: int


def signed_kinds() -> list[Signed]:
    """Return every kind of row that carries a keyed signature."""
    return [
        Signed(
            "grants",
            AgreementUserObjectPermission.objects.select_related("content_object").only(
                "user_id", "role", "pair", "mac", "content_object__uuid"
            ),
            GRANT,
            lambda row: grant_parts(row.content_object.uuid, row.user_id, row.role, row.pair),
        ),
        _ready_kind(Role.LEADER),
        _ready_kind(Role.SUPERIOR),
        Signed(
            "reading logs",
            ReadingHead.objects.select_related("agreement").only(
                "length", "digest", "mac", "agreement__uuid"
            ),
            reading_log.HEAD,
            lambda row: reading_log.head_parts(row, row.agreement),
        ),
        Signed(
            "chains of seals",
            SealHead.objects.select_related("round"),
            chain.HEAD,
            lambda row: chain.head_parts(row, row.round.year),
        ),
        Signed(
            "shares",
            Share.objects.filter(status=Share.Status.ACTIVE).select_related("agreement"),
            SHARE,
            share_parts,
        ),
        Signed(
            "proposals",
            Share.objects.filter(status=Share.Status.PROPOSED).select_related("agreement"),
            PROPOSAL,
            share_parts,
        ),
        Signed(
            "reopenings",
            Reopening.objects.filter(status=Reopening.Status.AGREED).select_related("agreement", "seal"),
            REOPENING,
            reopening_parts,
        ),
        Signed(
            "proposed reopenings",
            Reopening.objects.filter(status=Reopening.Status.PROPOSED).select_related("agreement", "seal"),
            PROPOSED_REOPENING,
            reopening_parts,
        ),
        Signed(
            "planned handovers",
            Handover.objects.filter(status=Handover.Status.PLANNED).select_related("agreement"),
            PLAN,
            plan_parts,
        ),
        Signed(
            "handovers",
            Handover.objects.filter(status=Handover.Status.CARRIED_OUT).select_related("agreement"),
            HANDOVER,
            handover_parts,
        ),
        Signed("text decisions", TextDecision.objects.select_related("agreement"), DECISION, decision_parts),
        Signed(
            "issued documents",
            IssuedDocument.objects.select_related("seal__agreement"),
            DOCUMENT,
            document_parts,
        ),
        Signed(
            "known sign-ins",
            KnownSignIn.objects.exclude(password_mac="").select_related("user"),
            PASSWORD,
            lambda row: password_parts(row.user),
            "password_mac",
        ),
    ]


def _ready_kind(role: Role) -> Signed:
    at, mac = f"{role.value}_ready_at", f"{role.value}_ready_mac"

    def parts(row: Agreement) -> Parts:
        # Said to an earlier superior, it stands as that.
        earlier = row.handovers.values_list("former_pair", flat=True) if row.handed_over_at else ()
        tried = [rules.ready_parts(row, role.value, pair) for pair in (row.pair, *earlier)]
        return next(
            (each for each in tried if keyed.is_genuine(getattr(row, mac), rules.READY, *each)), tried[0]
        )

    rows = Agreement.objects.exclude(**{at: None}).only("uuid", "pair", "handed_over_at", at, mac)
    return Signed(f"ready, {role.value}", rows, rules.READY, parts, mac)


def rotate(progress: Progress) -> list[Count]:
    """Wrap and sign everything anew with the first key. `progress` is told name, rows done and rows in all."""
    return [_rewrap_data_keys(progress), *(_sign_anew(kind, progress) for kind in signed_kinds())]


def _rewrap_data_keys(progress: Progress) -> Count:
    first = keyed.fingerprint(conf.wrapping_keys()[0])
    rows = (
        DataKey.objects.exclude(wrapped_by=first)
        .select_related("agreement")
        .only("wrapped", "wrapped_by", "agreement__uuid")
    )

    def anew(row: DataKey) -> tuple[Any, ...] | None:
        try:
            return rewrap(row), first
        except DamagedText:
            return None

    return _each("data keys", rows, ("wrapped", "wrapped_by"), anew, progress)


def _sign_anew(kind: Signed, progress: Progress) -> Count:
    first = keyed.fingerprint(conf.wrapping_keys()[0])
    rows = kind.rows.exclude(**{f"{kind.field}__startswith": f"{first}:"})

    def anew(row: Any) -> tuple[Any, ...] | None:
        parts = kind.parts(row)
        genuine = keyed.is_genuine(getattr(row, kind.field), kind.purpose, *parts)
        return (keyed.sign(kind.purpose, *parts),) if genuine else None

    return _each(kind.name, rows, (kind.field,), anew, progress)


def _each(
    name: str,
    rows: QuerySet,
    fields: Sequence[str],
    anew: Callable[[Any], tuple[Any, ...] | None],
    progress: Progress,
) -> Count:
    """Set the fields of each row to what `anew` makes of it, a batch in a transaction; None leaves a row alone."""
    total = rows.count()
    done = left = 0
    before = BEYOND
    while True:
        with transaction.atomic():
            # Newest first, as when a signature replaces last year's agreement: one order of locks.
            waiting = rows.filter(pk__lt=before).order_by("-pk")
            batch = list(waiting.select_for_update(of=("self",), no_key=True)[:BATCH])
            made = [(anew(row), row.pk) for row in batch]
            changed = [(*values, pk) for values, pk in made if values is not None]
            _update(rows.model, fields, changed)
        if not batch:
            return Count(name, done, left)
        before = batch[-1].pk
        done += len(changed)
        left += len(batch) - len(changed)
        progress(name, done, total)


def _update(model: type[Model], fields: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Set fields of many rows, each (value…, primary key). One statement run many times, for speed."""
    if not values:
        return
    meta: Any = model._meta
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in fields)
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
