"""The demo's own secrets: made at first start, kept in var/, readable by their owner only."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(var: Path) -> str:
    """Django's SECRET_KEY of this demo, from `var`; made there the first time."""
    path = var / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(get_random_secret_key())
    return path.read_text()
