"""Keys that seal what the parties of an agreement write."""

import base64
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from leder.conf import KEY_BYTES


class Command(BaseCommand):
    """`leder_keys generate` prints a new key; it is stored nowhere."""

    help = "Make a key for LEDER_KEYS."
    requires_system_checks: list[str] = []  # it is run before there is a key

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["generate"])

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
