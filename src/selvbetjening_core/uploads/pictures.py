"""How large a picture is when it is opened, read from its header alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

MOST_PIXELS = 120_000_000
"""More than any common telephone takes; opened it fills some 500 MB of memory."""

_SIZES_OF_JPEG = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END = 0xDA, 0xD9
_MOST_MARKERS = 10_000
"""Before the first frame: a file can be made of nothing else, and each takes its time."""


def pixels(name: str, head: bytes, content: BinaryIO) -> int:
    """How many pixels a picture of the type ``name`` has; 0 where its header is broken.

    :param head: its beginning
    :param content: all of it; where it stands afterwards is not told
    """
    if name == "png":
        return _of_png(head)
    if name == "heic":
        return max(_of_heic(head), default=0)
    content.seek(2)
    return _of_jpeg(content)


def _of_png(head: bytes) -> int:
    if len(head) < 24 or head[12:16] != b"IHDR":
        return 0
    width, height = struct.unpack(">II", head[16:24])
    return int(width * height)


def _of_heic(head: bytes) -> Iterator[int]:
    """Of each picture in it: a box ``ispe`` has four bytes of flags, the width and the height."""
    found = head.find(b"ispe")
    while found >= 0:
        size = head[found + 8 : found + 16]
        if len(size) == 8:
            width, height = struct.unpack(">II", size)
            yield width * height
        found = head.find(b"ispe", found + 4)


def _of_jpeg(content: BinaryIO) -> int:
    """The first frame's, found by going from segment to segment."""
    for _ in range(_MOST_MARKERS):
        marker = _next_marker(content)
        if marker in (None, _START_OF_SCAN, _END):
            return 0
        if marker in _WITHOUT_LENGTH:
            continue
        length = content.read(2)
        if len(length) < 2:
            return 0
        rest = int.from_bytes(length) - 2
        if marker in _SIZES_OF_JPEG:
            frame = content.read(5)
            return int.from_bytes(frame[1:3]) * int.from_bytes(frame[3:5])
        if rest < 0:
            return 0
        content.seek(rest, 1)
    return 0


def _next_marker(content: BinaryIO) -> int | None:
    if content.read(1) != b"\xff":
        return None
    found = content.read(1)
    for _ in range(_MOST_MARKERS):
        if found != b"\xff":
            return found[0] if found else None
        # It may be written as often as one likes.
        found = content.read(1)
    return None
