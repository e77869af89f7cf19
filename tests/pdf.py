"""What can be read out of a PDF: the text of its pages, and what is attached to it."""

import io
import json

import pypdf

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
