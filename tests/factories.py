"""Builders of real objects for tests: people, organisation, text and agreements in any state.

Agreements are brought to a state by the real actions, never by setting the state.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page

from leder.agreements import actions
from leder.agreements.models import Access, Agreement, Reopening, Round, Seal, Share
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.current import open_texts, texts_for_work
from leder.agreements.reading.texts import Texts
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from leder.identity import hr
from leder.organisation.models import Appointment, Position, Unit
from leder.pages.editions import Edition
from leder.sharing import actions as sharing

counter = itertools.count(1)
YEAR = 2027

PLATFORM = {
    "kind": "platform",
    "title": "Lederplattform",
    "year": None,
    "parts": [
        {
            "id": "part-expectations",
            "kind": "expectations",
            "heading": "Forventninger til ledere",
            "html": "",
            "statements": [
                {"id": f"expectation-{n}", "kind": "expectation", "text": text}
                for n, text in enumerate(["Setter innbyggeren først", "Stiller krav", "Samarbeider"], 1)
            ],
        }
    ],
}
LETTER = {
    "kind": "letter",
    "title": "Styringsbrev",
    "year": YEAR,
    "parts": [
        {
            "id": "theme-1",
            "kind": "theme",
            "heading": "Gode tjenester",
            "html": "",
            "perspective": "users",
            "perspective_label": "Innbyggere og brukere",
            "statements": [
                {
                    "id": f"assignment-{n}",
                    "kind": "assignment",
                    "text": text,
                    "audience": "Alle",
                    "deadline": f"{YEAR}-10-01",
                    "indicator": "",
                    "target": "",
                }
                for n, text in enumerate(["Kortere ventetid", "Flere i heltid"], 1)
            ],
        }
    ],
}


def _section(section_id: str, heading: str, **kwargs: Any) -> dict[str, Any]:
    return {
        "id": section_id,
        "kind": "section",
        "heading": heading,
        "html": "<p>Veiledning.</p>",
        "statements": [],
        "questions": [{"id": f"{section_id}-q{n}", "text": f"Spørsmål {n}?"} for n in (1, 2)],
        "answer": "note",
        "goals": False,
        "private": False,
        "stage": "agreement",
        **kwargs,
    }


FORM = {
    "kind": "form",
    "title": "Lederavtale",
    "year": YEAR,
    "parts": [
        {
            "id": "introduction",
            "kind": "text_section",
            "heading": "Innledning",
            "html": "<p>Om avtalen.</p>",
            "statements": [],
        },
        {
            "id": "parties",
            "kind": "parties",
            "heading": "Sted, dato og parter",
            "html": "",
            "statements": [],
        },
        _section("s-letter", "Sentrale tema og oppdrag", answer="letter", goals=True),
        _section("s-development", "Ledelsesutvikling", answer="platform", goals=True, private=True),
        _section("s-work", "Personell, økonomi og fag", answer="questions", goals=True),
        _section("s-follow-up", "Oppfølging", answer="questions", private=True, stage="follow_up"),
    ],
}

SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, FOLLOW_UP_SECTION = (
    "s-letter",
    "s-development",
    "s-work",
    "s-follow-up",
)


def access_of(person: Any, agreement: Agreement, *, recent: bool = True, new_device: bool = False) -> Access:
    """A person's access to an agreement as it stands now, as a view gets it. Raises RuleBroken where there is none."""
    access = access_or_none(person, agreement, recent=recent, new_device=new_device)
    if access is None:
        raise actions.RuleBroken
    return access


def access_or_none(
    person: Any, agreement: Agreement, *, recent: bool = True, new_device: bool = False
) -> Access | None:
    """The same of one who may have none."""
    held = held_by(person).filter(pk=agreement.pk)
    rows = held.select_related("round", "leader", "superior", "data_key")
    access = rows.access_for(person, recent=recent, new_device=new_device)
    if access is not None:
        access.agreement.with_editions()
    return access


