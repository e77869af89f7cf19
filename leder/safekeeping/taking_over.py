"""Taking over (overtakelse): the organisation and the deadlines signed as they stand, by one who answers for them.

For what was written past the plugin and is right: a restore with other keys, a script. Never for agreements, grants or
editions: what decides there is the two's own, and nobody can answer for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from leder.agreements.models import Round
from leder.organisation.models import Appointment, Position

logger = logging.getLogger("leder.access")

MODELS: tuple[Any, ...] = (Position, Appointment, Round)


def take_over() -> Iterator[str]:
    """Sign every position, appointment and round that is not genuine; yield a line for each, which is logged too."""
    for model in MODELS:
        for row in model.to_be_signed("mac").order_by("pk"):
            if not row.is_genuine:
                row.save()
                logger.warning("taken over: %s, row %s, %s", model.rows, row.pk, row.whose)
                yield f"{model.rows}: row {row.pk} is taken over ({row.whose})"
