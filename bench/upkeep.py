"""What operators and HR run: exchange of keys, verification, deletion for good, a new year. Seconds for all of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Avg
from django.db.models.functions import Length
from django.utils import timezone

from bench import importing
from leder.agreements.forms.round import PAGES, usual_dates
from leder.agreements.models import Agreement, Round, Seal
from leder.oversight.coverage.actions import refresh_counts
from leder.oversight.coverage.models import CoverageCount
from leder.reminders.actions import remind
from leder.safekeeping import deletion, renewal, rotation, verification
from leder.safekeeping.seals import Tally
from leder.year import opening
from leder.year.models import Opening


def measure() -> dict[str, float]:
    """Run each and return its seconds, by name. What is deleted is put back, and what is opened taken away."""
    found = {"leder_keys rotate": _seconds(_rotate), "leder_keys rotate --renew": _seconds(_renew)}
    found["leder_verify"] = _seconds(_verify)
    found["leder_verify --texts"] = _seconds(partial(_verify, with_texts=True))
    with transaction.atomic():
        found["leder_remind"] = _seconds(_remind)
        transaction.set_rollback(True)
    with transaction.atomic():
        found["leder_count"] = _seconds(_count)
        transaction.set_rollback(True)
    with transaction.atomic():
        found["deletion of all texts"] = _seconds(_delete)
        transaction.set_rollback(True)
    with transaction.atomic():
        found["a year opened for all leaders"] = _seconds(_open_year)
        transaction.set_rollback(True)
    found.update(importing.measure())
    return found


def _rotate() -> None:
    # The two keys of the test settings change places: a database that is kept opens with them next time too.
    settings.LEDER_KEYS = settings.LEDER_KEYS[::-1]
    counts = rotation.rotate(lambda name, done, total: None)
    if any(count.left for count in counts):
        raise SystemExit(f"Not everything could be made anew: {counts}")


def _renew() -> None:
    """Each data key was made under the key that is second since `_rotate`."""
    count = renewal.renew_data_keys(lambda name, done, total: None)
    if count.left:
        raise SystemExit(f"Not everything could be renewed: {count}")
    print(f"        {count.done} data keys renewed", flush=True)


def _count() -> None:
    CoverageCount.objects.all().delete()
    if not refresh_counts():
        raise SystemExit("Nothing was counted.")


def _verify(*, with_texts: bool = False) -> None:
    tally = Tally()
    if faults := list(verification.findings(with_texts=with_texts, tally=tally)):
        raise SystemExit(f"{len(faults)} faults, the first: {faults[0]}")
    sizes = Seal.objects.filter(kind=Seal.Kind.AGREEMENT).annotate(bytes=Length("ciphertext"))
    usual = sizes.aggregate(usual=Avg("bytes"))["usual"]
    print(f"        {tally} A record is {usual:.0f} bytes, in the mean.", flush=True)


def _remind() -> None:
    """The heaviest day there can be: everything of the newest round is overdue. The mails themselves go nowhere."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    due = Round.objects.latest("year").follow_up_due
    outcome = remind(today=due + dt.timedelta(days=8 - due.isoweekday()))
    if not outcome.sent:
        raise SystemExit("Nobody was reminded.")


def _delete() -> None:
    pks = list(Agreement.objects.filter(text_deleted_at=None).values_list("pk", flat=True))
    for start in range(0, len(pks), deletion.BATCH):
        deletion.delete_texts(pks[start : start + deletion.BATCH])


def _open_year() -> None:
    newest = Round.objects.order_by("-year")[0]
    texts = {f"{name}_id": getattr(newest, f"{name}_id") for name in PAGES}
    now = timezone.now()
    following = Round.objects.create(
        year=newest.year + 1, opened_at=now, **usual_dates(newest.year + 1), **texts
    )
    starter = get_user_model().objects.order_by("pk")[0]
    begun = Opening.objects.create(round=following, started_by=starter, started_at=now, alive_at=now)
    opening.run(begun)
    begun.refresh_from_db()
    print(f"        a year opened for {begun.done} leaders", flush=True)


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
