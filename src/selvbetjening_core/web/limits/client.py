"""The address that a request comes from, as it is counted."""

from __future__ import annotations

import ipaddress

from pyramid.request import Request

_NETWORK_BITS = 64


def client_address(request: Request) -> str:
    """The client's address; of IPv6 its network, which one household has to itself.

    Empty where it is not known. Without a declared proxy (``[web] trusted_proxy``) the
    address that a request comes from may be that of a proxy, and everybody's: a whole
    municipality would be held as one. The same goes for the proxy's own address, where
    the server has not put the client's in its place.
    """
    proxy = request.registry.site.composition.plan.installation.trusted_proxy
    if not proxy:
        return ""
    try:
        found = ipaddress.ip_address(request.environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if str(found) == proxy:
        return ""
    bits = found.max_prefixlen if isinstance(found, ipaddress.IPv4Address) else _NETWORK_BITS
    return str(ipaddress.ip_network((found, bits), strict=False))
