"""Import the organisation from a file of the HR system: the same as the page in the CMS."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leder.organisation.importing import actions, mapping
from leder.organisation.importing.cells import plain
from leder.organisation.importing.columns import every_column, guess
from leder.organisation.importing.difference import kinds
from leder.organisation.importing.faults import Fault, FileRefused
from leder.organisation.importing.reading import LARGEST_FILE, Table, parse


class Command(BaseCommand):
    """Exit code 0: applied, or nothing to change. 1: refused, with every fault by row and column."""

    help = "Imports units, positions, people and appointments from a CSV or XLSX file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping",
            type=Path,
            help='JSON: {"heading in the file": "our heading", …}; "" leaves a column out. It is remembered.',
        )
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")
        parser.add_argument(
            "--undo",
            action="store_true",
            default=None,
            help="the file is an earlier one: what later imports brought is removed as if it never was",
        )
        parser.add_argument(
            "--no-undo",
            dest="undo",
            action="store_false",
            help="the file says how things are now, though it is the same as an earlier one",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            # No more than one byte too many: that is enough to refuse it.
            with file.open("rb") as opened:
                content = opened.read(LARGEST_FILE + 1)
            table = parse(content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        places = self._places(table, options["mapping"])
        if options["dry_run"]:
            self._tell(actions.look_at(table, places, undo=options["undo"]))
            return
        try:
            done = actions.apply(table=table, places=places, name=file.name, undo=options["undo"])
        except actions.FileFaulty as faulty:
            self._tell(faulty.look)
            return
        if options["mapping"]:
            mapping.remember(table.headings, places)
        if done is None:
            self.stdout.write(_("No changes."))
        else:
            self._counts(done.counts)
            self.stdout.write(_("Imported."))

    def _places(self, table: Table, chosen: Path | None) -> dict[int, str]:
        if chosen is None:
            return mapping.propose(table.headings)[0]
        try:
            columns = json.loads(chosen.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{chosen}: {error}") from error
        every = every_column()
        ours = {plain(each.heading): each.key for each in every} | {each.key: each.key for each in every}
        if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
            raise CommandError(_("The mapping is a JSON object of headings."))
        wanted = {}
        for heading, our in columns.items():
            if our and plain(our) not in ours:
                raise CommandError(_("There is no column “%(name)s”.") % {"name": our})
            wanted[plain(heading)] = ours.get(plain(our), "")
        return guess(table.headings, wanted)

    def _tell(self, look: actions.Look) -> None:
        """Write faults and refuse, or write what would change."""
        for fault in look.faults:
            self.stderr.write(_line(fault))
        if look.faults:
            raise CommandError(
                ngettext(
                    "%(count)s fault. Nothing is changed.",
                    "%(count)s faults. Nothing is changed.",
                    len(look.faults),
                )
                % {"count": len(look.faults)}
            )
        for warning in look.warnings:
            self.stderr.write(_line(warning))
        if look.undo:
            self.stdout.write(_("This is an earlier file: what has been imported since is undone."))
        assert look.difference is not None  # noqa: S101
        for change in look.difference.changes:
            arrow = f": {change.before} → {change.after}" if change.before or change.after else ""
            self.stdout.write(f"{change.kind.label}: {change.code} {change.name}{arrow}")
        self._counts(look.difference.counts())
        if not look.difference.changes:
            self.stdout.write(_("No changes."))

    def _counts(self, counts: dict[str, int]) -> None:
        for kind in kinds():
            if kind.value in counts:
                self.stdout.write(f"{kind.label}: {counts[kind.value]}")


def _line(fault: Fault) -> str:
    place = (
        _("Row %(row)s, %(column)s") % {"row": fault.row, "column": fault.column}
        if fault.row
        else fault.column
    )
    return f"{place}: {fault.kind.label}. {fault.text}"
