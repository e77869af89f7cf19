"""The municipality's own seal on documents."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leder import conf
from leder.documents.certificate import NoCertificate, configured, make_test_certificate
from leder.documents.sealing import is_available


class Command(BaseCommand):
    """`leder_seal status | test`. `test` prints a certificate marked as a test, with its key; it is stored nowhere."""

    help = "Tell which certificate documents are sealed with, or make one to try it with."
    requires_system_checks: list[str] = []  # test is run before there is anything else

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["status", "test"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "test":
            self.stdout.write(make_test_certificate(conf.organisation()).decode(), ending="")
            return
        try:
            certificate = configured()
        except NoCertificate as error:
            raise CommandError(str(error)) from None
        if certificate is None:
            self.stdout.write("LEDER_SEAL_CERTIFICATE names no certificate: documents leave without a seal.")
            return
        self.stdout.write(
            f"{certificate.name}; {certificate.starts:%Y-%m-%d} to {certificate.ends:%Y-%m-%d}"
            f"{' (over)' if certificate.is_expired else ''}; SHA-256 {certificate.fingerprint}"
        )
        if not is_available():
            raise CommandError(
                "pyHanko is not installed (the extra “pades”): documents leave without a seal."
            )
