"""The other end of a component, on loopback, with faults ready-made.

A vendor writes :meth:`Counterpart.handle`, which does the work; what goes wrong
on the way is done here, below the handler.
"""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from selvbetjening_core.testing.loopback import HOST, Fault, Loopback

__all__ = ["GARBAGE", "Asked", "Counterpart", "Fault", "Given"]

GARBAGE = b"\x00\xff<html>{[ not what you asked for \xc3\x28"
_LARGEST_REQUEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to a request."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


# What is answered without doing the work, and after it; None cuts the connection.
_UNDONE: Mapping[Fault, Given | None] = {
    Fault.CUT_OFF: None,
    Fault.BUSY: Given(503, b"later"),
    Fault.TOO_MANY: Given(429, b"later"),
    Fault.REFUSED: Given(400, b"no"),
    Fault.UNAUTHORISED: Given(401, b"no"),
}
_SPOILT: Mapping[Fault, Given | None] = {
    Fault.HANG: None,
    Fault.LOST_ANSWER: None,
    Fault.LOST_CONFIRMATION: None,
    Fault.GARBAGE: Given(200, GARBAGE),
    Fault.EMPTY: Given(200),
    Fault.ERROR: Given(500, b"error"),
    Fault.GATEWAY: Given(504, b"error"),
}


class Counterpart(Loopback):
    """An HTTP server on a free loopback port. Use it in a ``with`` statement.

    ``requests`` are those that reached :meth:`handle`; ``slow_seconds`` is what
    ``Fault.SLOW`` waits; ``elsewhere`` is the address that ``Fault.MOVED`` sends to;
    ``spared`` is how many more requests go well before a fault begins. Several
    connections are served at once, and :meth:`handle` is called by one thread at a time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Asked] = []
        self.elsewhere = ""
        self.spared = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def handle(self, asked: Asked) -> Given:
        """Do the work and answer. Written by the vendor; called by one thread at a time."""
        raise NotImplementedError

    def forget(self) -> None:
        """Lose what was done. Written by the vendor where that can be."""

    def serve(self, connection: socket.socket) -> None:
        """Read one request and answer it as the fault of the moment says."""
        _Conversation(self, connection)

    def answer(self, asked: Asked) -> Given | None:
        """What to answer under the fault of the moment; None: cut the connection."""
        fault = self._fault_of_this()
        if fault in _UNDONE:
            return _UNDONE[fault]
        if fault is Fault.MOVED:
            return Given(302, headers={"Location": f"{self.elsewhere}{asked.path}"})
        if fault is Fault.SLOW:
            time.sleep(self.slow_seconds)
        with self._lock:
            self.requests.append(asked)
            given = self.handle(asked)
        if fault is Fault.HANG:
            self.hang()
        elif fault is Fault.FORGETFUL:
            self.forget()
        if fault is Fault.LOST_CONFIRMATION and asked.method in ("GET", "HEAD"):
            return given
        return _SPOILT.get(fault, given)

    def _fault_of_this(self) -> Fault:
        with self._lock:
            if self.fault is Fault.NONE or self.spared < 1:
                return self.fault
            self.spared -= 1
        return Fault.NONE


class _Conversation(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, counterpart: Counterpart, connection: socket.socket) -> None:
        self._counterpart = counterpart
        super().__init__(connection, (HOST, 0), None)  # type: ignore[arg-type]  # no server is asked

    def _serve(self) -> None:
        self.close_connection = True
        given = self._counterpart.answer(self._asked())
        if given is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(given.body)

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_REQUEST)
        return Asked(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""
