"""The application, put together from an installation: store, worker, components."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from selvbetjening_core.announcing import Announcer
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.composition.health import plugin_health
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.receiver_rules import COMMON_RULES, ReceiverRules
from selvbetjening_core.composition.set_hooks import SetHooks
from selvbetjening_core.composition.stack import Composition, Municipality, build
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.engines import make_engine
from selvbetjening_core.delivery.held import Limits
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files.table import listed
from selvbetjening_core.holding import (
    Documents,
    HoldingScheduler,
    HoldingUpkeep,
    HoldingWorker,
    municipality_of,
)
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.reconcile import reconcile, reconcile_given_up
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.opening import open_store, store_address, store_health
from selvbetjening_core.problems import Problems
from selvbetjening_core.running import Current, CurrentApp, Running, WsgiApp
from selvbetjening_core.store.component_store import SqlComponentStore
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.upload_folder import UploadFolder
from selvbetjening_core.upkeep.audit_tasks import heads_task, sealing_task
from selvbetjening_core.upkeep.cleaning_task import cleaning_task
from selvbetjening_core.upkeep.digest import digest_task
from selvbetjening_core.upkeep.erase_list import EraseList, erase_again
from selvbetjening_core.upkeep.tasks import OwnTask
from selvbetjening_core.values import CaseEvent, Health

log = logging.getLogger(__name__)

Clock = Callable[[], datetime.datetime]
ReadAgain = Callable[[], Plan]
MakeWeb = Callable[[Composition], WsgiApp]

RECONCILE_EVERY = datetime.timedelta(seconds=30)
_GIVEN_UP_EVERY = datetime.timedelta(minutes=10)
_END_SECONDS = 5
_LOOK_EVERY = datetime.timedelta(seconds=10)
_AT_START = (
    "database",
    "keys",
    "files",
    "attempt_seconds",
    "lease_seconds",
    "engine",
    "at_once",
    "threads",
    "trusted_proxy",
)


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
        self.files = UploadFolder(plan.installation.files)
        self._read_again = read_again
        self._make_web: MakeWeb | None = None
        self._reloading = threading.Lock()
        self._current = Current(Running(self._build(plan)))
        self._announcer = Announcer(self._hooks_of)
        limits = _limits(plan.installation)
        self._longest = limits.longest.total_seconds()
        worker = HoldingWorker(
            self._current,
            store,
            self._destination,
            Documents(self._current),
            now,
            limits,
            announce=self.announce,
            rules=self._rules,
        )
        worker.keeps_files_in(self.files)
        self.attempts = worker.tally
        self.engine = make_engine(
            plan.installation,
            store_address(plan),
            worker,
            lambda: self.composition.municipalities,
        )
        self.upkeep = HoldingUpkeep(
            self._current,
            store,
            (
                cleaning_task(store, lambda: self._installation.retention, self.files),
                digest_task(store),
                sealing_task(store),
                heads_task(store, lambda: self._installation.audit),
            ),
        )
        self.scheduler = HoldingScheduler(self._current, store, limits.longest, self.upkeep.run_due)
        self._reconciler = HoldingUpkeep(
            self._current,
            store,
            (
                self._regularly("reconcile", self._reconcile, RECONCILE_EVERY),
                self._regularly("reconcile-given-up", reconcile_given_up, _GIVEN_UP_EVERY),
            ),
        )

    @property
    def _installation(self) -> Installation:
        return self.composition.plan.installation

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
            # Wherever they are kept: a vault is asked now, and never while a citizen waits.
            self.store.keys.refresh()
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
        """Let the attempts under way end, and close the database. For the end of a process.

        Takes no longer than an attempt may, and a little.
        """
        self.engine.stop(self._installation.attempt_seconds + _END_SECONDS)
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
        """Reconcile at intervals until ``stop`` is set. Of many processes one does it."""
        while not stop.wait(_LOOK_EVERY.total_seconds()):
            self._reconciler.run_due(stop)

    def _regularly(
        self, name: str, do: Callable[[JourneyContext], int], every: datetime.timedelta
    ) -> OwnTask:
        def run(at: Municipality, _stop: threading.Event) -> datetime.datetime:
            try:
                do(self._context(at))
            except Exception as error:  # noqa: BLE001 - money is asked about again soon, whatever it was
                log.error("%s failed in %s: %s", name, at.code, type(error).__name__)  # noqa: TRY400 - a trace may show values
            with self.store.transaction(at.code) as work:
                return work.now() + every

        return OwnTask(name, run)

    @staticmethod
    def _reconcile(context: JourneyContext) -> int:
        return reconcile(context, RECONCILE_EVERY)

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
        return self._context(at)

    def _context(self, at: Municipality) -> JourneyContext:
        return JourneyContext(at, self.store, self.now, self.engine, self.announce, self.files)

    def _build(self, plan: Plan) -> Composition:
        def kept(code: str, name: str) -> SqlComponentStore:
            return SqlComponentStore(self.store, code, name, self.now)

        return build(plan, self.now, kept)

    def _destination(self, municipality: str, delivery: Delivery) -> Destination:
        at = municipality_of(self.composition, municipality)
        spec = at.spec(delivery.component)
        component = at.named(IDelivery, delivery.component)
        return Destination(component, spec.plugin, spec.offers[0].version)

    def _rules(self, municipality: str, component: str) -> ReceiverRules:
        at = self.composition.municipalities.get(municipality)
        return at.file.rules_for(component) if at else COMMON_RULES

    @contextmanager
    def _hooks_of(self, municipality: str) -> Iterator[SetHooks | None]:
        with self._current.hold() as running:
            at = running.composition.municipalities.get(municipality)
            yield at.file.plugin_set.hooks if at else None


def assemble(plan: Plan, now: Clock = utc_now, read_again: ReadAgain | None = None) -> Application:
    """Build the components, open the store (bringing its tables up to date).

    What was erased, and came back with a backup, is erased again. Starts no
    thread and no server.

    :param read_again: how a reload reads the installation; by default from the
        same file
    :raises ConfigurationError: a secret is missing or a component cannot be made
    """

    def from_file() -> Plan:
        return read_plan(plan.installation.place.file, register_core, now().date())

    # The clock of the database's machine, unless the time is somebody's own.
    store = open_store(plan, None if now is utc_now else now, actors_come_by=AuditWay.STAFF)
    try:
        erase_again(store, EraseList(plan.installation.retention.erase_list))
        return Application(plan, store, now, read_again or from_file)
    except BaseException:
        store.close()
        raise


def tell_plugins(plan: Plan, hook: str) -> None:
    """Call a hook of every plugin of every set. One that fails is logged, and stops nothing."""
    for plugin_set in plan.plugin_sets.values():
        for _ in plugin_set.hooks.tell_all(hook):
            pass


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
        lease=datetime.timedelta(seconds=installation.lease_seconds),
    )
