"""A file that a citizen sent along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO


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
