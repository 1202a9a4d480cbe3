"""One connection to the server, and nothing left of it afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncssh


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is, how it proves itself, and how we do.

    :param host_keys: the fingerprints of the keys that it may have
    :param seconds: how long to wait for the connection, and for the login
    """

    host: str
    port: int
    user: str
    host_keys: frozenset[str]
    seconds: float
    password: str = field(default="", repr=False)
    private_key: asyncssh.SSHKey | None = field(default=None, repr=False)


class _Pinned(asyncssh.SSHClient):
    """Trusts the keys it was given, and no other: not at first sight either."""

    def __init__(self, host_keys: frozenset[str]) -> None:
        self._host_keys = host_keys

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        """Is it one of them?"""
        return key.get_fingerprint("sha256") in self._host_keys


@contextlib.asynccontextmanager
async def session(server: Server) -> AsyncIterator[asyncssh.SFTPClient]:
    """A connection that is logged in. In the end it is cut, whatever the server does.

    Nothing of the account that runs us is used: no settings, keys or agent.

    :raises OSError: there is no connection
    :raises asyncssh.Error: the server is another, refuses the login, or has no SFTP
    """
    connection = await asyncssh.connect(
        server.host,
        server.port,
        username=server.user,
        password=server.password or None,
        client_keys=[server.private_key] if server.private_key else None,
        client_factory=lambda: _Pinned(server.host_keys),
        # No key is trusted but by the client above.
        known_hosts=([], [], []),
        x509_trusted_certs=None,
        config=None,
        agent_path=None,
        gss_host=None,
        connect_timeout=server.seconds,
        login_timeout=server.seconds,
    )
    try:
        yield await connection.start_sftp_client()
    finally:
        # Not closed in order: a server that hangs would have to take part in that.
        connection.abort()
        await connection.wait_closed()
