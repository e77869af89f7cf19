"""What can be read out of a PDF: the text of its pages, and what is attached to it; and damage by hand."""

import io
import json

import pypdf
from django.db import connection

PDF_HEAD = b"%PDF-"


def text_of(pdf: bytes) -> str:
    """All text of a PDF in order, in one line."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def files_in(pdf: bytes) -> dict[str, bytes]:
    """The files attached to a PDF, by name."""
    attached = pypdf.PdfReader(io.BytesIO(pdf)).attachments
    return {name: files[0] for name, files in attached.items()}


def attached_to(pdf: bytes) -> dict[str, dict]:
    """The same, read as JSON."""
    return {name: json.loads(content) for name, content in files_in(pdf).items()}


def all_of(pdf: bytes) -> str:
    """Everything that somebody who has the file can read in it: what it says of itself, its pages, what is attached."""
    about = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    attached = b" ".join(files_in(pdf).values()).decode()
    return f"{about} {text_of(pdf)} {attached}"


def changed_by_hand(table: str, **values: object) -> None:
    """Change all rows behind the program's back, as one who has the database can."""
    columns = ", ".join(f"{name} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {columns}", [*values.values()])  # noqa: S608 (names from the tests)
