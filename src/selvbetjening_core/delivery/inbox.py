"""What receivers tell of deliveries on their own, later."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence

from selvbetjening_core.delivery import calls
from selvbetjening_core.delivery.announce import Announce
from selvbetjening_core.delivery.conclusion import Concluding, Result
from selvbetjening_core.delivery.destination import Destination, FindDestination
from selvbetjening_core.delivery.rules import Decision
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState
from selvbetjening_core.values import (
    CaseEvent,
    LateReceipt,
    Outcome,
    OutcomeKind,
    Reply,
    ResolvesUnknown,
)

logger = logging.getLogger(__name__)

_LONGEST_KEY = 200
_OPEN = (DeliveryState.ACCEPTED_PENDING, DeliveryState.UNKNOWN, DeliveryState.SENDING)
# A repeat that is not sent yet is not needed any more; and what is parked because
# nobody knew is known now. What is delivered stays so, whatever comes later.
_CHANGES = {
    OutcomeKind.DELIVERED: (*_OPEN, DeliveryState.WAITING, DeliveryState.PARKED),
    OutcomeKind.PERMANENT: (*_OPEN, DeliveryState.WAITING),
    OutcomeKind.ACCEPTED_PENDING: (DeliveryState.UNKNOWN, DeliveryState.SENDING),
    OutcomeKind.TRANSIENT: (DeliveryState.ACCEPTED_PENDING, DeliveryState.UNKNOWN),
    OutcomeKind.UNKNOWN: (),
}
"""In which states a receipt changes anything, by what it says."""


class Inbox:
    """Takes late receipts into the ledger, and asks about what a message names.

    Idempotent: repeated and reordered ones are set aside. Keys that are not the
    component's own change nothing; the audit log counts them.
    """

    def __init__(
        self,
        store: Store,
        destination: FindDestination,
        concluding: Concluding,
        announce: Announce,
    ) -> None:
        self._store = store
        self._destination = destination
        self._concluding = concluding
        self._announce = announce

    def take(self, municipality: str, component: str, reply: Reply) -> bool:
        """What a message to ``component`` told. True if a worker should look now.

        :raises StoreUnavailable: part of it may be taken; a repeat takes the rest
        """
        found = [self._receipt(municipality, component, one) for one in reply.receipts]
        found += [self._ask(municipality, component, key) for key in reply.keys]
        unknown = found.count(None)
        if unknown:
            with self._store.transaction(municipality) as work:
                work.audit.add(
                    "unknown-keys", component, work.now(), str(unknown), way=AuditWay.OUTSIDE
                )
        return True in found

    def _receipt(self, municipality: str, component: str, receipt: LateReceipt) -> bool | None:
        """Whether it changed the ledger; None for a key that is not the component's."""
        with self._store.transaction(municipality) as work:
            row = _row(work, component, receipt.key)
            if row is None:
                return None
            now = work.now()
            if row.attempts == 0 or row.state not in _CHANGES[receipt.outcome.kind]:
                _set_aside(work, row, receipt, now)
                return False
            decision, event = self._write(work, row, receipt.outcome, now)
            work.audit.add("receipt-taken", row.id, now, receipt.outcome.kind, way=AuditWay.OUTSIDE)
        self._tell(row, decision, event)
        return True

    def _write(
        self, work: UnitOfWork, row: Delivery, outcome: Outcome, now: datetime.datetime
    ) -> tuple[Decision, CaseEvent | None]:
        """The receipt is kept as an attempt is: it is evidence. Whoever holds the row loses it."""
        destination = self._find(work.municipality, row)
        number = row.attempts + 1
        outcome = calls.storable(outcome)
        plugin, version = (
            (destination.plugin, destination.plugin_version) if destination else ("", "")
        )
        work.deliveries.begin_attempt(Attempt(row.id, number, plugin, version, now))
        work.deliveries.end_attempt(row.id, number, outcome, now)
        resolves = calls.resolves_unknown(destination) if destination else None
        decision = self._concluding.decide(work, row, Result(outcome.kind, resolves), now)
        event = self._concluding.write(work, row, decision, now, outcome.remote_reference)
        return decision, event

    def _ask(self, municipality: str, component: str, key: str) -> bool | None:
        """Whether it is asked about soon; None for a key that is not the component's."""
        if not is_key(key):
            return None
        with self._store.transaction(municipality) as work:
            row = _row(work, component, key)
            if row is None:
                # A payment's key is no delivery's, and not unknown for that.
                return None if work.payments.by_key(component, key) is None else False
            destination = self._find(municipality, row)
            if destination is None:
                return False
            if calls.resolves_unknown(destination) is not ResolvesUnknown.QUERY:
                return False
            now = work.now()
            if not work.deliveries.ask_now(row.id, now):
                return False
            self._concluding.planner.plan(work, row.id, now)
            return True

    def _find(self, municipality: str, row: Delivery) -> Destination | None:
        try:
            return self._destination(municipality, row)
        except ComponentMissing:
            return None

    def _tell(self, row: Delivery, decision: Decision, event: CaseEvent | None) -> None:
        if decision.state is DeliveryState.PARKED:
            logger.error("delivery %s is parked: %s", row.id, decision.reason)
        if event is not None:
            self._announce(event)


def is_key(key: str) -> bool:
    """Could it be one of our keys at all? It is an outsider's word."""
    return 0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()


def own_keys(keys: Sequence[str]) -> list[str]:
    """Those that could be keys of ours, each once."""
    return [key for key in dict.fromkeys(keys) if is_key(key)]


def _row(work: UnitOfWork, component: str, key: str) -> Delivery | None:
    """The row of a key, locked: nobody else changes it meanwhile."""
    found = work.deliveries.by_key(component, key) if is_key(key) else None
    return None if found is None else work.deliveries.lock(found.id)


def _set_aside(
    work: UnitOfWork, row: Delivery, receipt: LateReceipt, now: datetime.datetime
) -> None:
    kind = receipt.outcome.kind
    refused = kind in (OutcomeKind.PERMANENT, OutcomeKind.TRANSIENT)
    arrived = kind is OutcomeKind.DELIVERED
    given_up = row.state is DeliveryState.WAIVED
    if (refused and row.state is DeliveryState.DELIVERED) or (arrived and given_up):
        # Nothing is taken back, but whoever looks into it finds that it was said.
        work.audit.add("receipt-contradicts", row.id, now, kind, way=AuditWay.OUTSIDE)
