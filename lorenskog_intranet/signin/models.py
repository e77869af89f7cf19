"""What is remembered of sign-ins that failed: keyed hashes and times, never a user name, an address or a password."""

from django.db import models
from django.utils import timezone

KEY_LENGTH = 40


class SignInTry(models.Model):
    """Passwords tried for one user name from one network, or from one known device, since one was right.

    Deleted a day after the last (`manage.py leder_tidy`).
    """

    account = models.CharField(max_length=KEY_LENGTH)
    source = models.CharField(max_length=KEY_LENGTH)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(default=timezone.now)
    # Null: the last one is being looked at, or none has been.
    failed_at = models.DateTimeField(null=True)
    # No password is looked at before.
    until = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["account", "source"], name="sign_in_try_of_one"),)
        indexes = (
            models.Index(fields=["source", "tried_at"], name="sign_in_try_source"),
            models.Index(fields=["failed_at"], name="sign_in_try_failed"),
        )

    def __str__(self) -> str:
        return f"sign-in try {self.pk}"


class SignInNotice(models.Model):
    """Something about sign-ins that operators were told in the log, so that they are told once an hour."""

    key = models.CharField(max_length=KEY_LENGTH, primary_key=True)
    told_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"sign-in notice {self.pk}"
