"""The application, put together from an installation: store, worker, components."""

from __future__ import annotations

import datetime
import itertools
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from selvbetjening_core.announcing import Announcer
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.composition.health import plugin_health
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.secrets import is_reference, read_reference
from selvbetjening_core.composition.set_hooks import SetHooks
from selvbetjening_core.composition.stack import Composition, Municipality, build
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.worker import Limits, Worker
from selvbetjening_core.errors import ComponentMissing, ConfigurationError, StoreUnavailable
from selvbetjening_core.files.table import listed
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.documents import receipt_document
from selvbetjening_core.journey.reconcile import reconcile, reconcile_given_up
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.problems import Problems
from selvbetjening_core.running import Current, CurrentApp, Running, WsgiApp
from selvbetjening_core.schedule import Scheduler
from selvbetjening_core.store.component_store import SqlComponentStore
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.values import CaseEvent, CaseSnapshot, Document, Health

log = logging.getLogger(__name__)

Clock = Callable[[], datetime.datetime]
ReadAgain = Callable[[], Plan]
MakeWeb = Callable[[Composition], WsgiApp]

RECONCILE_EVERY = datetime.timedelta(seconds=30)
_GIVEN_UP_EACH = 20
_SQLITE = "sqlite:///"
_NOWHERE = "0000"
_AT_START = ("database", "keys", "attempt_seconds", "grace_seconds", "threads")


def utc_now() -> datetime.datetime:
    """The clock of a running application."""
    return datetime.datetime.now(tz=datetime.UTC)


