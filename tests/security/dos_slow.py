"""Clients that are slow on purpose: 150 of them hold on to a server for as long as they can."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Self

HEADERS, BODY, READING = "headers", "body", "reading"
KINDS = (HEADERS, BODY, READING)
_BEAT_SECONDS = 0.5
_SMALL_BUFFER = 2048
_LONG_BODY = 100_000


@dataclass
class SlowClient:
    """One connection after another; a new one as soon as it is cut."""

    kind: str
    address: tuple[str, int]
    host: str
    source: str
    cut: int = 0
    opened_at: float = 0.0
    held: list[float] = field(default_factory=list)
    connection: socket.socket | None = None

    def beat(self) -> None:
        """A byte more, or less; it opens anew where it was cut."""
        if self.connection is None:
            with contextlib.suppress(OSError):
                self._open()
            return
        try:
            if self.kind == READING:
                is_over = self._read_one()
            else:
                self.connection.send(b"x")
                is_over = self._is_answered()
        except OSError:
            is_over = True
        if is_over:
            self.cut += 1
            self.close()

    def close(self) -> None:
        """Let go."""
        if self.connection is not None:
            self.held.append(time.monotonic() - self.opened_at)
            self.connection.close()
            self.connection = None

    def _open(self) -> None:
        found = socket.socket()
        if self.kind == READING:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
        found.settimeout(2)
        found.bind((self.source, 0))
        found.connect(self.address)
        found.sendall(self._beginning())
        found.settimeout(0)
        self.connection, self.opened_at = found, time.monotonic()

    def _beginning(self) -> bytes:
        method = "POST" if self.kind == BODY else "GET"
        lines = [f"{method} /errand HTTP/1.1", f"Host: {self.host}"]
        if self.kind == BODY:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {_LONG_BODY}",
                "",
                "a=",
            ]
        if self.kind == HEADERS:
            lines += ["X-Slow: "]
        if self.kind == READING:
            lines += ["", ""]
        return "\r\n".join(lines).encode()

    def _read_one(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return not self.connection.recv(1)
        return False

    def _is_answered(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            self.connection.recv(_SMALL_BUFFER)
            return True
        return False


class SlowClients:
    """Many of them, in a thread, while the context lasts; each from an address of its own."""

    def __init__(self, address: tuple[str, int], host: str, count: int) -> None:
        self.clients = [
            SlowClient(KINDS[number % 3], address, host, f"127.0.1.{number + 1}")
            for number in range(count)
        ]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        for one in self.clients:
            one.beat()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for one in self.clients:
            one.close()

    def of(self, kind: str) -> list[SlowClient]:
        return [one for one in self.clients if one.kind == kind]

    def _run(self) -> None:
        while not self._stop.wait(_BEAT_SECONDS):
            for one in self.clients:
                one.beat()
