"""From which network a request comes: the nearest address that no proxy of ours has written.

`X-Forwarded-For` is a line that anybody can send. Each proxy adds at its end whom it was asked by, so it is read from
the end, and only as long as the one who wrote is listed in LEDER_TRUSTED_PROXIES.
"""

import ipaddress
import logging
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

logger = logging.getLogger("leder.access")

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# A server on a socket file sees no address: whoever can write to the file is the proxy.
SOCKET = "unix"
UNKNOWN = "unknown"
# One customer of a provider has a /64 at least: its addresses are as good as one (RFC 6177).
IPV6_OF_ONE = 64


@lru_cache(maxsize=4)
def _parsed(listed: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(each) for each in listed if each != SOCKET)
    except ValueError as error:
        raise ImproperlyConfigured(f"LEDER_TRUSTED_PROXIES can't be read: {error}.") from error


def trusted_proxies() -> tuple[Network, ...]:
    """The networks of our own proxies. Raises ImproperlyConfigured where the setting can't be read."""
    return _parsed(tuple(settings.LEDER_TRUSTED_PROXIES))


def network_of(request: HttpRequest) -> str:
    """The network that counts as one: an IPv4 address, the /64 of an IPv6 address, "unknown" where there is none."""
    address = client_address(request)
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_OF_ONE), strict=False))


def client_address(request: HttpRequest) -> Address | None:
    """The address that the request came from to the outermost of our proxies. None where no address is known."""
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    address = _read(peer)
    if not _is_ours(address, peer):
        if forwarded:
            _tell_of_untrusted_line()
        return address
    for written in reversed(forwarded.split(",") if forwarded else []):
        hop = _read(written)
        if hop is None:
            break  # nobody's address: what stands further out is no proxy's word
        address = hop
        if not _is_ours(hop):
            break
    return address


def _is_ours(address: Address | None, peer: str = "-") -> bool:
    if address is None:
        return not peer and SOCKET in settings.LEDER_TRUSTED_PROXIES
    return any(address in network for network in trusted_proxies())


def _read(written: str) -> Address | None:
    """An address, also with a port behind it or within brackets, as some proxies write it."""
    written = written.strip()
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=1)
def _tell_of_untrusted_line() -> None:
    # Once a process: anybody can send such a line.
    logger.warning(
        "X-Forwarded-For came from an address that LEDER_TRUSTED_PROXIES does not list, and was not believed. If it is "
        "your proxy, all who sign in share its address."
    )


def widest(networks: Sequence[Network]) -> Network | None:
    """The widest of these networks that is too wide to be proxies alone: more than an IPv4 /16 or IPv6 /48."""
    limit = {4: 16, 6: 48}
    wide = [each for each in networks if each.prefixlen < limit[each.version]]
    return min(wide, key=lambda each: each.prefixlen, default=None)
