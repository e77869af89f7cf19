"""What a party holds once an agreement was found for them (tilgang): who, in which, as which of the two.

Made by `AgreementQuerySet.access_for` and `accesses_for` only, which load and authorise at once. What reads, shows or
changes an agreement as a party takes one, and so can't be called for anybody that it does not exist for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leder.agreements.models import Agreement


@dataclass(frozen=True)
class Access:
    """One party's access to one agreement, as it stood when it was loaded.

    `recent` says that the sign-in is recent (`views.recent`); without it private sections stay closed.
    """

    agreement: Agreement
    # A row of the host's user model: what a party writes names them.
    reader: Any
    role: str
    recent: bool

    @property
    def other(self) -> Any:
        """The other party."""
        agreement = self.agreement
        return agreement.superior if self.role == "leader" else agreement.leader

    def without_private(self) -> Access:
        """Return the same with private sections closed."""
        return replace(self, recent=False)
