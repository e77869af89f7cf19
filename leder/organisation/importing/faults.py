"""What can be wrong in a file: where, what kind, and in plain words what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault, of warning or of change: `value` for addresses and counts, `label` for people.

    `between` stands between the values of columns whose change is told in one line.
    """

    value: str
    label: str | Promise = field(compare=False)
    between: str = field(default=", ", compare=False)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What can be wrong with a cell: the kind of fault, and in words what to do, around “%(value)s”."""

    kind: Kind
    text: str | Promise


class FaultKind:
    """Kinds of faults. Any of them refuses the whole file. A column may bring one of its own."""

    MISSING_COLUMN = Kind("missing_column", _("Missing column"))
    MISSING_VALUE = Kind("missing_value", _("Missing value"))
    TOO_LONG = Kind("too_long", _("Too long"))
    UNIT_KIND = Kind("unit_kind", _("Unknown kind of unit"))
    LEADER_GROUP = Kind("leader_group", _("Unknown leader level"))
    CHAPTER = Kind("chapter", _("Unknown chapter of the collective agreement"))
    DATE = Kind("date", _("Date that can't be read"))
    YES_NO = Kind("yes_no", _("Neither yes nor no"))
    EMAIL = Kind("email", _("E-mail address that can't be right"))
    USERNAME = Kind("username", _("User name with signs that are not allowed"))
    EXCEL = Kind("excel", _("Error value from the spreadsheet"))
    END_BEFORE_START = Kind("end_before_start", _("Ends before it starts"))
    NO_UNIT = Kind("no_unit", _("Unit that is not there"))
    NO_POSITION = Kind("no_position", _("Position that is not there"))
    UNIT_CYCLE = Kind("unit_cycle", _("Units in a circle"))
    POSITION_CYCLE = Kind("position_cycle", _("Positions in a circle"))
    CONTRADICTION = Kind("contradiction", _("Two rows that contradict each other"))
    NAMES = Kind("names", _("One user name, two names"))
    SHARED_EMAIL = Kind("shared_email", _("One e-mail address, two people"))
    OVERLAP = Kind("overlap", _("Two permanently appointed at the same time"))
    REPEATED = Kind("repeated", _("The same appointment twice"))


class WarningKind:
    """What is worth a look and stops nothing."""

    TWO_POSITIONS = Kind("two_positions", _("One person in two positions"))
    ONLY_ACTING = Kind("only_acting", _("Acting, nobody permanently appointed"))
    NO_SUPERIOR = Kind("no_superior", _("Leader without a superior"))
    GONE_SUPERIOR = Kind("gone_superior", _("Reports to a position that goes out of use"))
    PROTECTED_PERSON = Kind("protected_person", _("Name and address are left as they are"))
    LOST_EMAIL = Kind("lost_email", _("Loses the e-mail address"))
    MUCH_ENDS = Kind("much_ends", _("Much of the organisation ends"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault or warning. `row` is the number that a spreadsheet shows; None for what concerns the whole file."""

    kind: Kind
    row: int | None
    column: str
    text: str

    @property
    def place(self) -> tuple[int, str]:
        """What faults are sorted by."""
        return self.row or 0, self.column


def count(faults: Iterable[Fault]) -> list[tuple[Kind, int]]:
    """How many there are of each kind, the most frequent first."""
    return Counter(fault.kind for fault in faults).most_common()


class FileRefused(Exception):
    """A file that can't be read at all. The message says why, in words for the one who sent it."""
