"""A mail server that delivers to nobody: every mail becomes a file in a folder."""

from __future__ import annotations

import datetime
import secrets
import socket
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HOST = "127.0.0.1"


class MailCatcher:
    """Catches mail on a free port of the loopback address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._controller: Controller | None = None

    def start(self) -> str:
        """Start, and return the address as ``smtp://host:port``."""
        self._folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        self._controller = Controller(_ToFolder(self._folder), hostname=_HOST, port=port)
        self._controller.start()
        return f"smtp://{_HOST}:{port}"

    def stop(self) -> None:
        """Stop; what was caught stays."""
        if self._controller is not None:
            self._controller.stop()


def _free_port() -> int:
    # aiosmtpd asks its own port whether it is up, and so has to be told one.
    with socket.create_server((_HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class _ToFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        moment = datetime.datetime.now(tz=datetime.UTC).strftime("%Y%m%d-%H%M%S")
        name = f"{moment}-{secrets.token_hex(3)}.eml"
        part = self._folder / f".{name}"
        part.write_bytes(envelope.original_content or b"")
        part.rename(self._folder / name)
        return "250 Caught"
