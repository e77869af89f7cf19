"""The list of mutants: read from the TOML files beside this, and applied to a checkout."""

from __future__ import annotations

import ast
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = frozenset({"why", "file", "inside", "line", "becomes", "tests"})


class Broken(Exception):
    """The entry says nothing of the code as it is now: it does not apply, or what comes of it is not a mutant."""


@dataclass(frozen=True)
class Mutant:
    """One change of one place, and the tests that must notice it."""

    area: str
    why: str
    file: str
    line: str
    becomes: str
    tests: tuple[str, ...]
    inside: str = ""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        where = self.inside or Path(self.file).name
        return f"{self.area}: {where}: {self.why}"


def mutants(folder: Path = HERE) -> list[Mutant]:
    """Return every entry, by area and then as listed. Raises Broken for one with a field that means nothing."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text())["mutant"]:
            if unknown := entry.keys() - FIELDS:
                raise Broken(f"{path.name}: no field is called {', '.join(sorted(unknown))}")
            found.append(Mutant(area=path.stem, **{**entry, "tests": tuple(entry["tests"])}))
    return found


def mutated(mutant: Mutant, root: Path) -> tuple[Path, str]:
    """Return the file that the mutant changes, as a path within the checkout, and its new text. Raises Broken."""
    found = []
    for path in sorted(root.glob(mutant.file)):
        text = path.read_text()
        start, end = _span(ast.parse(text), text, mutant.inside)
        if times := text.count(mutant.line, start, end):
            found.append((path, text, start, end, times))
    if not found:
        raise Broken("the line is not there any more")
    if len(found) > 1 or found[0][-1] > 1:
        raise Broken("the line is there more than once")
    path, text, start, end, _once = found[0]
    changed = text[:start] + text[start:end].replace(mutant.line, mutant.becomes) + text[end:]
    try:
        is_same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(text))
    except SyntaxError as error:
        raise Broken(f"it becomes no Python: {error.msg}") from error
    if is_same:
        raise Broken("it changes nothing")
    return path.relative_to(root), changed


def apply(mutant: Mutant, root: Path) -> Path:
    """Put the mutant into a checkout. Returns the file that was changed."""
    path, text = mutated(mutant, root)
    (root / path).write_text(text)
    # Compiled files are told by time and size of their source: this time is no other file's.
    os.utime(root / path, (1, 1))
    return path


def _span(tree: ast.Module, text: str, inside: str) -> tuple[int, int]:
    """Where a function or class stands in the text, decorators included: the whole text where none is named."""
    node: ast.AST = tree
    for name in filter(None, inside.split(".")):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        named = [each for each in ast.iter_child_nodes(node) if isinstance(each, kinds) and each.name == name]
        if len(named) != 1:
            return 0, 0
        node = named[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return 0, len(text)
    lines = [f"{line}\n" for line in text.split("\n")]
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return sum(map(len, lines[: first - 1])), sum(map(len, lines[: node.end_lineno]))
