"""The audit log's chain as regular tasks: sealed every some seconds, told once a day."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable

from selvbetjening_core.composition.audit_settings import AuditSettings
from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.journey.audit import ChainHead
from selvbetjening_core.journey.ports import Store
from selvbetjening_core.upkeep.audit_heads import export_head
from selvbetjening_core.upkeep.daily import next_at
from selvbetjening_core.upkeep.tasks import OwnTask

HOUR = 4
"""When heads are exported: in the Danish night, after retention."""
_AT_ONCE = 1000
_LONGEST_SECONDS = 20.0
_SOON = datetime.timedelta(seconds=10)
_IDLE = datetime.timedelta(seconds=30)


def sealing_task(store: Store) -> OwnTask:
    """Puts new lines into the chain: within ten seconds where much is written."""

    def run(municipality: Municipality, stop: threading.Event) -> datetime.datetime:
        sealed = seal_all(store, municipality.code, stop=stop)
        with store.transaction(municipality.code) as work:
            return work.now() + (_SOON if sealed else _IDLE)

    return OwnTask("audit-seal", run)


def heads_task(store: Store, settings: Callable[[], AuditSettings]) -> OwnTask:
    """Exports the head of the chain, once a day and at the first start.

    :param settings: asked at every turn, so that a reload is seen
    """

    def run(municipality: Municipality, stop: threading.Event) -> datetime.datetime:
        head = told_head(store, municipality.code, stop=stop)
        if head is not None:
            export_head(head, settings().heads)
        with store.transaction(municipality.code) as work:
            return next_at(HOUR, work.now())

    return OwnTask("audit-head", run)


def told_head(
    store: Store, municipality: str, stop: threading.Event | None = None
) -> ChainHead | None:
    """The head of a chain after everything of the last day was sealed; None: no chain.

    :raises StoreUnavailable: the database cannot be used
    """
    seal_all(store, municipality, stop=stop, thoroughly=True)
    with store.transaction(municipality) as work:
        return work.audit_chain.head(work.now())


def seal_all(
    store: Store,
    municipality: str,
    *,
    stop: threading.Event | None = None,
    thoroughly: bool = False,
) -> int:
    """Put all that is written into the chain, in small transactions; how many lines.

    Ends early when it takes long, and goes on the next time.
    """
    sealed, begun = 0, time.monotonic()
    while time.monotonic() - begun < _LONGEST_SECONDS and not (stop and stop.is_set()):
        with store.transaction(municipality) as work:
            some = work.audit_chain.seal(work.now(), _AT_ONCE, thoroughly=thoroughly)
        sealed += some
        if not some:
            break
    return sealed
