"""A line to a server that can be cut at a word: before it arrives, or before its answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self

_SIZE = 65536


class CuttingProxy:
    """Passes on what comes to :attr:`port`, until it is told to cut."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._word = b""
        self._is_passed_on = False
        self._sockets: list[socket.socket] = []

    def cut_before(self, word: bytes) -> None:
        """Cut all lines when a client sends ``word``, which never arrives."""
        self._word, self._is_passed_on = word, False

    def cut_answer_after(self, word: bytes) -> None:
        """Pass ``word`` on, and cut all lines before anything more comes back."""
        self._word, self._is_passed_on = word, True

    def mend(self) -> None:
        """Cut nothing any more."""
        self._word = b""

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                for one, other, is_client in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._pass_on,
                        args=(one, other),
                        kwargs={"is_client": is_client},
                        daemon=True,
                    ).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, *, is_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(_SIZE):
                if is_client and self._word and self._word in data:
                    if self._is_passed_on:
                        self._cut(except_for=other)
                        other.sendall(data)
                    self._cut()
                    return
                other.sendall(data)
        self._close(other)

    def _cut(self, except_for: socket.socket | None = None) -> None:
        for one in [one for one in self._sockets if one is not except_for]:
            self._close(one)

    def _close(self, one: socket.socket) -> None:
        # Shut down first: another thread is reading from it.
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
