"""Where a party says whose account it is: an address for each change, that still leads somewhere after the next."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

# Whose account, by key: what was asked about one change is told of when the name of the change is gone.
ACCOUNT = "konto"


def confirm_address(account: Any, change: uuids.UUID) -> str:
    """Return the path of the question that a change (by its name) of an account (by the user's key) asks."""
    return f"{reverse('leder:account_confirm', args=[change])}?{urlencode({ACCOUNT: account})}"
