"""The people of the demo (plainly invented), by what they do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Persona:
    """One person to sign in as, and what there is to try as them."""

    username: str
    task: str | Promise
    try_this: str | Promise


@dataclass(frozen=True)
class Role:
    """A kind of user, with its people."""

    name: str | Promise
    personas: tuple[Persona, ...]


ROLES = (
    Role(
        _("Leader and superior"),
        (
            Persona(
                "leder",
                _("Leader of a department"),
                _("Prepare, write your agreement, sign it."),
            ),
            Persona(
                "virksomhetsleder",
                _("Leader, and superior of leaders"),
                _("See who waits for you, hold a conversation, sign."),
            ),
            Persona(
                "direktor",
                _("Director of a sector"),
                _("See your own reports, and nobody else's text."),
            ),
            Persona(
                "kommunedirektor",
                _("Municipal director"),
                _("Read the steering letter, follow your directors."),
            ),
        ),
    ),
    Role(
        _("Communications"),
        (
            Persona(
                "kommunikasjon",
                _("Editor"),
                _("Change a text and send it for approval."),
            ),
            Persona(
                "kommunikasjonssjef",
                _("Approver"),
                _("Approve and publish what the editor sent."),
            ),
        ),
    ),
    Role(
        _("Others"),
        (
            Persona("hr", _("HR"), _("Open the year, keep the organisation, follow the figures.")),
            Persona("hr-kollega", _("Another in HR"), _("Decide on a handover that HR has planned.")),
            Persona("stab", _("The director's staff"), _("Write the letter, see the year in figures.")),
            Persona("ansatt", _("Employee"), _("Read the platform and the letter.")),
            Persona("drift", _("IT operations"), _("Try to read an agreement. You can't.")),
        ),
    ),
)

USERNAMES = frozenset(persona.username for role in ROLES for persona in role.personas)
