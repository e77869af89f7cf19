"""Shown when done: the pages are edited, purged and deleted, block types removed, keys exchanged, people renamed – and
the agreement, its PDF and its seal are byte for byte what they were (R6, R7)."""

from __future__ import annotations

import base64
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from wagtail.models import Page, Revision

from leder.agreements.access import accounts
from leder.agreements.models import Agreement, DataKey
from leder.documents.checking import Verdict, check
from leder.organisation.models import Position, Unit
from leder.pages.editions import Edition
from leder.safekeeping.verification import findings
from tests.factories import make_round, make_user
from tests.proof.conftest import YEAR, client_of
from tests.proof.evidence import differing, evidence

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW_KEY = base64.b64encode(b"\x17" * 32).decode()
LAST_KEY = base64.b64encode(b"\x18" * 32).decode()
# What is another when all is sealed anew, and nothing else is.
OF_THE_DATA_KEY = ("ciphertext", "place", "place_sha256")
# A block type of each page whose text the agreement stands on.
REMOVED = {"platform": "expectations", "letter": "theme", "form": "section"}
# Two checkers of PDF/UA that know nothing of each other.
CHECKERS = (("outloud",), ("pdfua", "check", "--min-severity", "error"))


def specific(page: Any) -> Any:
    return Page.objects.get(pk=page.pk).specific


def reworded(value: Any) -> Any:
    """The same blocks with other words in them: every text of more than one word is another."""
    if isinstance(value, dict):
        return {key: reworded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [reworded(each) for each in value]
    return "Noe helt annet enn før." if isinstance(value, str) and " " in value else value


def edit_and_publish(pages: dict[str, Any]) -> None:
    """Other words everywhere, the last parts gone, other titles; published, twice."""
    for kind, page in pages.items():
        for turn in (1, 2):
            live = specific(page)
            blocks = [reworded(dict(block)) for block in live.body.raw_data]
            live.title, live.slug = f"Endret {kind} {turn}", f"endret-{kind}-{turn}"
            live.introduction = "<p>Helt nytt.</p>"
            live.body = blocks[: -1 if turn == 2 else None]
            live.save_revision().publish()
        assert Edition.objects.filter(page_id=page.pk).count() == 3


def purge_revisions() -> None:
    """Wagtail's housekeeping, and then every revision that it leaves."""
    out = StringIO()
    call_command("purge_revisions", stdout=out)
    assert "Successfully deleted" in out.getvalue()
    Revision.objects.all().delete()


def remove_block_types(pages: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the block types out of the code: Wagtail drops their blocks without a word."""
    for kind, page in pages.items():
        before = {block.block_type for block in specific(page).body}
        assert REMOVED[kind] in before
        stream = page._meta.get_field("body").stream_block
        monkeypatch.delitem(stream.child_blocks, REMOVED[kind])
        after = specific(page)
        assert {block.block_type for block in after.body} == before - {REMOVED[kind]}
        # An editor who saves now has lost them for good.
        after.save_revision().publish()


def withdraw_and_move(pages: dict[str, Any]) -> None:
    """Unpublish the pages and move them out of sight."""
    archive = Page.objects.get(depth=2)
    for page in pages.values():
        specific(page).unpublish()
        specific(page).move(archive, pos="last-child")


def delete_pages(pages: dict[str, Any]) -> None:
    """While the round names them the CMS keeps them; then the round names copies, and they are deleted."""
    editor = client_of(make_user(is_superuser=True, is_staff=True))
    for page in pages.values():
        answer = editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
        assert answer.status_code == 302
        assert Page.objects.filter(pk=page.pk).exists()
    year_round = make_round(YEAR)
    for kind, page in pages.items():
        copy = specific(page).copy(update_attrs={"slug": f"kopi-{kind}", "title": f"Kopi {kind}"})
        setattr(year_round, f"{kind}_page_id", copy.pk)
    year_round.save()
    with transaction.atomic():
        for page in pages.values():
            specific(page).delete()
    assert not Page.objects.filter(pk__in=[page.pk for page in pages.values()]).exists()


def exchange_keys(settings: Any) -> None:
    """A new key first, everything wrapped and signed anew, and the old key gone."""
    before = set(DataKey.objects.values_list("wrapped_by", flat=True))
    settings.LEDER_KEYS = [NEW_KEY, *settings.LEDER_KEYS]
    call_command("leder_keys", "rotate", stdout=StringIO(), stderr=StringIO())
    settings.LEDER_KEYS = [NEW_KEY]
    assert not before & set(DataKey.objects.values_list("wrapped_by", flat=True))


def renew_keys(settings: Any) -> None:
    """Another key again, as after a leak: new data keys, and every text sealed anew."""
    settings.LEDER_KEYS = [LAST_KEY, *settings.LEDER_KEYS]
    call_command("leder_keys", "rotate", renew=True, stdout=StringIO(), stderr=StringIO())
    settings.LEDER_KEYS = [LAST_KEY]


def rename_everything() -> None:
    """People marry, positions and units get other names. Another address is known to be right."""
    get_user_model().objects.update(first_name="Annet", last_name="Navn", email="annen@example.org")
    accounts.take_over(list(accounts.everybody()))
    Position.objects.update(title=Concat(F("title"), Value(", omdøpt")))
    Unit.objects.update(name=Concat(F("name"), Value(", omdøpt")))


def test_what_was_agreed_stands(
    signed: Agreement,
    pages: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    before = evidence(signed)
    assert any(
        name.startswith("document") and content.startswith(b"%PDF-") for name, content in before.items()
    )
    assert list(findings(with_texts=True)) == []
    for step in (
        lambda: edit_and_publish(pages),
        purge_revisions,
        lambda: remove_block_types(pages, monkeypatch),
        lambda: withdraw_and_move(pages),
        lambda: delete_pages(pages),
        lambda: exchange_keys(settings),
        rename_everything,
    ):
        step()
        assert differing(before, evidence(signed)) == [], step
        # And nothing that decides or tells of access or of what was signed has come out of place.
        assert list(findings(with_texts=True)) == []
    renew_keys(settings)
    after = evidence(signed)
    assert differing(before, after) == sorted(
        name for name in before if name.partition(", ")[2] in OF_THE_DATA_KEY
    )
    assert list(findings(with_texts=True)) == []
    files = []
    for name, content in after.items():
        if name.startswith("document"):
            assert check(content).verdict == Verdict.GENUINE
            files.append(tmp_path / f"{len(files)}.pdf")
            files[-1].write_bytes(content)
    for checker in CHECKERS:
        done = run(*checker, *files)
        assert done.returncode == 0, done.stdout + done.stderr


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program that stands beside this Python."""
    command = [Path(sys.executable).with_name(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
