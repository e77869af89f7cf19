"""Every entry applies to the code as it is and names tests that there are, and the runner tells what it should."""

from __future__ import annotations

import ast
import multiprocessing
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.mutants.__main__ import BROKEN, KILLED, ROOT, SURVIVED, chosen_by_commit, try_all
from tests.mutants.entries import HERE, Broken, Mutant, mutants, mutated

AREAS = {
    "accounts", "chain", "checking", "documents", "handover", "hr", "inventory", "operators", "pairs", "reading",
    "record", "reopening", "rules", "safekeeping", "sharing", "signed_in", "signing", "sign_ins", "slowing",
    "states", "vault", "versions", "visibility",
}  # fmt: skip


def test_every_entry_applies() -> None:
    wrong = []
    for mutant in mutants():
        try:
            mutated(mutant, ROOT)
        except Broken as error:
            wrong.append(f"{mutant.name}: {error}")
    assert wrong == []


def stands(test: str) -> bool:
    """Whether there is such a test."""
    path, _, inner = test.partition("::")
    body = ast.parse((ROOT / path).read_text()).body
    for name in filter(None, inner.partition("[")[0].split("::")):
        found = [each for each in body if getattr(each, "name", None) == name]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return True


def test_every_test_that_is_named_is_there() -> None:
    named = {test for mutant in mutants() for test in mutant.tests}
    assert [test for test in sorted(named) if not stands(test)] == []
    # A flushed database is made anew: tests that do it are too slow for this.
    assert [test for test in sorted(named) if test.startswith(("tests/browser/", "tests/concurrency/"))] == []


def test_every_guard_has_its_entries() -> None:
    found = mutants()
    assert {mutant.area for mutant in found} == AREAS
    assert len(found) >= 80
    assert len(set(found)) == len(found)
    assert all(mutant.tests and mutant.why for mutant in found)


GUARD = '''
class Door:
    """A door."""

    def may_enter(self, age):
        return age >= 18

    def may_leave(self, age):
        return age >= 18
'''
TESTS = """
import pytest
from guard import Door

def test_enter():
    assert Door().may_enter(18) and not Door().may_enter(17)

def test_leave():
    assert Door().may_leave(18)

@pytest.fixture
def door():
    assert Door().may_enter(18)

def test_fixture(door):
    pass
"""


def git(folder: Path, *command: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *command], cwd=folder, check=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project of its own, with a guard and tests."""
    for name, text in (
        ("guard.py", GUARD),
        ("test_guard.py", TESTS),
        (".gitignore", "var/\n"),
        ("pyproject.toml", ""),
    ):
        (tmp_path / name).write_text(text)
    (tmp_path / "var").mkdir()
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "x")
    return tmp_path


def verdicts(chosen: list[Mutant], root: Path) -> dict[Mutant, str]:
    return {outcome.mutant: outcome.verdict for outcome in try_all(chosen, root, workers=2)}


def tried_apart(chosen: list[Mutant], root: Path) -> dict[Mutant, str]:
    """Try them as from the command line: in a process that has run no tests."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        return apart.submit(verdicts, chosen, root).result()


def entry(**changes: object) -> Mutant:
    values = {
        "area": "x", "why": "", "file": "guard.py", "inside": "Door.may_enter", "line": "age >= 18",
        "becomes": "age >= 17", "tests": ("test_guard.py::test_enter",), **changes,
    }  # fmt: skip
    return Mutant(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"inside": ""}, "more than once"),
        ({"line": "age > 18"}, "not there"),
        ({"inside": "Door.may_fly"}, "not there"),
        ({"file": "door.py"}, "not there"),
        ({"becomes": "age >= "}, "no Python"),
        ({"becomes": "(age >= 18)"}, "changes nothing"),
    ],
)
def test_an_entry_that_does_not_apply_says_why(checkout: Path, changes: dict[str, str], told: str) -> None:
    with pytest.raises(Broken, match=told):
        mutated(entry(**changes), checkout)


def test_only_what_is_named_changes(checkout: Path) -> None:
    path, text = mutated(entry(), checkout)
    assert path == Path("guard.py")
    assert text == GUARD.replace("age >= 18", "age >= 17", 1)


def test_each_is_told_by_what_became_of_it(checkout: Path) -> None:
    tried = {
        entry(why="killed"): KILLED,
        entry(why="killed too", becomes="True"): KILLED,
        entry(
            why="the other test is missing", inside="Door.may_leave", tests=("test_guard.py::test_leave",)
        ): SURVIVED,
        entry(why="one of two", tests=("test_guard.py::test_enter", "test_guard.py::test_leave")): SURVIVED,
        entry(why="no name", becomes="years >= 18"): BROKEN,
        entry(why="no fixture", becomes="False", tests=("test_guard.py::test_fixture",)): BROKEN,
        entry(why="no test", tests=("test_guard.py::test_enter",), line="age > 18"): BROKEN,
    }
    assert tried_apart(list(tried), checkout) == tried
    assert (checkout / "guard.py").read_text() == GUARD


def test_nothing_is_said_where_tests_fail_without_any(checkout: Path) -> None:
    (checkout / "guard.py").write_text(GUARD.replace("18", "19"))
    with pytest.raises(Broken, match="test_enter"):
        tried_apart([entry(line="age >= 19")], checkout)


def test_a_sample_is_of_the_commit(checkout: Path) -> None:
    every = [entry(why=str(number)) for number in range(40)]
    first = chosen_by_commit(every, 5, checkout)
    assert first == chosen_by_commit(every, 5, checkout)
    assert len(set(first)) == 5
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "y")
    assert chosen_by_commit(every, 5, checkout) != first
    assert chosen_by_commit(every, 99, checkout) == every


def test_a_field_that_means_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('[[mutant]]\nfiles = "x"\n')
    with pytest.raises(Broken, match="files"):
        mutants(tmp_path)
    assert HERE.name == "mutants"
