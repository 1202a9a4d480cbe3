"""The address that a request comes from, as it is counted."""

from __future__ import annotations

import ipaddress

from pyramid.request import Request

from selvbetjening_core.composition.trusted_proxy import is_trusted, read_address

_NETWORK_BITS = 64


def client_address(request: Request) -> str:
    """The client's address; of IPv6 its network, which one household has to itself.

    Empty where it is not known. Without a declared proxy (``[web] trusted_proxy``) the
    address that a request comes from may be that of a proxy, and everybody's: a whole
    municipality would be held as one. The same goes for the address of a proxy itself,
    where the server has not put the client's in its place.
    """
    proxies = request.registry.site.composition.plan.installation.trusted_proxy
    found = read_address(request.environ.get("REMOTE_ADDR", ""))
    if not proxies or found is None or is_trusted(found, proxies):
        return ""
    bits = found.max_prefixlen if isinstance(found, ipaddress.IPv4Address) else _NETWORK_BITS
    return str(ipaddress.ip_network((found, bits), strict=False))
