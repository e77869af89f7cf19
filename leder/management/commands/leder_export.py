"""Write the organisation to a file, in the form that `leder_import` reads."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from leder.organisation.importing.export import FORMATS, export


class Command(BaseCommand):
    """`manage.py leder_export organisation.xlsx`: CSV or XLSX, by the name."""

    help = "Writes units, positions, people and appointments to a file (CSV or XLSX, by its name)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        form = file.suffix.removeprefix(".").lower()
        if form not in FORMATS:
            raise CommandError(_("Give the file a name that ends with .csv or .xlsx."))
        content = export(form)
        try:
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(_("The organisation is written to %(file)s.") % {"file": file})
