"""From rows of cells to facts: every row by itself. What can't be understood is noted, and the reading goes on."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from . import cells
from .columns import BY_KEY
from .faults import Fault, FaultKind
from .plain import Account, Organisation, PersonFacts, PositionFacts, TermKey, UnitFacts
from .reading import Table

# A file with more is wrong as a whole; the first ones tell how.
MOST_FAULTS = 10_000
CODES = {"unit", "unit_parent", "position", "reports_to", "person"}
TYPED: Mapping[str, tuple[Callable[[Any], Any], FaultKind]] = {
    "unit_kind": (cells.unit_kind, FaultKind.UNIT_KIND),
    "group": (cells.leader_group, FaultKind.LEADER_GROUP),
    "chapter": (cells.chapter, FaultKind.CHAPTER),
    "starts": (cells.day, FaultKind.DATE),
    "ends": (cells.last_day, FaultKind.DATE),
    "acting": (cells.yes_no, FaultKind.YES_NO),
}


@dataclass
class Sheet:
    """What was read from the rows, with the rows it stands in, and what was wrong."""

    headings: Mapping[str, str]
    organisation: Organisation = field(default_factory=Organisation)
    faults: list[Fault] = field(default_factory=list)
    # Each fact of a unit, position or person with the rows that state it: (what, code, column) → [(row, value)].
    stated: dict[tuple[str, str, str], list[tuple[int, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    term_rows: dict[TermKey, int] = field(default_factory=dict)

    def fault(self, kind: FaultKind, row: int | None, key: str, text: str) -> None:
        """Note what is wrong in a row, in the column that the file has for `key`."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, row, self.headings.get(key) or BY_KEY[key].heading, text))

    def row_of(self, what: str, code: str, key: str) -> int:
        """The first row that states this fact."""
        return self.stated[what, code, key][0][0]


def understand(table: Table, places: Mapping[int, str], accounts: Mapping[str, Account]) -> Sheet:
    """Read all rows. `places` says which of our columns stands in which place of the row."""
    headings = {key: table.headings[place] or BY_KEY[key].heading for place, key in places.items()}
    sheet = Sheet(headings)
    reader = _RowReader(sheet, {key: place for place, key in places.items()}, accounts)
    for number, row in table.rows:
        reader.read(number, row)
    _gather(sheet, has_email="email" in headings)
    return sheet


