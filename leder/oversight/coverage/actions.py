"""The daily count of the letter's coverage. Stores published counts only, and anew only when that reveals nobody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder.agreements.answers import UNFINISHED, GoalStatus
from leder.agreements.models import Agreement, Round
from leder.agreements.reading.counting import COUNTED, LetterTally, count_letter
from leder.organisation.lines import structure_on
from leder.oversight.coverage.bands import SMALLEST, STEP, Before, at_least_in_all, is_renewed
from leder.oversight.coverage.models import CoverageCount
from leder.year.daily import Day, Outcome

YEARS = 2
OPEN = "open"
# The whole municipality among the areas; no unit has this id.
WHOLE = 0


@dataclass
class _Due:
    """What of a round is to be counted anew: areas, or the whole, by letter and by goals."""

    letter: set[int] = field(default_factory=set)
    goals: set[int] = field(default_factory=set)


def refresh_counts(*, now: dt.datetime | None = None) -> int:
    """Count the newest two rounds where enough has been signed since last time; return how many counts were renewed.

    Safe to run again: with nothing new nothing is opened.
    """
    rounds = Round.objects.filter(opened_at__isnull=False).order_by("-year")[:YEARS]
    return sum(_refresh(each, now=now or timezone.now()) for each in rounds)


def refresh_on(day: Day) -> list[Outcome]:
    """The same as a step of the year's daily run (hook `leder_year_step`)."""
    return [Outcome(_("Counts of the letter's coverage made anew"), refresh_counts())]


@transaction.atomic
def _refresh(year_round: Round, *, now: dt.datetime) -> int:
    # One count of a round at a time.
    Round.objects.select_for_update(no_key=True).get(pk=year_round.pk)
    areas, followed_up = _signed(year_round, timezone.localdate(now))
    stored = {count.area_id or WHOLE: count for count in CoverageCount.objects.filter(round=year_round)}
    due = _due(stored, Counter(areas.values()), Counter(areas[pk] for pk in followed_up))
    wanted = due.letter | due.goals
    if not wanted:
        return 0
    asked = areas if WHOLE in wanted else {pk: area for pk, area in areas.items() if area in wanted}
    tallies = count_letter(asked)
    # Areas first: what is said of the whole heeds what is said of them.
    for area in sorted(wanted - {WHOLE}):
        _store(year_round, area, tallies.get(area, LetterTally()), stored=stored, due=due, now=now)
    if WHOLE in wanted:
        _store(year_round, WHOLE, _sum(tallies.values()), stored=stored, due=due, now=now)
    return len(wanted)


def _signed(year_round: Round, today: dt.date) -> tuple[dict[int, int], set[int]]:
    """The signed agreement of each leader with its area, and those of them whose follow-up is held. Status only."""
    structure = structure_on(today)
    rows = Agreement.objects.filter(
        round=year_round, state__in=COUNTED, signed_at__isnull=False, text_deleted_at=None
    ).order_by("pk")
    latest = {
        leader_id: (pk, position_id, follow_up_on)
        for pk, leader_id, position_id, follow_up_on in rows.values_list(
            "pk", "leader_id", "position_id", "follow_up_on"
        )
    }
    areas = {
        pk: structure.place_of(structure.positions[position_id].unit_id).area_id
        for pk, position_id, _day in latest.values()
    }
    return areas, {pk for pk, _position, day in latest.values() if day is not None}


def _due(stored: dict[int, CoverageCount], signed: Counter[int], followed_up: Counter[int]) -> _Due:
    due = _Due()
    for counts, chosen, name in ((signed, due.letter, "letter_of"), (followed_up, due.goals, "goals_of")):
        whole = Counter({WHOLE: counts.total()})
        for area, count in (counts + whole).items():
            before = getattr(stored[area], name) if area in stored else None
            # Of the whole it may be said earlier that nobody has taken up an assignment.
            enough = STEP if area == WHOLE and chosen is due.letter else SMALLEST
            if count >= enough and is_renewed(count, before):
                chosen.add(area)
    return due


def _store(
    year_round: Round,
    area: int,
    tally: LetterTally,
    *,
    stored: dict[int, CoverageCount],
    due: _Due,
    now: dt.datetime,
) -> None:
    count = stored.get(area) or CoverageCount(round=year_round, area_id=area or None)
    if area in due.letter:
        whole = stored.get(WHOLE)
        letter: dict[str, Any] = {
            name: _least(
                found,
                of=tally.agreements,
                before=_before(found, count.letter.get(name, {}), count.letter_of, _taken(whole, name)),
                parts=[each.letter[name] for each in _parts(area, stored) if each.letter_of],
            )
            for name, found in (("assignments", tally.assignments), ("themes", tally.themes))
        }
        if area == WHOLE:
            # What is in the letter and not in here, nobody has taken up.
            letter["taken"] = {"assignments": sorted(tally.assignments), "themes": sorted(tally.themes)}
        count.letter, count.letter_of, count.letter_at = letter, tally.agreements, now
    if area in due.goals:
        closed = _closed(tally.goals)
        count.goals = {
            # How many goals there are is a count of what is written too: only its step is kept.
            "of": closed.total() // STEP * STEP,
            **_least(
                closed,
                of=closed.total(),
                before=_before(closed, count.goals, _most(count.goals.get("of")), None),
                parts=[each.goals for each in _parts(area, stored) if each.goals_of],
            ),
        }
        count.goals_of, count.goals_at = tally.followed_up, now
    count.save()
    stored[area] = count


def _least(
    found: Counter[str], *, of: int, before: dict[str, Before], parts: list[dict[str, int]]
) -> dict[str, int]:
    """What is published of each count; what nothing is said of is left out, so that it can't be told from none."""
    said = {
        key: at_least_in_all(count, of=of, parts=[part.get(key, 0) for part in parts], before=before.get(key))
        for key, count in sorted(found.items())
    }
    return {key: least for key, least in said.items() if least}


def _before(
    found: Iterable[str], said: dict[str, int], of: int | None, taken: tuple[list[str], int] | None
) -> dict[str, Before]:
    """What was said last time of each; and of what nobody had taken up, that."""
    before = {key: Before(said.get(key, 0), of) for key in found} if of is not None else {}
    if taken is not None:
        known, among = taken
        before |= {key: Before(0, among, none=True) for key in found if key not in known}
    return before


def _most(step: int | None) -> int | None:
    """The most goals there can have been: fewer have come since than if it was the least."""
    return None if step is None else step + STEP - 1


def _taken(whole: CoverageCount | None, name: str) -> tuple[list[str], int] | None:
    if whole is None or whole.letter_of is None:
        return None
    return whole.letter["taken"][name], whole.letter_of


def _parts(area: int, stored: dict[int, CoverageCount]) -> list[CoverageCount]:
    return [each for key, each in stored.items() if key != WHOLE] if area == WHOLE else []


def _closed(goals: Counter[str]) -> Counter[str]:
    return Counter(
        {
            GoalStatus.REACHED.value: goals[GoalStatus.REACHED.value],
            GoalStatus.DROPPED.value: goals[GoalStatus.DROPPED.value],
            OPEN: sum(goals[status.value] for status in UNFINISHED),
        }
    )


def _sum(tallies: Iterable[LetterTally]) -> LetterTally:
    whole = LetterTally()
    for tally in tallies:
        whole.agreements += tally.agreements
        whole.followed_up += tally.followed_up
        whole.assignments += tally.assignments
        whole.themes += tally.themes
        whole.goals += tally.goals
    return whole
