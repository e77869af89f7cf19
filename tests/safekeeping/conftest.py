"""The pages of an agreement, as the tests of agreements ask for them."""

from tests.agreements.conftest import as_user, url_of

__all__ = ["as_user", "url_of"]