def opened_by(
    person: Any, agreement: Agreement, *, recent: bool = True, new_device: bool = False, **asked: Any
) -> Texts:
    """What opens for anybody: nothing for one who has no access."""
    access = access_or_none(person, agreement, recent=recent, new_device=new_device)
    return open_texts(access, **asked) if access else Texts()


def worked_on_by(person: Any, agreement: Agreement) -> Texts:
    """The same as for work, which logs nothing."""
    access = access_or_none(person, agreement)
    return texts_for_work(access) if access else Texts()


def make_user(**kwargs: Any) -> Any:
    """A person with a name; `username`, `first_name` … override."""
    number = next(counter)
    values = {
        "username": f"person{number}",
        "first_name": "Kari",
        "last_name": f"Eksempel {number}",
        "email": f"person{number}@example.org",
        **kwargs,
    }
    return get_user_model().objects.create_user(**values)


def known_in_hr(person: Any) -> Any:
    """One of whom it has been known for some days that they can hand over; anew, so that permissions are asked anew."""
    hr.know([person], since=timezone.now() - dt.timedelta(days=4))
    return type(person).objects.get(pk=person.pk)


def make_position(*, reports_to: Position | None = None, **kwargs: Any) -> Position:
    """A leader position in a unit of its own."""
    number = next(counter)
    unit = kwargs.pop("unit", None) or Unit.objects.create(
        code=f"U{number}", name=f"Enhet {number}", kind="department"
    )
    values = {
        "code": f"P{number}",
        "title": "Avdelingsleder",
        "unit": unit,
        "group": 3,
        "hta_chapter": "5",
        "reports_to": reports_to,
        **kwargs,
    }
    return Position.objects.create(**values)


def make_leader(*, reports_to: Position | None = None, **kwargs: Any) -> tuple[Any, Position]:
    """A person appointed to a position of their own since 2020. Keyword arguments go to the person."""
    position = make_position(reports_to=reports_to)
    person = make_user(**kwargs)
    Appointment.objects.create(position=position, person=person, starts=dt.date(2020, 1, 1))
    return person, position


def make_editions() -> dict[str, Edition]:
    """The three texts above, as editions."""
    now = timezone.now()
    return {
        f"{content['kind']}_edition": Edition.objects.get_or_create(
            page=None,
            sha256=digest(content),
            defaults={
                "kind": content["kind"],
                "year": content["year"],
                "title": content["title"],
                "published_at": now,
                "content": content,
            },
        )[0]
        for content in (PLATFORM, LETTER, FORM)
    }


def make_round(year: int = YEAR) -> Round:
    """The round of a year."""
    page = Page.objects.get(depth=1)
    return Round.objects.get_or_create(
        year=year,
        defaults={
            "platform_page": page,
            "letter_page": page,
            "form_page": page,
            "conversation_due": dt.date(year, 3, 31),
            "follow_up_from": dt.date(year, 8, 1),
            "follow_up_due": dt.date(year, 12, 31),
            "unshared_deleted_on": dt.date(year, 12, 31),
            "text_deleted_on": dt.date(year + 5, 12, 31),
            "opened_at": timezone.now(),
        },
    )[0]


def make_agreement(
    *,
    state: str = State.OPENED,
    leader: Any = None,
    superior: Any = None,
    year: int = YEAR,
    editions: dict[str, Edition] | None = None,
) -> Agreement:
    """An agreement in a state, reached by the real actions. `editions` stand in for the three texts above."""
    superior_position = make_position(title="Virksomhetsleder", group=2, hta_chapter="3.4.2")
    superior = superior or make_user(first_name="Siri", last_name="Overordnet")
    Appointment.objects.create(position=superior_position, person=superior, starts=dt.date(2020, 1, 1))
    leader = leader or make_user(first_name="Lars", last_name="Leder")
    agreement = actions.open_agreement(
        year_round=make_round(year),
        position=make_position(reports_to=superior_position),
        leader=leader,
        superior=superior,
        superior_position=superior_position,
        editions=editions or make_editions(),
    )
    return bring_to(agreement, state)


