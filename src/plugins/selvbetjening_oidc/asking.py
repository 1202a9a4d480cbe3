"""Asking the provider: one request, its whole answer, within a time and a size."""

from __future__ import annotations

import http.client
import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from selvbetjening_core.errors import Unavailable
from selvbetjening_oidc.parsing import Refused

LARGEST = 48 * 1024
"""The most bytes of an answer that are read: what is kept of it fits into the store."""
_PIECE = 16 * 1024
_LEAST_SECONDS = 0.05
_TOO_MANY = 429
_BROKEN = 500


class Deadline:
    """Until when somebody waits for the page, whatever number of questions it takes."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left.

        :raises Unavailable: none is
        """
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            raise Unavailable("the provider did not answer in time")
        return left


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answered. Redirections are not followed."""

    status: int
    body: bytes
    content_type: str


def ask(
    method: str,
    url: str,
    deadline: Deadline,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request. Messages of errors hold neither address nor body.

    :raises Unavailable: there is no whole answer in time, or it says to come again later
    :raises Refused: the answer is longer than is read
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    host = parts.hostname or ""
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    connection = kind(host if secure else _resolvable(host), parts.port, timeout=deadline.left())
    sent = {"Host": parts.netloc, "Accept": "application/json", **(headers or {})}
    try:
        connection.request(method, target, body, sent)
        response = connection.getresponse()
        found = _read(response, deadline)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable(f"the provider cannot be asked: {type(error).__name__}") from None
    finally:
        connection.close()
    if response.status == _TOO_MANY or response.status >= _BROKEN:
        raise Unavailable(f"the provider answers with status {response.status}")
    return Answer(response.status, found, response.headers.get_content_type())


def is_safe(url: str) -> bool:
    """May a secret go there? Over TLS, or to this machine.

    No address that is only a part of one, or has a password in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, so that two can be compared; empty: it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}:{port or usual}" if host and usual else ""


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read(response: http.client.HTTPResponse, deadline: Deadline) -> bytes:
    found = bytearray()
    while len(found) <= LARGEST:
        # A provider that sends a byte now and then is as one that hangs.
        deadline.left()
        piece = response.read1(_PIECE)
        if not piece:
            if response.length:
                raise http.client.IncompleteRead(bytes(found), response.length)
            return bytes(found)
        found += piece
    raise Refused("too-long")


def _resolvable(host: str) -> str:
    # Browsers know that names under .localhost are this machine (RFC 6761); many systems do not.
    return "127.0.0.1" if host.endswith(".localhost") else host
