"""From rows of cells to facts: every row by itself. What can't be understood is noted, and the reading goes on."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .columns import PERSON, POSITION, TERM, THINGS, UNIT, Column, Thing, every_column
from .faults import Fault, FaultKind, Kind
from .plain import Account, Organisation, TermKey
from .reading import Table

# A file with more is wrong as a whole; the first ones tell how.
MOST_FAULTS = 10_000


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

    def fault(self, kind: Kind, row: int | None, key: str, text: str) -> None:
        """Note what is wrong in a row, in the column that the file has for `key`."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, row, self.headings[key], text))

    def row_of(self, what: str, code: str, key: str) -> int:
        """The first row that states this fact."""
        return self.stated[what, code, key][0][0]


def understand(table: Table, places: Mapping[int, str], accounts: Mapping[str, Account]) -> Sheet:
    """Read all rows. `places` says which of our columns stands in which place of the row."""
    headings = {column.key: column.heading for column in every_column()}
    sheet = Sheet(headings | {key: table.headings[place] or headings[key] for place, key in places.items()})
    reader = _RowReader(sheet, {key: place for place, key in places.items()}, accounts)
    for number, row in table.rows:
        reader.parse(number, row)
    _gather(sheet, set(places.values()))
    return sheet


class _RowReader:
    def __init__(self, sheet: Sheet, places: Mapping[str, int], accounts: Mapping[str, Account]) -> None:
        self.sheet = sheet
        self.columns = [(places[each.key], each) for each in every_column() if each.key in places]
        self.accounts = accounts
        self.folded: dict[str, list[str]] = defaultdict(list)
        for key in accounts:
            self.folded[key.casefold()].append(key)
        self.new: dict[str, str] = {}
        self.model: Any = get_user_model()
        self.room = {each.key: thing.room(each) for thing in THINGS for each in thing.own if each.cell.free}
        self.facts = {thing.key: _keys(thing.columns[1:]) for thing in THINGS}
        self.of_term = set(_keys(TERM))
        self.of_position, self.of_person = _keys(POSITION.own), _keys(PERSON.own)
        self.filled_units, self.filled_positions = _filled(UNIT.own), _filled(POSITION.own)
        self.filled_terms = _filled([PERSON.code, *TERM])

    def parse(self, number: int, row: tuple[Any, ...]) -> None:
        """One row: its unit, its position if it has one, its appointment if somebody is named."""
        raw = [row[place] if place < len(row) else None for place, _column in self.columns]
        text = {
            column.key: column.cell.text(cell)
            for (_place, column), cell in zip(self.columns, raw, strict=True)
        }
        has_person = any(text.get(key) for key in self.of_person)
        has_position = has_person or any(text.get(key) for key in self.of_position)
        value: dict[str, Any] = {}
        for (_place, column), cell in zip(self.columns, raw, strict=True):
            written = text[column.key]
            is_asked = has_person or column.key not in self.of_term
            value[column.key] = self._value(number, column, cell, written) if is_asked else written
        needed = [*self.filled_units]
        needed += self.filled_positions if has_position else []
        needed += self.filled_terms if has_person else []
        for key in needed:
            if not text.get(key):
                self._missing(number, key)
        self._state(number, UNIT, text["unit"], value)
        if has_position:
            self._state(number, POSITION, text["position"], value)
        if has_person and text["person"]:
            self._person(number, text, value)

    def _value(self, number: int, column: Column, raw: Any, written: str) -> Any:
        """What the cell means; None where that can't be told."""
        cell = column.cell
        if written.startswith("#") and written.rstrip("!?").isupper() and written != "#":
            text = _("The cell shows an error, “%(value)s”. Put the value itself there.")
            return self._refuse(FaultKind.EXCEL, number, column.key, text % {"value": written[:20]})
        if cell.free and len(written) > self.room[column.key]:
            text = _("The text has %(length)s letters; there is room for %(most)s.")
            text %= {"length": len(written), "most": self.room[column.key]}
            return self._refuse(FaultKind.TOO_LONG, number, column.key, text)
        if cell.parse is None or not written:
            return written
        parse, wrong = cell.parse
        try:
            return parse(raw)
        except (ValueError, OverflowError):
            return self._refuse(wrong.kind, number, column.key, str(wrong.text) % {"value": written[:60]})

    def _refuse(self, kind: Kind, number: int, key: str, text: str) -> Any:
        """Note the fault; the cell's value is then None."""
        self.sheet.fault(kind, number, key, text)
        return None

    def _missing(self, number: int, key: str) -> None:
        self.sheet.fault(
            FaultKind.MISSING_VALUE, number, key, _("The cell is empty. It has to be filled in.")
        )

    def _state(self, number: int, thing: Thing, code: str, value: Mapping[str, Any]) -> None:
        if code and value.get(thing.code.key) is not None:
            for key in self.facts[thing.key]:
                self.sheet.stated[thing.key, code, key].append((number, value.get(key)))

    def _person(self, number: int, text: Mapping[str, str], value: dict[str, Any]) -> None:
        key = self._resolve(text["person"])
        account = self.accounts.get(key)
        for column in PERSON.columns[1:]:
            # What an account has no more than the row may stay empty.
            if column.filled and not text.get(column.key) and (account is None or column.of(account.facts)):
                self._missing(number, column.key)
        if account is None:
            self._check_username(number, key, value)
        self._state(number, PERSON, key, value)
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


def _keys(columns: Iterable[Column]) -> list[str]:
    return [column.key for column in columns]


def _filled(columns: Iterable[Column]) -> list[str]:
    return _keys(column for column in columns if column.filled)


def _gather(sheet: Sheet, there: set[str]) -> None:
    """Put the facts together, one of each; where rows contradict each other, name those that are alone with theirs.

    A fact whose column is not `there` is None, that of an empty cell "".
    """
    things = {thing.key: thing for thing in THINGS}
    columns = {(thing.key, column.key): column for thing in THINGS for column in thing.columns}
    facts: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for (what, code, key), stated in sheet.stated.items():
        column = columns[what, key]
        agreed = _agreed(sheet, things[what], code, column, stated) if key in there else None
        facts[what, code][column.place] = agreed
    for (what, code), fact in facts.items():
        getattr(sheet.organisation, things[what].many)[code] = things[what].facts(code, **fact)


def _agreed(sheet: Sheet, thing: Thing, code: str, column: Column, stated: list[tuple[int, Any]]) -> Any:
    # What could not be understood, or has to be there and is not, has its fault already.
    values = [(row, value) for row, value in stated if value is not None]
    if not column.empty:
        values = [(row, value) for row, value in values if value != ""]
    folded = column.cell.folded
    same = Counter(folded(value) for _row, value in values)
    if len(same) <= 1:
        return values[0][1] if values else ""
    most = same.most_common(1)[0][0]
    first, chosen = next((row, value) for row, value in values if folded(value) == most)
    wrong = column.contradicts
    for row, value in values:
        if folded(value) != most:
            said = {"value": value, "other": chosen, "row": first, "what": thing.word, "code": code}
            sheet.fault(wrong.kind, row, column.key, str(wrong.text) % said)
    return chosen


def written(day: dt.date) -> str:
    """A date as in a Norwegian spreadsheet."""
    return f"{day:%d.%m.%Y}"
