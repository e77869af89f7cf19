"""A person's own sign-ins and what was changed of their account, in one list that nobody else is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, CharField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leder import conf
from leder.agreements.models import AccountChange, Reading
from leder.agreements.views.guard.access import for_parties
from leder.identity.models import SignIn, device_words

LINES_ON_A_PAGE = 30


@dataclass(frozen=True)
class Line:
    """A sign-in, by a kind of device; or with `change` how the account was changed."""

    at: dt.datetime
    change: str
    browser: str
    system: str
    is_new_device: bool

    @property
    def words(self) -> str:
        """What happened, in words."""
        return (
            str(AccountChange(self.change).label) if self.change else device_words(self.browser, self.system)
        )


@require_safe
@for_parties
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Show the reader's own sign-ins and the changes of their own account, the latest first. Two queries."""
    page = Paginator(_lines_of(request.user), LINES_ON_A_PAGE).get_page(request.GET.get("side"))
    context = {
        "page_obj": page,
        "lines": [Line(*row) for row in page],
        "days": conf.sign_in_days(),
        "new_days": conf.new_device_days(),
    }
    return render(request, "leder/identity/sign_ins.html", context)


def _lines_of(person: Any) -> QuerySet[Any, Any]:
    """Each change once: it stands in the reading log of every agreement that the account opens."""
    nothing = Value("", output_field=CharField())
    never = Value(False, output_field=BooleanField())
    signed_in = SignIn.objects.filter(user=person).values_list(
        "at", nothing, "browser", "system", "is_new_device"
    )
    changed = (
        Reading.objects.filter(reader=person, kind__in=AccountChange.values)
        .order_by()
        .values_list("at", "kind", nothing, nothing, never)
        .distinct()
    )
    # Without ALL a union has each line once.
    return signed_in.union(changed).order_by("-at")
