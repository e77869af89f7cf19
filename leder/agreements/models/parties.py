"""The two parties of an agreement, and what tells the pairs of them apart."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

# Of what tells the pairs of an agreement apart: 32 hex digits.
PAIR_LENGTH = 32


class Role(models.TextChoices):
    """The two parties (parter) of an agreement."""

    LEADER = "leader", _("leader")
    SUPERIOR = "superior", _("superior")
