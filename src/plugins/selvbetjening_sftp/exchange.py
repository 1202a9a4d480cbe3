"""Putting a parcel on the server whole, and finding out what became of one.

1. the archive is written under a temporary name in the same folder, and synced;
2. it is noted, outside the server, that it will now be put in place;
3. it takes its own name in one step, which fails where that name is taken.

Cut off in 1, it certainly did not arrive. Cut off in 3, nobody knows until somebody
looks: under its own name it has arrived, under the temporary one it has not. Under
neither, it was taken away by the receiver, if it was noted; if it was not, 3 never began.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import asyncssh

from selvbetjening_core.values import Outcome, OutcomeKind, Parcel
from selvbetjening_sftp.archive import archive
from selvbetjening_sftp.notes import Note, Notes

# Attempts are few; more names than these are not looked for.
_EARLIER = 500
_ABSENT = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
_LOST = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)


@dataclass(frozen=True, slots=True)
class Places:
    """Where parcels are put, and where the receiver moves them; empty: we cannot see."""

    folder: str
    taken: str

    def own_name(self, stem: str) -> str:
        """The file that a parcel becomes."""
        return f"{self.folder}/{stem}.zip"

    def temporary(self, stem: str, attempt: int) -> str:
        """What it is called until it is whole: hidden, and each attempt's own.

        A worker that was cut off and wakes up later finds its file gone, and cannot
        put another worker's half-written one in place.
        """
        return f"{self.folder}/.{stem}.{attempt}.part"


class Exchange:
    """One conversation with the server about one parcel.

    ``is_placing``: the last step is under way, and its end is not known.
    """

    def __init__(self, sftp: asyncssh.SFTPClient, places: Places, notes: Notes, stem: str) -> None:
        self._sftp = sftp
        self._places = places
        self._notes = notes
        self._stem = stem
        self.is_placing = False

    async def send(self, parcel: Parcel) -> Outcome:
        """Put the parcel there, unless it is there.

        :raises OSError: an attachment cannot be read, or the connection is lost
        :raises asyncssh.Error: the connection is lost, or the server cannot do it
        """
        if parcel.attempt > 1:
            settled = await self._settle(parcel.attempt)
            if settled is not None:
                return settled
        temporary = self._places.temporary(self._stem, parcel.attempt)
        try:
            with contextlib.closing(archive(parcel)) as pieces:
                size, sha256 = await self._write(temporary, pieces)
        except (OSError, asyncssh.SFTPError):
            await self._remove(temporary)
            raise
        return await self._place(temporary, Note(parcel.attempt, size, sha256))

    async def look(self) -> Outcome:
        """What became of the parcel. Changes nothing.

        :raises asyncssh.Error: the connection is lost, or the server cannot tell
        """
        for folder in filter(None, (self._places.folder, self._places.taken)):
            # An empty answer about what is in no folder at all would prove nothing.
            if not await self._sftp.isdir(folder):
                return Outcome(OutcomeKind.UNKNOWN, "a folder of the settings is not there")
        note = self._notes.get(self._stem)
        found = await self._found(note)
        if found is not None:
            return found
        if note is None:
            return Outcome(OutcomeKind.TRANSIENT, "it was never put in place")
        if await self._size(self._places.temporary(self._stem, note.attempt)) is not None:
            return Outcome(OutcomeKind.TRANSIENT, "it was written, and not put in place")
        return _gone()

    async def _settle(self, attempt: int) -> Outcome | None:
        """Clear away what earlier attempts left; what became of them, if it matters."""
        numbers = range(max(1, attempt - _EARLIER), attempt)
        names = [self._places.temporary(self._stem, number) for number in numbers]
        removed = await asyncio.gather(*map(self._remove, names))
        note = self._notes.get(self._stem)
        found = await self._found(note)
        if found is not None or note is None:
            return found
        # What was removed cannot be put in place any more, by whoever was about to.
        if note.attempt not in [n for n, gone in zip(numbers, removed, strict=True) if gone]:
            return _gone()
        self._notes.drop(self._stem, note)
        return None

    async def _write(self, name: str, pieces: Iterable[bytes]) -> tuple[int, str]:
        size, sha256 = 0, hashlib.sha256()
        async with self._sftp.open(name, "xb") as file:
            for piece in pieces:
                await file.write(piece)
                sha256.update(piece)
                size += len(piece)
            await _sync(file)
            kept = (await file.stat()).size
        if kept != size:
            raise OSError("the server kept less than it was sent")
        return size, sha256.hexdigest()

    async def _place(self, temporary: str, note: Note) -> Outcome:
        self._notes.put(self._stem, note)
        self.is_placing = True
        try:
            # Never the rename of POSIX, which would overwrite what is there.
            await self._sftp.rename(temporary, self._places.own_name(self._stem))
        except asyncssh.SFTPError as error:
            if isinstance(error, _LOST):
                raise
            return await self._not_placed(temporary, note)
        self.is_placing = False
        return self._delivered(note)

    async def _not_placed(self, temporary: str, note: Note) -> Outcome:
        """The server says no: because it is there already, or it cannot."""
        if not await self._remove(temporary):
            return _gone()
        # From here on nobody can put it in place.
        self.is_placing = False
        self._notes.drop(self._stem, note)
        found = await self._found(None)
        return found or Outcome(OutcomeKind.TRANSIENT, "the server did not let it take its name")

    async def _found(self, note: Note | None) -> Outcome | None:
        """What is there under the parcel's own name, here or where the receiver moves it."""
        size = await self._size(self._places.own_name(self._stem))
        if size is None and self._places.taken:
            size = await self._size(f"{self._places.taken}/{self._stem}.zip")
        if size is None:
            return None
        if note is not None and note.size == size:
            return self._delivered(note)
        if note is not None:
            told = f"{self._stem}.zip is there with {size} bytes, and {note.size} were written"
            return Outcome(OutcomeKind.UNKNOWN, told)
        return Outcome(OutcomeKind.DELIVERED, f"{self._stem}.zip, {size} bytes", self._stem)

    def _delivered(self, note: Note) -> Outcome:
        evidence = f"{self._stem}.zip, {note.size} bytes, sha256:{note.sha256}"
        return Outcome(OutcomeKind.DELIVERED, evidence, self._stem)

    async def _size(self, name: str) -> int | None:
        try:
            return (await self._sftp.stat(name)).size or 0
        except _ABSENT:
            return None

    async def _remove(self, name: str) -> bool:
        """Was it there, and is it gone?"""
        try:
            await self._sftp.remove(name)
        except _ABSENT:
            return False
        return True


def _gone() -> Outcome:
    told = "it was about to be put in place, and is not there: the receiver may have taken it"
    return Outcome(OutcomeKind.UNKNOWN, told)


async def _sync(file: asyncssh.SFTPClientFile) -> None:
    try:
        await file.fsync()
    except asyncssh.SFTPOpUnsupported:
        # Not every server can be asked to.
        return
