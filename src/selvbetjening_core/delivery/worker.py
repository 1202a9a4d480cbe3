"""One attempt at one delivery, in steps that can be cut off anywhere.

1. *claim*, in a transaction: the row is leased;
2. the parcel is packed, outside any transaction (nothing has been sent);
3. the attempt is stored as begun, in a transaction;
4. the plugin is called, outside any transaction;
5. the outcome is stored, in a transaction.

A worker that dies in 1 or 2 leaves a lease that runs out: the row is sent as if
nothing had been. One that dies in 3 to 5 leaves an unfinished attempt: nobody
knows whether it arrived, and that is resolved as the component declares.
"""

from __future__ import annotations

import datetime
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from selvbetjening_core.delivery import calls
from selvbetjening_core.delivery.destination import Destination
from selvbetjening_core.delivery.rules import RetryPolicy, Situation, decide
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.journey.ports import Store
from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState
from selvbetjening_core.values import (
    CaseSnapshot,
    DeliveryRef,
    Document,
    Outcome,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
)

logger = logging.getLogger(__name__)

WORKER_STOPPED = "worker stopped"
NO_COMPONENT = "not sent: the municipality has no such component now"
CANNOT_ASK = "the receiver cannot be asked"
_LONGEST_EVIDENCE = 2000

FindDestination = Callable[[str, Delivery], Destination]
"""Given municipality and delivery. :raises ComponentMissing: there is none now."""
MakeDocuments = Callable[[CaseSnapshot], tuple[Document, ...]]
"""The documents that go with a case into its parcels."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and numbers a worker keeps to.

    :param attempt: how long one attempt may take; told to the plugin
    :param grace: how much longer a row is held before it is taken for abandoned
    """

    attempt: datetime.timedelta = datetime.timedelta(seconds=30)
    grace: datetime.timedelta = datetime.timedelta(seconds=10)
    retry: RetryPolicy = field(default_factory=RetryPolicy)


@dataclass(frozen=True, slots=True)
class _Held:
    """A row this worker holds; ``abandoned`` is its last worker's unfinished attempt."""

    municipality: str
    delivery: Delivery
    abandoned: Attempt | None

    @property
    def number(self) -> int:
        """Of the attempt this worker makes."""
        return self.delivery.attempts + 1


@dataclass(frozen=True, slots=True)
class _Packed:
    destination: Destination
    parcel: Parcel


