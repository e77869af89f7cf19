"""What is known of each account and how its person signs in, so that a change of it can be told."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from leder.agreements.models.signed import Covered, SignedRow


class KnownSignIn(SignedRow):
    """An account and how its person signs in, as they were when last looked at.

    Holds no password and nothing made of one alone: the signature is of the stored password.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    email = models.CharField(max_length=254, blank=True, default="")
    is_active = models.BooleanField(default=True)
    # Algorithm and its cost, so that Django's own strengthening of a stored password is not taken for a change.
    password_form = models.CharField(max_length=80, blank=True, default="")
    # The ways signed in by, as dotted names of authentication backends, one a line.
    methods = models.TextField(blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    rows = "known sign-ins"
    signed_with = ("user",)
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"known sign-in {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Whose password, and as it is stored."""
        return ("password", self.user.pk, self.user.password)

    @property
    def whose(self) -> str:
        """Whose account."""
        return f"user {self.pk}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Those of people who have a password."""
        return super().to_be_signed(field).exclude(mac="")
