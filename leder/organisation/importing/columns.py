"""What a file says of units, positions, people and their appointments: every column of it, in one place.

A column carries its Norwegian heading and the other names that HR systems give it, how its cells are read and what is
said when they can't be, which fact and which field of the database it fills, what a change of it is called, and how it
is exported. A new column of a unit, a position or a person is a line in its facts and a `Column` here, and the field of
the model. One of an appointment says who leads when, and is a matter for `terms.py` too.

The headings are data in a file that people read, so they stand in the language of the municipality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.organisation.models import Position, Unit

from . import cells
from .cells import Cell, plain
from .faults import FaultKind, Kind, Wrong

Label = str | Promise
CONTRADICTION = Wrong(
    FaultKind.CONTRADICTION,
    _("Here stands “%(value)s”, in row %(row)s “%(other)s”, for the same %(what)s, %(code)s."),
)
TWO_NAMES = Wrong(
    FaultKind.NAMES,
    _("“%(value)s” is called “%(other)s” in row %(row)s. One user name is one person with one name."),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns.

    `fact` is where its value stands among the facts, `field` the field of the model that it fills, where these are not
    the key; a field named in capitals is the one that the user model itself says it is. `needed` says that a file
    without the column is refused, `filled` that an empty cell is a fault. `empty` is what is said of an empty cell that
    says something; else an empty cell contradicts nothing. `change` is the kind of change when the value is another,
    `contradicts` the fault when two rows disagree. `borrowed` is another thing's column that says something of this.
    """

    key: str
    heading: str
    cell: Cell = cells.TEXT
    fact: str = ""
    field: str = ""
    needed: bool = True
    filled: bool = False
    empty: Label = ""
    change: Kind | None = None
    contradicts: Wrong = CONTRADICTION
    borrowed: bool = False
    synonyms: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The name of its value among the facts."""
        return self.fact or self.key

    def of(self, facts: Any) -> Any:
        """The value among the facts of a unit, a position or a person."""
        return getattr(facts, self.place)

    def written(self, facts: Any) -> Any:
        """The cell of an exported file."""
        value = self.of(facts)
        return "" if value is None or value == "" else self.cell.write(value)


@dataclass(slots=True)
class Thing:
    """A unit, a position or a person: what a file says of one. The first column is its code.

    `facts` holds what the file says, `many` is where an organisation has them all, `called` gives its name, and `above`
    is the fact with the code of what stands above it. Kinds of changes: `new`, those of its columns, and
    `back_and_off` for one that comes into use again and one that goes out of it.
    """

    key: str
    word: Label
    many: str
    model: Callable[[], Any]
    facts: Any
    called: Callable[[Any], str]
    new: Kind
    columns: tuple[Column, ...]
    back_and_off: tuple[Kind, ...] = ()
    above: str = ""

    @property
    def code(self) -> Column:
        """The column that it is known by."""
        return self.columns[0]

    @property
    def own(self) -> list[Column]:
        """The columns that are only about this."""
        return [column for column in self.columns if not column.borrowed]

    def changes(self) -> list[Kind]:
        """The kinds of changes of its columns, in their order."""
        return list(dict.fromkeys(column.change for column in self.columns if column.change))

    def kinds(self) -> list[Kind]:
        """All kinds of its changes, in the order they are shown."""
        return [self.new, *self.changes(), *self.back_and_off]

    def field(self, column: Column) -> Any:
        """The field of the model that a column fills."""
        model = self.model()
        name = column.field or column.place
        return model._meta.get_field(getattr(model, name) if name.isupper() else name)

    def path(self, column: Column) -> str:
        """Where the database holds the value: of a relation the code of the other."""
        field = self.field(column)
        return f"{field.name}__code" if field.is_relation else str(field.name)

    def room(self, column: Column) -> int:
        """How many letters the field has room for."""
        field = self.field(column)
        field = field.related_model._meta.get_field("code") if field.is_relation else field
        return getattr(field, "max_length", None) or 254


class UnitFacts(NamedTuple):
    """What a file says of a unit; `parent` is the code of the unit it is part of."""

    code: str
    name: str
    kind: str
    parent: str = ""


class PositionFacts(NamedTuple):
    """What a file says of a position; `unit` and `reports_to` are codes."""

    code: str
    title: str
    unit: str
    group: int
    chapter: str
    reports_to: str = ""


class PersonFacts(NamedTuple):
    """What a file says of a person; `email` is None when the file has no such column."""

    key: str
    first: str
    last: str
    email: str | None = None


_UNIT_CHANGED = Kind("unit_changed", _("Units that change name or kind"))
_UNIT_MOVED = Kind("unit_moved", _("Units that move to another unit"))
_POSITION_CHANGED = Kind("position_changed", _("Positions that change title, level or chapter"))
_POSITION_MOVED = Kind("position_moved", _("Positions that move to another unit"))
_POSITION_SUPERIOR = Kind("position_superior", _("Positions that get another superior"))
UNIT_BACK = Kind("unit_back", _("Units back in use"))
UNIT_OFF = Kind("unit_off", _("Units that go out of use"))
POSITION_BACK = Kind("position_back", _("Positions back in use"))
POSITION_OFF = Kind("position_off", _("Positions that go out of use"))
_PERSON_NAME = Kind("person_name", _("People who change name"), between=" ")
_PERSON_EMAIL = Kind("person_email", _("E-mail addresses that change"))

UNIT = Thing(
    "unit", _("unit"), "units", lambda: Unit, UnitFacts, lambda unit: unit.name,
    new=Kind("unit_new", _("New units")),
    back_and_off=(UNIT_BACK, UNIT_OFF),
    above="parent",
    columns=(
        Column(
            "unit", "Enhetskode", cells.CODE, fact="code", filled=True,
            synonyms=(
                "Enhetsnummer", "Enhetsnr", "Enhet nr", "Enhetsid", "Enhets-ID", "Org.enhet kode", "Organisasjonskode",
                "Orgkode", "Org nr", "Avdelingskode", "Avdelingsnr", "Ansvar", "Ansvarskode", "Unit code",
                "Department ID",
            ),
        ),
        Column(
            "unit_name", "Enhet", fact="name", filled=True, change=_UNIT_CHANGED,
            synonyms=("Enhetsnavn", "Navn på enhet", "Org.enhet", "Organisasjonsenhet", "Unit", "Unit name"),
        ),
        Column(
            "unit_kind", "Enhetstype", cells.UNIT_KIND, fact="kind", filled=True, change=_UNIT_CHANGED,
            synonyms=("Type enhet", "Enhetsnivå", "Orgtype", "Organisasjonstype", "Unit type", "Unit kind"),
        ),
        Column(
            "unit_parent", "Overordnet enhet", cells.CODE, fact="parent", empty=_("none"), change=_UNIT_MOVED,
            synonyms=(
                "Overordnet enhetskode", "Kode overordnet enhet", "Overliggende enhet", "Del av", "Foreldreenhet",
                "Overordnet org.enhet", "Parent unit", "Parent",
            ),
        ),
    ),
)  # fmt: skip
POSITION = Thing(
    "position", _("position"), "positions", lambda: Position, PositionFacts, lambda position: position.title,
    new=Kind("position_new", _("New positions")),
    back_and_off=(POSITION_BACK, POSITION_OFF),
    above="reports_to",
    columns=(
        Column(
            "position", "Stillingskode", cells.CODE, fact="code", filled=True,
            synonyms=(
                "Stillingsnummer", "Stillingsnr", "Stilling nr", "Stillings-ID", "Stillingsid", "Lederstilling kode",
                "Position code", "Position ID",
            ),
        ),
        Column(
            "title", "Stilling", filled=True, change=_POSITION_CHANGED,
            synonyms=("Stillingsnavn", "Stillingstittel", "Stillingsbetegnelse", "Tittel", "Position", "Title"),
        ),
        replace(UNIT.code, fact="unit", change=_POSITION_MOVED, borrowed=True),
        Column(
            "group", "Ledernivå", cells.LEADER_GROUP, filled=True, change=_POSITION_CHANGED,
            synonyms=("Ledergruppe", "Nivå", "Gruppe", "Leder nivå", "Leder gruppe", "Leader group", "Level"),
        ),
        Column(
            "chapter", "HTA-kapittel", cells.CHAPTER, field="hta_chapter", filled=True, change=_POSITION_CHANGED,
            synonyms=("HTA kap", "Kapittel", "Kapittel i HTA", "Lønnskapittel", "HTA", "HTA chapter"),
        ),
        Column(
            "reports_to", "Rapporterer til", cells.CODE, empty=_("nobody"), change=_POSITION_SUPERIOR,
            synonyms=(
                "Overordnet stilling", "Overordnet stillingskode", "Nærmeste leder stillingskode",
                "Leders stillingskode", "Nærmeste leder", "Rapporterer til stilling", "Reports to", "Superior position",
            ),
        ),
    ),
)  # fmt: skip
PERSON = Thing(
    "person", _("person"), "people", get_user_model, PersonFacts,
    lambda person: f"{person.first} {person.last}".strip(),
    new=Kind("person_new", _("New people")),
    columns=(
        Column(
            "person", "Brukernavn", cells.CODE, fact="key", field="USERNAME_FIELD", filled=True,
            synonyms=(
                "Ansattnummer", "Ansattnr", "Ansatt nr", "Ansatt-ID", "Ansattid", "Bruker-ID", "Brukerident", "Ident",
                "Ressursnummer", "Ressursnr", "Username", "User name", "Employee number", "Employee ID",
            ),
        ),
        Column(
            "first", "Fornavn", field="first_name", filled=True, change=_PERSON_NAME, contradicts=TWO_NAMES,
            synonyms=("First name", "Given name"),
        ),
        Column(
            "last", "Etternavn", field="last_name", filled=True, change=_PERSON_NAME, contradicts=TWO_NAMES,
            synonyms=("Last name", "Surname", "Family name"),
        ),
        Column(
            "email", "E-post", cells.EMAIL, field="EMAIL_FIELD", needed=False, change=_PERSON_EMAIL,
            synonyms=(
                "Epost", "E-postadresse", "Epostadresse", "E-mail", "Email", "Mail", "Mailadresse", "E-post jobb",
            ),
        ),
    ),
)  # fmt: skip
THINGS = (UNIT, POSITION, PERSON)
# Which appointment it is, and its last day.
TERM: tuple[Column, ...] = (
    Column(
        "starts", "Fra dato", cells.DAY, filled=True,
        synonyms=(
            "Fradato", "Fra", "Startdato", "Gjelder fra", "Gyldig fra", "Første dag", "Ansatt fra", "Dato fra",
            "Start date", "From", "Starts",
        ),
    ),
    Column(
        "ends", "Til dato", cells.LAST_DAY, needed=False,
        synonyms=(
            "Tildato", "Til", "Sluttdato", "Gjelder til", "Gyldig til", "Siste dag", "Ansatt til", "Dato til",
            "Fratrådt", "End date", "To", "Ends",
        ),
    ),
    Column(
        "acting", "Konstituert", cells.YES_OR_NO, needed=False,
        synonyms=("Fungerende", "Vikar", "Midlertidig", "Er konstituert", "Acting"),
    ),
)  # fmt: skip


def every_column() -> list[Column]:
    """All columns, in the order of an exported file."""
    return [*(column for thing in THINGS for column in thing.own), *TERM]


def guess(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[int, str]:
    """Our column for each place in the row, as far as it is known; never the same column twice.

    `remembered` says what somebody chose earlier for these headings ("" for a column that is left out); it goes before
    our own names for a column, and these before the synonyms.
    """
    chosen = remembered or {}
    columns = every_column()
    keys = {column.key for column in columns}
    ours = {plain(column.heading): column.key for column in columns}
    any_name = {
        plain(name): column.key for column in reversed(columns) for name in (*column.synonyms, column.heading)
    }
    found: dict[int, str] = {}
    for known in (chosen, ours, any_name):
        for place, heading in enumerate(headings):
            name = plain(heading)
            key = known.get(name)
            if key in keys and place not in found and chosen.get(name) != "" and key not in found.values():
                found[place] = key
    return found


def missing(found: Iterable[str]) -> list[Column]:
    """The columns that a file can't do without and that are not among those found."""
    there = set(found)
    return [column for column in every_column() if column.needed and column.key not in there]
