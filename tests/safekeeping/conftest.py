"""The pages of an agreement, as the tests of agreements ask for them."""

from tests.agreements.conftest import url_of

__all__ = ["url_of"]
