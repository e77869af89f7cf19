"""The intranet as it is served to people, in processes of its own, to be killed without warning."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 600


class Server:
    """Gunicorn with the demo's configuration on the database of the test, with a `var` folder of its own."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as tried:
            tried.bind(("127.0.0.1", 0))
            self.port: int = tried.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = var / "log"
        self._process: subprocess.Popen[bytes] | None = None
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "lorenskog_intranet.settings.demo",
            "PORT": str(self.port),
            "LEDER_VAR": str(var),
            "DATABASE_URL": address_of(connection.settings_dict),
            "SECRET_KEY": settings.SECRET_KEY,
            "LEDER_KEYS": ",".join(settings.LEDER_KEYS),
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=ROOT, env=self._environment, check=True)

    def start(self) -> None:
        """Start it; `answers` tells when it is ready."""
        command = [sys.executable, "-m", "gunicorn", "--config", "scripts/demo_server.py"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def answers(self) -> bool:
        """Whether it answers now. Fails when it has ended by itself."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/logg-inn/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + LONGEST_START
        while not self.answers():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill all its processes at once: none of them gets to finish anything."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def address_of(database: dict[str, Any]) -> str:
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{Path(database['NAME']).resolve()}"
    who = ":".join(filter(None, (database["USER"], database["PASSWORD"])))
    # A socket's place is a path.
    where = ":".join(filter(None, (quote(database["HOST"], safe=""), str(database["PORT"]))))
    return f"postgres://{who}@{where}/{database['NAME']}"
