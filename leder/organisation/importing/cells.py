"""From what stands in a cell to a value: text, dates, yes and no, kinds of units, leader levels, chapters; and back.

Each function that reads returns the value, or raises `ValueError` when the cell can't be understood.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from leder.organisation.models import HtaChapter, LeaderGroup, UnitKind

from .faults import FaultKind, Wrong

# What a spreadsheet takes for the beginning of a formula (OWASP: CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# Excel counts days from here; 60 days in it believes in 29 February 1900.
EXCEL_EPOCH = dt.date(1899, 12, 30)
EARLIEST, LATEST = dt.date(1940, 1, 1), dt.date(2200, 1, 1)
YES = {"ja", "j", "x", "yes", "y", "true", "sann", "1", "konstituert", "k"}
NO = {"", "nei", "n", "no", "false", "usann", "0", "fast"}
KINDS: dict[str, UnitKind] = {
    **{str(kind.value): kind for kind in UnitKind},
    "kommune": UnitKind.MUNICIPALITY,
    "kommunen": UnitKind.MUNICIPALITY,
    "sektor": UnitKind.SECTOR,
    "kommunalområde": UnitKind.SECTOR,
    "tjenesteområde": UnitKind.SECTOR,
    "stab": UnitKind.STAFF,
    "stabsavdeling": UnitKind.STAFF,
    "stabsenhet": UnitKind.STAFF,
    "staffdepartment": UnitKind.STAFF,
    "virksomhet": UnitKind.SERVICE,
    "verksemd": UnitKind.SERVICE,
    "tjenestested": UnitKind.SERVICE,
    "resultatenhet": UnitKind.SERVICE,
    "seksjon": UnitKind.SECTION,
    "avdeling": UnitKind.DEPARTMENT,
}
# The words that are written out in an exported file.
KIND_NAMES: dict[str, str] = {
    UnitKind.MUNICIPALITY: "Kommune",
    UnitKind.SECTOR: "Sektor",
    UnitKind.STAFF: "Stab",
    UnitKind.SERVICE: "Virksomhet",
    UnitKind.SECTION: "Seksjon",
    UnitKind.DEPARTMENT: "Avdeling",
}
YES_NAME, NO_NAME = "Ja", "Nei"


def plain(text: str) -> str:
    """A word without case, spaces and signs: “E-post ” and “epost” are the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def clean(value: Any) -> str:
    """A cell as text: without spaces at the ends, invisible signs, and the .0 that Excel gives a number.

    Non-breaking and repeated spaces become one plain space.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NAME if value else NO_NAME
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime):
        value = value.date() if value.time() == dt.time() else value
    text = unicodedata.normalize("NFC", str(value)).translate(INVISIBLE)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text)
    return unguard(" ".join(text.split()))


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front of what begins like one."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def unguard(text: str) -> str:
    """Take away the apostrophe that `guard` put there, and no other."""
    return text[1:] if text.startswith("'") and text[1:2] in {*FORMULA, "'"} else text


def code(value: Any) -> str:
    """A code: “1001.0” is what is left of the number 1001 when a spreadsheet has been at it."""
    text = clean(value)
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def day(value: Any) -> dt.date | None:
    """A date: a real one, Excel's number of days, 31.12.2027, 31/12/2027, 2027-12-31 or 20271231; None when empty."""
    found: dt.date | None
    if isinstance(value, dt.datetime):
        found = value.date()
    elif isinstance(value, dt.date):
        found = value
    else:
        found = _day_of_text(re.sub(r"[ T]\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?$", "", clean(value)))
    if found is not None and not EARLIEST <= found < LATEST:
        raise ValueError(value)
    return found


def last_day(value: Any) -> dt.date | None:
    """As `day`, but 31.12.9999 and the like mean what they are used for: until further notice."""
    text = clean(value)
    if "9999" in text or "2999" in text:
        return None
    return day(value)


