"""Sessions in the database, where the key that a browser holds can't be read.

Django stores the key as it is, so that whoever holds a copy of the database could put it in a cookie and be that
person. Here the table holds a keyed hash of it (SECRET_KEY): a copy of the database opens no session.

A session ends SESSION_IDLE_MINUTES after it was last used (middleware.idle_end), and SESSION_COOKIE_AGE after the
sign-in (or the last time it was confirmed) however much it is used.
"""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

USED = "used_at"  # in a session: when it was last used, in seconds
KEY_LENGTH = 40  # what the table has room for: 160 bits


def begin(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """At sign-in: note the first use, and set the end that use does not move."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[USED] = int(time.time())
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def tidy() -> str:
    """Delete sessions that have ended, for the daily deletion; returns a line that says so."""
    SessionStore.clear_expired()
    return "Deleted sessions that had ended."


def stored(session_key: str) -> str:
    """The key of the row that belongs to the key in a cookie."""
    return salted_hmac("lorenskog_intranet.sessions", session_key, algorithm="sha256").hexdigest()[
        :KEY_LENGTH
    ]


class SessionStore(DatabaseStore):
    """Django's store, with hashed keys."""

    @property
    def key_salt(self) -> str:
        """The signature of the data counts for this session alone: another's, copied into one's own row, is void."""
        return f"lorenskog_intranet.sessions|{stored(self.session_key or '')}"

    def _get_session_from_db(self) -> Any:
        try:
            return self.model.objects.get(
                session_key=stored(self.session_key or ""), expire_date__gt=timezone.now()
            )
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None

    def exists(self, session_key: str) -> bool:
        """Whether there is a session for this key of a cookie."""
        return super().exists(stored(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to store."""
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this key, or this session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored(key))
