"""Marks in what people write, and the search for them in whatever comes out: as they are, or encoded."""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

# Lower case letters and digits: it survives escaping, slugs, stemming and search indexes as it is.
MARK = "qz9kanari"
WORD = "kvitrer"
DIGITS = 4
UNKNOWN = f"{MARK}…"

PLAIN = re.compile(rf"{MARK}[0-9a-f]{{{DIGITS}}}".encode())
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{20,}={0,2}")
ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP_HEAD = b"\x1f\x8b"
ZIP_HEAD = b"PK\x03\x04"
LARGEST_INFLATED = 4_000_000


@dataclass(frozen=True)
class Marker:
    """A marked text: in which agreement, of what kind, in which section, whose, from which field of which form.

    `kind` is "preparation", "follow-up" for its questions, "purpose" of a share, "posted" for what was never received,
    or "text" for all else that the two share.
    """

    text: str
    agreement: str
    kind: str
    author: str
    address: str
    field: str
    section: str = ""
    private: bool = False

    @property
    def word(self) -> str:
        """A word that stands beside the mark: to search for without asking for the mark itself."""
        return WORD + self.text.removeprefix(MARK)

    def written(self) -> str:
        """What is typed: the mark and the word, with letters that encodings change."""
        return f"{self.text} {self.word} – så «ærlig» & åpent"


@dataclass
class Register:
    """Every mark that was made, by its text."""

    markers: dict[str, Marker] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def mark(self, **about: object) -> Marker:
        """Make a mark for one field of one form."""
        marker = Marker(text=f"{MARK}{next(self._numbers):0{DIGITS}x}", **about)  # type: ignore[arg-type]
        self.markers[marker.text] = marker
        return marker


def find(data: bytes | str) -> set[str]:
    """Return the marks in some data, `UNKNOWN` for one that is cut or encoded. For data of any size.

    Looks for the text as it is (in any case; so also inside JSON and addresses), in UTF-16, hexadecimal, and base64
    from each of its three offsets.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)
    lower = raw.lower()
    found: set[str] = set()
    if there := lower.count(MARK.encode()):
        hits = PLAIN.findall(lower)
        found |= {hit.decode() for hit in hits}
        if len(hits) < there:
            found.add(UNKNOWN)
    if any(each in raw for each in ENCODED):
        found.add(UNKNOWN)
    return found


def find_deep(data: bytes | str) -> set[str]:
    """As `find`, and in what is packed in it: compressed, also in base64, and files in archives. For small data."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)
    return set().union(*(find(layer) for layer in _layers(raw, depth=3)))


def _layers(raw: bytes, depth: int) -> Iterator[bytes]:
    yield raw
    if depth == 0:
        return
    if raw[:2] in ZLIB_HEADS or raw[:2] == GZIP_HEAD:
        yield from _inflated(raw, depth)
    if raw[:4] == ZIP_HEAD:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield from _layers(archive.read(name), depth - 1)
    for run in BASE64_RUN.findall(raw):
        body = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        try:
            inner = base64.b64decode(body + b"=" * (-len(body) % 4))
        except binascii.Error:
            continue
        # Most runs of letters are words: only what is packed once more is followed.
        if inner[:2] in ZLIB_HEADS or inner[:2] == GZIP_HEAD:
            yield from _inflated(inner, depth)


def _inflated(raw: bytes, depth: int) -> Iterator[bytes]:
    try:
        yield from _layers(zlib.decompressobj(wbits=47).decompress(raw, LARGEST_INFLATED), depth - 1)
    except zlib.error:
        return


def _encodings(text: str) -> Iterator[bytes]:
    """What a text looks like inside something encoded; its own letters in both cases where it matters."""
    for written in (text, text.upper(), text.capitalize()):
        raw = written.encode()
        yield from (written.encode("utf-16-le"), written.encode("utf-16-be"))
        yield from (raw.hex().encode(), raw.hex().upper().encode())
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + raw)
            # Only the characters that the text alone decides.
            yield encoded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]


ENCODED = sorted(set(_encodings(MARK)))
