"""What becomes of appointments when a file is applied. Pure: what stands, what the file says, on which day.

The file is the truth about those it names. One that it does not name

- is put back to what it was, when an earlier file is imported to undo what came after (`past`);
- is corrected, when the file has the same person in the same position in overlapping days: the first day was wrong;
- is removed, when it has not begun;
- else ends the day before the import, or before the day that the file says somebody else was permanently appointed;
- but where the file has nobody in the position today, and somebody from a later day, stays until the day before that
  one: a successor who is named early leaves no position empty, nor one who is put off after that. The same person from
  a later day is then appointed anew, not corrected.

Appointments that were over already stay as they are, and so do those of positions that were out of use already.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from leder.organisation.rules import Period, overlap

from .plain import Organisation, Standing, TermKey

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Changed:
    """An appointment that stays a row of the database, with other days. `key` and `ends` are what it becomes."""

    pk: int
    was: TermKey
    ended: dt.date | None
    key: TermKey
    ends: dt.date | None


@dataclass
class Terms:
    """What is made, changed and removed."""

    new: dict[TermKey, dt.date | None] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    removed: dict[TermKey, int] = field(default_factory=dict)


# What an appointment was at an earlier moment: whether it was there, and its last day.
Past = Mapping[TermKey, tuple[bool, dt.date | None]]


def settle(standing: Standing, file: Organisation, day: dt.date, past: Past | None = None) -> Terms:
    """Decide for every appointment."""
    found = Terms()
    missing = {key: ends for key, ends in file.terms.items() if key not in standing.terms}
    permanent = _permanent(file)
    alike = _alike(missing)
    successors = _successors(file, day)
    made_way = _made_way(standing, file, day)
    for key, term in standing.terms.items():
        if key in file.terms:
            if term.ends != file.terms[key]:
                found.changed.append(Changed(term.pk, key, term.ends, key, file.terms[key]))
            continue
        if past is not None and key in past:
            there, ends = past[key]
        else:
            if key.position not in file.positions and key.position in standing.positions_off:
                continue
            # The first day that it is wanted no more: today, or the day a successor begins.
            left = successors.get(key.position, day)
            has_begun = key.starts <= day
            corrected = _corrected(
                key,
                term.ends,
                alike.get((key.position, key.person, key.acting), ()),
                missing,
                latest=day if has_begun and left > day else dt.date.max,
            )
            if corrected is not None:
                found.changed.append(Changed(term.pk, key, term.ends, corrected, missing.pop(corrected)))
                continue
            there = has_begun and key.starts < left
            stands_until = None if left > day and (key.position, term.ends) in made_way else term.ends
            ends = min(stands_until or dt.date.max, left - ONE_DAY)
        ends = _before_others(key, ends, permanent[key.position])
        if not there or (ends is not None and ends < key.starts):
            found.removed[key] = term.pk
        elif ends != term.ends:
            found.changed.append(Changed(term.pk, key, term.ends, key, ends))
    found.new = missing
    if past:
        gone = found.removed.keys() | {changed.was for changed in found.changed if changed.key != changed.was}
        stays = (standing.terms.keys() - gone) | file.terms.keys()
        found.new.update(_restored(standing, past, stays, permanent))
    return found


def _permanent(file: Organisation) -> dict[str, list[Period]]:
    permanent: dict[str, list[Period]] = defaultdict(list)
    for key, ends in file.terms.items():
        if not key.acting:
            permanent[key.position].append(Period(key.starts, ends))
    return permanent


def _successors(file: Organisation, day: dt.date) -> dict[str, dt.date]:
    """The day that somebody begins in each position that the file has nobody in today, acting or not."""
    held = {
        key.position
        for key, ends in file.terms.items()
        if overlap(Period(key.starts, ends), Period(day, day))
    }
    begins: dict[str, dt.date] = {}
    for key in file.terms:
        if key.starts > day and key.position not in held:
            begins[key.position] = min(key.starts, begins.get(key.position, key.starts))
    return begins


def _made_way(standing: Standing, file: Organisation, day: dt.date) -> set[tuple[str, dt.date | None]]:
    """Positions and last days that were set for a successor who, as the file now says, does not begin then."""
    return {
        (key.position, key.starts - ONE_DAY)
        for key in standing.terms
        if key.starts > day and key not in file.terms
    }


def _alike(missing: Iterable[TermKey]) -> dict[tuple[str, str, bool], list[TermKey]]:
    """The file's appointments that are not there yet, by position and person."""
    alike: dict[tuple[str, str, bool], list[TermKey]] = defaultdict(list)
    for key in missing:
        alike[key.position, key.person, key.acting].append(key)
    return alike


def _corrected(
    key: TermKey,
    ends: dt.date | None,
    alike: Iterable[TermKey],
    missing: Mapping[TermKey, dt.date | None],
    *,
    latest: dt.date,
) -> TermKey | None:
    """The appointment of the file that this one should have been: the same but for its first day, `latest` at most."""
    mine = Period(key.starts, ends)
    return min(
        (
            other
            for other in alike
            if other in missing
            and other.starts <= latest
            and overlap(mine, Period(other.starts, missing[other]))
        ),
        key=lambda other: abs(other.starts - key.starts),
        default=None,
    )


def _before_others(key: TermKey, ends: dt.date | None, others: list[Period]) -> dt.date | None:
    """The last day of a permanent appointment that leaves room for those of the file."""
    for other in () if key.acting else others:
        if overlap(Period(key.starts, ends), other):
            ends = min(ends or dt.date.max, other.starts - ONE_DAY)
            if ends < key.starts:
                return ends
    return ends


def _restored(
    standing: Standing, past: Past, stays: Set[TermKey], permanent: Mapping[str, list[Period]]
) -> dict[TermKey, dt.date | None]:
    """Appointments that were there and have been removed since, as far as there is room for them."""
    taken = {(key.position, key.starts) for key in stays if not key.acting}
    restored = {}
    for key, (there, ends) in past.items():
        if not there or key in standing.terms or key in stays or key.position not in standing.positions:
            continue
        cut = _before_others(key, ends, permanent.get(key.position, []))
        if (cut is None or cut >= key.starts) and (key.acting or (key.position, key.starts) not in taken):
            restored[key] = cut
    return restored
