"""Signed rows: what decides who may read, or what was agreed, counts only where the plugin has signed it as it stands.

A row written or changed by hand in the database has no signature that fits. Exchange of keys and verification walk the
models that inherit from `Signed`, so that none of them is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.db import connections, models, transaction

from leder import keyed
from leder.keyed import MAC_LENGTH

logger = logging.getLogger("leder.access")

Row = TypeVar("Row", bound="SignedRow")
# The purpose of a signature, and then each value that it covers.
Covered = tuple[str, *tuple[object, ...]]


class SignedQuerySet(models.QuerySet):
    """Rows that mean nothing before their signature is checked."""

    def genuine(self) -> list[Any]:
        """Return those that the plugin has written as they stand, in order; every other is logged. Asks at once."""
        return genuine(self)


class Signed(models.Model):
    """A row with keyed signatures. What a signature covers is said by the model, and nowhere else."""

    # What operators call such rows, the fields that hold a signature, and what is joined to make out what they cover.
    rows: ClassVar[str]
    signatures: ClassVar[tuple[str, ...]] = ()
    signed_with: ClassVar[tuple[str, ...]] = ("agreement",)

    class Meta:
        abstract = True

    def covered(self, field: str = "mac") -> Covered:
        """Return the purpose of the signature in a field, and then each value that it covers."""
        raise NotImplementedError

    def ways_covered(self, field: str) -> Iterable[Covered]:
        """Return every way in which the signature in a field may rightly stand; the first is the one of today."""
        return [self.covered(field)]

    def stands(self, field: str = "mac") -> Covered | None:
        """Return what the signature in a field rightly covers; None where it is not genuine."""
        signature = getattr(self, field)
        return next((each for each in self.ways_covered(field) if keyed.is_genuine(signature, *each)), None)

    def sign(self, field: str = "mac") -> None:
        """Sign the row as it stands; saves nothing."""
        setattr(self, field, keyed.sign(*self.covered(field)))

    def is_signed(self, field: str = "mac") -> bool:
        """Whether the plugin has signed the row as it stands."""
        return keyed.is_genuine(getattr(self, field), *self.covered(field))

    @property
    def whose(self) -> str:
        """Whom the row is about, for the operators' log: keys of rows, never a name."""
        return f"agreement {self.agreement.uuid}"  # type: ignore[attr-defined]

    @classmethod
    def named(cls, field: str) -> str:
        """Return what such rows are called where operators read of them."""
        return cls.rows if len(cls.signatures) == 1 else f"{cls.rows}, {field.partition('_')[0]}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Return the rows that have to carry a signature in this field."""
        rows = cls._default_manager.all()
        # Without a name Django would join all that there is.
        return rows.select_related(*cls.signed_with) if cls.signed_with else rows


class SignedRow(Signed):
    """A row with one keyed signature, over all that is asked of it."""

    mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")

    signatures: ClassVar[tuple[str, ...]] = ("mac",)

    class Meta:
        abstract = True

    @property
    def is_genuine(self) -> bool:
        """Whether the plugin has written the row as it stands."""
        return self.is_signed()


class SavedQuerySet(SignedQuerySet):
    """Rows that are signed wherever they are written: a script, a form and an import alike.

    What was not genuine before a change of some columns is not after it: nobody has looked at the others.
    """

    def update(self, **values: Any) -> int:
        """Change rows, and sign anew those that were genuine."""
        with transaction.atomic(using=self.db):
            rows: list[Any] = list(self)
            were_genuine = [row.pk for row in rows if row.is_genuine]
            changed = self._plain().filter(pk__in=[row.pk for row in rows]).update(**values)
            self._sign_anew(were_genuine)
        return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Make rows, and sign them once they have their keys."""
        with transaction.atomic(using=self.db):
            rows = super().bulk_create(objs, *args, **kwargs)
            self._sign(rows)
        return rows

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Change rows, and sign anew those that were genuine."""
        rows = list(objs)
        size = batch_size or len(rows) or 1
        with transaction.atomic(using=self.db):
            genuine_before: list[Any] = []
            for start in range(0, len(rows), size):
                some: Any = self.filter(pk__in=[row.pk for row in rows[start : start + size]])
                genuine_before += [row.pk for row in some if row.is_genuine]
            changed = self._plain().bulk_update(rows, fields, batch_size)
            self._sign_anew(genuine_before, size)
        return changed

    def _plain(self) -> Any:
        """The rows by the framework's own means, which sign nothing."""
        return models.QuerySet(self.model, using=self.db)

    def _sign_anew(self, pks: list[Any], size: int = 500) -> None:
        for start in range(0, len(pks), size):
            self._sign(self.model._base_manager.filter(pk__in=pks[start : start + size]))

    def _sign(self, some: Iterable[Any]) -> None:
        rows = list(some)
        if not rows:
            return
        for row in rows:
            row.sign()
        meta: Any = self.model._meta
        connection = connections[self.db]
        quote = connection.ops.quote_name
        column = meta.pk.get_db_prep_value
        # One statement run many times: at thousands of rows that takes a tenth of `bulk_update`.
        statement = f"UPDATE {quote(meta.db_table)} SET mac = %s WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(row.mac, column(row.pk, connection)) for row in rows])


class SavedRow(SignedRow):
    """A signed row whose writers are many: its own `save` signs it, and so does every writing of its manager.

    The manager has to be a `SavedQuerySet`'s.
    """

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the row, signed. One that was not genuine stays so where only some of its columns are saved."""
        with transaction.atomic(using=kwargs.get("using")):
            is_whole = update_fields is None
            is_signed = is_whole or type(self)._base_manager.get(pk=self.pk).is_genuine
            super().save(update_fields=update_fields, **kwargs)
            if is_signed:
                self._sign_stored()

    def _sign_stored(self) -> None:
        """Sign what stands now, which has a key: not what was loaded once."""
        rows = type(self)._base_manager.filter(pk=self.pk)
        stored = rows.get()
        stored.sign()
        self.mac = stored.mac
        rows.update(mac=self.mac)


def genuine(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that the plugin has written as they stand, in order; every other is logged."""
    found = []
    for row in rows:
        if row.is_genuine:
            found.append(row)
        else:
            logger.error("forged %s: row %s, %s", row.covered()[0], row.pk, row.whose)
    return found


def signed_models() -> list[type[Signed]]:
    """Return every model with signatures, in the order in which they are installed."""
    return [model for model in apps.get_models() if issubclass(model, Signed)]
