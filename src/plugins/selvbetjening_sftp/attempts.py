"""One attempt from beginning to end: in time, and with an end that is told honestly."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine

import asyncssh

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.values import (
    ComponentContext,
    Outcome,
    OutcomeKind,
    Parcel,
    SettingFault,
)
from selvbetjening_core.values.parcel_files import is_safe_name
from selvbetjening_sftp.exchange import Exchange, Places
from selvbetjening_sftp.host_keys import fingerprints
from selvbetjening_sftp.notes import Notes
from selvbetjening_sftp.session import Server, session

# What goes wrong, in words of our own: a server's may hold a path or a user's name.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (asyncssh.HostKeyNotVerifiable, "the server's host key is not the one in the settings"),
    (asyncssh.PermissionDenied, "the server refused the login"),
    (asyncssh.SFTPNoSuchFile, "the folder in the settings is not there"),
    (asyncssh.SFTPNoSuchPath, "the folder in the settings is not there"),
    (asyncssh.SFTPPermissionDenied, "the server does not allow it in this folder"),
    (asyncssh.SFTPNoSpaceOnFilesystem, "the server's disk is full"),
    (asyncssh.SFTPQuotaExceeded, "the user's quota on the server is used up"),
    (asyncssh.SFTPConnectionLost, "the connection was lost"),
    (asyncssh.SFTPNoConnection, "the connection was lost"),
    (asyncssh.SFTPFailure, "the server could not do it"),
    (asyncssh.ConnectionLost, "the connection was lost"),
    (TimeoutError, "the time was up"),
)

_Talk = Callable[[Exchange], Coroutine[None, None, Outcome]]


class Attempts:
    """Talks to the server about parcels. Every call has a connection and a loop of its own."""

    def __init__(self, server: Server, places: Places, notes: Notes) -> None:
        self._server = server
        self._places = places
        self._notes = notes

    def send(self, parcel: Parcel, seconds: float) -> Outcome:
        """Put it there. What ended before the last step did not arrive."""
        return asyncio.run(
            self._talk(parcel.key, seconds, lambda exchange: exchange.send(parcel), _not_sent)
        )

    def query(self, key: str) -> Outcome:
        """Look what became of it. A server that cannot answer settles nothing."""
        return asyncio.run(self._talk(key, self._server.seconds, Exchange.look, _not_told))

    async def _talk(
        self, key: str, seconds: float, talk: _Talk, otherwise: Callable[[Exception], Outcome]
    ) -> Outcome:
        exchange: Exchange | None = None
        try:
            async with asyncio.timeout(seconds), session(self._server) as sftp:
                exchange = Exchange(sftp, self._places, self._notes, stem_of(key))
                return await talk(exchange)
        except (OSError, asyncssh.Error) as error:
            if exchange is not None and exchange.is_placing:
                return Outcome(OutcomeKind.UNKNOWN, f"it may have arrived: {_words(error)}")
            return otherwise(error)


def attempts_of(context: ComponentContext) -> Attempts:
    """What talks to the server of these settings. Nothing happens yet.

    :raises BadSettings: there is no way to log in
    """
    server = Server(
        host=context.text("host"),
        port=context.number("port"),
        user=context.text("user"),
        host_keys=fingerprints(context.text("host_key")),
        seconds=float(context.number("seconds")),
        password=context.text("password"),
        private_key=_private_key(context),
    )
    if not server.password and server.private_key is None:
        raise BadSettings(SettingFault("user", "give its password, or its private_key"))
    places = Places(_folder(context.text("folder")), _folder(context.text("taken")))
    return Attempts(server, places, Notes(context.store, context.now))


def stem_of(key: str) -> str:
    """What the parcel with this key is called on the server, without an ending."""
    return key if is_safe_name(key) else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _private_key(context: ComponentContext) -> asyncssh.SSHKey | None:
    text = context.text("private_key")
    if not text:
        return None
    try:
        return asyncssh.import_private_key(text, context.text("passphrase") or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        told = "it is no private key, or passphrase does not open it"
        raise BadSettings(SettingFault("private_key", told)) from None


def _folder(text: str) -> str:
    return text if text in ("", "/") else text.rstrip("/")


def _not_sent(error: Exception) -> Outcome:
    return Outcome(OutcomeKind.TRANSIENT, f"it did not arrive: {_words(error)}")


def _not_told(error: Exception) -> Outcome:
    return Outcome(OutcomeKind.UNKNOWN, f"the server could not be asked: {_words(error)}")


def _words(error: Exception) -> str:
    """By the class alone, if it is none that we know."""
    return next((words for kind, words in _WORDS if isinstance(error, kind)), type(error).__name__)
