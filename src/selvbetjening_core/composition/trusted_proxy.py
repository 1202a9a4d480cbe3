"""``[web] trusted_proxy``: the proxies whose word is taken for where a request comes from."""

from __future__ import annotations

import ipaddress

from selvbetjening_core.files import Table

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

_KEY = "trusted_proxy"
_WRITE = (
    'write the address by which the proxy reaches selvbetjening, such as "127.0.0.1",'
    ' or the network of the proxies, such as "10.0.0.0/24"'
)


def read_trusted_proxy(web: Table) -> Networks:
    """Addresses and networks of proxies, one as a text or several as a list; empty: none."""
    if isinstance(web.raw(_KEY), str):
        return _networks(web, web.text(_KEY))
    words = web.text_list(_KEY, required=False)
    return tuple(
        network for word in words for network in _networks(web, word, web.position(_KEY, word))
    )


def read_address(text: str) -> Address | None:
    """An address as a server or a proxy tells it; None where it is none.

    IPv4 written as IPv6 is IPv4, and one with a zone is none: it means something on one
    machine alone.
    """
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return found
    return None if found.scope_id else found.ipv4_mapped or found


def is_trusted(address: Address, proxies: Networks) -> bool:
    """Is it the address of one of the proxies?"""
    return any(address in network for network in proxies)


def _networks(web: Table, word: str, *position: int) -> Networks:
    """One network, or none and a problem."""
    if not word.strip():
        return ()
    message, advice = _wrong(word)
    if message:
        web.error("bad-address", message, advice, _KEY, *position)
        return ()
    # A single address is a network of one.
    return (ipaddress.ip_network(read_address(word) or word),)


def _wrong(word: str) -> tuple[str, str]:
    """What is wrong with a word, and what to do; empty: nothing."""
    try:
        network = ipaddress.ip_network(word, strict=False)
    except ValueError:
        network = None
    if network is None or "%" in word:
        wrong = f'"{word}" in "{_KEY}" is neither an address nor a network'
        return wrong, _WRITE
    if network.prefixlen == 0:
        wrong = f'"{word}" in "{_KEY}" is everybody: a browser could claim any address'
        return wrong, "write the addresses of the proxies alone"
    start = ipaddress.ip_address(word.partition("/")[0])
    if start != network.network_address:
        wrong = f'"{word}" in "{_KEY}" is an address within a network, and not the network'
        return wrong, f'write "{network}" for all of it, or "{start}" for the one machine'
    return "", ""