class Application:
    """Everything a process needs, the web apart.

    What is made of the files (the composition) can be made anew while it runs:
    :meth:`reload`. The store and the worker stay what they are.
    """

    def __init__(self, plan: Plan, store: SqlStore, now: Clock, read_again: ReadAgain) -> None:
        """:raises ConfigurationError: a secret is missing or a component cannot be made"""
        self.store = store
        self.now = now
        self._read_again = read_again
        self._make_web: MakeWeb | None = None
        self._reloading = threading.Lock()
        self._current = Current(Running(self._build(plan)))
        self._announcer = Announcer(self._hooks_of)
        limits = _limits(plan.installation)
        self._longest = limits.lease.total_seconds()
        worker = _HoldingWorker(
            self._current,
            store,
            self._destination,
            _Documents(self._current),
            now,
            limits,
            announce=self.announce,
        )
        self.engine = EmbeddedEngine(worker, lambda: self.composition.municipalities)
        self.scheduler = _HoldingScheduler(self._current, store, now, limits.lease)

    @property
    def composition(self) -> Composition:
        """What is running now. A request keeps the one it began with."""
        return self._current.now.composition

    def web(self, make: MakeWeb) -> WsgiApp:
        """A WSGI application that goes over to the new composition at a reload.

        :param make: makes the web application of one composition
        :raises ConfigurationError: a plugin's pages cannot be added
        """
        self._make_web = make
        running = self._current.now
        running.web = make(running.composition)
        return CurrentApp(self._current)

    def ready(self) -> None:
        """Tell the plugins that all is put together. Call it before the first request."""
        tell_plugins(self.composition.plan, "selvbetjening_ready")

    def announce(self, event: CaseEvent) -> None:
        """Tell the plugins of a municipality what happened to a case, soon.

        Call it after the commit. Returns at once, and never raises.
        """
        self._announcer.announce(event)

    def reload(self) -> Problems:
        """Read the installation anew, and go over to it in one step.

        Whatever is under way ends with the composition it began with, which is
        given up after that. This call returns when that is done. What plugins'
        code is, and the tables ``[store]`` and ``[delivery]``, are read at the
        start of the process alone.

        :returns: warnings
        :raises ConfigurationError: something is wrong; what was running goes on
        """
        with self._reloading:
            plan = self._read_again()
            _refuse_what_needs_a_restart(self.composition.plan.installation, plan)
            new = Running(self._build(plan))
            if self._make_web is not None:
                new.web = self._make_web(new.composition)
            tell_plugins(plan, "selvbetjening_ready")
            old = self._current.swap(new)
            self.engine.wake()
            if not old.wait_until_unused(self._longest):
                log.warning("a reload waits no longer for what was under way before it")
            tell_plugins(old.composition.plan, "selvbetjening_teardown")
            return plan.problems

    def health(self) -> tuple[Health, ...]:
        """The store, and what the plugins say of themselves."""
        return (store_health(self.store), *plugin_health(self.composition.plan))

    def journey(self, municipality: str) -> JourneyContext:
        """What journeys in one municipality work with."""
        return self._journey(self.composition, municipality)

    def close(self) -> None:
        """Let the attempt under way end, and close the database. For the end of a process."""
        self.engine.stop()
        self._announcer.close()
        tell_plugins(self.composition.plan, "selvbetjening_teardown")
        self.store.close()

    def reconcile(self, older_than: datetime.timedelta = RECONCILE_EVERY) -> int:
        """Ask about all open payments, in all municipalities; how many there were."""
        return self._in_each(lambda journey: reconcile(journey, older_than))

    def reconcile_given_up(self) -> int:
        """Ask about all payments given up of late, in all municipalities; how many."""
        return self._in_each(reconcile_given_up)

    def run_reconciler(self, stop: threading.Event) -> None:
        """Reconcile at intervals until ``stop`` is set."""
        for turn in itertools.count(1):
            if stop.wait(RECONCILE_EVERY.total_seconds()):
                return
            self.reconcile()
            if turn % _GIVEN_UP_EACH == 0:
                self.reconcile_given_up()

    def _in_each(self, do: Callable[[JourneyContext], int]) -> int:
        done = 0
        with self._current.hold() as running:
            for code in running.composition.municipalities:
                try:
                    done += do(self._journey(running.composition, code))
                except Exception as error:  # noqa: BLE001 - one municipality must not stop the others
                    log.error("reconciling failed in %s: %s", code, type(error).__name__)  # noqa: TRY400 - a trace may show values
        return done

    def _journey(self, composition: Composition, municipality: str) -> JourneyContext:
        at = composition.municipalities[municipality]
        return JourneyContext(at, self.store, self.now, self.engine, self.announce)

    def _build(self, plan: Plan) -> Composition:
        def kept(code: str, name: str) -> SqlComponentStore:
            return SqlComponentStore(self.store, code, name, self.now)

        return build(plan, self.now, kept)

    def _destination(self, municipality: str, delivery: Delivery) -> Destination:
        at = _at(self.composition, municipality)
        spec = at.spec(delivery.component)
        component = at.named(IDelivery, delivery.component)
        return Destination(component, spec.plugin, spec.offers[0].version)

    @contextmanager
    def _hooks_of(self, municipality: str) -> Iterator[SetHooks | None]:
        with self._current.hold() as running:
            at = running.composition.municipalities.get(municipality)
            yield at.file.plugin_set.hooks if at else None


@dataclass(frozen=True, slots=True)
class _Documents:
    """Makes the documents of a case, with what is running now."""

    current: Current

    def __call__(self, case: CaseSnapshot) -> tuple[Document, ...]:
        at = _at(self.current.now.composition, case.municipality_code)
        return (receipt_document(at, case),)


