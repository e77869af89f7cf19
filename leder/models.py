"""The plugin's models, gathered from its slices; nothing is defined here."""

from .organisation.models import Appointment, Position, Unit  # noqa: F401
