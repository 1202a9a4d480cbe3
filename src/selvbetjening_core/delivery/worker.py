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
from selvbetjening_core.delivery.announce import Announce, end_of, nobody
from selvbetjening_core.delivery.destination import Destination, FindDestination
from selvbetjening_core.delivery.inbox import LONGEST_EVIDENCE, Inbox
from selvbetjening_core.delivery.rules import (
    NO_COMPONENT,
    NO_DOCUMENTS,
    Decision,
    RetryPolicy,
    Situation,
    decide,
    put_off,
)
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.journey.ports import Store, UnitOfWork
from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState
from selvbetjening_core.values import (
    CaseEvent,
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
NOT_FOUND = "not sent: its component could not be found"
CANNOT_ASK = "the receiver cannot be asked"

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

    @property
    def lease(self) -> datetime.timedelta:
        """How long a worker holds a row: an attempt, and the grace."""
        return self.attempt + self.grace


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

    @property
    def name(self) -> tuple[str, str]:
        """What tells its row from all others."""
        return self.municipality, self.delivery.id

    @property
    def is_accepted(self) -> bool:
        """Did the receiver take it, and has not confirmed it yet?"""
        return self.delivery.state is DeliveryState.ACCEPTED_PENDING

    @property
    def described(self) -> str:
        """For the log. No personal data."""
        one = self.delivery
        return (
            f"delivery {one.id} in municipality {self.municipality}"
            f" (destination {one.destination!r}, component {one.component!r})"
        )


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
    :param announce: told of every delivery that came to an end, after the commit
    """

    def __init__(
        self,
        store: Store,
        destination: FindDestination,
        documents: MakeDocuments,
        clock: Callable[[], datetime.datetime],
        limits: Limits = Limits(),
        jitter: Callable[[], float] = random.random,
        announce: Announce = nobody,
    ) -> None:
        self._store = store
        self._destination = destination
        self._documents = documents
        self._clock = clock
        self._limits = limits
        self._jitter = jitter
        self._announce = _quietly(announce)
        self.inbox = Inbox(store, destination, clock, limits.retry, self._announce)
        self._told_missing: set[tuple[str, str]] = set()

    @property
    def limits(self) -> Limits:
        """The times and numbers it keeps to."""
        return self._limits

    def work_one(self, municipality: str) -> bool:
        """Take one step with the most overdue delivery. False if none is due.

        Raises nothing that a plugin raises; errors of the store come through,
        and leave a row that is taken up again when its lease has run out.
        """
        held = self._claim(municipality)
        if held is None:
            return False
        try:
            destination = self._find(held)
        except ComponentMissing:
            self._put_off(held, NO_COMPONENT.format(component=held.delivery.component))
            return True
        if held.abandoned is not None:
            self._settle(held, held.abandoned, destination)
        elif held.delivery.state is not DeliveryState.SENDING:
            self._ask(held, destination)
        else:
            self._send(held, destination)
        return True

    def _claim(self, municipality: str) -> _Held | None:
        now = self._clock()
        with self._store.transaction(municipality) as work:
            claimed = work.deliveries.claim(now, now + self._limits.lease)
        return None if claimed is None else _Held(municipality, *claimed)

    def _settle(self, held: _Held, abandoned: Attempt, destination: Destination | None) -> None:
        """Say of an abandoned attempt that nobody knows its end."""
        outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
        self._finish(held, abandoned.number, outcome, _resolves(destination))

    def _ask(self, held: _Held, destination: Destination | None) -> None:
        resolves = _resolves(destination)
        if resolves is ResolvesUnknown.INBOX or (
            held.is_accepted and resolves is not ResolvesUnknown.QUERY
        ):
            self._await(held, resolves)
            return
        if not self._begin(held, destination):
            return
        if destination is not None and resolves is ResolvesUnknown.QUERY:
            delivery = held.delivery
            outcome = calls.ask(destination, DeliveryRef(delivery.key, delivery.remote_reference))
        else:
            outcome = Outcome(OutcomeKind.UNKNOWN, CANNOT_ASK)
        self._finish(held, held.number, outcome, resolves)

    def _await(self, held: _Held, resolves: ResolvesUnknown | None) -> None:
        """There is nothing to ask: wait on, or give up waiting."""
        kind = OutcomeKind.ACCEPTED_PENDING if held.is_accepted else OutcomeKind.UNKNOWN
        now = self._clock()
        with self._store.transaction(held.municipality) as work:
            decision = self._decide(work, held, held.delivery.attempts, kind, resolves, now)
            ended = self._conclude(work, held, decision, now)
        self._tell(held, decision, ended)

    def _send(self, held: _Held, destination: Destination | None) -> None:
        try:
            packed = self._pack(held, destination)
        except ComponentMissing:
            self._put_off(held, NO_DOCUMENTS)
            return
        if isinstance(packed, Outcome):
            if self._begin(held, None):
                self._finish(held, held.number, packed, None)
        elif self._begin(held, packed.destination):
            outcome = calls.send(packed.destination, packed.parcel)
            self._finish(held, held.number, outcome, _resolves(packed.destination))

    def _find(self, held: _Held) -> Destination | None:
        """The other end; None if looking for it fails. :raises ComponentMissing: there is none."""
        try:
            return self._destination(held.municipality, held.delivery)
        except ComponentMissing:
            raise
        except calls.PLUGIN_ERRORS as error:
            calls.log_failure("finding", held.delivery.component, error)
            return None

    def _pack(self, held: _Held, destination: Destination | None) -> _Packed | Outcome:
        """The parcel; or why there is none, which is always worth another try.

        :raises ComponentMissing: there is no component to make the documents
        """
        if destination is None:
            return Outcome(OutcomeKind.TRANSIENT, NOT_FOUND)
        try:
            return _Packed(destination, self._parcel(held))
        except ComponentMissing:
            raise
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
            attachments=(),
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

    def _put_off(self, held: _Held, reason: str) -> None:
        """Leave it for later, without an attempt: a component is missing."""
        now = self._clock()
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            if held.abandoned is not None:
                outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
                work.deliveries.end_attempt(delivery.id, held.abandoned.number, outcome, now)
            decision = put_off(delivery.state, reason, now, self._limits.retry)
            self._conclude(work, held, decision, now)
        if held.name not in self._told_missing:
            self._told_missing.add(held.name)
            logger.warning("%s waits: %s", held.described, reason)

    def _finish(
        self, held: _Held, number: int, outcome: Outcome, resolves: ResolvesUnknown | None
    ) -> None:
        now = self._clock()
        outcome = replace(outcome, evidence=outcome.evidence[:LONGEST_EVIDENCE])
        kind = outcome.kind
        if held.is_accepted and kind is OutcomeKind.UNKNOWN:
            # A question without an answer does not take back that it was accepted.
            kind = OutcomeKind.ACCEPTED_PENDING
        with self._store.transaction(held.municipality) as work:
            work.deliveries.end_attempt(held.delivery.id, number, outcome, now)
            decision = self._decide(work, held, number, kind, resolves, now)
            ended = self._conclude(work, held, decision, now, outcome.remote_reference)
        self._tell(held, decision, ended)

    def _decide(
        self,
        work: UnitOfWork,
        held: _Held,
        attempts: int,
        kind: OutcomeKind,
        resolves: ResolvesUnknown | None,
        now: datetime.datetime,
    ) -> Decision:
        since = work.deliveries.first_attempt_at(held.delivery.id) or now
        awaited = work.deliveries.first_ended_at(held.delivery.id, kind)
        situation = Situation(
            attempts, since, resolves, now, self._jitter, self._limits.retry, awaited
        )
        return decide(kind, situation)

    def _tell(self, held: _Held, decision: Decision, ended: CaseEvent | None) -> None:
        if ended is None:
            return
        if decision.state is DeliveryState.PARKED:
            # The reason is one of our own sentences; what the receiver said is not told here.
            logger.error("%s is parked: %s", held.described, decision.reason)
        self._announce(ended)

    def _conclude(
        self,
        work: UnitOfWork,
        held: _Held,
        decision: Decision,
        now: datetime.datetime,
        remote_reference: str = "",
    ) -> CaseEvent | None:
        """Move the row as decided, unless it is another's by now; what to announce of it."""
        delivery = held.delivery
        if not _still_held(work.deliveries.get(delivery.id), delivery):
            # It took longer than the lease, or a receipt came first: what happened
            # is on record, what becomes of it is the other's.
            logger.warning("delivery %s: an attempt ended after its lease", delivery.id)
            return None
        work.deliveries.move(
            delivery.id,
            decision.state,
            now,
            due_at=decision.due_at,
            reason=decision.reason,
            remote_reference=remote_reference,
        )
        return end_of(work, delivery, decision.state, now)


def _quietly(announce: Announce) -> Announce:
    """Whatever a listener raises stops nothing."""

    def told(event: CaseEvent) -> None:
        try:
            announce(event)
        except Exception as error:  # noqa: BLE001 - it is committed, whoever cannot hear it
            logger.error("announcing failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values

    return told


def _resolves(destination: Destination | None) -> ResolvesUnknown | None:
    return None if destination is None else calls.resolves_unknown(destination)


def _still_held(found: Delivery | None, held: Delivery) -> bool:
    return found is not None and found.lease_until == held.lease_until
