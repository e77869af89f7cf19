"""What can be done about conversations and preparations."""

from leder.conversations.actions.calling import call, call_off, cancel, hold, move, open_details
from leder.conversations.actions.preparing import (
    delete_unshared_preparations,
    mark_ready,
    save_preparation,
    take_back,
)

__all__ = [
    "call",
    "call_off",
    "cancel",
    "delete_unshared_preparations",
    "hold",
    "mark_ready",
    "move",
    "open_details",
    "save_preparation",
    "take_back",
]
