"""Which column of a file is which of ours: guessed, chosen once, remembered for files with the same headings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from .cells import plain
from .columns import guess
from .models import ColumnMapping


def heading_set(headings: Sequence[str]) -> str:
    """The same for the same headings, in whatever order and case they stand."""
    names = sorted({plain(heading) for heading in headings} - {""})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def propose(headings: Sequence[str]) -> tuple[dict[int, str], bool]:
    """Our column for each place, and whether somebody has chosen it so before."""
    known = ColumnMapping.objects.filter(heading_set=heading_set(headings)).first()
    return guess(headings, known.columns if known else None), known is not None


def remember(headings: Sequence[str], places: Mapping[int, str]) -> None:
    """Remember what was chosen, for the next file with these headings."""
    columns = {plain(heading): places.get(place, "") for place, heading in enumerate(headings) if heading}
    ColumnMapping.objects.update_or_create(heading_set=heading_set(headings), defaults={"columns": columns})
