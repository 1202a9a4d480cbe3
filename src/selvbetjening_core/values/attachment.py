"""A file that a citizen sent along."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on its way through; its bytes are read where they are needed.

    ``name`` is the file's own name as the citizen's device gave it: personal
    data, never part of a path or an address. ``media_type`` is what the content
    was found to be, not what the browser claimed. ``size`` in bytes. ``open``
    gives the content from its start, each time it is called; whoever opens it
    closes it.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


def read_attachment(attachment: Attachment) -> Iterator[bytes]:
    """The content in pieces, judged at the end: use nothing of it before the last came.

    :raises OSError: it cannot be read, or it is not the file that was sent: its
        size or fingerprint differs
    """
    fingerprint, size = hashlib.sha256(), 0
    with attachment.open() as content:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > attachment.size:
                break
            fingerprint.update(piece)
            yield piece
    if size != attachment.size or fingerprint.hexdigest() != attachment.sha256:
        raise OSError("an attachment is not the file that was sent")
