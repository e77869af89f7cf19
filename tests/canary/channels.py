"""Where text could come out besides the pages: logs, mail, sessions, caches, files, the database, tasks, commands."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.management import CommandError, call_command, get_commands
from django.db import connection, transaction
from django.utils.log import AdminEmailHandler
from django_tasks.signals import task_enqueued

from tests.canary.marking import find, find_deep
from tests.canary.visiting import Sighting
from tests.databases import empty_log

OWN = ("leder", "lorenskog_intranet")
LONGEST_PIECE = 32 * 1024 * 1024
OVERLAP = 256
ENOUGH = 500


@dataclass
class Heard:
    """What came out while somebody listened."""

    sightings: list[Sighting] = field(default_factory=list)
    records: int = 0
    mails: int = 0
    calendars: int = 0
    tasks: int = 0

    def note(self, channel: str, where: str, marks: Iterable[str]) -> None:
        """Keep each mark as a sighting."""
        self.sightings += [Sighting(channel, where, mark) for mark in marks]

    def collect_mail(self) -> None:
        """Search what has been sent, and empty the outbox."""
        for message in mail.outbox:
            self.mails += 1
            self.calendars += any(part.get_filename() for part in message.message().walk())
            self.note("mail", message.subject, in_mail(message))
        mail.outbox.clear()


class _Listener(logging.Handler):
    """Searches every log record: as the site writes it, and as it would stand without the site's formatter."""

    def __init__(self, heard: Heard) -> None:
        super().__init__(logging.DEBUG)
        self.heard = heard
        [console] = [h for h in logging.getLogger("django").handlers if h.get_name() == "console"]
        self.written = console.formatter or logging.Formatter()
        self.times: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.records += 1
        where = f"{record.name} {record.levelname} {record.pathname}:{record.lineno}"
        self.times[where] += 1
        # Templates tell of every value they look for and miss, with where they were; some of them is enough.
        if record.levelno > logging.DEBUG or self.times[where] <= ENOUGH:
            self.heard.note("log", where, find(self.written.format(record)))
        raw = f"{record.getMessage()} {record.args!r}"
        if record.exc_info and record.name.startswith(OWN):
            raw += logging.Formatter().formatException(record.exc_info)
        self.heard.note("log record", where, find(raw))


@contextmanager
def listening() -> Iterator[Heard]:
    """Listen to every logger at DEBUG, to error mails as text and HTML, to all mail, and to tasks that are queued."""
    heard = Heard()
    listener = _Listener(heard)

    def queued(*, task_result: Any, **_kwargs: Any) -> None:
        heard.tasks += 1
        heard.note(
            "task", task_result.task.module_path, find_deep(f"{task_result.args} {task_result.kwargs}")
        )

    error_mails = [AdminEmailHandler(include_html=html) for html in (True, False)]
    for handler in error_mails:
        handler.setLevel(logging.ERROR)
    admins, settings.ADMINS = settings.ADMINS, [("Drift", "drift@example.org")]
    task_enqueued.connect(queued)
    mail.outbox.clear()
    try:
        with _at_debug(listener, error_mails):
            yield heard
            heard.collect_mail()
    finally:
        settings.ADMINS = admins
        task_enqueued.disconnect(queued)


