"""Check documents that somebody has brought."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leder.documents.checking import Finding, check


class Command(BaseCommand):
    """`manage.py leder_check FILE…`: whether each is a document of ours, unchanged, and of which agreement."""

    help = "Check whether PDF files are documents that were issued here, and unchanged. Nothing is decrypted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        doubtful = 0
        for path in options["files"]:
            try:
                finding = check(path.read_bytes())
            except OSError as error:
                raise CommandError(f"{path} can't be read: {error.strerror}.") from None
            doubtful += not finding.is_genuine
            self.stdout.write(f"{path}: {said(finding)}")
        if doubtful:
            raise CommandError(f"{doubtful} not genuine.")


def said(finding: Finding) -> str:
    """Return a finding in a line: verdict, agreement, seal; neither names nor text."""
    words = [str(finding.verdict.value)]
    if finding.seal is not None:
        agreement = finding.seal.agreement
        words.append(f"agreement {agreement.uuid} of {agreement.year}")
        words.append(f"seal {finding.seal.uuid}, {finding.seal.sha256}")
        words.append(f"the record in it {'is' if finding.record_agrees else 'is not'} what was sealed")
        links = finding.seal.links.order_by("number").values_list("number", "kind")
        # Whether the chain itself is whole is what leder_verify tells.
        said_of = ", ".join(f"link {number} ({kind})" for number, kind in links)
        words.append(f"chain of {agreement.year}: {said_of or 'not in it'}")
    if finding.reopened_at is not None:
        words.append(f"reopened {timezone.localtime(finding.reopened_at):%Y-%m-%d}")
    words.append(f"municipal seal: {finding.municipal_seal.value}")
    if finding.document is not None:
        issued = timezone.localtime(finding.document.issued_at)
        words.append(
            f"{finding.document.variant}, {finding.document.language}, issued {issued:%Y-%m-%d %H:%M}"
        )
    return "; ".join(words)