class _RowReader:
    def __init__(self, sheet: Sheet, places: Mapping[str, int], accounts: Mapping[str, Account]) -> None:
        self.sheet = sheet
        self.places = places
        self.accounts = accounts
        self.folded: dict[str, list[str]] = defaultdict(list)
        for key in accounts:
            self.folded[key.casefold()].append(key)
        self.new: dict[str, str] = {}
        self.model: Any = get_user_model()
        self.longest = {key: column.longest for key, column in BY_KEY.items()}
        for key, name in (
            ("first", "first_name"),
            ("last", "last_name"),
            ("email", self.model.EMAIL_FIELD),
            ("person", self.model.USERNAME_FIELD),
        ):
            self.longest[key] = (
                getattr(self.model._meta.get_field(name), "max_length", None) or self.longest[key]
            )

    def read(self, number: int, row: tuple[Any, ...]) -> None:
        """One row: its unit, its position if it has one, its appointment if somebody is named."""
        raw = {key: row[place] if place < len(row) else None for key, place in self.places.items()}
        text = {key: (cells.code if key in CODES else cells.clean)(value) for key, value in raw.items()}
        has_person = any(text.get(key) for key in ("person", "first", "last", "email"))
        has_position = has_person or any(
            text.get(key) for key in ("position", "title", "group", "chapter", "reports_to")
        )
        needed = ["unit", "unit_name", "unit_kind"]
        needed += ["position", "title", "group", "chapter"] if has_position else []
        needed += ["person", "starts"] if has_person else []
        value = self._values(number, raw, text, has_person)
        for key in needed:
            if not text.get(key):
                self._missing(number, key)
        self._state(number, "unit", text["unit"], value, {"unit_name", "unit_kind", "unit_parent"})
        if not has_position:
            return
        self._state(
            number, "position", text["position"], value, {"unit", "title", "group", "chapter", "reports_to"}
        )
        if has_person and text["person"]:
            self._person(number, text, value)

    def _values(
        self, number: int, raw: Mapping[str, Any], text: Mapping[str, str], has_person: bool
    ) -> dict[str, Any]:
        """What the cells mean; None where that can't be told."""
        value: dict[str, Any] = {}
        for key, written in text.items():
            value[key] = written
            if key in {"starts", "ends", "acting"} and not has_person:
                continue
            if written.startswith("#") and written.rstrip("!?").isupper() and written != "#":
                value[key] = self._refuse(
                    FaultKind.EXCEL,
                    number,
                    key,
                    _("The cell shows an error, “%(value)s”. Put the value itself there.")
                    % {"value": written[:20]},
                )
            elif key in TYPED:
                value[key] = self._typed(number, key, raw[key], written)
            elif len(written) > self.longest[key]:
                value[key] = self._refuse(
                    FaultKind.TOO_LONG,
                    number,
                    key,
                    _("The text has %(length)s letters; there is room for %(most)s.")
                    % {"length": len(written), "most": self.longest[key]},
                )
        return value

    def _typed(self, number: int, key: str, raw: Any, written: str) -> Any:
        if not written and key not in {"ends", "acting"}:
            return None
        convert, kind = TYPED[key]
        try:
            return convert(raw)
        except (ValueError, OverflowError):
            return self._refuse(kind, number, key, _explain(kind) % {"value": written[:60]})

    def _refuse(self, kind: FaultKind, number: int, key: str, text: str) -> Any:
        """Note the fault; the cell's value is then None."""
        self.sheet.fault(kind, number, key, text)
        return None

    def _missing(self, number: int, key: str) -> None:
        self.sheet.fault(
            FaultKind.MISSING_VALUE, number, key, _("The cell is empty. It has to be filled in.")
        )

    def _state(self, number: int, what: str, code: str, value: Mapping[str, Any], keys: set[str]) -> None:
        if code and value.get(what) is not None:
            for key in keys:
                self.sheet.stated[what, code, key].append((number, value.get(key)))

    def _person(self, number: int, text: Mapping[str, str], value: dict[str, Any]) -> None:
        key = self._resolve(text["person"])
        account = self.accounts.get(key)
        for name in ("first", "last"):
            if not text.get(name) and (account is None or getattr(account.facts, name)):
                self._missing(number, name)
        if account is None:
            self._check_username(number, key, value)
        if value.get("email"):
            try:
                validate_email(value["email"])
            except ValidationError:
                value["email"] = self._refuse(
                    FaultKind.EMAIL,
                    number,
                    "email",
                    _("“%(value)s” can't be an e-mail address.") % {"value": value["email"][:60]},
                )
        self._state(number, "person", key, value, {"first", "last", "email"})
        starts, ends = value.get("starts"), value.get("ends")
        if starts and isinstance(ends, dt.date) and ends < starts:
            self._refuse(
                FaultKind.END_BEFORE_START,
                number,
                "ends",
                _("The last day, %(last)s, is before the first day, %(first)s.")
                % {"last": written(ends), "first": written(starts)},
            )
        elif starts and text["position"] and value.get("person"):
            self._term(
                number, TermKey(text["position"], key, starts, bool(value.get("acting"))), ends or None
            )

    def _term(self, number: int, term: TermKey, ends: dt.date | None) -> None:
        terms = self.sheet.organisation.terms
        if term in terms and terms[term] != ends:
            self._refuse(
                FaultKind.REPEATED,
                number,
                "ends",
                _("Row %(row)s has the same appointment with another last day. Keep one of them.")
                % {"row": self.sheet.term_rows[term]},
            )
            return
        terms.setdefault(term, ends)
        self.sheet.term_rows.setdefault(term, number)

    def _resolve(self, username: str) -> str:
        """The user name as it stands in the database: with the same letters, else whatever their case."""
        username = self.model.normalize_username(username)
        if username in self.accounts:
            return username
        fold = username.casefold()
        known = self.folded.get(fold, [])
        return known[0] if len(known) == 1 else self.new.setdefault(fold, username)

    def _check_username(self, number: int, key: str, value: Mapping[str, Any]) -> None:
        if value.get("person") is None:
            return  # already said
        try:
            self.model._meta.get_field(self.model.USERNAME_FIELD).run_validators(key)
        except ValidationError:
            self._refuse(
                FaultKind.USERNAME,
                number,
                "person",
                _("“%(value)s” can't be a user name. Letters, digits and . + - _ @ are allowed, no spaces.")
                % {"value": key[:60]},
            )


