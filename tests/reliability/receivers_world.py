"""The application with the worker in this very process, so that its clock can be moved."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import io
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from citizen import HOST
from harness import CODE, HERE, JOURNAL, Installation
from receivers_cast import ENVIRONMENT, VARIANTS, Cast, Member
from webtest import TestApp

from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.main import main
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.journey.records import Delivery, DeliveryState, SubmissionFacts
from selvbetjening_core.testing import cases
from selvbetjening_core.web.app import Site, make_app

_RESOLVES = "resolves_unknown = ResolvesUnknown.QUERY"
_INSTEAD = {
    "asked": _RESOLVES,
    "keyed": "resolves_unknown = ResolvesUnknown.SAFE_REPEAT",
    "blunt": "resolves_unknown = ResolvesUnknown.PERSON",
}
_EAR = """
from selvbetjening_core.hooks import hookimpl

told = []


@hookimpl
def selvbetjening_case_event(event, context):
    told.append((event.kind.value, event.submission_id, event.destination))
"""

Patch = Callable[[Path], None]
"""Changes the folder of the plugins that the skeleton made: a planted fault."""


@dataclass
class Clock:
    """A clock that can be moved ahead."""

    ahead: datetime.timedelta = datetime.timedelta()

    def __call__(self) -> datetime.datetime:
        return utc_now() + self.ahead


@dataclass
class World:
    """One municipality with as many destinations as there are members of the cast.

    :param only: the names of the members that are delivered to; empty: all
    """

    patch: Patch = lambda _: None
    only: Sequence[str] = ()
    settings: str = "\n[delivery]\nattempt_seconds = 3\nat_once = 32\n"
    clock: Clock = field(default_factory=Clock)
    receipts: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._closing = contextlib.ExitStack()
        self.site = self._closing.enter_context(Installation(settings=self.settings))
        self.cast = self._closing.enter_context(Cast(self.site.journal, self.site.folder))
        if self.only:
            self.cast.members = [
                one for one in self.cast.members if any(word in one.name for word in self.only)
            ]
        plugins = make_plugins(self.site.folder / "plugins")
        self.patch(plugins)
        self._closing.enter_context(_on_the_path(plugins, self.site, HERE / "plugins"))
        more = {"SSL_CERT_FILE": str(self.cast.certificates.authority), **ENVIRONMENT}
        self._closing.enter_context(_in_environment({**self.site.environment, **more}))
        self._write_files()
        self.application = self._assemble()
        self._closing.callback(self.application.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    # -- what a suite does -----------------------------------------------------

    def accept(self, member: Member) -> str:
        """A submission for this member and for the healthy receiver; its id."""
        submission = uuid.uuid4().hex
        number = f"R-{submission[:12]}"
        case = cases.a_case(
            submission_id=submission,
            receipt_number=number,
            solution="errand",
            municipality_code=CODE,
            received_at=self.clock(),
        )
        engine = self.application.engine
        with self.application.store.transaction(CODE) as work:
            now = work.now()
            work.submissions.add(case, SubmissionFacts("ab" * 32, {}, f"draft-{submission}"))
            for position, component in enumerate((member.name, JOURNAL)):
                row = _row(submission, component, position, now)
                engine.enqueue(work, row)
                engine.plan(work, row.id, now)
        engine.wake()
        self.receipts.append(number)
        return submission

    def rows(self) -> list[Delivery]:
        """The whole ledger, by submission."""
        with self.application.store.transaction(CODE) as work:
            found = work._scope.connection.exec_driver_sql("SELECT id FROM submission")
            return [row for (one,) in list(found) for row in work.deliveries.of_submission(one)]

    def attempts(self, row: Delivery):
        with self.application.store.transaction(CODE) as work:
            return work.deliveries.attempts(row.id)

    def tell(self, name: str, body: bytes, headers: dict[str, str]) -> None:
        """A message from a receiver, over the web."""
        self._browser.post(f"/-/messages/{name}", body, headers, status="*")

    def work(self) -> None:
        """Let whatever is due be done, by several hands as in a worker process."""
        self.application.engine.drain()

    def told(self) -> list[tuple[str, str, str]]:
        """What was announced: kind, submission and destination."""
        return list(sys.modules["ear"].told)

    # -- how ---------------------------------------------------------------------

    def _assemble(self) -> Application:
        plan = read_plan(self.site.config, register_core, utc_now().date())
        application = assemble(plan, self.clock)
        app = make_app(
            Site(
                application.composition,
                application.store,
                self.clock,
                application.engine,
                application.announce,
            )
        )
        self._browser = TestApp(app, extra_environ={"HTTP_HOST": f"{HOST}:80"})
        for member in self.cast.members:
            if hasattr(member.remote, "tell"):
                member.remote.tell = self.tell
        return application

    def _write_files(self) -> None:
        plugins = self.site.folder / "plugin_sets" / "standard.toml"
        text = plugins.read_text("utf-8")
        names = ["ear", "mail", "sftp", *(f"{one}_delivery" for one in VARIANTS)]
        added = "".join(f'"{one}", ' for one in names)
        plugins.write_text(text.replace("[", f"[{added}", 1), "utf-8")
        file = self.site.folder / "municipalities" / f"{CODE}.toml"
        tables = [
            f'\n[component.{one.name}]\nplugin = "{one.plugin}"\n{one.lines}'
            f"\n[delivery.{one.name}]\nfirst_wait_seconds = 1\n"
            for one in self.cast.members
        ]
        file.write_text(file.read_text("utf-8") + "".join(tables), "utf-8")


def make_plugins(folder: Path) -> Path:
    """Made as a vendor makes his: one for each way to find out what nobody knows."""
    for name in VARIANTS:
        arguments = ["new-plugin", "delivery", name, "--folder", str(folder)]
        with contextlib.redirect_stdout(io.StringIO()):
            main(arguments, standalone_mode=False)
        package = f"{name}_delivery"
        file = folder / f"{name}-delivery" / package / "plugin.py"
        text = file.read_text("utf-8")
        assert _RESOLVES in text
        file.write_text(text.replace(_RESOLVES, _INSTEAD[name]), "utf-8")
        _announce(folder / f"{name}-delivery", package, f"{package}.plugin")
    (folder / "ear").mkdir()
    (folder / "ear" / "ear.py").write_text(_EAR, "utf-8")
    _announce(folder / "ear", "ear", "ear")
    return folder


def _row(submission: str, component: str, position: int, now: datetime.datetime) -> Delivery:
    key = uuid.uuid4().hex
    return Delivery(
        id=key,
        submission_id=submission,
        destination=component,
        component=component,
        key=key,
        position=position,
        state=DeliveryState.WAITING,
        due_at=now,
        created_at=now,
        changed_at=now,
    )


def _announce(folder: Path, name: str, module: str) -> None:
    """As pip would have installed it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[selvbetjening.plugins]\n{name} = {module}\n")


@contextlib.contextmanager
def _on_the_path(plugins: Path, site: Installation, *more: Path) -> Iterator[None]:
    before = list(sys.path)
    folders = [*plugins.iterdir(), site.folder / "distributions", *more]
    sys.path[:0] = map(str, folders)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before
        for name in list(sys.modules):
            if name.partition(".")[0] in ("ear", *(f"{one}_delivery" for one in VARIANTS)):
                del sys.modules[name]


@contextlib.contextmanager
def _in_environment(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
