"""Changing one's own password. Who has none here, since they sign in elsewhere, has no such page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from leder.agreements.views.guard.recent import confirm_first, is_recent


class ChangePassword(PasswordChangeView):
    """Asks for a recent sign-in first: a password that its owner sets so does not shut the texts (leder.identity)."""

    template_name = "signin/password.html"
    success_url = reverse_lazy("leder:my_page")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.has_usable_password():
            raise Http404
        if not is_recent(request):
            return confirm_first(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response


change_password = never_cache(ChangePassword.as_view())
