"""The plugin against OpenSSH's own SFTP server, where the machine has one.

The connection is asyncssh's; what is done to files is done by the ``sftp-server`` that most
receivers run.
"""

from __future__ import annotations

import asyncio
import datetime
import os
import shutil
from pathlib import Path

import asyncssh
import pytest

from selvbetjening_core.testing import Loopback
from selvbetjening_core.values import DeliveryRef, Document, OutcomeKind, Parcel
from selvbetjening_sftp.counterpart import PASSWORD, USER, SftpCounterpart
from selvbetjening_sftp.plugin import SftpDelivery

SERVER = shutil.which(
    "sftp-server",
    path=os.pathsep.join(["/usr/lib/openssh", "/usr/libexec/openssh", "/usr/lib/ssh"])
    + os.pathsep
    + os.environ.get("PATH", ""),
)
pytestmark = pytest.mark.skipif(SERVER is None, reason="OpenSSH's sftp-server is not here")
KEY = "5f0c2f7e"


class OpenSsh(SftpCounterpart):
    """The same door, and OpenSSH's server behind it."""

    def serve(self, connection):
        asyncio.run(self._behind(connection.dup()))

    async def _behind(self, connection):
        tasks = []
        served = await asyncssh.run_server(
            connection,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Door(tasks),
        )
        await served.wait_closed()
        await asyncio.gather(*tasks)


class _Door(asyncssh.SSHServer):
    def __init__(self, tasks):
        self._tasks = tasks

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == (USER, PASSWORD)

    def session_requested(self):
        return self._connection.create_server_channel(encoding=None), _Pipe(self._tasks)

    def connection_made(self, conn):
        self._connection = conn


class _Pipe(asyncssh.SSHServerSession):
    """What comes from the caller goes to OpenSSH's server, and back."""

    def __init__(self, tasks):
        self._tasks = tasks
        self._coming = asyncio.Queue()

    def connection_made(self, chan):
        self._channel = chan

    def subsystem_requested(self, subsystem):
        return subsystem == "sftp"

    def session_started(self):
        self._tasks.append(asyncio.ensure_future(self._run()))

    def data_received(self, data, datatype):
        self._coming.put_nowait(data)

    def connection_lost(self, exc):
        self._coming.put_nowait(b"")

    async def _run(self):
        piped = asyncio.subprocess.PIPE
        running = await asyncio.create_subprocess_exec(SERVER, "-e", stdin=piped, stdout=piped)
        back = asyncio.ensure_future(self._back(running.stdout))
        while data := await self._coming.get():
            running.stdin.write(data)
        running.stdin.close()
        await back
        await running.wait()

    async def _back(self, stdout):
        while data := await stdout.read(65536):
            if not self._channel.is_closing():
                self._channel.write(data)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def sftp(make_context, folder):
    with OpenSsh() as server:
        assert isinstance(server, Loopback)
        yield SftpDelivery(make_context(**{**server.settings, "folder": str(folder)}))


@pytest.fixture
def parcel(case):
    deadline = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    return Parcel(KEY, "case_system", 1, deadline, case, (Document("a.txt", "text/plain", b"a"),))


def names(folder: Path):
    return sorted(file.name for file in folder.iterdir())


def test_a_parcel_arrives_whole_and_is_found(sftp, folder, parcel):
    assert sftp.query(DeliveryRef(KEY)).kind is OutcomeKind.TRANSIENT
    outcome = sftp.send(parcel)
    assert outcome.kind is OutcomeKind.DELIVERED
    assert names(folder) == [f"{KEY}.zip"]
    assert sftp.query(DeliveryRef(KEY)) == outcome


def test_what_is_there_is_not_overwritten(sftp, folder, parcel):
    file = folder / f"{KEY}.zip"
    file.write_bytes(b"taken")
    sftp.send(parcel)
    assert (names(folder), file.read_bytes()) == ([f"{KEY}.zip"], b"taken")


def test_a_folder_that_is_not_there_settles_nothing(sftp, folder, parcel):
    folder.rmdir()
    assert sftp.send(parcel).kind is OutcomeKind.TRANSIENT
    assert sftp.query(DeliveryRef(KEY)).kind is OutcomeKind.UNKNOWN
