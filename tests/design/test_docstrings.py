"""What docstrings and comments name in `backticks` is there: a module, a name in the code, or a file."""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("leder", "lorenskog_intranet")
# Of Django, Wagtail, browsers and tests. Add a name here where it is not one of ours.
OUTSIDE = {
    "AnonymousUser",
    "get_objects_for_user",
    "maxlength",
    "migrate",
    "person__password__startswith",
    "pbkdf2_sha256",
    "real_limits",
    "register_admin_urls",
}
QUOTED = re.compile(r"(?<!`)`(?!manage\.py )([^`\n]+)`(?!`)")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
FILE = re.compile(r"[\w/]+\.(?:py|html|typ|json)")


@cache
def sources() -> dict[Path, str]:
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in found}


@cache
def modules() -> dict[tuple[str, ...], set[str]]:
    """The names in each module and package; in a package those of its `__init__` alone."""
    return {
        tuple(path.with_suffix("").parts[: -1 if path.stem == "__init__" else None]): set(
            re.findall(r"\w+", source)
        )
        for path, source in sources().items()
    }


@cache
def names() -> set[str]:
    """Every word of the code: names, and words in strings, but nothing that only docstrings and comments say."""
    found = set(dir(builtins))
    for path, source in sources().items():
        found |= set(path.with_suffix("").parts)
        told = {text for _line, text in docstrings(source)}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in told:
                found |= set(re.findall(r"[^\W\d]\w*", node.value))
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        found |= {token.string for token in tokens if token.type == tokenize.NAME}
    return found


@cache
def files() -> set[str]:
    folders = (ROOT / folder for folder in (*FOLDERS, "templates", "fixtures", "tests"))
    return {
        str(path.relative_to(ROOT)) for folder in folders for path in folder.rglob("*.*") if path.is_file()
    }


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (
            text := ast.get_docstring(node, clean=False)
        ):
            yield getattr(node, "lineno", 1), text


def comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def is_there(dotted: str) -> bool:
    """Whether there is such a name; where it begins with a module of ours, whether it is that module's."""
    parts = tuple(dotted.split("."))
    if not all(part in names() or part in OUTSIDE for part in parts):
        return False
    if len(parts) == 1 or not any(parts[0] in module for module in modules()):
        return True
    return any(
        module[-length:] == parts[:length] and (length == len(parts) or parts[length] in words)
        for module, words in modules().items()
        for length in range(1, len(parts) + 1)
    )


def missing(text: str) -> Iterator[str]:
    for quoted in QUOTED.findall(text):
        for file in FILE.findall(quoted):
            if not any(each == file or each.endswith(f"/{file}") for each in files()):
                yield file
        for name in NAME.findall(re.sub(r"[\[(\"“].*", "", FILE.sub("", quoted))):
            if not is_there(name):
                yield name


def test_what_is_named_is_there() -> None:
    assert not [
        f"{path}:{line}: {name}"
        for path, source in sources().items()
        for line, text in (*docstrings(source), *comments(source))
        for name in missing(text)
    ]


@pytest.mark.parametrize(
    "gone", ["readiness", "reading.open_texts", "reading.gone.open_texts", "models.gone", "views/compact.py"]
)
def test_what_is_gone_is_found(gone: str) -> None:
    assert list(missing(f"See `{gone}`.")) == [gone]
