"""Gunicorn's settings for the demo: this machine only, and who to sign in as when it is ready."""

import os
import socket
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lorenskog_intranet.settings.demo")

PORT = os.environ.get("PORT", "8000")
with socket.socket() as tried:
    if tried.connect_ex(("127.0.0.1", int(PORT))) == 0:
        sys.exit(f"Something else answers on port {PORT}. Choose another: make demo PORT=8001")

wsgi_app = "lorenskog_intranet.wsgi:application"
bind = f"127.0.0.1:{PORT}"
workers = 2
threads = 4
preload_app = True
control_socket_disable = True
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Tell the address and the people, now that the address answers."""
    from django.utils import translation

    from lorenskog_intranet.signin.personas import ROLES

    with translation.override("en"):
        lines = [f"  {p.username:<20} {p.task}" for role in ROLES for p in role.personas]
    people = "\n".join(lines)
    print(f"\nhttp://127.0.0.1:{PORT}/\n\nSign in with a click as:\n{people}\n\nCtrl-C stops it.", flush=True)


graceful_timeout = 5  # Ctrl-C is meant
