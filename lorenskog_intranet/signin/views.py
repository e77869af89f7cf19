"""Sign-in (logg inn) and sign-out (logg ut)."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from . import demo
from .addresses import wanted_address
from .personas import ROLES, USERNAMES

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _roles_with_people() -> list[dict[str, Any]]:
    """Roles whose people are in the database, each with the persons found."""
    users = {user.get_username(): user for user in _demo_users()}
    roles = []
    for role in ROLES:
        cards = [{"persona": p, "user": users[p.username]} for p in role.personas if p.username in users]
        if cards:
            roles.append({"name": role.name, "cards": cards})
    return roles


def _demo_users() -> Any:
    return get_user_model()._default_manager.filter(username__in=USERNAMES, is_active=True)


@login_not_required
@never_cache
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The demo's people to choose from, or user name and password everywhere else.

    403 for somebody whom Wagtail sent here although they are signed in: it means they lack the right.
    """
    if request.user.is_authenticated and wanted_address(request).partition("?")[0] == request.path:
        # Signed in already, and on the way to signing in.
        return redirect(settings.LOGIN_REDIRECT_URL)
    sent_here = request.user.is_authenticated and wanted_address(request).startswith(f"/{settings.CMS_PATH}")
    if sent_here and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    if demo.is_open():
        return render(
            request, "signin/demo.html", {"roles": _roles_with_people(), "next": wanted_address(request)}
        )
    view = LoginView.as_view(template_name="signin/login.html", redirect_authenticated_user=True)
    return view(request)


@login_not_required
@never_cache
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people, without a password. 404 outside the demo."""
    if not demo.is_open():
        raise Http404
    user = get_object_or_404(_demo_users(), username=request.POST.get("username"))
    login(request, user, backend=BACKEND)
    return redirect(wanted_address(request) or resolve_url(settings.LOGIN_REDIRECT_URL))


class SignOut(LogoutView):
    """Ends the session, and asks the browser to drop what it kept: text that waited unsent, pictures, earlier pages.

    Cookies are left: the browser would drop those of the municipality's other services too.
    """

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


sign_out = login_not_required(SignOut.as_view())
