"""Style sheets, scripts and pictures, each at an address that changes with its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

_VERSION_LENGTH = 12


class StaticFiles:
    """The static files of one municipality.

    Its own go before those of its theme, and those before the ones of the theme
    that it extends. Holds nobody's data; share it freely.
    """

    def __init__(self, own: Mapping[str, bytes], folders: Iterable[Path]) -> None:
        self._own = own
        self._folders = tuple(folders)
        self._versions: dict[str, str] = {}

    def find(self, name: str) -> bytes | Path | None:
        """The content of a file of the municipality's own, or where a theme's is."""
        if name in self._own:
            return self._own[name]
        found = (_inside(folder, name) for folder in self._folders)
        return next(filter(None, found), None)

    def version(self, name: str) -> str:
        """A word that is another where the file is; empty where there is no file.

        Made once: a file that is changed while the process runs keeps its word.
        """
        if name not in self._versions:
            found = self.find(name)
            if found is None:
                return ""
            content = found if isinstance(found, bytes) else found.read_bytes()
            self._versions[name] = hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
        return self._versions[name]


def _inside(folder: Path, name: str) -> Path | None:
    try:
        file = (folder / name).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (ValueError, OSError):
        # No file can be called that: a NUL character, or too long.
        return None
