"""A real SFTP server on loopback, with faults: what the conformance kit runs against."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import tempfile
import zipfile
from pathlib import Path
from types import TracebackType

import asyncssh

from selvbetjening_core.testing import Fault, Loopback
from selvbetjening_core.values.parcel_files import CASE_FILE, key_in

USER = "mors"
PASSWORD = "planted: let me in"  # noqa: S105 - of a server that lives as long as a test
FOLDER = "/in"
TAKEN = "/taken"
_GARBAGE = b"\x00\xff this is no packet \xc3\x28" * 8
_LOST = (Fault.LOST_ANSWER, Fault.LOST_CONFIRMATION)
_SECONDS = 10


class SftpCounterpart(Loopback):
    """A server with one user. Its faults come when a parcel takes its name, or is asked for.

    :param host_key: the key that it proves itself by; a new one by default
    """

    def __init__(self, host_key: asyncssh.SSHKey | None = None) -> None:
        super().__init__()
        self.host_key = host_key or asyncssh.generate_private_key("ssh-ed25519")
        self._folder = tempfile.TemporaryDirectory(prefix="selvbetjening-sftp-")
        for name in (FOLDER, TAKEN):
            self.path(name).mkdir()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, traceback)
        self._folder.cleanup()

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its key."""
        return self.host_key.get_fingerprint("sha256")

    @property
    def settings(self) -> dict[str, object]:
        """Those of a component that delivers here."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "host_key": self.fingerprint,
            "user": USER,
            "password": PASSWORD,
            "folder": FOLDER,
            "seconds": 1,
        }

    def path(self, name: str) -> Path:
        """Where the folder or file called ``name`` on the server really is."""
        return Path(self._folder.name) / name.lstrip("/")

    def effects(self, key: str) -> int:
        """How many archives there are for the parcel with this key."""
        return sum(key_in(one.read(CASE_FILE)) == key for one in self._archives())

    def attachments(self, key: str) -> list[bytes]:
        """What is in the files that its ``case.json`` names as attachments."""
        return [
            archive.read(one["file"])
            for archive in self._archives()
            if key_in(archive.read(CASE_FILE)) == key
            for one in json.loads(archive.read(CASE_FILE))["attachments"]
        ]

    def serve(self, connection: socket.socket) -> None:
        """One caller, from the handshake to the end."""
        if self.fault is Fault.CUT_OFF:
            return
        # asyncssh closes what it is given; the caller closes its own.
        asyncio.run(self._converse(connection.dup()))

    async def _converse(self, connection: socket.socket) -> None:
        try:
            served = await asyncssh.run_server(
                connection,
                server_host_keys=[self.host_key],
                server_factory=lambda: _Door(self),
                sftp_factory=lambda channel: _Shelf(channel, self),
                login_timeout=_SECONDS,
            )
        except (OSError, asyncssh.Error):
            # The caller hung up, or was not let in.
            return
        await served.wait_closed()

    def _archives(self) -> list[zipfile.ZipFile]:
        found = [*self.path(FOLDER).glob("*.zip"), *self.path(TAKEN).glob("*.zip")]
        return [zipfile.ZipFile(io.BytesIO(one.read_bytes())) for one in found]


class _Door(asyncssh.SSHServer):
    """Who is let in."""

    def __init__(self, counterpart: SftpCounterpart) -> None:
        self._counterpart = counterpart

    def password_auth_supported(self) -> bool:
        """By a password alone."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """The one user, while nothing is wrong."""
        is_open = self._counterpart.fault is not Fault.UNAUTHORISED
        return is_open and (username, password) == (USER, PASSWORD)


class _Shelf(asyncssh.SFTPServer):
    """The files, and what goes wrong with them."""

    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], counterpart: SftpCounterpart
    ) -> None:
        super().__init__(channel, chroot=os.fsencode(counterpart.path("/")))
        self._counterpart = counterpart
        self._connection = channel.get_connection()

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """The moment in which a parcel arrives."""
        self._refuse()
        if self._counterpart.fault is Fault.SLOW:
            await asyncio.sleep(self._counterpart.slow_seconds)
        super().rename(oldpath, newpath)
        await self._spoil()

    async def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        """The moment in which it is looked for."""
        self._refuse()
        found = self._attributes(path)
        if self._counterpart.fault is not Fault.LOST_CONFIRMATION:
            await self._spoil()
        return found

    def _attributes(self, path: bytes) -> asyncssh.SFTPAttrs:
        return asyncssh.SFTPAttrs.from_local(Path(os.fsdecode(self.map_path(path))).stat())

    def _refuse(self) -> None:
        if self._counterpart.fault is Fault.BUSY:
            raise asyncssh.SFTPFailure("planted: not now")

    async def _spoil(self) -> None:
        """What was asked for is done; how the answer goes wrong."""
        fault = self._counterpart.fault
        if fault is Fault.HANG:
            await asyncio.to_thread(self._counterpart.hang)
        if fault is Fault.GARBAGE:
            self._connection.get_extra_info("socket").send(_GARBAGE)
        if fault in (*_LOST, Fault.HANG, Fault.GARBAGE):
            self._connection.abort()
            # An answer to nobody.
            raise asyncssh.SFTPConnectionLost("planted")
