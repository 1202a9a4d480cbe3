"""Adding to a file so that it lasts, and so that others may add to it at the same time."""

from __future__ import annotations

import os
from pathlib import Path

from selvbetjening_core.files.durable import sync_folder


def append_durably(path: Path, content: bytes) -> None:
    """Add ``content`` to the end. A new file can be read by its owner alone.

    :raises OSError: it is not there, or only a part of it
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # One write: what others add at the same time comes before or after it.
        if os.write(descriptor, content) != len(content):
            raise OSError(0, "only a part was written")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)
