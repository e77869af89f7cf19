"""Files as HR systems write them, made for tests, and how to import them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from leder.organisation.importing import actions
from leder.organisation.importing.columns import every_column, guess
from leder.organisation.importing.plain import Organisation
from leder.organisation.importing.reading import Table, parse
from leder.organisation.importing.standing import load_standing

HEADINGS = [column.heading for column in every_column()]
KEYS = [column.key for column in every_column()]
TODAY = dt.date(2027, 6, 10)
Row = dict[str, Any]


def unit(code: str, name: str, kind: str = "Virksomhet", parent: str = "") -> Row:
    return {"unit": code, "unit_name": name, "unit_kind": kind, "unit_parent": parent}


KOMMUNE = unit("1", "Kommunen", "Kommune")
SKOLE = unit("10", "Granlia skole", "Virksomhet", "1")


def position(code: str, title: str, reports_to: str = "", group: Any = 2, chapter: Any = "3.4.2") -> Row:
    return {"position": code, "title": title, "group": group, "chapter": chapter, "reports_to": reports_to}


def person(
    username: str, first: str, last: str, starts: Any = "01.01.2020", ends: Any = "", acting: Any = ""
) -> Row:
    return {
        "person": username, "first": first, "last": last, "email": f"{username}@example.no",
        "starts": starts, "ends": ends, "acting": acting,
    }  # fmt: skip


def small() -> list[Row]:
    """A municipality with a director and a headteacher: the least that hangs together."""
    return [
        {
            **KOMMUNE,
            **position("S1", "Kommunedirektør", group=1, chapter="3.4.1"),
            **person("kari", "Kari", "Li"),
        },
        {**SKOLE, **position("S2", "Rektor", "S1"), **person("ola", "Ola", "Bø")},
    ]


def as_csv(rows: Iterable[Row], *, headings: Sequence[str] = HEADINGS, delimiter: str = ";") -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([row.get(key, "") for key in KEYS] if row else [])
    return written.getvalue().encode()


def as_xlsx(rows: Iterable[Row], *, headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(list(headings))
    for row in rows:
        sheet.append([row.get(key) for key in KEYS])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def places_of(table: Table) -> dict[int, str]:
    return guess(table.headings)


def look(content: bytes, **kwargs: Any) -> actions.Look:
    table = parse(content)
    return actions.look_at(table, places_of(table), **kwargs)


def bring_in(content: bytes, **kwargs: Any) -> Any:
    """Import a file; raises what the action raises."""
    table = parse(content)
    return actions.apply(table=table, places=places_of(table), name="fil.csv", **kwargs)


def organisation() -> Organisation:
    """What is in use now, as plain data."""
    return load_standing().in_use()


def everything() -> list[Any]:
    """Every row that an import may touch, with its ids."""
    from django.contrib.auth import get_user_model

    from leder.organisation.models import Appointment, Position, Unit

    models = (Unit, Position, Appointment, get_user_model())
    return [list(model._base_manager.order_by("pk").values_list()) for model in models]
