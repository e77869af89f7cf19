"""Tests run in a copy of the checkout, in a process that has read what others have made and nothing of ours yet.

Django, Wagtail and pytest take seconds to read: that is done once, and each run is a fork of this process. What stands
in the checkout is read by the fork alone, so that it meets the mutant and nothing else.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from defusedxml.ElementTree import parse

# What takes longest to read, and needs no settings of Django's.
READ_ONCE = (
    "_pytest.junitxml", "bs4", "cryptography.hazmat.primitives.ciphers.aead", "cryptography.x509",
    "django.contrib.postgres.fields", "django.core.management", "django.db.backends.sqlite3.base",
    "django.template.defaulttags", "django.test", "django_filters", "draftjs_exporter.html", "factory", "hypothesis",
    "icalendar", "openpyxl", "PIL.Image", "polib", "pydantic", "pygments.lexers", "pytest", "requests", "segno",
    "tablib", "typst",
)  # fmt: skip
OURS = ("leder", "lorenskog_intranet", "tests")
# Plugins that a run of a few tests has no use for.
WITHOUT = ("playwright", "base_url", "hypothesispytest", "faker", "cacheprovider", "xdist", "pytest_cov")
# Beside it lies the one that the migrations made, which each run copies (`tests.databases`).
DATABASE = "var/test.sqlite3"
OUTPUT, REPORT = "tmp/output", "tmp/report.xml"


def read_what_others_made() -> None:
    """Import what every run needs. What is not installed is left out."""
    for name in READ_ONCE:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)


def copy_checkout(root: Path, to: Path) -> None:
    """Copy what git knows and does not ignore, as it stands now; times too, so that compiled files count on."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=root, check=True, capture_output=True).stdout.decode().split("\0"):
        if name and (root / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, to / name)
    for folder in ("var", "tmp"):
        (to / folder).mkdir(exist_ok=True)


@dataclass(frozen=True)
class Run:
    """Some tests in a checkout: a process of their own that has begun."""

    checkout: Path
    process: BaseProcess

    @property
    def wrote(self) -> str:
        """What pytest wrote."""
        return (self.checkout / OUTPUT).read_text(errors="replace")

    @property
    def has_reported(self) -> bool:
        """Whether pytest came so far as to say what became of each test."""
        return (self.checkout / REPORT).exists()

    def failed_cases(self) -> dict[str, tuple[str, str]]:
        """Return the tests that did not pass, by name with dots: "failure", "error" or "skipped", and what was said."""
        found = {}
        for case in parse(self.checkout / REPORT).getroot().iter("testcase"):
            for child in case:
                if child.tag in ("failure", "error", "skipped"):
                    # One that failed, and whose world then could not be cleared up, has failed.
                    name = f"{case.get('classname')}.{case.get('name')}"
                    found.setdefault(name, (child.tag, child.get("message", "")))
        return found


def begin(checkout: Path, tests: Sequence[str], *, database: Path, whole: bool) -> Run:
    """Begin a run. `whole` says that the checkout is as it should be: then its compiled files are kept."""
    (checkout / REPORT).unlink(missing_ok=True)
    forking = multiprocessing.get_context("fork")
    process = forking.Process(target=_run, args=(checkout, tests, database, whole))
    process.start()
    return Run(checkout, process)


def _run(checkout: Path, tests: Sequence[str], database: Path, whole: bool) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    output = os.open(checkout / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.chdir(checkout)
    sys.path[:] = [
        str(checkout),
        *(each for each in sys.path if "site-packages" in each or "lib/python" in each),
    ]
    sys.dont_write_bytecode = not whole
    # A fork leaves behind what it has not put away.
    tempfile.tempdir = str(checkout / "tmp")
    # SQLite in a file of its own, and the settings that the checkout names.
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS"):
        os.environ.pop(name, None)
    os.environ |= {"LEDER_VAR": str(checkout / "var"), "TEST_DATABASE_FILE": str(database)}

    import pytest

    without = [f"-pno:{name}" for name in WITHOUT]
    arguments = ["-q", "-oaddopts=", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    sys.exit(int(pytest.main([*arguments, *without, f"--junitxml={REPORT}", *tests])))
