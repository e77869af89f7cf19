"""A mark is found however it is written, and a field for text that is new is noticed."""

from __future__ import annotations

import base64
import gc
import gzip
import io
import json
import zipfile
import zlib
from urllib.parse import quote

import pytest
from django import forms

from tests.canary.marking import UNKNOWN, Register, find, find_deep
from tests.canary.test_canary import text_fields

MARKER = Register().mark(agreement="", kind="text", author="", address="", field="")
WRITTEN = MARKER.written().encode()


@pytest.mark.parametrize(
    "encoded",
    [
        MARKER.text.encode(),
        MARKER.text.upper().encode(),
        json.dumps({"a": MARKER.written()}).encode(),
        quote(MARKER.written()).encode(),
    ],
)
def test_a_mark_is_found_as_it_is(encoded: bytes) -> None:
    assert find(b"..." + encoded + b"...") == {MARKER.text}


@pytest.mark.parametrize(
    "encoded",
    [
        MARKER.text[:11].encode(),
        MARKER.text.encode("utf-16"),
        MARKER.text.encode("utf-16-be"),
        MARKER.text.encode().hex().encode(),
        MARKER.text.encode().hex().upper().encode(),
        *(base64.b64encode(b"." * offset + WRITTEN) for offset in range(4)),
    ],
)
def test_a_mark_is_found_in_another_encoding(encoded: bytes) -> None:
    assert find(b"..." + encoded + b"...") == {UNKNOWN}


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened_archive:
        opened_archive.writestr("a.xml", MARKER.written() * 5)
    return content.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(WRITTEN),
        gzip.compress(WRITTEN),
        b"x:" + base64.urlsafe_b64encode(zlib.compress(WRITTEN * 9)).rstrip(b"=") + b":y",
        zlib.compress(json.dumps({"a": MARKER.text}).encode("utf-16")),
        archive(),
    ],
    ids=["deflated", "gzip", "base64", "utf-16", "archive"],
)
def test_a_mark_is_found_in_what_is_packed(data: bytes) -> None:
    assert find_deep(data) & {MARKER.text, UNKNOWN}
    assert not find(data)


def test_nothing_is_found_where_nothing_is() -> None:
    assert not find_deep("Et helt vanlig svar, kvitrer0001 og qz9." * 100)


def test_a_field_that_nobody_has_filled_in() -> None:
    class Overlooked(forms.Form):
        overlooked = forms.CharField()

    Overlooked.__module__ = "leder.agreements.forms.small"
    assert "overlooked" in text_fields()
    del Overlooked
    gc.collect()
