"""What the plugin asks of a host's user, whichever model that is."""

from __future__ import annotations

from typing import Any, Protocol


class Person(Protocol):
    """Somebody signed in, or nobody (`AnonymousUser`): enough to say who may see and do what."""

    @property
    def pk(self) -> Any:
        """The key; None for nobody."""

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in."""

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""

    @property
    def is_superuser(self) -> bool:
        """Whether they may do everything; it never gives sight of an agreement."""

    def has_perm(self, perm: str, /) -> bool:
        """Whether a role gives a permission. It never gives sight of an agreement (`visible_to`)."""
