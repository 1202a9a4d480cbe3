"""The application, put together from an installation: store, worker, components."""

from __future__ import annotations

import datetime
import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.secrets import is_reference, read_reference
from selvbetjening_core.composition.stack import Composition, build
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.worker import Limits, Worker
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.documents import receipt_document
from selvbetjening_core.journey.reconcile import reconcile, reconcile_given_up
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.problems import Problems
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.values import CaseSnapshot, Document

log = logging.getLogger(__name__)

Clock = Callable[[], datetime.datetime]

RECONCILE_EVERY = datetime.timedelta(seconds=30)
_GIVEN_UP_EACH = 20
_SQLITE = "sqlite:///"


def utc_now() -> datetime.datetime:
    """The clock of a running application."""
    return datetime.datetime.now(tz=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a process needs, the web apart."""

    composition: Composition
    store: SqlStore
    engine: EmbeddedEngine
    now: Clock

    def journey(self, municipality: str) -> JourneyContext:
        """What journeys in one municipality work with."""
        return JourneyContext(
            self.composition.municipalities[municipality], self.store, self.now, self.engine
        )

    def close(self) -> None:
        """Let the attempt under way end, and close the database. For the end of a process."""
        self.engine.stop()
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
        for code in self.composition.municipalities:
            try:
                done += do(self.journey(code))
            except Exception as error:  # noqa: BLE001 - one municipality must not stop the others
                log.error("reconciling failed in %s: %s", code, type(error).__name__)  # noqa: TRY400 - a trace may show values
        return done


def assemble(plan: Plan, now: Clock = utc_now) -> Application:
    """Build the components, open the store (bringing its tables up to date).

    Starts no thread and no server.

    :raises ConfigurationError: a secret is missing or a component cannot be made
    """
    composition = build(plan, now)
    store = open_store(plan)

    def destination(municipality: str, delivery: Delivery) -> Destination:
        at = composition.municipalities[municipality]
        spec = at.spec(delivery.component)
        component = at.named(IDelivery, delivery.component)
        return Destination(component, spec.plugin, spec.offers[0].version)

    def documents(case: CaseSnapshot) -> tuple[Document, ...]:
        at = composition.municipalities[case.municipality_code]
        return (receipt_document(at, case),)

    worker = Worker(store, destination, documents, now, _limits(plan.installation))
    engine = EmbeddedEngine(worker, lambda: composition.municipalities)
    return Application(composition, store, engine, now)


def _limits(installation: Installation) -> Limits:
    return Limits(
        attempt=datetime.timedelta(seconds=installation.attempt_seconds),
        grace=datetime.timedelta(seconds=installation.grace_seconds),
    )


def open_store(plan: Plan) -> SqlStore:
    """The store alone, its tables brought up to date. No component is made.

    :raises ConfigurationError: it cannot be opened
    """
    installation = plan.installation
    try:
        url = _reference(installation.database, installation.folder)
        engine = open_engine(_inside(url, installation.folder))
        keys = KeyRing.from_file(_key_file(installation.keys, installation.folder))
    except (LookupError, ValueError, OSError) as error:
        raise _store_error(plan, error) from None
    upgrade(engine)
    return SqlStore(engine, keys)


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
