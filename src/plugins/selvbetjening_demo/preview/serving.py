"""Serving a preview: its site, and the pretended login and payment, on loopback."""

from __future__ import annotations

import logging
import secrets
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import waitress
from waitress import wasyncore

from selvbetjening_core.web.limits.server import answer_with_pages
from selvbetjening_demo.preview.folder import PreviewFolder
from selvbetjening_demo.preview.page import MarkedApp, PreviewApp
from selvbetjening_demo.preview.watching import Watched
from selvbetjening_demo.provider.app import ProviderSettings, make_provider
from selvbetjening_demo.provider.background import Background
from selvbetjening_demo.provider.server import make_server, stop_server

LOOPBACK = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else listens there; the message says what to do."""


@contextmanager
def serving(folder: Path, port: int, plugins: Iterable[str] = ()) -> Iterator[tuple[Any, str]]:
    """A server that listens, to be run, and the address of the solution on it.

    What is typed is kept, encrypted, in a temporary folder that is removed at the end.

    :param folder: the solution's; only read
    :param port: 0 takes a free one
    :raises PortTaken: the port cannot be listened on
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with tempfile.TemporaryDirectory(prefix="preview-") as own, _provider() as (url, secret):
        watched = Watched(PreviewFolder(Path(own), folder, url, secret, plugins))
        watched.look()
        try:
            sockets: dict[int, Any] = {}
            server = _listening(PreviewApp(watched), port, sockets)
            try:
                yield server, f"http://localhost:{server.effective_port}/{folder.name}"
            finally:
                server.task_dispatcher.shutdown()
                wasyncore.close_all(sockets)
        finally:
            watched.close()


def _listening(app: PreviewApp, port: int, sockets: dict[int, Any]) -> Any:
    try:
        # Asked for first: waitress leaves a socket open where it cannot listen.
        with socket.create_server((LOOPBACK, port)):
            pass
        server = waitress.create_server(app, map=sockets, host=LOOPBACK, port=port, ident="")
    except OSError as error:
        raise PortTaken(
            f"Port {port} cannot be used: {error.strerror}. Choose another: --port"
        ) from None
    answer_with_pages(server)
    return server


@contextmanager
def _provider() -> Iterator[tuple[str, str]]:
    """The demo's login and payment, marked as a preview; the address, and what is shared."""
    secret = secrets.token_urlsafe(32)
    background = Background()
    sockets: dict[int, Any] = {}
    app = MarkedApp(make_provider(ProviderSettings(secret=secret), background))
    server = make_server(app, 0, sockets)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.effective_port}", secret
    finally:
        background.close()
        stop_server(server, thread, sockets)
