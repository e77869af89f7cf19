"""Texts that are typed and not received: what then happens to them. Each is posted in a way that something refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.editions.decisions import made_for
from leder.agreements.models import Agreement
from leder.agreements.sections.fields import MOST_CHARACTERS
from leder.agreements.views.guard.recent import SESSION_KEY
from leder.conversations import actions as conversing
from tests.canary.planting import Planting
from tests.clock import LONG_AGO

JSON = {"Accept": "application/json"}
# The status of each way to be refused: nothing is stored, the one who typed may get it back, nobody else meets it.
REFUSED = {
    "signed out": 401,
    "signed out, by script": 401,
    "stranger": 404,
    "superuser": 404,
    "as another": 401,
    "old token": 403,
    "old token, by script": 403,
    "foreign site": 403,
    "conflict": 409,
    "conflict, by script": 409,
    "no date": 422,
    "no date, by script": 422,
    "too long": 422,
    "closed": 403,
    "no recent sign-in": 403,
    "too many fields": 400,
    "failure": 500,
    "failure, by script": 500,
    "failure in a comment": 500,
    "failure in a preparation": 500,
    "failure in a call": 500,
    "reason, signed out": 401,
    "reason, to no purpose": 403,
    "reason, too long": 422,
    "failure in a reason": 500,
    "wrong place": 404,
    "page of the site": 405,
}


def attempt(planting: Planting) -> dict[str, int]:
    """Post a marked text in every way that is refused; returns the status each was answered with."""
    return _Attempts(planting).all()


class _Attempts:
    """The ways, by name. Each posts what the page's own form would post, with a mark as the text."""

    def __init__(self, planting: Planting) -> None:
        self.planting, self.visitor = planting, planting.visitor
        states = planting.in_each_state()
        self.writing, self.closed = states["discussed"], states["replaced"]
        self.signed = states["signed"]
        self.opened = next(
            each
            for each in planting.agreements.values()
            if each.state == "opened" and not each.leader_ready_at
        )
        self.leader = planting.party(self.writing, "leader")
        self.section = self.writing.form_edition.sections[0].id

    def all(self) -> dict[str, int]:
        """Try each."""
        return {**self._refused(), **self._faulty(), **self._failing()}

    def _refused(self) -> dict[str, int]:
        leader = self.leader
        return {
            "signed out": self._post("anonymous"),
            "signed out, by script": self._post("anonymous", headers=JSON),
            "stranger": self._post("employee"),
            "superuser": self._post("superuser"),
            "as another": self._post(leader, writer="0"),
            "old token": self._post(leader, client=self._strict(leader)),
            "old token, by script": self._post(leader, client=self._strict(leader), headers=JSON),
            "foreign site": self._post(
                leader, client=self._strict(leader), headers={"Sec-Fetch-Site": "cross-site"}
            ),
            "closed": self._post(self.planting.party(self.closed, "leader"), agreement=self.closed),
            "no recent sign-in": self._post(leader, client=self._stale(leader), version="0"),
            "wrong place": self._post(leader, section="no-such-section"),
            "page of the site": self._post(leader, path="/sok/"),
            "reason, signed out": self._reason("anonymous", self.writing),
            "reason, to no purpose": self._reason(leader, self.writing),
        }

    def _faulty(self) -> dict[str, int]:
        leader = self.leader
        no_date = {"g-0-goal": self._typed(leader), "g-0-due": self._typed(leader)}
        return {
            "conflict": self._post(leader, version="0"),
            "conflict, by script": self._post(leader, version="0", headers=JSON),
            "no date": self._post(leader, **no_date),
            "no date, by script": self._post(leader, **no_date, headers=JSON),
            "too long": self._post(leader, note=self._typed(leader) + "å" * MOST_CHARACTERS),
            "reason, too long": self._reason(
                self.planting.party(self.signed, "leader"), self.signed, more="å" * MOST_CHARACTERS
            ),
            "too many fields": self._post(leader, **{f"x{number}": "x" for number in range(10_001)}),
        }

    def _failing(self) -> dict[str, int]:
        leader, superior = self.leader, "superior"
        with (
            mock.patch.object(actions, "save_section", _fail),
            mock.patch.object(actions, "add_comment", _fail),
            mock.patch.object(conversing, "save_preparation", _fail),
            mock.patch.object(conversing, "call", _fail),
            mock.patch.object(actions, "propose_reopening", _fail),
        ):
            return {
                "failure": self._post(leader),
                "failure, by script": self._post(leader, headers=JSON),
                "failure in a comment": self._post(
                    leader, path=self._url("comment", self.writing, self.section)
                ),
                "failure in a preparation": self._post(
                    self.planting.party(self.opened, "leader"),
                    # As from a page that was opened today, whoever is superior.
                    path=self._url("preparation_section", self.opened, self.section) + made_for(self.opened),
                ),
                "failure in a reason": self._reason(self.planting.party(self.signed, "leader"), self.signed),
                "failure in a call": self._post(
                    superior,
                    path=self._url("conversations", self.writing),
                    date=(timezone.localdate() + dt.timedelta(days=20)).isoformat(),
                    time="10:30",
                    minutes="60",
                    place=self._typed(superior),
                ),
            }

    def _post(
        self,
        persona: str,
        *,
        agreement: Agreement | None = None,
        section: str = "",
        path: str = "",
        client: Client | None = None,
        headers: dict[str, str] | None = None,
        **fields: str,
    ) -> int:
        agreement = agreement or self.writing
        text = self._typed(persona)
        data: dict[str, Any] = {"version": "1", "note": text, "text": text, "message": text, **fields}
        path = path or self._url("section", agreement, section or self.section)
        return self.visitor.post(persona, path, data, client=client, **(headers or {})).status

    def _reason(self, persona: str, agreement: Agreement, *, more: str = "") -> int:
        """Why to reopen it."""
        return self._post(
            persona, path=self._url("reopening", agreement), reason=self._typed(persona) + more, seal="x"
        )

    def _url(self, name: str, agreement: Agreement, *arguments: str) -> str:
        return reverse(f"leder:{name}", args=[agreement.uuid, *arguments])

    def _typed(self, persona: str) -> str:
        """A mark that is never received."""
        marker = self.planting.register.mark(
            agreement=str(self.writing.uuid), kind="posted", author=persona, address="", field="attempt"
        )
        return marker.written()

    def _strict(self, persona: str) -> Client:
        """A browser of theirs whose page has no token any more."""
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = self.visitor.clients[persona].cookies.copy()
        return client

    def _stale(self, persona: str) -> Client:
        """A browser of theirs where they signed in long ago."""
        client = Client(raise_request_exception=False)
        client.force_login(self.planting.cast.people[persona])
        session = client.session
        session[SESSION_KEY] = LONG_AGO
        session.save()
        return client


def _fail(**given: Any) -> None:
    """An error that quotes what was typed, with more of it behind it and in its variables."""
    typed = repr(given.get("payload") or given.get("text") or given)
    try:
        raise KeyError(typed)
    except KeyError as error:
        raise ValueError(f"can't store {typed}") from error