def _gather(sheet: Sheet, *, has_email: bool) -> None:
    """Put the facts together, one of each; where rows contradict each other, name those that are alone with theirs."""
    facts: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for (what, code, key), stated in list(sheet.stated.items()):
        facts[what, code][key] = _agreed(sheet, what, code, key, stated)
    found = sheet.organisation
    for (what, code), fact in facts.items():
        if what == "unit":
            found.units[code] = UnitFacts(
                code, fact["unit_name"] or "", fact["unit_kind"] or "", fact["unit_parent"] or ""
            )
        elif what == "position":
            found.positions[code] = PositionFacts(
                code,
                fact["title"] or "",
                fact["unit"] or "",
                fact["group"] or 0,
                fact["chapter"] or "",
                fact["reports_to"] or "",
            )
        else:
            email = (fact["email"] or "") if has_email else None
            found.people[code] = PersonFacts(code, fact["first"] or "", fact["last"] or "", email)


def _agreed(sheet: Sheet, what: str, code: str, key: str, stated: list[tuple[int, Any]]) -> Any:
    # What could not be understood, or has to be there and is not, has its fault already.
    values = [(row, value) for row, value in stated if value is not None]
    if key not in {"unit_parent", "reports_to"}:
        values = [(row, value) for row, value in values if value != ""]
    same = Counter(_folded(key, value) for _row, value in values)
    if len(same) <= 1:
        return values[0][1] if values else None
    most = same.most_common(1)[0][0]
    first, chosen = next((row, value) for row, value in values if _folded(key, value) == most)
    is_name = key in {"first", "last"}
    for row, value in values:
        if _folded(key, value) == most:
            continue
        text = (
            _("“%(value)s” is called “%(other)s” in row %(row)s. One user name is one person with one name.")
            if is_name
            else _("Here stands “%(value)s”, in row %(row)s “%(other)s”, for the same %(what)s, %(code)s.")
        )
        names = {"unit": _("unit"), "position": _("position"), "person": _("person")}
        sheet.fault(
            FaultKind.NAMES if is_name else FaultKind.CONTRADICTION,
            row,
            key,
            text % {"value": value, "other": chosen, "row": first, "what": names[what], "code": code},
        )
    return chosen


def _folded(key: str, value: Any) -> Any:
    return value.casefold() if key == "email" else value


def written(day: dt.date) -> str:
    """A date as in a Norwegian spreadsheet."""
    return f"{day:%d.%m.%Y}"


def _explain(kind: FaultKind) -> str:
    return {
        FaultKind.UNIT_KIND: _(
            "“%(value)s” is no kind of unit. Write Kommune, Sektor, Stab, Virksomhet, Seksjon or Avdeling."
        ),
        FaultKind.LEADER_GROUP: _("“%(value)s” is no leader level. Write 1, 2 or 3."),
        FaultKind.CHAPTER: _("“%(value)s” is no chapter. Write 3.4.1, 3.4.2 or 5."),
        FaultKind.DATE: _("“%(value)s” can't be read as a date. Write it as 31.12.2027."),
        FaultKind.YES_NO: _("“%(value)s” is neither Ja nor Nei."),
    }[kind]
