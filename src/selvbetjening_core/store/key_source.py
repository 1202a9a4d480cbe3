"""Where a key ring has its keys from, so that a running process sees them change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from selvbetjening_core.store.key_file import KeyFileError, MasterKeys, keys_in, read_key_file


class KeySource(Protocol):
    """Where master keys are kept."""

    def read(self) -> MasterKeys:
        """The keys as they are now.

        :raises KeyFileError: they cannot be read or used
        """

    def has_changed(self) -> bool:
        """May they have changed since they were read? Quick, and asks nobody outside."""


class KeysInFile:
    """A key file, read again when it was replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] = ()

    def read(self) -> MasterKeys:
        """See :class:`KeySource`."""
        # Looked at first: what changes while it is read is read once more. And kept only
        # once it was read: what was refused is read again when it was mended.
        seen = self._look()
        found = read_key_file(self.path)
        self._seen = seen
        return found

    def has_changed(self) -> bool:
        """See :class:`KeySource`."""
        return self._look() != self._seen

    def _look(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except OSError as error:
            told = f"the key file {self.path.name} cannot be read: {error.strerror}"
            raise KeyFileError(told) from None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size


class KeysElsewhere:
    """The text of a key file, kept in the environment or by a plugin.

    Read again only when a process is told to (SIGHUP): a vault is outside, and
    nothing outside is asked while a citizen waits.

    :param told: where it is, as the installation says it
    :param read: the text. :raises LookupError: it is not there
    """

    def __init__(self, told: str, read: Callable[[], str]) -> None:
        self._told = told
        self._read = read

    def read(self) -> MasterKeys:
        """See :class:`KeySource`."""
        try:
            text = self._read()
        except LookupError as error:
            raise KeyFileError(str(error)) from None
        return keys_in(text, self._told)

    def has_changed(self) -> bool:
        """See :class:`KeySource`."""
        return False
