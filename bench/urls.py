"""The intranet's addresses, and the views to compare with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from guardian.shortcuts import get_objects_for_user

from bench.models import Paper
from leder.agreements.models import Agreement


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """As little as Django can do."""
    return HttpResponse("ok")


def stock(request: HttpRequest) -> HttpResponse:
    """Guardian's own query on its generic table: which papers does this person have?"""
    return HttpResponse(str(len(get_objects_for_user(request.user, "party_paper", klass=Paper))))


def visible(request: HttpRequest) -> HttpResponse:
    """The same question of ours: which agreements exist for this person?"""
    return HttpResponse(str(len(Agreement.objects.visible_to(request.user))))


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/stock/", stock),
    path("bench/visible/", visible),
    path("", include("lorenskog_intranet.urls")),
]
