"""Typesetting by Typst: PDF/A-3a (archive) and PDF/UA-1 (accessible) in one pass, with fonts of our own.

Typst reads `typst/agreement.typ` and the fonts, and no other file; it is given text as strings. It asks no network: no
package is named, and nothing of what is set is read as its language. What it says of an error may hold the text it was
setting, so nothing of that goes on.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

HERE = Path(__file__).parent
STANDARDS: list[Any] = ["a-3a", "ua-1"]

# One at a time: a compiler keeps what it has set last, to be quick with the next.
_lock = threading.Lock()


class NotSet(Exception):
    """The document could not be set. Carries no content."""


def typeset(
    content: dict[str, Any], *, record: bytes, form: bytes, at: dt.datetime, goals: bytes = b""
) -> bytes:
    """Return the PDF of a document's content, with the canonical JSON of record and form attached. Raises NotSet.

    A follow-up shows goals that its record only names: they are attached, too.
    """
    check = content["check"]
    inputs = {
        "content": json.dumps(content),
        "record": record.decode(),
        "form": form.decode(),
        "goals": goals.decode(),
        "qr": qr_code(check["url"]) if check else "",
    }
    try:
        with _lock, warnings.catch_warnings():
            warnings.simplefilter("ignore", typst.TypstWarning)
            pdf = _compiler().compile(
                format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=int(at.timestamp())
            )
    except typst.TypstError:
        raise NotSet from None
    if not isinstance(pdf, bytes):
        raise NotSet
    return pdf


def qr_code(url: str) -> str:
    """Return the QR code of an address as SVG."""
    return str(segno.make(url, error="m", micro=False).svg_inline(border=0, dark="#0b5563", omitsize=True))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")]
    )
    return typst.Compiler(
        HERE / "typst" / "agreement.typ",
        root=HERE / "typst",
        font_paths=fonts,
        ignore_system_fonts=True,
    )
