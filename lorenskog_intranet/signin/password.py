"""Changing one's own password. Who has none here, since they sign in elsewhere, has no such page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from leder.agreements.views.guard.recent import confirm_first, is_recent


class ChangeForm(PasswordChangeForm):
    """The old password is tried as at any sign-in: counted, and slowed."""

    def __init__(self, user: Any, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Ask the authentication backends. What they find must be the same person."""
        password: str = self.cleaned_data["old_password"]
        found = authenticate(self.request, username=self.user.get_username(), password=password)
        if found is None or found.pk != self.user.pk:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class ChangePassword(PasswordChangeView):
    """Asks for a recent sign-in first: a password that its owner sets so does not shut the texts (leder.identity)."""

    form_class = ChangeForm
    template_name = "signin/password.html"
    success_url = reverse_lazy("leder:my_page")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.has_usable_password():
            raise Http404
        if not is_recent(request):
            return confirm_first(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response


change_password = never_cache(ChangePassword.as_view())