class _HoldingWorker(Worker):
    """Holds what is running as long as a step takes."""

    def __init__(self, current: Current, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current

    def work_one(self, municipality: str) -> bool:
        """See :class:`Worker`."""
        with self._current.hold():
            return super().work_one(municipality)


class _HoldingScheduler(Scheduler):
    """Holds what is running as long as a round takes."""

    def __init__(
        self, current: Current, store: SqlStore, now: Clock, lease: datetime.timedelta
    ) -> None:
        def municipalities() -> Iterable[Municipality]:
            return current.now.composition.municipalities.values()

        super().__init__(store, municipalities, now, lease)
        self._current = current

    def run_due(self, stop: threading.Event | None = None) -> int:
        """See :class:`Scheduler`."""
        with self._current.hold():
            return super().run_due(stop)


def assemble(plan: Plan, now: Clock = utc_now, read_again: ReadAgain | None = None) -> Application:
    """Build the components, open the store (bringing its tables up to date).

    Starts no thread and no server.

    :param read_again: how a reload reads the installation; by default from the
        same file
    :raises ConfigurationError: a secret is missing or a component cannot be made
    """

    def from_file() -> Plan:
        return read_plan(plan.installation.place.file, register_core, now().date())

    # The clock of the database's machine, unless the time is somebody's own.
    store = open_store(plan, None if now is utc_now else now)
    try:
        return Application(plan, store, now, read_again or from_file)
    except BaseException:
        store.close()
        raise


def tell_plugins(plan: Plan, hook: str) -> None:
    """Call a hook of every plugin of every set. One that fails is logged, and stops nothing."""
    for plugin_set in plan.plugin_sets.values():
        for _ in plugin_set.hooks.tell_all(hook):
            pass


def store_health(store: SqlStore) -> Health:
    """Can the database be used?"""
    try:
        with store.transaction(_NOWHERE):
            pass
    except StoreUnavailable as error:
        return Health("store", is_ok=False, text=str(error))
    return Health("store", is_ok=True)


def _at(composition: Composition, code: str) -> Municipality:
    """:raises ComponentMissing: a reload has taken the municipality out"""
    found = composition.municipalities.get(code)
    if found is None:
        raise ComponentMissing(f"the municipality {code} is not here any more")
    return found


def _refuse_what_needs_a_restart(running: Installation, plan: Plan) -> None:
    """:raises ConfigurationError: what is read at the start alone was changed"""
    new = plan.installation
    changed = [name for name in _AT_START if getattr(new, name) != getattr(running, name)]
    if changed:
        problems = Problems()
        problems.error(
            "needs-restart",
            new.place,
            f"{listed(changed)} was changed, which is read when the process starts",
            "change it back, or stop the process and start it again",
        )
        raise ConfigurationError(problems)


def _limits(installation: Installation) -> Limits:
    return Limits(
        attempt=datetime.timedelta(seconds=installation.attempt_seconds),
        grace=datetime.timedelta(seconds=installation.grace_seconds),
    )


def open_store(plan: Plan, clock: Clock | None = None) -> SqlStore:
    """The store alone, its tables brought up to date. No component is made.

    :param clock: see :class:`SqlStore`

    :raises ConfigurationError: it cannot be opened
    """
    engine, keys = _opened(plan)
    upgrade(engine)
    return SqlStore(engine, keys, clock)


def stored_health(plan: Plan) -> Health:
    """Can the database be used, as it is? Nothing is made or brought up to date."""
    try:
        url = _inside_of(plan)
        if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file():
            return Health("store", is_ok=False, text="there is no database yet")
        engine, keys = _opened(plan)
    except (ConfigurationError, LookupError) as error:
        return Health("store", is_ok=False, text=f"it cannot be opened ({type(error).__name__})")
    store = SqlStore(engine, keys)
    try:
        return store_health(store)
    finally:
        store.close()


def _opened(plan: Plan) -> tuple[Engine, KeyRing]:
    installation = plan.installation
    try:
        engine = open_engine(_inside_of(plan))
        keys = KeyRing.from_file(_key_file(installation.keys, installation.folder))
    except (LookupError, ValueError, OSError) as error:
        raise _store_error(plan, error) from None
    return engine, keys


def _inside_of(plan: Plan) -> str:
    installation = plan.installation
    return _inside(_reference(installation.database, installation.folder), installation.folder)


def _store_error(plan: Plan, error: Exception) -> ConfigurationError:
    problems = Problems()
    problems.error(
        "store",
        plan.installation.place,
        f"the store cannot be opened: {error}",
        "check [store] database and keys, and that the folder can be written",
    )
    return ConfigurationError(problems)


def _reference(text: str, folder: Path) -> str:
    return read_reference(text, folder) if is_reference(text) else text


def _inside(url: str, folder: Path) -> str:
    """A relative SQLite path starts from the installation's folder."""
    if not url.startswith(_SQLITE):
        return url
    path = folder / url.removeprefix(_SQLITE)
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"{_SQLITE}{path}"


def _key_file(reference: str, folder: Path) -> Path:
    scheme, _, name = reference.partition(":")
    if scheme != "file":
        raise ValueError('keys must be a file: keys = "file:PATH"')
    return folder / name
