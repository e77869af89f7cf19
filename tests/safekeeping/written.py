"""One of each kind of text that an agreement can hold, for what walks them all."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement
from leder.conversations import actions as conversing
from leder.documents.issuing import document_for_party
from leder.documents.variants import Variant
from tests.agreements import versions
from tests.factories import FOLLOW_UP_SECTION, SECTION, access_of, make_user, propose_reopening, share


def write_one_of_each(agreement: Agreement) -> None:
    """Write into a signed agreement what can be written there."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    conversing.call(
        access_of(agreement.superior, agreement), starts_at=tomorrow, minutes=60, place="Her", message="Hei"
    )
    actions.add_comment(access_of(agreement.leader, agreement), section_id=SECTION, text="Hei")
    share(agreement, make_user(), purpose="Veiledning")
    document_for_party(access_of(agreement.leader, agreement), Variant.WHOLE)
    versions.write(agreement, agreement.leader, "Først", FOLLOW_UP_SECTION)
    versions.look(agreement, agreement.superior)
    propose_reopening(agreement)
