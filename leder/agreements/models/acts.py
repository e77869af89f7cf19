"""An act: one transaction, at whose end the inventories of the agreements that it changed are written, in one query.

What an agreement consists of is `Inventoried`: saving or deleting such a row, or changing many, notes it in the act
that is going on, and is an act of its own where none is. So nothing that the plugin writes is forgotten, and what is
written past it is not listed. A row that was not as it is listed stays listed as it was: the damage stays to be seen.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Self

from django.apps import apps
from django.db import models, transaction

from leder.agreements.models.inventory import Inventory, RoundCount, begun, digest_of, listed_fields
from leder.signed import SignedQuerySet

logger = logging.getLogger("leder.access")

# Of a row, by column.
Values = Mapping[str, Any]


@dataclass
class Act:
    """What one act has changed so far: inventories by agreement, which of them differ; agreements opened, by round.

    `own` are the inventories that are this act's to change; one that a part of it has from the whole is copied first.
    """

    inventories: dict[int, Inventory] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    opened: Counter[int] = field(default_factory=Counter)
    own: set[int] = field(default_factory=set)

    def part(self) -> Act:
        """Return an act that begins as this one is now, for a part of it that may be given up."""
        return Act(dict(self.inventories), set(self.changed), Counter(self.opened))

    def take(self, part: Act) -> None:
        """Make this act what a part of it has come to."""
        self.inventories, self.changed, self.opened = part.inventories, part.changed, part.opened
        self.own |= part.own

    def know(self, inventory: Inventory) -> None:
        """Use an inventory that was locked with its agreement, unless the act has one already."""
        self.inventories.setdefault(inventory.pk, inventory)

    def lock(self, agreements: Iterable[int]) -> None:
        """Lock the inventories of some agreements that the act does not hold yet. One query at most."""
        missing = set(agreements) - self.inventories.keys()
        if not missing:
            return
        # Newest first, as agreements are locked.
        rows = Inventory.objects.select_for_update(of=("self",), no_key=True).select_related("agreement")
        for inventory in rows.filter(pk__in=missing).order_by("-pk"):
            self.know(inventory)
        for pk in missing - self.inventories.keys():
            # Removed by hand: what is written from now on is listed, unsigned.
            self.know(Inventory(agreement_id=pk))

    def begin(self, agreement: Any) -> None:
        """Begin the inventory of an agreement that is opened now."""
        self.inventories[agreement.pk] = begun(agreement)
        self.own.add(agreement.pk)
        self.opened[agreement.round_id] += 1

    def forget(self, agreement: int) -> None:
        """Write no inventory of an agreement that is gone with all its rows."""
        self.inventories.pop(agreement, None)
        self.changed.discard(agreement)
        self.own.discard(agreement)

    def note(self, row: Inventoried, pk: Any, before: Values | None, after: Values | None) -> None:
        """Note that a row was changed; `before` is None for a new one, `after` for one that is gone."""
        inventory = self._to_change(row.inventory_pk)
        listed = inventory.listed.setdefault(row.kind_of_row(), {})
        key, was, now = str(pk), _digest(row, before), _digest(row, after)
        if listed.get(key) != was:
            logger.error("%s %s is not as it was written: %s", row.kind_of_row(), key, inventory.whose)
        elif now is None:
            del listed[key]
            self.changed.add(inventory.pk)
        elif now != was:
            listed[key] = now
            self.changed.add(inventory.pk)

    def _to_change(self, pk: int) -> Inventory:
        self.lock([pk])
        if pk not in self.own:
            self.inventories[pk] = self.inventories[pk].copied()
            self.own.add(pk)
        return self.inventories[pk]

    def write(self) -> None:
        """Write what differs: one query, and three more at most a round where agreements were opened."""
        rows = [self.inventories[pk] for pk in sorted(self.changed, reverse=True)]
        for inventory in rows:
            inventory.move_on()
        Inventory.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["agreement"],
            update_fields=["number", "text", "mac"],
        )
        for pk in sorted(self.opened):
            _count_on(pk, self.opened[pk])


_going_on: ContextVar[Act | None] = ContextVar("leder_act", default=None)


@contextmanager
def one_act() -> Iterator[Act]:
    """Do everything within as one act, or as a part of the one that is going on: all of it, or nothing."""
    outer = _going_on.get()
    with transaction.atomic():
        act = Act() if outer is None else outer.part()
        token = _going_on.set(act)
        try:
            yield act
            if outer is None:
                act.write()
            else:
                outer.take(act)
        finally:
            _going_on.reset(token)


def know_locked(inventory: Inventory) -> None:
    """Let the act that is going on, if one is, use an inventory that was locked with its agreement."""
    act = _going_on.get()
    if act is not None:
        act.know(inventory)


def _joined() -> AbstractContextManager[Act]:
    """The act that is going on, or else one for these rows alone. No savepoint."""
    act = _going_on.get()
    return one_act() if act is None else nullcontext(act)


class InventoriedQuerySet(models.QuerySet):
    """Many rows made, changed or deleted at once: noted as if one by one."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Make rows, and list them. One query more where the act does not hold their inventories."""
        with _joined() as act:
            made: list[Any] = super().bulk_create(objs, *args, **kwargs)
            act.lock({row.inventory_pk for row in made if not row.begins_inventory})
            for row in made:
                row.note_saved(act, None)
        return made

    def update(self, **values: Any) -> int:
        """Change rows, and list them as they are then. Three queries more, none where nothing listed is changed."""
        meta = self.model._meta
        changed = {meta.get_field(name).attname for name in values if name != "pk"}  # type: ignore[union-attr]
        if changed.isdisjoint(listed_fields(self.model)):
            return super().update(**values)
        with _joined() as act:
            before = self._locked(act)
            count = super(InventoriedQuerySet, self._exactly(before)).update(**values)
            now: Iterable[Any] = self._listed(before)
            for row in now:
                act.note(row, row.pk, before[row.pk].stored(), row.stored())
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows, and list them no longer. Two queries more."""
        with _joined() as act:
            rows = self._locked(act)
            deleted = super(InventoriedQuerySet, self._exactly(rows)).delete()
            for row in rows.values():
                row.note_deleted(act, row.pk)
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _locked(self, act: Act) -> dict[Any, Any]:
        """These rows by primary key, as they are once their inventories are locked."""
        found = dict(self.order_by().values_list("pk", self.model.inventory_of))  # type: ignore[attr-defined]
        act.lock(found.values())
        rows: Iterable[Any] = self._listed(found)
        return {row.pk: row for row in rows}

    def _exactly(self, pks: Iterable[Any]) -> Self:
        # Not asked by condition once more: others may meet it now.
        return type(self)(self.model, using=self.db).filter(pk__in=list(pks))

    def _listed(self, pks: Iterable[Any]) -> Self:
        return self._exactly(pks).only(*listed_fields(self.model))


class SignedInventoriedQuerySet(InventoriedQuerySet, SignedQuerySet):  # type: ignore[override]
    """Rows that are signed one by one, and listed."""


class Inventoried(models.Model):
    """A row that its agreement's inventory lists. The queryset of such a model is `InventoriedQuerySet`."""

    # The column that names the agreement; whether an inventory begins with such a row.
    inventory_of = "agreement_id"
    begins_inventory = False
    # How the row stood when it was read or last saved: columns, and their values.
    _loaded: tuple[Any, Any] = ((), ())

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, and list it."""
        is_new = self._state.adding or self.pk is None
        before = None if is_new else self.stored()
        with _joined() as act:
            super().save(*args, **kwargs)
            self.note_saved(act, before, kwargs.get("update_fields"))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and list it no longer."""
        pk, _stored = self.pk, self.stored()
        with _joined() as act:
            act.lock([self.inventory_pk])
            deleted = super().delete(*args, **kwargs)
            self.note_deleted(act, pk)
        return deleted

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        """Remember how the row stood: on every reading, so nothing is worked out yet."""
        row = super().from_db(db, field_names, values, **kwargs)
        row._loaded = (field_names, values)
        return row

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read the row, or some fields of it, again."""
        super().refresh_from_db(using, fields, from_queryset)
        self._remember(fields)

    @property
    def inventory_pk(self) -> int:
        """The agreement that it is a row of."""
        return getattr(self, self.inventory_of)

    @classmethod
    def kind_of_row(cls) -> str:
        """Return what inventories call such rows."""
        return cls._meta.model_name or ""

    def stored(self) -> dict[str, Any]:
        """Return how the row stood when it was read or last saved; what was not read then is read now."""
        found = dict(zip(*self._loaded, strict=False))
        missing = [name for name in listed_fields(type(self)) if name not in found]
        if missing:
            found |= type(self)._base_manager.values(*missing).get(pk=self.pk)
            self._loaded = (list(found), list(found.values()))
        return found

    def note_saved(self, act: Act, before: Values | None, fields: Iterable[str] | None = None) -> None:
        """Note that the row was saved: whole, or some fields of it."""
        self._remember(fields)
        if before is None and self.begins_inventory:
            act.begin(self)
        act.note(self, self.pk, before, self.stored())

    def note_deleted(self, act: Act, pk: Any) -> None:
        """Note that the row is gone."""
        if self.begins_inventory:
            act.forget(pk)
        else:
            act.note(self, pk, self.stored(), None)

    def _remember(self, fields: Iterable[str] | None) -> None:
        """Remember that the database holds what some fields, or all, hold now."""
        meta = self._meta
        names: Iterable[str] = listed_fields(type(self))
        if fields is not None:
            names = [meta.get_field(name).attname for name in fields]  # type: ignore[union-attr]
        found = dict(zip(*self._loaded, strict=False))
        found |= {name: self.__dict__[name] for name in names if name in self.__dict__}
        self._loaded = (list(found), list(found.values()))


def inventoried_models() -> list[type[Inventoried]]:
    """Return every model whose rows are listed, in the order in which they are installed."""
    return [model for model in apps.get_models() if issubclass(model, Inventoried)]


def _digest(row: Inventoried, values: Values | None) -> str | None:
    return None if values is None else digest_of(type(row), values)


def _count_on(round_pk: int, opened: int) -> None:
    """Count agreements of a round that are opened now; the count is the last that an act locks."""
    rows = RoundCount.objects.select_for_update(of=("self",)).select_related("round").filter(pk=round_pk)
    count = rows.first()
    if count is None:
        # The first of the round, or removed by hand; then it does not fit the agreements that are there.
        first = RoundCount(round_id=round_pk)
        first.sign()
        RoundCount.objects.bulk_create([first], ignore_conflicts=True)
        count = rows.get()
    sound = count.is_genuine
    count.opened += opened
    if sound:
        count.sign()
    else:
        # One of an earlier number would fit again when as many more are opened.
        count.mac = ""
        logger.error("count of agreements is not genuine: %s", count.whose)
    count.save(update_fields=["opened", "mac"])
