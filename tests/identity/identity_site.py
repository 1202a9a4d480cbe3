"""The demo's site with another login, through which all attacks on identity go."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from csrf_town import Clock

from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_demo.folder import prepare_folder
from selvbetjening_demo.provider.server import ProviderServer

CODE, HOST, SOLUTION = "0773", "mors.localhost", "sundhedskort"
STEP = f"/{SOLUTION}/trin/person"


@dataclass
class RunningSite:
    """It, its clock, and what it has stored."""

    application: Application
    app: Any
    clock: Clock
    engine: sa.Engine


@contextlib.contextmanager
def running_site(configure: Callable[[Path], None]) -> Iterator[RunningSite]:
    """Start it with what ``configure`` changes in its folder; end it afterwards."""
    with contextlib.ExitStack() as stack:
        provider = stack.enter_context(ProviderServer(late_seconds=0.3, retry_seconds=0.05))
        folder = prepare_folder(
            Path(stack.enter_context(tempfile.TemporaryDirectory())) / "installation"
        )
        (folder / "secrets" / "provider").write_text(provider.secret, encoding="ascii")
        configure(folder)
        before = dict(os.environ)
        os.environ |= {
            "SELVBETJENING_DEMO_PROVIDER": provider.url,
            "SELVBETJENING_DEMO_SMTP": "smtp://127.0.0.1:9",
        }
        stack.callback(lambda: (os.environ.clear(), os.environ.update(before)))
        clock = Clock()
        plan = read_plan(folder / "selvbetjening.toml", register_core, utc_now().date())
        assert not plan.problems.count_errors(), [str(one) for one in plan.problems]
        application = assemble(plan, clock)
        stack.callback(application.close)
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
        yield RunningSite(application, make_app(site), clock, engine)


def log_in_with(folder: Path, plugin: str, settings: str) -> None:
    """In Morsø alone: what it takes is one line, and what that line's plugin asks for."""
    plugins = folder / "plugin_sets" / "standard.toml"
    text = plugins.read_text("utf-8")
    plugins.write_text(text.replace('"folder",', f'"folder",\n    "{plugin}",'), "utf-8")
    file = folder / "municipalities" / f"{CODE}.toml"
    text = file.read_text("utf-8")
    own = text[text.index("[component.login]") : text.index("[component.staff]")]
    new = f'[component.login]\nplugin = "{plugin}"\n{settings}\n'
    file.write_text(text.replace(own, new), "utf-8")
