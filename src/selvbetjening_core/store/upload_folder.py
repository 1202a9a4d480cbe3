"""The folder that holds what citizens sent along, sealed; outside of any folder that is served."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from selvbetjening_core.files.durable import sync_folder
from selvbetjening_core.store.sealed_file import PIECE, SealedReader, SealedWriter

_MUNICIPALITY = re.compile(r"[0-9]{4}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class UploadFolder:
    """Files by municipality, under random names. Safe to share between threads and processes.

    Personal data: the files, which nobody can read without the keys in their rows.

    :param root: made at the first file, for its owner alone
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """Where it is."""
        return self._root

    def new(self, municipality: str) -> SealedWriter:
        """A new file.

        :raises OSError: the folder cannot be written
        """
        folder = self._folder(municipality)
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        file_id = secrets.token_hex(16)
        return SealedWriter(folder / file_id, municipality, file_id)

    def settle(self, municipality: str) -> None:
        """Make the names of new files durable.

        :raises OSError: the disk failed
        """
        sync_folder(self._folder(municipality))

    def open(self, municipality: str, file_id: str, key: str) -> BinaryIO:
        """The content, from its start. Whoever opens it closes it.

        :raises OSError: it is not there; reading raises it where it was changed
        """
        path = self._path(municipality, file_id)
        raw = SealedReader(path, municipality, file_id, key)
        return cast("BinaryIO", io.BufferedReader(raw, PIECE))

    def remove(self, municipality: str, file_id: str) -> None:
        """Remove a file. No error where there is none.

        :raises OSError: the disk failed
        """
        self._path(municipality, file_id).unlink(missing_ok=True)

    def older_than(self, municipality: str, seconds: float) -> Iterator[str]:
        """The ids of the files that were last written so long ago."""
        before = time.time() - seconds
        folder = self._folder(municipality)
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            if _ID.fullmatch(path.name) and _written_before(path, before):
                yield path.name

    def copy_to(self, other: UploadFolder) -> int:
        """Copy every file that is not at ``other`` yet; how many.

        A file is never changed once it is written, so what is there is the same.

        :raises OSError: one of the folders cannot be used
        """
        copied = 0
        for path in sorted(self._root.glob("*/*")):
            if not (_MUNICIPALITY.fullmatch(path.parent.name) and _ID.fullmatch(path.name)):
                continue
            target = other.root / path.parent.name / path.name
            if not target.exists():
                other.root.mkdir(mode=0o700, parents=True, exist_ok=True)
                target.parent.mkdir(mode=0o700, exist_ok=True)
                copied += _copied(path, target)
        return copied

    def _path(self, municipality: str, file_id: str) -> Path:
        if not _ID.fullmatch(file_id):
            raise ValueError("a file is named by 32 hexadecimal digits")
        return self._folder(municipality) / file_id

    def _folder(self, municipality: str) -> Path:
        if not _MUNICIPALITY.fullmatch(municipality):
            raise ValueError("a municipality is named by its kommunekode: four digits")
        return self._root / municipality


def _written_before(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _copied(path: Path, target: Path) -> bool:
    """False: it was removed while the others were copied."""
    scratch = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(path, scratch)
    except FileNotFoundError:
        scratch.unlink(missing_ok=True)
        return False
    scratch.chmod(0o600)
    scratch.replace(target)
    return True
