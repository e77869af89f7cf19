"""Uploaded pictures, for people who are signed in."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

PICTURES = ("images/", "original_images/")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture from MEDIA_ROOT. Documents are only served by Wagtail, which asks who may read them."""
    if not path.startswith(PICTURES) or ".." in path.split("/"):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        response.headers["Cache-Control"] = "private, max-age=3600"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
