"""Putting a folder of files into place, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def put(target: Path, files: Mapping[str, Iterable[bytes]], key: str) -> None:
    """Write ``files``, each in pieces, as the folder ``target``, unless it is there already.

    They are written and forced to disk in a folder beside it, which then takes
    the name in one step: whoever looks sees all of it or nothing.

    :param key: by which the leftovers of an attempt that was cut off are known
    :raises OSError: it could not be written, or its contents not be read; nothing
        is there then
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


def read(file: Path) -> bytes:
    """What is in ``file``; nothing where there is none."""
    return file.read_bytes() if file.is_file() else b""


def fingerprints(target: Path) -> dict[str, str]:
    """The SHA-256 of the files of the folder ``target``, in hexadecimal, by name."""
    return {path.name: _sha256(path) for path in target.iterdir()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, files: Mapping[str, Iterable[bytes]]) -> None:
    for name, pieces in files.items():
        with (folder / name).open("xb") as file:
            for piece in pieces:
                file.write(piece)
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
