"""HTTP to Acme: one request, one answer, in time."""

from __future__ import annotations

import http.client
import io
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import ComponentContext, Setting

SETTINGS = (
    Setting("url", "url", help="The address of Acme's interface."),
    Setting("token", "secret", help="The token that Acme gave you."),
    Setting(
        "seconds",
        "number",
        help="How many seconds to wait for Acme.",
        required=False,
        default=8,
        minimum=1,
    ),
)

_LARGEST_ANSWER = 1_000_000
_AT_A_TIME = 65_536


class NotSent(Unavailable):
    """There was no connection: nothing was sent, and nothing can have happened."""


class TooLong(OSError):
    """More came than anything that Acme could have to say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Acme answered; ``data`` is empty where the answer is no JSON object."""

    status: int
    data: Mapping[str, Any]


class Wire:
    """Every request has a connection of its own, so threads never share one."""

    def __init__(self, context: ComponentContext) -> None:
        """:raises ValueError: the address is none that can be asked"""
        self._parts = urlsplit(context.text("url").rstrip("/"))
        if self._parts.scheme not in ("http", "https"):
            raise ValueError('write "url" with http:// or https://')
        self._token = context.text("token")
        self._seconds = float(context.number("seconds") or 8)

    def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, object] | None = None,
        *,
        key: str = "",
        seconds: float | None = None,
    ) -> Answer:
        """Send one request. Redirections are not followed.

        :param key: the idempotency key, where the request has an effect
        :param seconds: how long it may take, if that is less than the setting
        :raises NotSent: no connection; nothing happened
        :raises Unavailable: no whole answer in time; it may have happened
        """
        limit = self._seconds if seconds is None else min(self._seconds, seconds)
        until = time.monotonic() + max(limit, 0.1)
        connection = self._connection(max(limit, 0.1), until)
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(f"Acme took no connection: {type(error).__name__}") from None
        try:
            connection.request(method, self._parts.path + path, *self._content(data, key))
            return _read(connection)
        except (OSError, http.client.HTTPException) as error:
            # The class alone: the text of an error may hold what was sent.
            raise Unavailable(f"no answer from Acme: {type(error).__name__}") from None
        finally:
            connection.close()

    def _connection(self, seconds: float, until: float) -> http.client.HTTPConnection:
        is_tls = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=seconds)
        connection.response_class = partial(_response, until)  # type: ignore[assignment]  # made alike
        return connection

    def _content(
        self, data: Mapping[str, object] | None, key: str
    ) -> tuple[bytes | None, dict[str, str]]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return (None if data is None else json.dumps(data).encode()), headers


class _InTime(io.RawIOBase):
    """What comes from a socket, until the time is up.

    The socket's own limit is for each piece: an answer that comes byte by byte would
    never exceed it, and keep a thread for ever.
    """

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket = connected
        # Keeps it open: who reads an answer closes the connection beforehand.
        self._raw = connected.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read the next piece. Raises TimeoutError when the time is up."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()

    def makefile(self, mode: str) -> io.BufferedReader:
        """As a socket has it, for who reads an answer."""
        return io.BufferedReader(self)


def _response(
    until: float, connected: socket.socket, method: str | None = None
) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(_InTime(connected, until), method=method)  # type: ignore[arg-type]  # all it needs


def _read(connection: http.client.HTTPConnection) -> Answer:
    response = connection.getresponse()
    body = b""
    while piece := response.read1(_AT_A_TIME):
        body += piece
        if len(body) > _LARGEST_ANSWER:
            raise TooLong
    if response.length:
        raise http.client.IncompleteRead(body)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    return Answer(response.status, data if isinstance(data, dict) else {})
