"""One HTTP request to another process, and its answer."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_LARGEST_ANSWER = 1_000_000


class NoAnswer(Exception):
    """The other process could not be reached, or did not answer properly in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other process answered. Redirections are not followed."""

    status: int
    body: bytes


def send(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> Answer:
    """Send one request.

    :raises NoAnswer: if no complete answer came. Says nothing about whether
        the request arrived. The message holds neither address nor body.
    """
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection: http.client.HTTPConnection | None = None
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout)
        connection.request(method, target, body, {"Host": parts.netloc, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.read(_LARGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None
    finally:
        if connection is not None:
            connection.close()


def _connection(
    scheme: str, host: str, port: int | None, timeout: float
) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout)
    if scheme != "http":
        raise ValueError("neither http nor https")
    return http.client.HTTPConnection(_resolvable(host), port, timeout=timeout)


def _resolvable(host: str) -> str:
    # Browsers know that every name under .localhost is this machine (RFC 6761);
    # the C library of many systems does not.
    return "127.0.0.1" if host.endswith(".localhost") else host
