"""Where a request comes from, behind one proxy or several."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from selvbetjening_core.composition.trusted_proxy import (
    Address,
    Networks,
    is_trusted,
    read_address,
)

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

# Some proxies add the port: 198.51.100.7:4711, [2001:db8::7]:4711.
_WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]{1,5})?", re.ASCII)
_CLAIMS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def behind_proxies(app: WsgiApp, trusted: Networks) -> WsgiApp:
    """``app``, told of the client's address in place of the proxy's.

    Only ``X-Forwarded-For`` is read, and only from ``trusted``. Nobody's claim about
    host, scheme or address gets as far as ``app``.
    """

    def told(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        claimed = environ.get("HTTP_X_FORWARDED_FOR", "")
        for name in _CLAIMS:
            environ.pop(name, None)
        peer = read_address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and claimed:
            found = str(client_behind(peer, claimed, trusted))
            if found != str(peer):
                environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = found
                # The port was the proxy's.
                environ.pop("REMOTE_PORT", None)
        return app(environ, start_response)

    return told


def client_behind(peer: Address, claimed: str, trusted: Networks) -> Address:
    """The address that a request comes from: the first, from the right, of no trusted proxy.

    Each proxy adds at the right whom it was asked by, so only what stands right of an
    address that is not trusted has been seen by a proxy of ours. What cannot be read
    ends the walk: the answer is then the last trusted proxy, which is counted as nobody.

    :param peer: who is connected to this server
    :param claimed: the value of ``X-Forwarded-For``
    """
    found = peer
    rest = claimed
    while rest and is_trusted(found, trusted):
        rest, _, entry = rest.rpartition(",")
        address = _read(entry.strip())
        if address is None:
            break
        found = address
    return found


def _read(entry: str) -> Address | None:
    parts = _WITH_PORT.fullmatch(entry)
    return read_address(parts[1] or parts[2] or "" if parts else entry)
