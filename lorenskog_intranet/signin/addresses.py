"""Where the reader was going when a sign-in came between."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def wanted_address(request: HttpRequest) -> str:
    """The address in `next`, when that is one of this site; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A path: a word alone would be taken for the name of an address.
    return wanted if safe and wanted.startswith("/") else ""
