"""Three agreements with the text in all that is written, and those who may ask for them."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from leder.agreements.answers import new_goal
from leder.agreements.editions.decisions import made_for
from leder.agreements.models import Seal
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from tests.errors.failing import TEXT
from tests.factories import PRIVATE_SECTION, SECTION, access_of, bring_to, make_agreement, make_user, share
from tests.sharing.pages import write

# Where people write, and where they read: which agreement each is of, who asks, and what its address holds besides.
FORMS = {
    "section": ("writing", "leader", SECTION),
    "comment": ("writing", "leader", SECTION),
    "review": ("writing", "superior", SECTION),
    "preparation_section": ("opened", "leader", SECTION),
    "conversations": ("opened", "superior"),
    "conversation_move": ("signed", "superior", "called"),
    "sign": ("writing", "leader"),
    "reopening": ("signed", "leader"),
    "sharing": ("writing", "leader"),
    "follow_up_progress": ("signed", "leader", SECTION),
}
PAGES = {
    "agreement": ("writing", "leader"),
    "preparation": ("opened", "leader"),
    "preparation_section": ("opened", "leader", SECTION),
    "meeting": ("writing", "superior", SECTION),
    "sign": ("writing", "leader"),
    "conversations": ("signed", "leader"),
    "sharing": ("signed", "leader"),
    "follow_up": ("signed", "leader"),
    "history": ("signed", "leader"),
    "document": ("signed", "leader"),
    "shared": ("share", "reader"),
    "shared_document": ("share", "reader"),
}


class World:
    """An agreement that is opened, one that is being written, and one that is signed and shared."""

    def __init__(self):
        self.opened, self.writing, self.signed = (make_agreement() for _ in range(3))
        self.goal = new_goal(goal=TEXT, measures=TEXT, due="2027-09-01")
        for agreement in (self.opened, self.writing, self.signed):
            for section in (SECTION, PRIVATE_SECTION):
                write(agreement, section, note=TEXT, goals=[self.goal])
            conversing.save_preparation(
                access_of(agreement.leader, agreement),
                section_id=SECTION,
                version=0,
                payload={"note": TEXT, "answers": {}},
            )
        bring_to(self.writing, State.DISCUSSED)
        bring_to(self.signed, State.SIGNED)
        self.called = conversing.call(
            access_of(self.signed.superior, self.signed),
            starts_at=timezone.now() + dt.timedelta(days=30),
            minutes=60,
            place=TEXT,
            message=TEXT,
        )
        self.reader = make_user(first_name="Ragnhild", last_name="Rådgiver")
        self.share = share(self.signed, self.reader, section_id="", purpose=TEXT)

    def person(self, place):
        """Who asks for a form or page."""
        about, who, *_args = place
        return self.reader if about == "share" else getattr(getattr(self, about), who)

    def address(self, name, place):
        """The address of a form or page, as of a page of today."""
        about, _who, *args = place
        agreement = self.signed if about == "share" else getattr(self, about)
        given = [self.called.pk if each == "called" else each for each in args]
        found = self.share.uuid if about == "share" else agreement.uuid
        return reverse(f"leder:{name}", args=[found, *given]) + made_for(agreement)

    def typed(self, name):
        """What is typed in a form: the text wherever one writes."""
        in_a_month = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
        time = {"date": in_a_month, "time": "10:30", "minutes": "60", "place": TEXT, "message": TEXT}
        texts = texts_for_work(access_of(self.writing.leader, self.writing))
        record = agreement_record(self.writing, texts)
        seal = self.signed.seals.get(kind=Seal.Kind.AGREEMENT)
        return {
            "section": {"version": "1", "note": TEXT, "g-0-goal": TEXT, "g-0-measures": TEXT},
            "comment": {"text": TEXT},
            "review": {"verdict": "changes", "version": "1", "text": TEXT},
            "preparation_section": {"version": "1", "note": f"{TEXT} og mer"},
            "conversations": time,
            "conversation_move": {f"move-{key}": value for key, value in time.items()},
            "sign": {"place": TEXT, "content_hash": digest(record)},
            "reopening": {"reason": TEXT, "seal": str(seal.uuid)},
            "sharing": {"part": "all", "reader": self.reader.email, "purpose": TEXT, "until": in_a_month},
            "follow_up_progress": {"note": TEXT, f"p-{self.goal['id']}-comment": TEXT},
        }[name]
