"""Nordlys Parkering over HTTP: one request, one answer, in time."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from selvbetjening_core.errors import Unavailable

_LARGEST_ANSWER = 1_000_000


class NotSent(Unavailable):
    """There was no connection: nothing can have happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Nordlys answered; ``data`` is empty where that is no JSON object."""

    status: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """Where Nordlys is, and how long it is waited for."""

    url: str
    seconds: float = 8.0

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """Send one request.

        :raises NotSent: no connection
        :raises Unavailable: no whole answer; it may have had an effect
        """
        limit = max(0.1, min(self.seconds, self.seconds if seconds is None else seconds))
        until = time.monotonic() + limit
        connection = self._connection(limit)
        body = None if data is None else json.dumps(data).encode()
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(f"Nordlys took no connection: {type(error).__name__}") from None
        try:
            connection.request(method, urlsplit(self.url).path + path, body, dict(headers or {}))
            return _read(connection, until)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"no answer from Nordlys: {type(error).__name__}") from None
        finally:
            connection.close()

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=seconds)
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)


def _read(connection: http.client.HTTPConnection, until: float) -> Answer:
    response = connection.getresponse()
    body = b""
    while piece := response.read1(65_536):
        body += piece
        if len(body) > _LARGEST_ANSWER or time.monotonic() > until:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(body)
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    return Answer(response.status, data if isinstance(data, dict) else {})
