"""A file is read in a process of its own, which holds no key and no connection, and can be ended.

A page that reads a stranger's file itself holds whoever waits for the same server as long as the file likes: a workbook
of 71 kB took 103 seconds. Passed to the process are the bytes, by a pipe; what comes back are plain values. A text file
of a few leaders is read here: whatever stands in it takes less time than a process takes to begin.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from . import unpacking
from .faults import FileRefused

logger = logging.getLogger("leder.organisation")

# Bytes of text that cost next to nothing in the worst order of letters, which takes the square of their number.
SMALL = 16 * 1024


def rows_of(content: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of a file that are not empty, each with its number.

    Raises `FileRefused` with words for the one who sent it.
    """
    is_light = len(content) <= SMALL and not unpacking.is_packed(content)
    for line in unpacking.written(content) if is_light else _read(content).splitlines():
        found = json.loads(line, object_hook=as_day)
        if isinstance(found, dict):
            raise FileRefused(WORDS[found["refused"]](found))
        number, row = found
        yield number, tuple(row)


def _read(content: bytes) -> bytes:
    command = [_python(), "-P", "-m", unpacking.__name__]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=content,
            stdout=subprocess.PIPE,
            # What it says of an error may hold what stands in the file.
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=unpacking.PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0:
        logger.warning(
            "a file of %d kB could not be read: %s",
            len(content) // 1000,
            "out of time" if done is None else f"the process ended with {done.returncode}",
        )
        raise FileRefused(_heavy({}))
    return done.stdout


def _python() -> str:
    """The interpreter of this environment: within some servers `sys.executable` is the server."""
    ours = Path(sys.prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    return str(ours) if ours.is_file() else sys.executable


def _environment() -> dict[str, str]:
    """What the process is told: where modules lie, and none of the secrets that this one was given."""
    ours = {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Where numpy is installed openpyxl loads it, and it takes memory for each processor.
        "OPENBLAS_NUM_THREADS": "1",
    }
    return ours | {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


def as_day(value: dict[str, Any]) -> Any:
    """Return the day that an object of JSON stands for; any other as it is."""
    if "day" not in value:
        return value
    return dt.datetime.fromisoformat(value["day"])


def _heavy(_row: dict[str, Any]) -> str:
    return _(
        "The file takes too long to read, so the reading was stopped. Open it in Excel, copy the rows with leader "
        "positions to a new workbook, and save that as CSV UTF-8."
    )


# For each reason to refuse a file, what to do.
WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "heavy": _heavy,
    "neither": lambda _row: _("This is neither a CSV file nor an Excel workbook (.xlsx)."),
    "rows": lambda _row: _("The file has more than 100,000 rows. Send the leader positions only."),
    "much": lambda _row: _("There is far too much in the file. Send one sheet with the leader positions."),
    "long": lambda _row: _(
        "A cell holds more text than a spreadsheet has room for. Is a quotation mark missing somewhere?"
    ),
    "quote": lambda row: (
        _("The file can't be read from line %(line)s on. Is a quotation mark missing there?")
        % {"line": row["line"]}
    ),
    "letters": lambda _row: _("The file's letters can't be read. Save it as “CSV UTF-8”."),
    "unreadable": lambda _row: _(
        "The workbook can't be read. Open it in Excel and save it again as .xlsx, or as CSV UTF-8."
    ),
    "sheet": lambda _row: _("The workbook has no sheet with rows."),
    "macros": lambda _row: _("The workbook has macros. Save it as “Excel workbook (.xlsx)”, without macros."),
    "defines": lambda _row: _("The workbook can't be read: it defines things of its own."),
}
