"""The protocol of clamd: one question on a connection of its own, and one answer.

Source: the manual page clamd(8) of ClamAV 1.4, commands ``INSTREAM`` and ``VERSION``.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from selvbetjening_core.errors import Unavailable

_END = b"\0"
_SIZE = struct.Struct("!I")
_LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class Clamd:
    """Where clamd listens.

    :param path: its UNIX socket, used where ``host`` is empty
    :param seconds: how long one question may take, from the connection to the answer
    """

    path: str
    host: str
    port: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What clamd said.

    :param is_to_all: everything was sent before it answered. It answers and hangs up in the
        middle of a file that is too large for it
    """

    text: str
    is_to_all: bool


def version(clamd: Clamd) -> str:
    """Which version it is, and of when its signatures are. No effect.

    :raises Unavailable: it gives no answer in time
    """
    return _ask(clamd, [b"zVERSION" + _END]).text


def stream(clamd: Clamd, pieces: Iterable[bytes]) -> Answer:
    """Have it look through a file, which is sent in pieces. Personal data: the file.

    clamd keeps the file in its temporary folder until it has answered.

    :raises Unavailable: it gives no answer in time
    """
    return _ask(clamd, _frames(pieces))


def _frames(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield b"zINSTREAM" + _END
    for piece in pieces:
        # A piece of no length would be the end of the file.
        if piece:
            yield _SIZE.pack(len(piece)) + piece
    yield _SIZE.pack(0)


def _ask(clamd: Clamd, frames: Iterable[bytes]) -> Answer:
    until = time.monotonic() + clamd.seconds
    try:
        with _connected(clamd, until) as connection:
            is_to_all = _send(connection, frames, until)
            return Answer(_answer(connection, until), is_to_all)
    except TimeoutError:
        raise Unavailable(f"clamd did not answer within {clamd.seconds:g} seconds") from None
    except OSError as error:
        raise Unavailable(f"clamd cannot be reached: {type(error).__name__}") from None


def _connected(clamd: Clamd, until: float) -> socket.socket:
    if clamd.host:
        return socket.create_connection((clamd.host, clamd.port), _left(until))
    with contextlib.ExitStack() as undone:
        connection = undone.enter_context(socket.socket(socket.AF_UNIX))
        connection.settimeout(_left(until))
        connection.connect(clamd.path)
        undone.pop_all()
    return connection


def _send(connection: socket.socket, frames: Iterable[bytes], until: float) -> bool:
    """Was everything sent? If clamd hung up before, its answer may say why."""
    try:
        for frame in frames:
            connection.settimeout(_left(until))
            connection.sendall(frame)
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _answer(connection: socket.socket, until: float) -> str:
    said = b""
    while not said.endswith(_END):
        connection.settimeout(_left(until))
        piece = connection.recv(_LONGEST_ANSWER)
        said += piece
        if not piece or len(said) > _LONGEST_ANSWER:
            raise Unavailable("clamd's answer has no end")
    return said.removesuffix(_END).decode("utf-8", "replace")


def _left(until: float) -> float:
    """The seconds that are left.

    :raises TimeoutError: none
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