class Worker:
    """Works on deliveries, one at a time. Several may run on one store.

    :param destination: finds the component of a delivery
    :param documents: makes the documents of a case
    :param clock: the time now, in UTC
    :param jitter: a number from 0 up to 1
    """

    def __init__(
        self,
        store: Store,
        destination: FindDestination,
        documents: MakeDocuments,
        clock: Callable[[], datetime.datetime],
        limits: Limits = Limits(),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._destination = destination
        self._documents = documents
        self._clock = clock
        self._limits = limits
        self._jitter = jitter

    def work_one(self, municipality: str) -> bool:
        """Take one step with the most overdue delivery. False if none is due.

        Raises nothing that a plugin raises; errors of the store come through,
        and leave a row that is taken up again when its lease has run out.
        """
        held = self._claim(municipality)
        if held is None:
            return False
        if held.abandoned is not None:
            self._settle(held, held.abandoned)
        elif held.delivery.state is DeliveryState.UNKNOWN:
            self._ask(held)
        else:
            self._send(held)
        return True

    def _claim(self, municipality: str) -> _Held | None:
        now = self._clock()
        lease_until = now + self._limits.attempt + self._limits.grace
        with self._store.transaction(municipality) as work:
            claimed = work.deliveries.claim(now, lease_until)
        return None if claimed is None else _Held(municipality, *claimed)

    def _settle(self, held: _Held, abandoned: Attempt) -> None:
        """Say of an abandoned attempt that nobody knows its end."""
        destination = self._find(held)
        outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
        self._finish(held, abandoned.number, outcome, _resolves(destination))

    def _ask(self, held: _Held) -> None:
        destination = self._find(held)
        resolves = _resolves(destination)
        if not self._begin(held, destination):
            return
        if destination is not None and resolves is ResolvesUnknown.QUERY:
            delivery = held.delivery
            outcome = calls.ask(destination, DeliveryRef(delivery.key, delivery.remote_reference))
        else:
            outcome = Outcome(OutcomeKind.UNKNOWN, CANNOT_ASK)
        self._finish(held, held.number, outcome, resolves)

    def _send(self, held: _Held) -> None:
        packed = self._pack(held)
        if isinstance(packed, Outcome):
            if self._begin(held, None):
                self._finish(held, held.number, packed, None)
        elif self._begin(held, packed.destination):
            outcome = calls.send(packed.destination, packed.parcel)
            self._finish(held, held.number, outcome, _resolves(packed.destination))

    def _find(self, held: _Held) -> Destination | None:
        try:
            return self._destination(held.municipality, held.delivery)
        except calls.PLUGIN_ERRORS as error:
            calls.log_failure("finding", held.delivery.component, error)
            return None

    def _pack(self, held: _Held) -> _Packed | Outcome:
        """The parcel; or why there is none, which is always worth another try."""
        try:
            destination = self._destination(held.municipality, held.delivery)
            return _Packed(destination, self._parcel(held))
        except ComponentMissing:
            return Outcome(OutcomeKind.TRANSIENT, NO_COMPONENT)
        except calls.PLUGIN_ERRORS as error:
            calls.log_failure("packing", held.delivery.component, error)
            return Outcome(
                OutcomeKind.TRANSIENT, f"not sent: {type(error).__name__} while it was packed"
            )

    def _parcel(self, held: _Held) -> Parcel:
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            case = work.submissions.get(delivery.submission_id)
        if case is None:
            raise LookupError("a delivery without its submission")
        return Parcel(
            key=delivery.key,
            destination=delivery.destination,
            attempt=held.number,
            deadline=self._clock() + self._limits.attempt,
            case=case,
            documents=self._documents(case),
        )

    def _begin(self, held: _Held, destination: Destination | None) -> bool:
        """Store the attempt as begun. False if another worker has the row by now."""
        attempt = Attempt(
            delivery_id=held.delivery.id,
            number=held.number,
            plugin=destination.plugin if destination else "",
            plugin_version=destination.plugin_version if destination else "",
            started_at=self._clock(),
        )
        with self._store.transaction(held.municipality) as work:
            if not _still_held(work.deliveries.get(held.delivery.id), held.delivery):
                return False
            work.deliveries.begin_attempt(attempt)
        return True

    def _finish(
        self, held: _Held, number: int, outcome: Outcome, resolves: ResolvesUnknown | None
    ) -> None:
        now = self._clock()
        outcome = replace(outcome, evidence=outcome.evidence[:_LONGEST_EVIDENCE])
        decision = decide(
            outcome.kind,
            Situation(number, resolves, now, self._jitter, self._limits.retry),
        )
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            work.deliveries.end_attempt(delivery.id, number, outcome, now)
            if not _still_held(work.deliveries.get(delivery.id), delivery):
                # It took longer than the lease and another worker has the row:
                # what happened is on record, what becomes of it is the other's.
                logger.warning("delivery %s: an attempt ended after its lease", delivery.id)
                return
            work.deliveries.move(
                delivery.id,
                decision.state,
                now,
                due_at=decision.due_at,
                reason=decision.reason,
                remote_reference=outcome.remote_reference,
            )


def _resolves(destination: Destination | None) -> ResolvesUnknown | None:
    return None if destination is None else calls.resolves_unknown(destination)


def _still_held(found: Delivery | None, held: Delivery) -> bool:
    return found is not None and found.lease_until == held.lease_until
