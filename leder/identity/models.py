"""A person's own sign-ins, for nobody but them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from leder.identity.kinds import Browser, System


class SignIn(models.Model):
    """That a person whose account opens text signed in: when, by what kind of device, and whether it was new.

    No address and no more of the device than that. Kept for LEDER_SIGN_IN_DAYS. It decides nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leder_sign_ins"
    )
    at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=10, choices=Browser.choices, blank=True, default="")
    system = models.CharField(max_length=10, choices=System.choices, blank=True, default="")
    is_new_device = models.BooleanField(default=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["user", "-at"], name="leder_signin_user")]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"

    @property
    def device(self) -> str:
        """The kind of device, in words."""
        return device_words(self.browser, self.system)


def device_words(browser: str, system: str) -> str:
    """Return a kind of device in words: “Firefox on Windows”."""
    names = {
        "browser": Browser(browser).label if browser in Browser else _("an unknown browser"),
        "system": System(system).label if system in System else "",
    }
    return _("%(browser)s on %(system)s") % names if names["system"] else str(names["browser"])
