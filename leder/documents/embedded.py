"""What stands in a file that somebody brings: records that are attached to it, and addresses for checking.

Read stream by stream instead of as a PDF: a changed file need not be one, and a hostile one that is costs what a PDF
can cost (objects in objects, endless chains of earlier versions). All that is done is bounded before it is done: how
many streams are opened, how much comes out of each and out of all, how much of a record is parsed, how deep it is.
What is beyond a bound is passed by: the file is then simply none of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1024 * 1024
# The largest that a test writes, with 50 goals a section, uses less than a fifth of bytes and marks.
MOST_STREAMS = 4000
MOST_INFLATED = 32 * MEGABYTE
MOST_RECORD = 2 * MEGABYTE
MOST_RECORDS = 8
# Braces, brackets, commas and quotation marks, those in what is written too: each may become an object in memory.
MARKS = (b"{", b"[", b",", b'"')
MOST_MARKS = 200_000
MOST_DEPTH = 32
PIECE = 64 * 1024

BEGINS, ENDS = re.compile(rb"stream\r?\n"), b"endstream"
ADDRESS = re.compile(rb"/kontroll/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")
# Canonical JSON has its keys in order, and a record's first is this.
RECORD_BEGINS = b'{"agreement":'
# One that never ends is taken to the end of all, so that no place is looked at twice.
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
BRACKET = re.compile(rb"[\[\]{}]")


@dataclass(frozen=True)
class Attached:
    """A record found in a file: its digest, and the little that is asked of what it says itself."""

    sha256: str
    whole_sha256: str
    is_draft: bool


def parse(file: bytes, *, is_ours: bool = False) -> tuple[list[Attached], set[str]]:
    """Return the records attached to a file, and the addresses for checking in it; two of these stand for any number.

    `is_ours` says that these bytes are known to have been made here. Then a record is as large as what two people have
    written, whatever that is.
    """
    records: list[Attached] = []
    addresses = _addresses(file, set())
    looked_at = 0
    most = MOST_INFLATED if is_ours else MOST_RECORD
    for content in _streams(file, most):
        addresses = _addresses(content, addresses)
        if not content.startswith(RECORD_BEGINS) or looked_at == MOST_RECORDS:
            continue
        looked_at += 1
        if is_ours or _is_modest(content):
            records += _attached(content)
    return records, addresses


def _addresses(content: bytes, known: set[str]) -> set[str]:
    """The addresses known, and those in this, until there are two."""
    found = set(known)
    for match in ADDRESS.finditer(content):
        if len(found) > 1:
            break
        found.add(match[1].decode())
    return found


def _streams(file: bytes, most: int) -> Iterator[bytes]:
    """What is packed in a file, in order; not what doesn't unpack, nor what unpacks to more than `most`."""
    left, place, whole = MOST_INFLATED, 0, memoryview(file)
    for _number in range(MOST_STREAMS):
        begin = BEGINS.search(file, place)
        if begin is None or left <= 0:
            return
        end = file.find(ENDS, begin.end())
        place = end + len(ENDS) if end >= 0 else len(file)
        content, cost = _inflated(whole[begin.end() : place], min(most, left))
        left -= cost
        if content is not None:
            yield content


def _inflated(packed: memoryview, most: int) -> tuple[bytes | None, int]:
    """What comes out, or None where it isn't packed or is more than `most`; and how much came out in any case."""
    opener, pieces, size = zlib.decompressobj(), [], 0
    for begin in range(0, len(packed), PIECE):
        rest: bytes | memoryview = packed[begin : begin + PIECE]
        while rest and not opener.eof:
            try:
                pieces.append(opener.decompress(rest, PIECE))
            except zlib.error:
                # What came out of the last piece before it failed is not known, but it is no more than this.
                return None, size + PIECE
            size += len(pieces[-1])
            if size > most:
                return None, size
            rest = opener.unconsumed_tail
    return b"".join(pieces), size


def _is_modest(content: bytes) -> bool:
    """Whether a stranger's record, which is no larger than ours are, has no more parts and is no deeper."""
    if sum(content.count(mark) for mark in MARKS) > MOST_MARKS:
        return False
    depth = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MOST_DEPTH:
            return False
    return True


def _attached(content: bytes) -> Iterator[Attached]:
    says = _parsed(content)
    if says is not None:
        own = hashlib.sha256(content).hexdigest()
        named = says.get("whole_sha256")
        # What is sealed has a salt.
        yield Attached(own, named if isinstance(named, str) else own, "salt" not in says)


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        # No number is asked for, and to make one of many digits takes long.
        says = json.loads(content, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return says if isinstance(says, dict) else None
