"""“make demo”, really: set up anew, served, and started again with what was written."""

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
# Seconds, for what never ends; no measure of anything.
LONGEST = 900


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@contextmanager
def demo(var: Path, port: int) -> Iterator[list[str]]:
    """“make demo” of a small organisation, until it answers; gives what it printed so far."""
    log = var.with_suffix(".log")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = ["make", "demo", f"VAR={var}", f"PORT={port}", "LEADERS=12", "YEARS=1"]
    with log.open("w") as out:
        made = subprocess.Popen(
            command, cwd=ROOT, env=kept, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until = time.monotonic() + LONGEST
        while "Ctrl-C" not in log.read_text():
            assert made.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield log.read_text().splitlines()
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.wait(LONGEST)  # gunicorn first lets open connections end


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def sign_in(opener: urllib.request.OpenerDirector, address: str, username: str) -> str:
    """Signs in with a click; gives the page that follows."""
    page = opener.open(f"{address}/logg-inn/").read().decode()
    [token, *_] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    fields = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "username": username})
    request = urllib.request.Request(
        f"{address}/logg-inn/demo/", fields.encode(), headers={"Referer": f"{address}/logg-inn/"}
    )
    return str(opener.open(request).read().decode())


def test_make_demo(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    address = f"http://127.0.0.1:{port}"

    with demo(var, port) as told:
        assert address + "/" in told
        assert [line for line in told if line.startswith("  leder ")]
        opener = browser()
        page = sign_in(opener, address, "leder")
        # Static files are there under names that tell their content, and may be kept for ever.
        [style, *_] = re.findall(r'href="(/static/[^"]+\.css)"', page)
        answer = opener.open(address + style)
        assert re.search(r"\.[0-9a-f]{12}\.css$", style)
        assert "immutable" in answer.headers["Cache-Control"]
        for place in ("/", "/leder/min-side/", "/sok/?q=leder", "/ledelse/"):
            assert opener.open(address + place).status == 200, place
        assert (var / "leder-keys").stat().st_mode & 0o077 == 0
        # guardian's generic table is never used: it is slow, and an id in it names no model for certain.
        with sqlite3.connect(var / "db.sqlite3") as database:
            for table in ("guardian_userobjectpermission", "guardian_groupobjectpermission"):
                assert database.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)  # noqa: S608
        key, secret = (var / "leder-keys").read_text(), (var / "secret-key").read_text()

    with demo(var, port) as told:
        # Nothing is made anew.
        assert told[0] == "Starting …"
        # The same database, keys and sessions.
        assert opener.open(address + "/leder/min-side/").url == address + "/leder/min-side/"
        assert (key, secret) == ((var / "leder-keys").read_text(), (var / "secret-key").read_text())
