"""Errors that quote a text, raised in the places where one is held: each as the libraries there could raise it."""

from contextlib import contextmanager

import pytest
from django.db import DataError, connection
from django.forms.fields import Field
from django.template import base as templates

from leder.agreements.vault import cipher as vault

WORD = "Fortrolighetens"
TEXT = f"{WORD} grense på norsk"


def fail(text):
    """An error that quotes a text, and another of the same behind it."""
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"can't use {text}") from error


@contextmanager
def _in_the_form():
    def clean(self, value):
        if WORD in str(value):
            raise LookupError(f"can't read {value}")
        return kept(self, value)

    kept = Field.clean
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Field, "clean", clean)
        yield


@contextmanager
def _in_encryption():
    class Breaking:
        def __init__(self, key):
            self.aead = kept(key)

        def encrypt(self, nonce, data, place):
            if _holds(data):
                raise RuntimeError(f"can't seal {data.decode()}")
            return self.aead.encrypt(nonce, data, place)

        def decrypt(self, *args):
            return self.aead.decrypt(*args)

    kept = vault.AESGCM
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "AESGCM", Breaking)
        yield


@contextmanager
def _in_decryption():
    class Breaking:
        def __init__(self, key):
            self.aead = kept(key)

        def encrypt(self, *args):
            return self.aead.encrypt(*args)

        def decrypt(self, *args):
            data = self.aead.decrypt(*args)
            if _holds(data):
                # No ValueError: that is what a text gives that doesn't open, and the pages say so.
                raise RuntimeError(f"can't use {data.decode()}")
            return data

    kept = vault.AESGCM
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "AESGCM", Breaking)
        yield


@contextmanager
def _in_the_database():
    def refuse(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and '"leder_' in sql:
            raise DataError(f"out of range: {TEXT}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def _on_the_page():
    failed = []

    def render(value, context):
        shown = kept(value, context)
        # Once: Django's report of it is a template too.
        if WORD in shown and not failed:
            failed.append(True)
            raise RuntimeError(f"can't show {shown}")
        return shown

    kept = templates.render_value_in_context
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "render_value_in_context", render)
        yield


def _holds(data):
    return WORD.encode() in data


WAYS = {
    "form": _in_the_form,
    "encryption": _in_encryption,
    "decryption": _in_decryption,
    "database": _in_the_database,
    "page": _on_the_page,
}