@contextmanager
def _at_debug(listener: logging.Handler, error_mails: list[AdminEmailHandler]) -> Iterator[None]:
    """Every logger tells all it knows to the listener, and failed requests are mailed; nothing is printed."""
    root = logging.getLogger()
    known = [each for each in logging.Logger.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    before = [(each, each.level, each.handlers, each.propagate, each.disabled) for each in (root, *known)]
    for each in known:
        each.setLevel(logging.NOTSET)
        each.handlers, each.propagate, each.disabled = [], True, False
    root.setLevel(logging.DEBUG)
    root.handlers = [listener]
    logging.getLogger("django.request").handlers = [*error_mails]
    try:
        yield
    finally:
        for logger, level, old, propagates, disabled in before:
            logger.setLevel(level)
            logger.handlers, logger.propagate, logger.disabled = old, propagates, disabled


def in_mail(message: mail.EmailMessage) -> set[str]:
    """The marks in a mail: as it is sent, and in each of its parts when it is read."""
    sent: Message = message.message()
    parts = [part.get_payload(decode=True) or b"" for part in sent.walk()]
    written = [
        message.subject,
        str(message.body),
        *(str(part[0]) for part in getattr(message, "alternatives", [])),
    ]
    return set().union(*(find(piece) for piece in (sent.as_bytes(), *parts, *written)))


def sessions() -> list[Sighting]:
    """What the sessions hold. Each is signed for the key in its cookie, but what is signed can be read."""
    return [
        Sighting("session", row.session_key, mark)
        for row in Session.objects.all()
        for mark in find_deep(row.session_data)
    ]


def cached() -> list[Sighting]:
    """What stands in the caches, keys and values. Knows the cache in memory only."""
    found = []
    for alias in settings.CACHES:
        for key, value in caches[alias]._cache.items():
            marks = find_deep(key) | find_deep(value if isinstance(value, bytes) else repr(value))
            found += [Sighting("cache", f"{alias} {key}", mark) for mark in marks]
    return found


def files() -> list[Sighting]:
    """What stands in files that the site writes or serves."""
    return [Sighting("file", str(path), mark) for path in all_files() for mark in _in_file(path)]


def all_files() -> list[Path]:
    """The files that are gathered, uploaded, or kept beside the database."""
    roots = {Path(str(root)) for root in (settings.STATIC_ROOT, settings.MEDIA_ROOT, settings.VAR)}
    return sorted(path for root in roots for path in root.rglob("*") if path.is_file())


def _in_file(path: Path) -> set[str]:
    """The marks in a file of any size."""
    found, tail = find(path.name), b""
    with path.open("rb") as opened:
        while piece := opened.read(LONGEST_PIECE):
            found |= find(tail + piece) if tail or len(piece) == LONGEST_PIECE else find_deep(piece)
            tail = piece[-OVERLAP:]
    return found


def tables() -> list[Sighting]:
    """Every cell of every table: also revisions, histories and search indexes, which copy what they are told."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, cell in zip(columns, row, strict=True):
                    raw = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell)
                    found += [Sighting("table", f"{table}.{column}", mark) for mark in find_deep(raw)]
    return found


def database_files() -> list[Sighting]:
    """The files of SQLite byte by byte, with what is deleted and not yet overwritten."""
    empty_log()
    name = str(connection.settings_dict["NAME"])
    return [
        Sighting("database file", ending or "file", mark)
        for ending in ("", "-wal", "-shm")
        if Path(name + ending).exists()
        for mark in _in_file(Path(name + ending))
    ]


def can_dump() -> bool:
    """Whether PostgreSQL's own tool for copies is there."""
    return connection.vendor == "postgresql" and shutil.which("pg_dump") is not None


def database_dump() -> list[Sighting]:
    """A copy as operators take it (`pg_dump`)."""
    given = connection.settings_dict
    asked = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"]}
    options = [f"{name}={value}" for name, value in asked.items() if value]
    dump = subprocess.run(
        [str(shutil.which("pg_dump")), *options, str(given["NAME"])],
        capture_output=True,
        check=True,
        env={**os.environ, "PGPASSWORD": str(given["PASSWORD"])},
    )
    assert b"leder_entry" in dump.stdout
    return [Sighting("dump", "pg_dump", mark) for mark in find(dump.stdout)]


def names() -> list[Sighting]:
    """How objects are named, which is what histories and error reports quote."""
    return [
        Sighting("name", type(instance).__name__, mark)
        for app in apps.get_app_configs()
        if app.name.startswith(OWN)
        for model in app.get_models()
        for instance in model._default_manager.all()
        for mark in find(f"{instance} {instance!r}")
    ]


def own_commands() -> list[str]:
    """The commands of the plugin and the site."""
    return sorted(name for name, app in get_commands().items() if str(app).startswith(OWN))


def said_by(name: str, *arguments: str) -> list[Sighting]:
    """What a command says, whatever becomes of it. What it changes is undone."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), transaction.atomic():
        try:
            call_command(name, *arguments, stdout=out, stderr=out)
        except CommandError as error:
            out.write(str(error))
        except SystemExit:
            pass
        finally:
            transaction.set_rollback(True)
    return [Sighting("command", name, mark) for mark in find_deep(out.getvalue())]


def visible_text(page: str) -> str:
    """What a reader of a page can tell: its words, without what differs each time it is made."""
    page = re.sub(r"<(script|style|template|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())
