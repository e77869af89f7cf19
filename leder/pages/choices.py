"""The fixed choices of the text: perspectives, leader groups, stages; stored as short keys."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Perspective(models.TextChoices):
    """A perspective (perspektiv) of the balanced scorecard."""

    COMMUNITY = "community", _("Local community")
    USERS = "users", _("Residents and users")
    ORGANISATION = "organisation", _("Organisation")
    ECONOMY = "economy", _("Economy")


class Area(models.TextChoices):
    """One of the three areas of a leader's responsibility (lederansvar)."""

    PROFESSIONAL = "professional", _("Professional field")
    PERSONNEL = "personnel", _("Personnel")
    ECONOMY = "economy", _("Economy")


class LeaderGroup(models.TextChoices):
    """A leader level (ledernivå)."""

    ONE = "1", _("Leader group 1")
    TWO = "2", _("Leader group 2")
    THREE = "3", _("Leader group 3")


class DocumentCategory(models.TextChoices):
    """What kind of governing document (styrende dokument) it is."""

    LAW = "law", _("Laws")
    AGREEMENT = "agreement", _("Collective agreements")
    DECISION = "decision", _("Political decisions")
    GOVERNING = "governing", _("The municipality's governing documents")


class Tone(models.TextChoices):
    """How a callout (uthevet boks) is coloured."""

    INFO = "info", _("Information")
    WARNING = "warning", _("Warning")
    SUCCESS = "success", _("Good to know")


class Stage(models.TextChoices):
    """When a section (del) is written."""

    AGREEMENT = "agreement", _("When the agreement is made")
    FOLLOW_UP = "follow_up", _("At the follow-up")


def label_of(choices: type[models.TextChoices], key: str | None) -> str:
    """The label of a stored key in the language of the moment; "" for none or one no longer known."""
    return str(choices(key).label) if key in choices.values else ""
