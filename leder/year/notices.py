"""E-mail when an agreement ends: that it has, and where what was written can be read. Never what (R2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement
from leder.agreements.notices import page_of
from leder.mail.notices import Notice

ENDED: Notice[Agreement] = Notice(
    lambda agreement: [agreement.leader, agreement.superior],
    _("A leader agreement is ended"),
    _(
        "The leader no longer has the position that the agreement was made for, so it is ended. "
        "Conversations that were called are cancelled, and nothing of it is shared with others any more. "
        "What you may read, you find here:"
    ),
    page_of,
)
