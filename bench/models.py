"""A throw-away table with guardian's generic permissions, to compare with. It is never part of the intranet."""

from django.conf import settings
from django.db import models


class Paper(models.Model):
    """Stands for an agreement in the comparison."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        permissions = [("party_paper", "Is a party to the paper")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"paper {self.pk}"
