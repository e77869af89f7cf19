"""What can be wrong in a file: where, what kind, and in plain words what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class FaultKind(models.TextChoices):
    """Kinds of faults. Any of them refuses the whole file."""

    MISSING_COLUMN = "missing_column", _("Missing column")
    MISSING_VALUE = "missing_value", _("Missing value")
    TOO_LONG = "too_long", _("Too long")
    UNIT_KIND = "unit_kind", _("Unknown kind of unit")
    LEADER_GROUP = "leader_group", _("Unknown leader level")
    CHAPTER = "chapter", _("Unknown chapter of the collective agreement")
    DATE = "date", _("Date that can't be read")
    YES_NO = "yes_no", _("Neither yes nor no")
    EMAIL = "email", _("E-mail address that can't be right")
    USERNAME = "username", _("User name with signs that are not allowed")
    EXCEL = "excel", _("Error value from the spreadsheet")
    END_BEFORE_START = "end_before_start", _("Ends before it starts")
    NO_UNIT = "no_unit", _("Unit that is not there")
    NO_POSITION = "no_position", _("Position that is not there")
    UNIT_CYCLE = "unit_cycle", _("Units in a circle")
    POSITION_CYCLE = "position_cycle", _("Positions in a circle")
    CONTRADICTION = "contradiction", _("Two rows that contradict each other")
    NAMES = "names", _("One user name, two names")
    SHARED_EMAIL = "shared_email", _("One e-mail address, two people")
    OVERLAP = "overlap", _("Two permanently appointed at the same time")
    REPEATED = "repeated", _("The same appointment twice")


class WarningKind(models.TextChoices):
    """What is worth a look and stops nothing."""

    TWO_POSITIONS = "two_positions", _("One person in two positions")
    ONLY_ACTING = "only_acting", _("Acting, nobody permanently appointed")
    NO_SUPERIOR = "no_superior", _("Leader without a superior")
    GONE_SUPERIOR = "gone_superior", _("Reports to a position that goes out of use")
    PROTECTED_PERSON = "protected_person", _("Name and address are left as they are")
    LOST_EMAIL = "lost_email", _("Loses the e-mail address")
    MUCH_ENDS = "much_ends", _("Much of the organisation ends")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or warning. `row` is the number that a spreadsheet shows; None for what concerns the whole file."""

    kind: FaultKind | WarningKind
    row: int | None
    column: str
    text: str

    @property
    def place(self) -> tuple[int, str]:
        """What faults are sorted by."""
        return self.row or 0, self.column


def count(faults: Iterable[Fault]) -> list[tuple[FaultKind | WarningKind, int]]:
    """How many there are of each kind, the most frequent first."""
    return Counter(fault.kind for fault in faults).most_common()


class FileRefused(Exception):
    """A file that can't be read at all. The message says why, in words for the one who sent it."""
