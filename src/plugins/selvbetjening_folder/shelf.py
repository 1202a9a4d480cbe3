"""Putting a folder of files into place, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def put(target: Path, files: Mapping[str, bytes], key: str) -> None:
    """Write ``files`` as the folder ``target``, unless it is there already.

    They are written and forced to disk in a folder beside it, which then takes
    the name in one step: whoever looks sees all of it or nothing.

    :param key: by which the leftovers of an attempt that was cut off are known
    :raises OSError: it could not be written; nothing is there then
    """
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = f".{hashlib.sha256(key.encode()).hexdigest()[:24]}-"
    beside = Path(tempfile.mkdtemp(prefix=mark, dir=target.parent))
    try:
        _write(beside, files)
        _take_place(beside, target)
    finally:
        for leftover in target.parent.glob(f"{mark}*"):
            shutil.rmtree(leftover, ignore_errors=True)


def read(target: Path) -> dict[str, bytes]:
    """The files of the folder ``target``, by name."""
    return {path.name: path.read_bytes() for path in target.iterdir()}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        with (folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    _sync_folder(folder)


def _take_place(beside: Path, target: Path) -> None:
    try:
        # Fails where the target has contents: nothing is ever overwritten.
        beside.rename(target)
    except OSError:
        if target.exists():
            return
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