def _day_of_text(text: str) -> dt.date | None:
    if not text:
        return None
    if match := re.fullmatch(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})", text):
        number, month, year = (int(part) for part in match.groups())
        # Two digits, as Excel reads them: up to 29 is this century.
        year += 0 if year > 99 else 2000 if year < 30 else 1900
        return dt.date(year, month, number)
    if match := re.fullmatch(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    ):
        year, month, number = (int(part) for part in match.groups())
        return dt.date(year, month, number)
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):
        return EXCEL_EPOCH + dt.timedelta(days=int(text[:5]))
    raise ValueError(text)


def yes_no(value: Any) -> bool:
    """Ja or nei, in the words and signs that people use; empty is no."""
    text = plain(code(value))
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValueError(text)


def unit_kind(value: Any) -> str:
    """The kind of a unit."""
    return str(KINDS[_known(plain(clean(value)), KINDS)].value)


def leader_group(value: Any) -> int:
    """The leader level: 1, 2 or 3, with or without “Gruppe” or “Nivå” before it."""
    text = re.sub(r"^(ledergruppe|leder|gruppe|ledernivå|nivå|group|level)+", "", plain(code(value)))
    return LeaderGroup(int(text)).value


def chapter(value: Any) -> str:
    """The chapter of the collective agreement. Excel takes 3.4.1 for 3 April 2001: that is put right."""
    text = re.sub(r"^\s*(hta)?[\s.-]*(kap(ittel)?)?[\s.]*", "", code(value), flags=re.IGNORECASE)
    if text not in HtaChapter.values:
        found = day(value)
        if found is None:
            raise ValueError(value)
        text = f"{found.day}.{found.month}.{found.year % 100}"
    return HtaChapter(text).value


def email(value: Any) -> str:
    """An e-mail address."""
    text = clean(value)
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(text) from error
    return text


def _known(text: str, names: dict[str, Any]) -> str:
    if text not in names:
        raise ValueError(text)
    return text


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Cell:
    """What a kind of cell does.

    text:    what stands in it, as text; empty when nothing does.
    parse:   from what stands in it to the value, where that is not the text, and what is said when it can't be read.
    free:    text of any length that the field of the database has room for.
    folded:  what two rows are compared by.
    write:   from the value to the cell of an exported file.
    stored:  from what the database holds to the value.
    """

    text: Callable[[Any], str] = clean
    parse: tuple[Callable[[Any], Any], Wrong] | None = None
    free: bool = False
    folded: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same
    stored: Callable[[Any], Any] = _same


_NO_EMAIL = Wrong(FaultKind.EMAIL, _("“%(value)s” can't be an e-mail address."))
_NO_DATE = Wrong(FaultKind.DATE, _("“%(value)s” can't be read as a date. Write it as 31.12.2027."))
_NEITHER = Wrong(FaultKind.YES_NO, _("“%(value)s” is neither Ja nor Nei."))
_NO_KIND = Wrong(
    FaultKind.UNIT_KIND,
    _("“%(value)s” is no kind of unit. Write Kommune, Sektor, Stab, Virksomhet, Seksjon or Avdeling."),
)
_NO_GROUP = Wrong(FaultKind.LEADER_GROUP, _("“%(value)s” is no leader level. Write 1, 2 or 3."))
_NO_CHAPTER = Wrong(FaultKind.CHAPTER, _("“%(value)s” is no chapter. Write 3.4.1, 3.4.2 or 5."))

TEXT = Cell(free=True, stored=clean)
CODE = Cell(text=code, free=True, stored=str)
EMAIL = Cell(parse=(email, _NO_EMAIL), free=True, folded=str.casefold, stored=clean)
DAY = Cell(parse=(day, _NO_DATE))
LAST_DAY = Cell(parse=(last_day, _NO_DATE))
YES_OR_NO = Cell(parse=(yes_no, _NEITHER), write=lambda value: YES_NAME if value else NO_NAME)
UNIT_KIND = Cell(parse=(unit_kind, _NO_KIND), write=KIND_NAMES.__getitem__)
LEADER_GROUP = Cell(parse=(leader_group, _NO_GROUP))
CHAPTER = Cell(parse=(chapter, _NO_CHAPTER))
