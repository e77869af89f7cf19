"""The rounds of the example and the agreements of its leaders, written in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from leder.agreements.access import accounts
from leder.agreements.access.grants import party_permission
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.forms.round import usual_dates
from leder.agreements.models import Entry, KnownAccount, Round
from leder.agreements.seals import chain
from leder.identity import hr
from leder.organisation.models import Appointment, Position
from leder.organisation.selectors import leaders
from lorenskog_intranet.demo.biography import Biographer
from lorenskog_intranet.demo.chapter import Seat, World
from lorenskog_intranet.demo.lives import ZONE, opens
from lorenskog_intranet.demo.rows import Rows
from lorenskog_intranet.demo.shape import Slot
from lorenskog_intranet.demo.writing import Sentences

PEOPLE_AT_A_TIME = 250
# The texts of the example, newest first, as the files are called.
TEXTS = ("next", "this", "last")


def make_rounds(pages: Mapping[str, Any], *, work_year: int, years: int, today: dt.date) -> list[Round]:
    """Save and return the rounds of so many years, earlier years first, the last one being the work year."""
    return [
        Round.objects.create(
            year=work_year - back,
            platform_page_id=pages["platform"].pk,
            letter_page_id=pages[f"letter_{TEXTS[back]}"].pk,
            form_page_id=pages[f"form_{TEXTS[back]}"].pk,
            conversation_due=dt.date(work_year - back, 3, 31),
            follow_up_from=dt.date(work_year - back, 8, 1),
            follow_up_due=dt.date(work_year - back, 12, 31),
            unshared_deleted_on=dt.date(work_year - back + 1, 3, 31),
            text_deleted_on=usual_dates(work_year - back)["text_deleted_on"],
            opened_at=dt.datetime.combine(opens(work_year - back, today), dt.time(7, 30), ZONE),
        )
        for back in reversed(range(years))
    ]


def write_agreements(
    *,
    rounds: list[Round],
    slots: Mapping[str, Slot],
    sentences: Sentences,
    seed: int,
    now: dt.datetime,
    in_full: Callable[[Slot], bool],
    report: Callable[[int, int], None],
) -> int:
    """Write the agreements of the rounds and return how many there are.

    `in_full` says for which positions everything is kept; the others get fewer preparations and no
    comments, which is what makes a hundred thousand possible. `report` is told how many
    people are done, and of how many.
    """
    seats = _seats(rounds, now.date())
    rows = Rows()
    world = World(
        people=get_user_model()._default_manager.in_bulk(),
        positions=Position.objects.in_bulk(),
        editions={year_round.pk: pinned_editions(year_round) for year_round in rounds},
        permission_id=party_permission().pk,
    )
    biographer = Biographer(
        world,
        rows,
        sentences=sentences,
        newest=rounds[-1].year,
        slots=slots,
        seed=seed,
        now=now,
    )
    done = count = 0
    waiting = iter(seats.items())
    while some := list(islice(waiting, PEOPLE_AT_A_TIME)):
        for person_id, theirs in some:
            count += biographer.write(person_id, theirs, in_full=in_full(slots[theirs[-1].code]))
        rows.save()
        done += len(some)
        report(done, len(seats))
    rows.finish()
    for year_round in rounds:
        with transaction.atomic():
            chain.begin(year_round)
    # They have had their accounts as long as the agreements.
    since = rounds[0].opened_at
    accounts.take_over(list(accounts.everybody()), since=since)
    _were_shown_text(since or now)
    hr.know(hr.holders(), since=since or now)
    return count


def _were_shown_text(since: dt.datetime) -> None:
    """Those who have written have read, too: so a new password shuts their accounts, as it would after a year's use."""
    known = list(KnownAccount.objects.filter(pk__in=Entry.objects.values("author")))
    for each in known:
        each.shown_at = since
        each.sign()
    KnownAccount.objects.bulk_update(known, ["shown_at", "mac"], batch_size=PEOPLE_AT_A_TIME)


def _seats(rounds: Iterable[Round], today: dt.date) -> dict[int, list[Seat]]:
    """The agreements there may be, by leader, earlier years first; one a year for one with two positions."""
    left = _left(today)
    seats: dict[int, list[Seat]] = {}
    for year_round in rounds:
        seen: set[int] = set()
        for row in sorted(leaders(min(dt.date(year_round.year, 2, 1), today)), key=lambda row: row.acting):
            if row.superior is None or row.superior_position is None or row.person.pk in seen:
                continue
            seen.add(row.person.pk)
            seat = Seat(
                year_round,
                row.position.pk,
                row.position.code,
                row.position.title,
                row.position.unit.name,
                row.superior.pk,
                row.superior_position.pk,
                row.superior_position.title,
                left.get((row.position.pk, row.person.pk)),
            )
            seats.setdefault(row.person.pk, []).append(seat)
    return seats


def _left(today: dt.date) -> dict[tuple[int, int], dt.datetime]:
    """When people left positions that they no longer hold, by position and person."""
    return {
        (term.position_id, term.person_id): dt.datetime.combine(term.ends, dt.time(16), ZONE)
        for term in Appointment.objects.filter(ends__lt=today)
        if term.ends is not None
    }
