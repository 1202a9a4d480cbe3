"""The demo's two municipalities, served for a real browser, with everything around them."""

from __future__ import annotations

import contextlib
import datetime
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import waitress

from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_demo.folder import prepare_folder
from selvbetjening_demo.mail_catcher import MailCatcher
from selvbetjening_demo.provider.server import ProviderServer, stop_server
from walking.looks import Look

MUNICIPALITIES = ("mors", "aarhus")


@dataclass
class Clock:
    """The town's clock; it can be moved, and it can break."""

    ahead: datetime.timedelta = datetime.timedelta()
    broken: Exception | None = None

    def __call__(self) -> datetime.datetime:
        if self.broken is not None:
            raise self.broken
        return utc_now() + self.ahead


@dataclass(frozen=True)
class Town:
    """What a browser can reach."""

    port: int
    provider: ProviderServer
    application: Application
    clock: Clock = field(default_factory=Clock)

    def url(self, municipality: str, path: str = "/", locale: str = "da") -> str:
        """The address of a page."""
        language = "" if locale == "da" else f"/{locale}"
        return f"http://{municipality}.localhost:{self.port}{language}{path}"

    @property
    def places_url(self) -> str:
        """Where one chooses a municipality."""
        return f"http://localhost:{self.port}/"

    @property
    def own_hosts(self) -> frozenset[str]:
        """Every host that a page may ask: its own, and where login and payment are."""
        names = ("localhost", *(f"{name}.localhost" for name in MUNICIPALITIES))
        here = {f"{name}:{self.port}" for name in names}
        return frozenset({*here, self.provider.url.removeprefix("http://")})


@contextlib.contextmanager
def served_town(folder: Path, look: Look, clock: Clock | None = None) -> Iterator[Town]:
    """The town, served on loopback until the block ends.

    :param folder: an empty folder for its files
    """
    clock = clock or Clock()
    with contextlib.ExitStack() as stack:
        provider = stack.enter_context(
            ProviderServer(late_seconds=0.3, retry_seconds=0.05, now=clock)
        )
        application = _application(folder, look, provider, clock, stack)
        site = Site(application.composition, application.store, clock, application.engine)
        port = _serve(make_app(site), stack)
        yield Town(port, provider, application, clock)


def _application(
    folder: Path,
    look: Look,
    provider: ProviderServer,
    clock: Callable[[], datetime.datetime],
    stack: contextlib.ExitStack,
) -> Application:
    folder = prepare_folder(folder)
    look.dress(folder)
    (folder / "secrets" / "provider").write_text(provider.secret, encoding="ascii")
    mail = MailCatcher(folder / "var" / "mail")
    addresses = {
        "SELVBETJENING_DEMO_PROVIDER": provider.url,
        "SELVBETJENING_DEMO_SMTP": mail.start(),
    }
    stack.callback(mail.stop)
    with mock.patch.dict(os.environ, addresses):
        plan = read_plan(folder / "selvbetjening.toml", register_core, clock().date())
        application = assemble(plan, clock)
    stack.callback(application.close)
    return application


def _serve(app: Any, stack: contextlib.ExitStack) -> int:
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    stack.callback(stop_server, server, thread, sockets)
    return int(server.effective_port)
