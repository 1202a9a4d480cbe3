"""The demo's two municipalities in this process, with the demo's provider on loopback."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from csrf_window import Window

import selvbetjening_solutions
from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_demo.folder import prepare_folder
from selvbetjening_demo.provider.server import ProviderServer
from walking.troubles import make_troubles

CODE, OTHER = "0773", "0751"
SOLUTION, SURER, GUESTS = "sundhedskort", "sikkerhedskort", "vejhul"
"""The one that most is tried on; one for the surest login; one without login."""
_GUEST_SOLUTIONS = Path(__file__).parents[1] / "guest_solutions"
HOSTS = {CODE: "mors.localhost", OTHER: "aarhus.localhost"}
_PROVIDER, _SMTP = "SELVBETJENING_DEMO_PROVIDER", "SELVBETJENING_DEMO_SMTP"

SESSIONS = frozenset({"web_session", "staff_session"})
Rows = Mapping[str, frozenset[tuple[object, ...]]]


@dataclass
class Clock:
    """A clock that can be moved ahead."""

    ahead: datetime.timedelta = datetime.timedelta()

    def __call__(self) -> datetime.datetime:
        return utc_now() + self.ahead


@dataclass
class Town:
    """The site, and every window that was opened at it."""

    application: Application
    app: Any
    clock: Clock
    engine: sa.Engine
    windows: list[Window] = field(default_factory=list)

    def window(self, code: str = CODE, mount: str = "", host: str = "") -> Window:
        """A window of a new browser."""
        opened = Window(self.app, host or HOSTS[code], mount)
        self.windows.append(opened)
        return opened

    def rows(self) -> Rows:
        """Everything in the database, but until when sessions last."""
        with self.engine.connect() as connection:
            names = sa.inspect(connection).get_table_names()
            return {name: _rows(connection, name) for name in names}

    @property
    def views(self) -> list[Any]:
        """What Pyramid knows of every view, but for those of pages about errors."""
        found = self.app.registry.introspector.get_category("views")
        views = [one["introspectable"] for one in found]
        return [view for view in views if view["route_name"] and not view["exception_only"]]

    def path_of(self, route: str, **known: str) -> str:
        """A path of a route; ``known`` are its parts."""
        found: str = self.app.registry.introspector.get("routes", route)["pattern"]
        for name, value in known.items():
            found = found.replace(f"{{{name}}}", value)
        return found.replace("{path:.+}", "session.js").replace("*rest", "nothing")


@contextlib.contextmanager
def town() -> Iterator[Town]:
    """Start it, with deliveries in trouble; end it afterwards."""
    with contextlib.ExitStack() as stack:
        provider = stack.enter_context(ProviderServer(late_seconds=0.3, retry_seconds=0.05))
        folder = prepare_folder(
            Path(stack.enter_context(tempfile.TemporaryDirectory())) / "installation"
        )
        (folder / "secrets" / "provider").write_text(provider.secret, encoding="ascii")
        stack.enter_context(_environment(provider.url))
        _add_solutions(folder)
        clock = Clock()
        plan = read_plan(folder / "selvbetjening.toml", register_core, utc_now().date())
        application = assemble(plan, clock)
        stack.callback(application.close)
        make_troubles(application)
        site = Site(
            application.composition,
            application.store,
            clock,
            application.engine,
            application.announce,
            application.attempts,
        )
        engine = sa.create_engine(f"sqlite:///{folder}/var/selvbetjening.sqlite")
        stack.callback(engine.dispose)
        yield Town(application, make_app(site), clock, engine)


def _add_solutions(folder: Path) -> None:
    """One that needs no login; and the health card once more, for the surest: to step up for."""
    own = folder / "own"
    shutil.copytree(_GUEST_SOLUTIONS, own, dirs_exist_ok=True)
    shipped = Path(selvbetjening_solutions.__file__).parent / SOLUTION / "solution.toml"
    (own / SURER).mkdir()
    text = shipped.read_text("utf-8").replace('"substantial"', '"high"')
    (own / SURER / "solution.toml").write_text(text, "utf-8")
    config = folder / "selvbetjening.toml"
    first = '["package:selvbetjening_solutions"'
    config.write_text(config.read_text("utf-8").replace(first, f'{first}, "own"'), "utf-8")
    with (folder / "municipalities" / f"{CODE}.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[solutions.{SURER}]\nfree_under_15 = true\n\n[solutions.{GUESTS}]\n")


@contextlib.contextmanager
def _environment(provider: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in (_PROVIDER, _SMTP)}
    os.environ |= {_PROVIDER: provider, _SMTP: "smtp://127.0.0.1:9"}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _rows(connection: sa.Connection, table: str) -> frozenset[tuple[object, ...]]:
    found = connection.execute(sa.text(f"select * from {table}")).mappings()  # noqa: S608 - a name of ours
    left_out = {"expires_at"} if table in SESSIONS else set()
    return frozenset(tuple(row[key] for key in row if key not in left_out) for row in found)
