"""A server over TLS with a certificate that nobody vouches for."""

from __future__ import annotations

import socket
import ssl
import tempfile
from pathlib import Path

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.testing.loopback import HOST

# For 127.0.0.1, signed by itself. The key opens nothing: it is here for all to see.
_KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6lLz25OwuFUWuxZ52QrNCXNiLaFtJhaC5p7X8yaz"
    "46mhRANCAAQECqphmqDOWVRsfQOEAuslg8ETK3e2/mNKB2bZQjFV7VMq4xpeuNwCf3CCMARAE+UA89wtGhQr8Bmb"
    "5pgvenVC"
)
_CERTIFICATE = (
    "MIIBtjCCAV2gAwIBAgIUMen3pUkc0iofL+PTY6gHZgD8r10wCgYIKoZIzj0EAwIwIjEgMB4GA1UEAwwXbm9ib2R5"
    "IHZvdWNoZXMgZm9yIHRoaXMwIBcNMjYxMTIyMTEzNjQ3WhgPMjEyNjEwMjkxMTM2NDdaMCIxIDAeBgNVBAMMF25v"
    "Ym9keSB2b3VjaGVzIGZvciB0aGlzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBAqqYZqgzllUbH0DhALrJYPB"
    "Eyt3tv5jSgdm2UIxVe1TKuMaXrjcAn9wgjAEQBPlAPPcLRoUK/AZm+aYL3p1QqNvMG0wHQYDVR0OBBYEFDAthQOw"
    "z9qjcJ+zUQltMts6OLjkMB8GA1UdIwQYMBaAFDAthQOwz9qjcJ+zUQltMts6OLjkMA8GA1UdEwEB/wQFMAMBAf8w"
    "GgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MAoGCCqGSM49BAMCA0cAMEQCIHl1swwz2WMficxAti1IVYG5ld8p"
    "jKsR0hOymzhKgocFAiAPBcbth0vL1hyj59/WRvxR3PoNQDMD7Zys83zyfpKdVQ=="
)

# How TLS begins.
_HELLO = b"\x16"


class Witness(Counterpart):
    """Takes whatever it is sent, and keeps it in ``requests``."""

    def handle(self, asked: Asked) -> Given:
        """Say yes to everything."""
        return Given(200, b"{}", {"Content-Type": "application/json"})


class Untrusted(Witness):
    """The same over TLS, and no client has a reason to trust it.

    ``callers`` is how many tried to speak TLS with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.callers = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "both.pem"
            file.write_text(_pem("PRIVATE KEY", _KEY) + _pem("CERTIFICATE", _CERTIFICATE))
            self._context.load_cert_chain(file)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"https://{HOST}:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        """Speak TLS, with who goes on in spite of the certificate."""
        self.callers += connection.recv(1, socket.MSG_PEEK) == _HELLO
        with self._context.wrap_socket(connection, server_side=True) as trusting:
            super().serve(trusting)


def _pem(what: str, content: str) -> str:
    return f"-----BEGIN {what}-----\n{content}\n-----END {what}-----\n"
