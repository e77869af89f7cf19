"""Keys that seal what the parties of an agreement write."""

import base64
import secrets
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from leder import conf, keyed
from leder.agreements.models import Agreement, DataKey
from leder.safekeeping.renewal import renew_data_keys
from leder.safekeeping.rotation import rotate
from leder.safekeeping.verification import data_key_faults

# How often it is told how far an exchange has come.
SECONDS_BETWEEN = 2


class Command(BaseCommand):
    """`leder_keys generate | rotate [--renew] | verify | status`. `generate` prints a new key; it is stored nowhere."""

    help = "Make a key for LEDER_KEYS, exchange keys, see that every data key opens, and tell which key is in use."
    _told = 0.0
    requires_system_checks: list[str] = []  # generate is run before there is a key

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["generate", "rotate", "verify", "status"])
        parser.add_argument(
            "--renew",
            action="store_true",
            help="With rotate: new data keys too, and all that they sealed sealed anew. After a key has leaked.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["renew"] and options["action"] != "rotate":
            raise CommandError("--renew goes with rotate.")
        if options["renew"]:
            self._rotate(renew=True)
        else:
            getattr(self, f"_{options['action']}")()

    def _generate(self) -> None:
        self.stdout.write(base64.b64encode(secrets.token_bytes(conf.KEY_BYTES)).decode())

    def _rotate(self, *, renew: bool = False) -> None:
        began = time.monotonic()
        counts = [renew_data_keys(self._progress)] if renew else []
        counts += rotate(self._progress)
        for count in counts:
            left = f", {count.left} left as they were" if count.left else ""
            self.stdout.write(f"{count.name}: {count.done} made anew{left}")
        self.stdout.write(f"{time.monotonic() - began:.1f} s")
        if any(count.left for count in counts):
            raise CommandError("Some are not genuine, or no listed key opens them. Run leder_verify --texts.")

    def _progress(self, name: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or now - self._told >= SECONDS_BETWEEN:
            self._told = now
            self.stderr.write(f"{name}: {done} of {total}")

    def _verify(self) -> None:
        faults = 0
        for fault in data_key_faults():
            faults += 1
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{faults} data keys do not open.")
        self.stdout.write(f"All {DataKey.objects.count()} data keys open.")

    def _status(self) -> None:
        used = dict(DataKey.objects.order_by().values_list("wrapped_by").annotate(count=Count("pk")))
        for place, key in enumerate(conf.wrapping_keys()):
            name = keyed.fingerprint(key)
            role = "wraps and opens" if place == 0 else "opens"
            self.stdout.write(f"{name}: {role}, {used.pop(name, 0)} data keys")
        for name, count in sorted(used.items()):
            self.stdout.write(f"{name}: NOT LISTED, {count} data keys can't be opened")
        earlier = DataKey.objects.exclude(made_under=keyed.fingerprint(conf.wrapping_keys()[0])).count()
        self.stdout.write(
            f"Data keys made under another key than the first, which rotate --renew exchanges: {earlier}"
        )
        deleted = Agreement.objects.exclude(text_deleted_at=None).count()
        self.stdout.write(f"Agreements whose text is deleted for good: {deleted}")
