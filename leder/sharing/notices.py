"""E-mail about sharing, a table: that something happened and where to look, never what it is about (R2)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Share
from leder.agreements.notices import asked, left, on_page, proposer
from leder.mail.notices import Notice

PROPOSED: Notice[Share] = Notice(
    asked,
    _("A proposal to share something from the agreement waits for your answer"),
    _("Nothing is shared unless you agree. Read the proposal and answer here:"),
    on_page("sharing"),
)
AGREED: Notice[Share] = Notice(
    proposer,
    _("What you proposed to share is shared now"),
    _("The other has agreed. Here you see what is shared, and can withdraw it at any time:"),
    on_page("sharing"),
)
WITHDRAWN: Notice[Share] = Notice(
    left,
    _("Something is no longer shared from the agreement"),
    _("The other has withdrawn a sharing, or a proposal to share. Here you see what is shared now:"),
    on_page("sharing"),
)
TO_READER: Notice[Share] = Notice(
    lambda share: [share.reader],
    _("Something from a leader agreement is shared with you"),
    _("A leader and the superior have agreed that you can read something they have written. Read it here:"),
    lambda share: reverse("leder:shared", args=[share.uuid]),
)
TO_READER_WITHDRAWN: Notice[Share] = Notice(
    TO_READER.to,
    _("Something is no longer shared with you"),
    _("It is withdrawn. Here you see what is shared with you now:"),
    lambda _share: reverse("leder:shared_with_me"),
)
