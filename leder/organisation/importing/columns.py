"""The columns of the file: their Norwegian headings, other names that HR systems give them, and the guess.

The headings are data in a file that people read, so they stand in the language of the municipality.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns. `needed` says that a file without it is refused; `longest` is what the database holds."""

    key: str
    heading: str
    needed: bool = True
    longest: int = 200
    synonyms: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column(
        "unit",
        "Enhetskode",
        longest=32,
        synonyms=(
            "Enhetsnummer", "Enhetsnr", "Enhet nr", "Enhetsid", "Enhets-ID", "Org.enhet kode", "Organisasjonskode",
            "Orgkode", "Org nr", "Avdelingskode", "Avdelingsnr", "Ansvar", "Ansvarskode", "Unit code", "Department ID",
        ),
    ),
    Column(
        "unit_name",
        "Enhet",
        synonyms=("Enhetsnavn", "Navn på enhet", "Org.enhet", "Organisasjonsenhet", "Unit", "Unit name"),
    ),
    Column(
        "unit_kind",
        "Enhetstype",
        longest=40,
        synonyms=("Type enhet", "Enhetsnivå", "Orgtype", "Organisasjonstype", "Unit type", "Unit kind"),
    ),
    Column(
        "unit_parent",
        "Overordnet enhet",
        longest=32,
        synonyms=(
            "Overordnet enhetskode", "Kode overordnet enhet", "Overliggende enhet", "Del av", "Foreldreenhet",
            "Overordnet org.enhet", "Parent unit", "Parent",
        ),
    ),
    Column(
        "position",
        "Stillingskode",
        longest=32,
        synonyms=(
            "Stillingsnummer", "Stillingsnr", "Stilling nr", "Stillings-ID", "Stillingsid", "Lederstilling kode",
            "Position code", "Position ID",
        ),
    ),
    Column(
        "title",
        "Stilling",
        synonyms=("Stillingsnavn", "Stillingstittel", "Stillingsbetegnelse", "Tittel", "Position", "Title"),
    ),
    Column(
        "group",
        "Ledernivå",
        longest=40,
        synonyms=("Ledergruppe", "Nivå", "Gruppe", "Leder nivå", "Leder gruppe", "Leader group", "Level"),
    ),
    Column(
        "chapter",
        "HTA-kapittel",
        longest=40,
        synonyms=("HTA kap", "Kapittel", "Kapittel i HTA", "Lønnskapittel", "HTA", "HTA chapter"),
    ),
    Column(
        "reports_to",
        "Rapporterer til",
        longest=32,
        synonyms=(
            "Overordnet stilling", "Overordnet stillingskode", "Nærmeste leder stillingskode", "Leders stillingskode",
            "Nærmeste leder", "Rapporterer til stilling", "Reports to", "Superior position",
        ),
    ),
    Column(
        "person",
        "Brukernavn",
        longest=150,
        synonyms=(
            "Ansattnummer", "Ansattnr", "Ansatt nr", "Ansatt-ID", "Ansattid", "Bruker-ID", "Brukerident", "Ident",
            "Ressursnummer", "Ressursnr", "Username", "User name", "Employee number", "Employee ID",
        ),
    ),
    Column("first", "Fornavn", longest=150, synonyms=("First name", "Given name")),
    Column("last", "Etternavn", longest=150, synonyms=("Last name", "Surname", "Family name")),
    Column(
        "email",
        "E-post",
        needed=False,
        longest=254,
        synonyms=("Epost", "E-postadresse", "Epostadresse", "E-mail", "Email", "Mail", "Mailadresse", "E-post jobb"),
    ),
    Column(
        "starts",
        "Fra dato",
        longest=40,
        synonyms=(
            "Fradato", "Fra", "Startdato", "Gjelder fra", "Gyldig fra", "Første dag", "Ansatt fra", "Dato fra",
            "Start date", "From", "Starts",
        ),
    ),
    Column(
        "ends",
        "Til dato",
        needed=False,
        longest=40,
        synonyms=(
            "Tildato", "Til", "Sluttdato", "Gjelder til", "Gyldig til", "Siste dag", "Ansatt til", "Dato til",
            "Fratrådt", "End date", "To", "Ends",
        ),
    ),
    Column(
        "acting",
        "Konstituert",
        needed=False,
        longest=40,
        synonyms=("Fungerende", "Vikar", "Midlertidig", "Er konstituert", "Acting"),
    ),
)  # fmt: skip

BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}


def plain(heading: str) -> str:
    """A heading without case, spaces and signs: “E-post ” and “epost” are the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading).casefold())


KNOWN: Mapping[str, str] = {
    plain(name): column.key for column in reversed(COLUMNS) for name in (*column.synonyms, column.heading)
}


def guess(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> dict[int, str]:
    """Our column for each place in the row, as far as it is known; never the same column twice.

    `remembered` says what somebody chose earlier for these headings ("" for a column that is left out); it goes before
    our own names for a column, and these before the synonyms.
    """
    chosen = remembered or {}
    found: dict[int, str] = {}
    for asked in (
        chosen.get,
        lambda name: next((column.key for column in COLUMNS if plain(column.heading) == name), None),
        KNOWN.get,
    ):
        for place, heading in enumerate(headings):
            name = plain(heading)
            if place in found or (name in chosen and not chosen[name]):
                continue
            key = asked(name)
            if key and key in BY_KEY and key not in found.values():
                found[place] = key
    return found


def missing(found: Iterable[str]) -> list[Column]:
    """The columns that a file can't do without and that are not among those found."""
    there = set(found)
    return [column for column in COLUMNS if column.needed and column.key not in there]
