"""A slow line between a browser and a town, which can be cut."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIECE = 8 * 1024


@dataclass
class SlowLine:
    """Passes bytes on; what the browser sends, no faster than it is told.

    :param bytes_a_second: of what is sent to the town; 0: as fast as it goes
    :param cut_after: every connection is cut after so many bytes; 0: none is
    :param loses_answers: whatever the town answers, the connection ends instead
    :param refuses: there is no connection at all
    """

    town_port: int
    port: int = 0
    bytes_a_second: int = 0
    cut_after: int = 0
    loses_answers: bool = False
    refuses: bool = False
    _open: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        if self.refuses:
            client.close()
            return
        town = socket.create_connection(("127.0.0.1", self.town_port))
        self._open += [client, town]
        threading.Thread(target=self._answer, args=(town, client), daemon=True).start()
        passed = 0
        with contextlib.suppress(OSError):
            while piece := client.recv(_PIECE):
                town.sendall(piece)
                passed += len(piece)
                if self.bytes_a_second:
                    time.sleep(len(piece) / self.bytes_a_second)
                if self.cut_after and passed > self.cut_after:
                    break
        _close(client, town)

    def _answer(self, town: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := town.recv(64 * 1024):
                if self.loses_answers:
                    break
                client.sendall(piece)
        _close(town, client)

    def close(self) -> None:
        """End every connection."""
        _close(*self._open)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def slow_line(town_port: int) -> Iterator[SlowLine]:
    """A line to the town, on a port of loopback of its own."""
    with socket.socket() as listener:
        # What waits in buffers looks sent to a browser: let there be little of it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        line = SlowLine(town_port, listener.getsockname()[1])
        threading.Thread(target=line.serve, args=(listener,), daemon=True).start()
        yield line
        line.close()
