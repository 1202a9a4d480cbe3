"""The address that a request comes from, as it is counted."""

from __future__ import annotations

import ipaddress

from pyramid.request import Request

_NETWORK_BITS = 64


def client_address(request: Request) -> str:
    """The client's address; of IPv6 its network, which one household has to itself.

    Empty where it is not known: what comes from this machine comes from a proxy that
    the installation does not declare, and is everybody's. What a header says counts only
    where the server has taken it from the declared proxy (``[web] trusted_proxy``).
    """
    try:
        found = ipaddress.ip_address(request.environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    is_proxied = request.registry.site.composition.plan.installation.trusted_proxy
    if found.is_loopback and not is_proxied:
        return ""
    bits = found.max_prefixlen if isinstance(found, ipaddress.IPv4Address) else _NETWORK_BITS
    return str(ipaddress.ip_network((found, bits), strict=False))
