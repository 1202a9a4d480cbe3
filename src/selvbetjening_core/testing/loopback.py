"""A server on a free loopback port that can be switched off, hang and come back."""

from __future__ import annotations

import contextlib
import enum
import socket
import socketserver
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from selvbetjening_core.testing.watching import COUNTERPART

HOST = "127.0.0.1"
_POLL_SECONDS = 0.01
_LONGEST_HANG = 60.0


class Fault(enum.StrEnum):
    """One way in which an outside system fails."""

    NONE = "none"
    DOWN = "down"
    """Nobody listens: connections are refused."""
    CUT_OFF = "cut off"
    """The connection is taken and cut before anything was done."""
    SLOW = "slow"
    """Every answer takes ``slow_seconds`` longer; it is right."""
    HANG = "hang"
    """The work is done and no answer comes, ever."""
    LOST_ANSWER = "lost answer"
    """The work is done, and the connection is cut before the answer."""
    LOST_CONFIRMATION = "lost confirmation"
    """As a lost answer, for what changes something; questions are answered."""
    GARBAGE = "garbage"
    """The work is done, and the answer is nonsense."""
    EMPTY = "empty"
    """The work is done, and the answer says yes and nothing more."""
    BUSY = "busy"
    """Nothing is done: try later (HTTP 503)."""
    TOO_MANY = "too many"
    """Nothing is done: you ask too often (HTTP 429)."""
    ERROR = "error"
    """The work may be done: something broke inside (HTTP 500)."""
    GATEWAY = "gateway"
    """The work is done, and a go-between waits for it no longer (HTTP 504)."""
    MOVED = "moved"
    """Nothing is done: it sends us to another address (HTTP 302)."""
    REFUSED = "refused"
    """Nothing is done, and never will be (HTTP 400)."""
    UNAUTHORISED = "unauthorised"
    """Nothing is done: who are you (HTTP 401)."""
    FORGETFUL = "forgetful"
    """The work is done, answered, and then forgotten."""


class Loopback:
    """A server for any protocol. Use it in a ``with`` statement.

    :meth:`serve` speaks the protocol; this class opens and closes the port, so
    that ``Fault.DOWN`` refuses connections while nobody else takes the port.
    Several connections are served at once, each in a thread of its own.
    """

    slow_seconds = 0.3

    def __init__(self) -> None:
        self._fault = Fault.NONE
        self._released = threading.Event()
        self._held: socket.socket | None = _bound(0)
        self.port: int = self._held.getsockname()[1]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def fault(self) -> Fault:
        """The fault of the moment."""
        return self._fault

    def serve(self, connection: socket.socket) -> None:
        """Talk to one caller, until the conversation is over."""
        raise NotImplementedError

    def behave(self, fault: Fault) -> None:
        """Have ``fault`` from now on. What hangs is let go when the fault changes."""
        if fault is not self._fault:
            self._released.set()
            self._released = threading.Event()
        self._fault = fault
        if fault is Fault.DOWN:
            self._close()
        else:
            self._open()

    @contextlib.contextmanager
    def behaving(self, fault: Fault) -> Iterator[None]:
        """Have ``fault`` inside the ``with`` statement."""
        self.behave(fault)
        try:
            yield
        finally:
            self.behave(Fault.NONE)

    def hang(self) -> None:
        """Wait until the fault changes or the server ends."""
        self._released.wait(_LONGEST_HANG)

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._released.set()
        self._close()
        if self._held is not None:
            self._held.close()

    def _open(self) -> None:
        if self._server is not None or self._held is None:
            return
        listening, self._held = self._held, None
        self._server = _Server(self, listening)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def _close(self) -> None:
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        server.shutdown()
        thread.join()
        server.server_close()
        self._server = self._thread = None
        # Bound and not listening: connections are refused, and nobody takes the port.
        self._held = _bound(self.port)


class _Server(socketserver.ThreadingTCPServer):
    # A conversation that hangs is let go by behave(), and not waited for here.
    daemon_threads = True
    block_on_close = False

    def __init__(self, loopback: Loopback, listening: socket.socket) -> None:
        super().__init__((HOST, loopback.port), _Conversation, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.socket.listen(128)
        self.loopback = loopback

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One conversation, in a thread that can be told from the component's own."""
        threading.current_thread().name = COUNTERPART
        super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up is no news."""


class _Conversation(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.server.loopback.serve(self.request)


def _bound(port: int) -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((HOST, port))
    return held
