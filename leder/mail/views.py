"""Varsler: each person's choice of language and reminders; and the choice of language that is kept for mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leder.mail.forms import NotificationsForm
from leder.mail.language import remember_language


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """A person's own choices. Reminders lead here, so that they can be turned off."""
    form = NotificationsForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is saved."))
        return redirect("leder:notifications")
    context = {"form": form, "address": getattr(request.user, "email", "")}
    return render(
        request,
        "leder/mail/notifications.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


def set_language(request: HttpRequest) -> HttpResponse:
    """Django's view of the same name; what one who is signed in chooses is the language of mail too.

    For a host's urls.py in place of Django's.
    """
    response = i18n.set_language(request)
    if request.method == "POST" and request.user.is_authenticated:
        remember_language(person=request.user, language=request.POST.get("language", ""))
    return response
