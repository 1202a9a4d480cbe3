"""Which engine carries deliveries out: the installation says so, in one line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from selvbetjening_core.composition.installation import PROCRASTINATE, Installation
from selvbetjening_core.delivery.engine import EmbeddedEngine
from selvbetjening_core.delivery.worker import Worker
from selvbetjening_core.errors import NotInstalled, StoreUnavailable
from selvbetjening_core.journey.ports import DeliveryQueue

_POSTGRESQL = "postgresql"


class Engine(DeliveryQueue, Protocol):
    """A queue, and what works it off."""

    def start(self) -> None:
        """Work in a thread of its own. :raises RuntimeError: it works already."""

    def stop(self, timeout: float | None = None) -> bool:
        """Let the attempts under way end, and stop. False if it takes longer.

        :param timeout: seconds to wait; by default as long as an attempt may
            take, and a little
        """

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. What goes wrong is logged, and tried again."""

    def drain(self) -> int:
        """Work in the caller's thread until nothing is due; how many steps it took."""


def make_engine(
    installation: Installation,
    database: str,
    worker: Worker,
    municipalities: Callable[[], Iterable[str]],
) -> Engine:
    """The engine that the installation names. Going over to another one loses nothing.

    :param database: the address of the store
    :raises StoreUnavailable: the tables of its jobs cannot be made
    :raises NotInstalled: the extra [postgres] is needed
    """
    if installation.engine != PROCRASTINATE:
        return EmbeddedEngine(worker, municipalities, at_once=installation.at_once)
    if not database.startswith(_POSTGRESQL):
        raise StoreUnavailable('engine = "procrastinate" needs a PostgreSQL database')
    try:
        # Only those who choose it need it.
        from selvbetjening_core.delivery.procrastinate_engine import (  # noqa: PLC0415
            ProcrastinateEngine,
        )
        from selvbetjening_core.delivery.procrastinate_tables import prepare  # noqa: PLC0415
    except ModuleNotFoundError:
        raise NotInstalled("Delivering by Procrastinate", "postgres") from None
    address = _libpq(database)
    prepare(address)
    engine = ProcrastinateEngine(address, worker, municipalities, installation.at_once)
    worker.planned_by(engine)
    return engine


def _libpq(database: str) -> str:
    """The address without the name of SQLAlchemy's driver."""
    _, _, rest = database.partition("://")
    return f"{_POSTGRESQL}://{rest}"
