"""The people, the published text and the rounds that the marked agreements are made with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from leder.agreements.access.grants import party_permission
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Round
from leder.organisation.models import Appointment, Position
from leder.pages import roles
from lorenskog_intranet.demo.example_text import with_ids
from tests import factories
from tests.access.pages import make_pages
from tests.access.world import ACCOUNTS, CMS_GROUPS, EVERYWHERE
from tests.pages import samples

# Signed in, and no party to anything: as in the access matrix.
STRANGERS = EVERYWHERE
# Superior of agreements that are handed over, and who they are handed over to: one for good, one for a time.
HANDED = {"leaving_superior": "new_superior", "away_superior": "acting_superior"}


@dataclass
class Cast:
    """People and their browsers by persona, the positions of leaders, and the rounds by year."""

    people: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    year: int = field(default_factory=lambda: timezone.localdate().year)

    def leader(self, name: str, *, below: str) -> str:
        """Add a leader whose position reports to that of another; returns the persona."""
        person, position = factories.make_leader(
            reports_to=self.positions.get(below),
            username=name,
            first_name="Fredrik",
            last_name=f"Fugl {name}",
        )
        self.people[name], self.positions[name] = person, position
        self._sign_in(name)
        return name

    def other(self, name: str, **about: Any) -> None:
        """Add somebody who leads nothing."""
        self.people[name] = factories.make_user(username=name, last_name=name.capitalize(), **about)
        self._sign_in(name)

    def _sign_in(self, name: str) -> None:
        self.clients[name] = Client(raise_request_exception=False)
        self.clients[name].force_login(self.people[name])

    def open_round(self, year: int) -> Round:
        """Open a round, as HR does when the year's text is published. Nothing in it is due for deletion."""
        later = dt.date(self.year + 3, 12, 31)
        return Round.objects.create(
            year=year,
            **{
                f"{kind}_page": Page.objects.get(pk=self.pages[kind].pk)
                for kind in ("platform", "letter", "form")
            },
            conversation_due=dt.date(year, 3, 31),
            follow_up_from=dt.date(year, 8, 1),
            follow_up_due=dt.date(year, 12, 31),
            unshared_deleted_on=later,
            text_deleted_on=later,
            opened_at=timezone.now(),
        )


def make_cast() -> Cast:
    """Everybody but the leaders of the marked agreements."""
    cast = Cast(pages=make_pages())
    _write_pages(cast)
    roles.set_up_roles()
    cast.leader("grand_superior", below="")
    for name in ("superior", "former_superior", *HANDED):
        cast.leader(name, below="grand_superior")
    for name, group in CMS_GROUPS.items():
        cast.other(name)
        cast.people[name].groups.add(Group.objects.get(name=group))
    for name in ("inactive", "reader", *HANDED.values()):
        cast.other(name)
    for name, about in ACCOUNTS.items():
        cast.other(name, **about)
    cast.people["superuser"].user_permissions.set(Permission.objects.all())
    cast.people["forged"].user_permissions.add(*Permission.objects.filter(content_type__app_label="leder"))
    cast.clients["anonymous"] = Client(raise_request_exception=False)
    # Signed in when the account was closed: the session is there, the person no longer is.
    cast.people["inactive"].is_active = False
    cast.people["inactive"].save()
    return cast


def leave(cast: Cast, persona: str) -> None:
    """Let a person's appointment end yesterday."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Appointment.objects.filter(person=cast.people[persona]).update(ends=yesterday)


def replace(cast: Cast, persona: str) -> None:
    """Put the next one in a superior's place from today: for good when that superior has left, else as acting."""
    today = timezone.localdate()
    position = cast.positions[persona]
    acting = Appointment.objects.on(today).filter(position=position).exists()
    Appointment.objects.create(
        position=position, person=cast.people[HANDED[persona]], starts=today, acting=acting
    )


def forge(cast: Cast, agreement: Agreement) -> None:
    """Put grants into the database that nobody gave."""
    for persona in ("forged", "superuser"):
        AgreementUserObjectPermission.objects.create(
            user=cast.people[persona],
            permission=party_permission(),
            content_object=agreement,
            role="leader",
            mac="0" * 16 + ":" + "0" * 64,
        )


def _write_pages(cast: Cast) -> None:
    """Publish a short text with every kind of section, through the page editor's own way to the database."""
    bodies = {
        "platform": samples.platform_body()[2:3],
        "letter": samples.letter_body(),
        "form": [
            _section("Sentrale tema og oppdrag", answer="letter", goals=True),
            _section("Ledelsesutvikling", answer="platform", goals=True, private=True),
            _section("Personell, økonomi og fag", answer="questions", goals=True),
            _section("Oppfølging", answer="questions", private=True, stage="follow_up"),
        ],
    }
    for name, body in bodies.items():
        page = cast.pages[name]
        blocks = type(page)._meta.get_field("body").stream_block.child_blocks
        page.body = [
            {
                "type": part["type"],
                "id": f"{name}-{number}",
                "value": with_ids(blocks[part["type"]], part["value"], f"{name}/{number}"),
            }
            for number, part in enumerate(body)
        ]
        page.save_revision().publish()
        page.refresh_from_db()


def _section(heading: str, **kwargs: Any) -> dict[str, Any]:
    value = {
        "heading": heading,
        "guidance": "<p>Veiledning.</p>",
        "questions": ["Hva går bra?"],
        "goals": False,
        "private": False,
        "stage": "agreement",
        **kwargs,
    }
    return {"type": "section", "value": value}