def bring_to(agreement: Agreement, state: str) -> Agreement:
    """Take an opened agreement through its life to a state."""
    leader, superior = agreement.leader, agreement.superior

    def prepare() -> None:
        for person in (leader, superior):
            conversing.mark_ready(access_of(person, agreement))

    def discuss() -> None:
        agreement.refresh_from_db()
        conversing.hold(access_of(superior, agreement), held_on=timezone.localdate())

    def follow_up() -> None:
        agreement.refresh_from_db()
        conversing.hold(access_of(superior, agreement), held_on=timezone.localdate())
        for person in (leader, superior):
            confirm(agreement, person)

    steps = [
        (State.PREPARED, prepare),
        (State.DISCUSSED, discuss),
        (State.SIGNING, lambda: sign(agreement, leader)),
        (State.SIGNED, lambda: sign(agreement, superior)),
        (State.FOLLOWED_UP, follow_up),
    ]
    if state != State.OPENED:
        for reached, step in steps:
            step()
            if reached == state:
                break
    agreement.refresh_from_db()
    assert agreement.state == state
    return agreement


def sign(agreement: Agreement, person: Any, place: str = "Lørenskog") -> None:
    """Sign what stands now, as a person who has read it."""
    agreement.refresh_from_db()
    record = agreement_record(agreement, texts_for_work(access_of(person, agreement)))
    actions.sign(access_of(person, agreement), place=place, content_hash=digest(record))


def propose_reopening(agreement: Agreement, *, by: Any = None, reason: str = "Nye oppgaver") -> Reopening:
    """A proposal to open a signed agreement again, made by the leader unless `by` says otherwise."""
    seal = agreement.seals.get(kind=Seal.Kind.AGREEMENT, voided_at=None)
    return actions.propose_reopening(
        access_of(by or agreement.leader, agreement), seal_uuid=str(seal.uuid), reason=reason
    )


def reopen(agreement: Agreement, *, by: Any = None, reason: str = "Nye oppgaver") -> Reopening:
    """Open a signed agreement again, as both want. Brings the agreement at hand up to date."""
    proposal = propose_reopening(agreement, by=by, reason=reason)
    by_leader = proposal.proposed_by_id == agreement.leader_id
    other = agreement.superior if by_leader else agreement.leader
    done = actions.consent_to_reopening(access_of(other, proposal.agreement), proposal)
    done.seal.refresh_from_db()
    agreement.refresh_from_db()
    return done


def propose(agreement: Agreement, reader: Any, *, by: Any = None, **kwargs: Any) -> Share:
    """A proposal to share, made by the leader unless `by` says otherwise; `section_id`, `purpose`, `until` override."""
    values = {
        "section_id": PRIVATE_SECTION,
        "purpose": "Veiledning",
        "until": timezone.localdate() + dt.timedelta(days=30),
        **kwargs,
    }
    return sharing.propose(access_of(by or agreement.leader, agreement), reader=reader, **values)


def share(agreement: Agreement, reader: Any, **kwargs: Any) -> Share:
    """What both have agreed to share."""
    proposal = propose(agreement, reader, **kwargs)
    by_leader = proposal.proposed_by_id == agreement.leader_id
    return sharing.consent(
        access_of(agreement.superior if by_leader else agreement.leader, proposal.agreement), proposal
    )


def lapse(share: Share) -> Share:
    """Let the date of a share pass, as the days do; what both agreed to is signed with the date it had."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    share.until = yesterday
    if share.mac:
        share.sign()
    share.save()
    return share


def leave_office(agreement: Agreement) -> None:
    """End the superior's appointment yesterday."""
    Appointment.objects.filter(position=agreement.superior_position, person=agreement.superior).update(
        ends=timezone.localdate() - dt.timedelta(days=1)
    )


def confirm(agreement: Agreement, person: Any) -> None:
    """Confirm the follow-up that stands now, as a person who has read it."""
    agreement.refresh_from_db()
    record = follow_up_record(agreement, texts_for_work(access_of(person, agreement)))
    actions.confirm_follow_up(access_of(person, agreement), content_hash=digest(record))
