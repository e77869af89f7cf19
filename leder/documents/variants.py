"""The two forms of a document: the whole, and one without private sections (R2) for those who are not to read them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.reading.without_private import VARIANT


class Variant(models.TextChoices):
    """What a document holds of the agreement."""

    WHOLE = "whole", _("the whole agreement")
    WITHOUT_PRIVATE = VARIANT, _("without private sections")
