"""The history (historikk): a leader's agreements through the years, for the leader and for the superior of today."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leder.agreements.models import Role
from leder.agreements.reading.current import open_goals
from leder.agreements.views.guard.access import access_or_404, for_parties
from leder.agreements.views.guard.recent import confirm_url
from leder.history.goals import goal_groups
from leder.history.years import accesses_to, reopened_before, signed_before, years_of


@require_safe
@for_parties
def history(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Show the agreements of the leader of this one that the reader is a party to, and their goals. 404 for others.

    A superior sees those where they are the superior. Goals in private sections ask for a recent sign-in.
    """
    access = access_or_404(request, uuid)
    agreement = access.agreement
    accesses = accesses_to(
        agreement.leader_id, request.user, recent=access.recent, new_device=access.new_device
    )
    agreements = [each.agreement for each in accesses]
    reached = [each.pk for each in agreements]
    texts = open_goals(accesses)
    is_mine = access.role == Role.LEADER
    years = years_of(accesses, texts)
    context = {
        "agreement": agreement,
        "is_mine": is_mine,
        "years": years,
        "groups": goal_groups(agreements, texts),
        "reopened": [] if is_mine else reopened_before(agreement.leader_id, request.user, reached),
        "signed": [] if is_mine else signed_before(agreement.leader_id, request.user, reached),
        "is_hidden": any(version for each in texts.values() for version in each.closed.values()),
        "withheld": [] if is_mine else [year.agreement for year in years if year.is_withheld],
        "damaged": [year.agreement for year in years if year.texts.damaged],
        "altered": [year.agreement for year in years if year.texts.altered],
        "deleted": [year.agreement for year in years if year.agreement.text_deleted_at is not None],
        "confirm_url": confirm_url(request.path),
    }
    return render(request, "leder/history/history.html", context)
