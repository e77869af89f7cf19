"""Starting a new year by copying: block identities become new ones in a copy, and can be traced to the old.

An agreement cites a block by its id, so an id stays the same as long as the page lives and never stands on
two pages. Every way of copying a page ends in `save()` of the new page and reads its copied revisions by
`with_content_json()`; in those two places ids are renewed. The new id follows from the page and the old id
alone, so the page and all its copied revisions agree without handing anything from one to the other.
"""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.pages.identities import make_sound

BLOCK_KEYS = {"type", "value", "id"}


def new_id(identity: uuid.UUID, old_id: str) -> str:
    """The id in the page with this identity of what had `old_id` on the page it was copied from."""
    return str(uuid.uuid5(identity, old_id))


def renew_ids(raw: Any, identity: uuid.UUID, origins: dict[str, str]) -> Any:
    """Return StreamField data (as stored) with new ids; notes {new id: old id} in `origins`."""
    if isinstance(raw, list):
        return [renew_ids(item, identity, origins) for item in raw]
    if not isinstance(raw, dict):
        return raw
    renewed = {key: renew_ids(value, identity, origins) for key, value in raw.items()}
    if raw.keys() == BLOCK_KEYS and raw["id"]:
        renewed["id"] = new_id(identity, raw["id"])
        origins[renewed["id"]] = raw["id"]
    return renewed


def move_deadlines(raw: Any, years: int) -> Any:
    """Return StreamField data (as stored) with every `deadline` moved by whole years."""
    if isinstance(raw, list):
        return [move_deadlines(item, years) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return {
        key: _move_day(value, years) if key == "deadline" and value else move_deadlines(value, years)
        for key, value in raw.items()
    }


def _move_day(day: str | date, years: int) -> str:
    moved = day if isinstance(day, date) else date.fromisoformat(day)
    try:
        return moved.replace(year=moved.year + years).isoformat()
    except ValueError:  # 29 February
        return moved.replace(year=moved.year + years, day=28).isoformat()


class CopiedText(models.Model):
    """Mixin of pages whose blocks are cited: gives a copy block ids of its own.

    `identity` is the translation key of the page that the ids belong to. Wagtail gives a copy a new
    translation key, so a page whose `identity` differs from it holds another page's ids. An alias shows
    another page as it is, ids and all.
    """

    identity = models.UUIDField(null=True, editable=False)
    origins = models.JSONField(
        _("origins"),
        default=dict,
        editable=False,
        help_text=_("Block ids here, and the ids they were copied from."),
    )

    # What the page that it is mixed into brings.
    objects: ClassVar[Any]
    body: Any
    live: bool
    translation_key: uuid.UUID
    alias_of_id: int | None

    # A copy is published when its editors decide, not when the original was to be.
    exclude_fields_in_copy: ClassVar[list[str]] = ["go_live_at", "expire_at"]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page; a copy gets its own block ids first."""
        if kwargs.get("update_fields") is None:
            self._own_ids(self)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Clean the page; ids that the page editor was sent and that won't do are exchanged."""
        super().clean()
        make_sound(self.body, self.identity or self.translation_key)

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Return the page as a revision has it; a copied revision gets the page's own block ids."""
        page = super().with_content_json(content)  # type: ignore[misc]
        page._own_ids(self)
        return page

    def _own_ids(self, page: "CopiedText") -> None:
        """Make the ids sound, and renew them if they are another page's. `page` is the page this is the content of."""
        if self.alias_of_id:
            return
        make_sound(self.body, self.identity or self.translation_key)
        if self.identity is not None and self.identity != self.translation_key:
            # What the page copied from was copied from stays: next year's text leads back to the first.
            origins = dict(self.origins)
            raw = renew_ids(list(self.body.raw_data), self.translation_key, origins)
            self.origins = origins
            self.body = move_deadlines(raw, self._move_year(page))
        self.identity = self.translation_key

    def _move_year(self, page: "CopiedText") -> int:
        """By how many years a copy is moved, its own year with it; 0 for a text that has none."""
        return 0


class YearlyText(CopiedText):
    """Mixin of the texts that are made anew each year (styringsbrev, lederavtaleskjema)."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text=_("The year that the text is for."),
    )
    year.required_on_save = True  # type: ignore[attr-defined]

    class Meta:
        abstract = True

    def _move_year(self, page: CopiedText) -> int:
        old = self.year
        if page is self:
            self.year = first_free(self.year, years_taken(self))
        elif isinstance(page, YearlyText):
            self.year = page.year
        return self.year - old


def years_taken(page: Any) -> set[int]:
    """The years that the page's siblings of the same type are for."""
    parent = page.get_parent()
    if parent is None:
        return set()
    siblings = type(page).objects.child_of(parent).exclude(pk=page.pk)
    return set(siblings.values_list("year", flat=True))


def first_free(year: int, taken: set[int]) -> int:
    """The first year from `year` on that is not taken."""
    while year in taken:
        year += 1
    return year
