"""Confirming once more that it is you: where the plugin asks for a recent sign-in (LEDER_REAUTH_URL).

With the password in daily use, by a click in the demo, and by signing in anew for one who has no password here.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate, logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from leder import conf
from leder.agreements.views.guard.recent import is_recent

from . import demo
from .addresses import wanted_address
from .personas import USERNAMES


class ConfirmForm(forms.Form):
    """The password of the one who is signed in. Wrong ones are counted as at any sign-in."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Write your password.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: Any = None

    def clean_password(self) -> str:
        """Ask the authentication backends. What they find must be the same person."""
        password: str = self.cleaned_data["password"]
        signed_in = self.request.user
        self.user = authenticate(self.request, username=signed_in.get_username(), password=password)
        if self.user is None or self.user.pk != signed_in.pk:
            raise ValidationError(_("This is not your password. Try again."))
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask the one who is signed in to confirm it, and go on to `next`. Who has just signed in goes on at once."""
    user: Any = request.user
    goes_to = wanted_address(request) or reverse("leder:my_page")
    by_click = demo.is_open() and user.get_username() in USERNAMES
    by_password = not by_click and user.has_usable_password()
    form = ConfirmForm(request.POST or None, request=request) if by_password else None
    if request.method == "POST":
        if by_click:
            return _go_on(request, user, goes_to)
        if form is None:
            logout(request)
            return redirect_to_login(goes_to, login_url=resolve_url(settings.LOGIN_URL))
        if form.is_valid():
            return _go_on(request, form.user, goes_to)
    elif is_recent(request):
        return redirect(goes_to)
    context = {
        "form": form,
        "by_click": by_click,
        "next": goes_to,
        "minutes": conf.reauth_minutes(),
    }
    return render(request, "signin/confirm.html", context, status=422 if form and form.errors else 200)


def _go_on(request: HttpRequest, user: Any, goes_to: str) -> HttpResponse:
    """Note the sign-in and go on.

    Unlike Django's `login`, this keeps the token against forged requests, so that what is written in other tabs can
    be saved. The session gets a new key: one who has got hold of the old does not take part in the confirmation.
    """
    request.session.cycle_key()
    if backend := getattr(user, "backend", ""):
        request.session[BACKEND_SESSION_KEY] = backend
    user_logged_in.send(sender=user.__class__, request=request, user=user)
    return redirect(goes_to)
