"""What is done about handovers every day: those whose day has come are carried out (`leder.year.daily`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Handover
from leder.handover.actions import WAITING, carry_out_due


@dataclass(frozen=True)
class Figure:
    """A figure for the one who runs it; `warning` for what a person should look at."""

    label: str | Promise
    count: int
    warning: bool = False


def hand_over_due(day: Any) -> list[Figure]:
    """Carry out what is planned for today or earlier. `day` says which day it is (`day.today`)."""
    counts = carry_out_due(day.today)
    lapsed, left = counts[Handover.Status.LAPSED], counts[Handover.Status.PLANNED]
    figures = [Figure(_("Agreements handed over to another superior"), counts[Handover.Status.CARRIED_OUT])]
    if waiting := counts[WAITING]:
        figures.append(Figure(_("Handovers that can still be stopped"), waiting))
    if stopped := counts[Handover.Status.STOPPED]:
        figures.append(
            Figure(_("Handovers that were stopped: a second person in HR decides"), stopped, warning=True)
        )
    if lapsed:
        figures.append(
            Figure(_("Handovers that lapsed: the organisation no longer said so"), lapsed, warning=True)
        )
    if left:
        figures.append(
            Figure(_("Handovers that are not as they were planned: left alone"), left, warning=True)
        )
    return figures
