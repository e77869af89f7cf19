"""Addresses of the site. Every one needs a sign-in but the sign-in itself and the choice of language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from leder.mail.views import set_language

from .media import media
from .search import search
from .signin.confirm import confirm_sign_in
from .signin.password import change_password
from .signin.views import demo_sign_in, sign_in, sign_out

# One door in and one door out: Wagtail's own sign-in pages lead to ours, and signing out from the
# CMS is signing out from the site.
to_sign_in = RedirectView.as_view(pattern_name="sign_in", query_string=True)


def not_there(request: HttpRequest) -> HttpResponse:
    """404, whoever asks."""
    raise Http404


urlpatterns = [
    path("logg-inn/", sign_in, name="sign_in"),
    path("logg-inn/demo/", demo_sign_in, name="demo_sign_in"),
    path("logg-inn/bekreft/", confirm_sign_in, name="confirm_sign_in"),
    path("logg-inn/passord/", change_password, name="change_password"),
    path("logg-ut/", sign_out, name="sign_out"),
    path("sprak/", login_not_required(set_language), name="set_language"),
    path("sok/", search, name="search"),
    path("media/<path:path>", media, name="media"),
    path("leder/", include("leder.urls")),
    path(f"{settings.CMS_PATH}login/", to_sign_in),
    path(f"{settings.CMS_PATH}failwhale/", not_there),  # Wagtail's page that fails when anybody asks for it
    path(f"{settings.CMS_PATH}logout/", sign_out),
    path(settings.CMS_PATH, include(wagtailadmin_urls)),
    path("dokumenter/", include(wagtaildocs_urls)),
    path("_util/login/", to_sign_in),
    path("", include(wagtail_urls)),
]
