"""One attempt at one delivery, in steps that can be cut off anywhere.

1. *claim*, in a transaction: the row is leased;
2. the parcel is packed, outside any transaction (nothing has been sent);
3. the attempt is stored as begun, in a transaction;
4. the plugin is called, outside any transaction;
5. the outcome is stored, in a transaction.

A worker that dies in 1 or 2 leaves a lease that runs out: the row is sent as if
nothing had been. One that dies in 3 to 5 leaves an unfinished attempt: nobody
knows whether it arrived, and that is resolved as the component declares. A
living worker prolongs its lease. One that was thought dead, and is not, finds
that another holds the row, and moves nothing any more.
"""

from __future__ import annotations

import datetime
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from selvbetjening_core.delivery import calls
from selvbetjening_core.delivery.announce import Announce, nobody
from selvbetjening_core.delivery.claiming import Claiming
from selvbetjening_core.delivery.conclusion import Concluding, FindRules, Result, common_rules
from selvbetjening_core.delivery.destination import Destination, FindDestination
from selvbetjening_core.delivery.heartbeat import Heartbeat
from selvbetjening_core.delivery.held import COMMON_LIMITS, Held, Limits
from selvbetjening_core.delivery.inbox import Inbox
from selvbetjening_core.delivery.rules import (
    ENDS_WORKERS,
    NO_COMPONENT,
    NO_DOCUMENTS,
    NOBODY_KNOWS,
    Decision,
    put_off,
)
from selvbetjening_core.delivery.stops import MOST_STOPS, WORKER_STOPPED, ends_workers
from selvbetjening_core.delivery.tally import Tally
from selvbetjening_core.errors import ComponentMissing, StoreUnavailable
from selvbetjening_core.journey.ports import Files, Planner, Store, UnitOfWork
from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState, StillHeld
from selvbetjening_core.journey.uploads import attachments
from selvbetjening_core.logs import kind_of
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

NOT_FOUND = "not sent: its component could not be found"
NOT_PACKED = "not sent: {error} while it was packed"
CANNOT_ASK = "the receiver cannot be asked"
ENDED_LATE = "attempt-ended-late"
"""Of the audit log: an attempt ended after its row had become another's."""

_AGAIN_SECONDS = 0.5

MakeDocuments = Callable[[CaseSnapshot], tuple[Document, ...]]
"""The documents that go with a case into its parcels."""


@dataclass(frozen=True, slots=True)
class _Packed:
    destination: Destination
    parcel: Parcel


class Worker:
    """Works on deliveries. Threads may share one, and several may run on one store.

    :param destination: finds the component of a delivery
    :param documents: makes the documents of a case
    :param clock: the time now, in UTC, of this process alone
    :param jitter: a number from 0 up to 1
    :param announce: told of every delivery that came to an end, after the commit
    :param rules: the rules for each receiver
    """

    def __init__(
        self,
        store: Store,
        destination: FindDestination,
        documents: MakeDocuments,
        clock: Callable[[], datetime.datetime],
        limits: Limits = COMMON_LIMITS,
        jitter: Callable[[], float] = random.random,
        announce: Announce = nobody,
        rules: FindRules = common_rules,
    ) -> None:
        self._store = store
        self._destination = destination
        self._documents = documents
        self._files: Files | None = None
        self._clock = clock
        self._limits = limits
        self._announce = _quietly(announce)
        self._concluding = Concluding(rules, jitter)
        self._heartbeat = Heartbeat(store, limits.lease, limits.longest)
        self.tally = Tally()
        self.inbox = Inbox(store, destination, self._concluding, self._announce)
        self._claims = Claiming(store, rules, limits.lease)
        self._told_missing: set[tuple[str, str]] = set()

    @property
    def limits(self) -> Limits:
        """The times it keeps to."""
        return self._limits

    def planned_by(self, planner: Planner) -> None:
        """Tell ``planner`` of everything that becomes due through this worker."""
        self._concluding.planner = planner

    def keeps_files_in(self, files: Files) -> None:
        """Put what citizens sent along, which is kept there, into the parcels."""
        self._files = files

    def work_one(self, municipality: str) -> bool:
        """Take one step with the most overdue delivery. False if none may be worked on.

        Raises nothing that a plugin raises; errors of the store come through,
        and leave a row that is taken up again when its lease has run out.
        """
        held = self.take(municipality)
        return held is not None and self.work(held)

    def work_on(self, municipality: str, delivery_id: str) -> bool:
        """Take one step for the receiver of this delivery, which somebody said is due.

        That is its most overdue delivery, which need not be this one: what was
        said is a reminder, and whoever comes first takes what has waited longest.
        False if there is none, or as many are under way as may be. Who took a step
        has freed a place: call :meth:`work_one` for as long as it says True.
        """
        with self._store.transaction(municipality) as work:
            one = work.deliveries.get(delivery_id)
        held = None if one is None else self._claims.take(municipality, one.component)
        return held is not None and self.work(held)

    def take(self, municipality: str) -> Held | None:
        """Claim the most overdue delivery that may be worked on; None if there is none.

        Give it to :meth:`work` soon: its lease has begun.
        """
        return self._claims.take(municipality)

    def work(self, held: Held) -> bool:
        """Take one step with what :meth:`take` gave. True."""
        one = held.delivery
        with self._heartbeat.hold(held.municipality, one.id, one.holder):
            self._step(held)
        return True

    def _step(self, held: Held) -> None:
        try:
            destination = self._find(held)
        except ComponentMissing:
            self._put_off(held, NO_COMPONENT.format(component=held.delivery.component))
            return
        if held.delivery.attempts >= MOST_STOPS and self._park_if_it_ends_workers(held):
            return
        if held.abandoned is not None:
            self._settle(held, held.abandoned, destination)
        elif held.delivery.state is not DeliveryState.SENDING:
            self._ask(held, destination)
        else:
            self._send(held, destination)

    def _settle(self, held: Held, abandoned: Attempt, destination: Destination | None) -> None:
        """Say of an abandoned attempt that nobody knows its end."""
        outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
        self._finish(held, abandoned.number, calls.Called(outcome), _resolves(destination))

    def _park_if_it_ends_workers(self, held: Held) -> bool:
        """Whether it was parked: nobody is at it any more, and a person has to look."""
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            if not ends_workers(work, delivery):
                return False
            if _still_held(work, held) is None:
                return True
            now = work.now()
            if held.abandoned is not None:
                outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
                work.deliveries.end_attempt(delivery.id, held.abandoned.number, outcome, now)
            told = f"{ENDS_WORKERS.format(times=MOST_STOPS)} {NOBODY_KNOWS}"
            decision = Decision(DeliveryState.PARKED, told)
            ended = self._concluding.write(work, delivery, decision, now)
        self._tell(held, decision, ended)
        return True

    def _ask(self, held: Held, destination: Destination | None) -> None:
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
            called = calls.ask(destination, DeliveryRef(delivery.key, delivery.remote_reference))
        else:
            called = calls.Called(Outcome(OutcomeKind.UNKNOWN, CANNOT_ASK))
        self._finish(held, held.number, called, resolves)

    def _await(self, held: Held, resolves: ResolvesUnknown | None) -> None:
        """There is nothing to ask: wait on, or give up waiting."""
        kind = OutcomeKind.ACCEPTED_PENDING if held.is_accepted else OutcomeKind.UNKNOWN
        with self._store.transaction(held.municipality) as work:
            now = work.now()
            if _still_held(work, held) is None:
                return
            decision = self._concluding.decide(work, held.delivery, Result(kind, resolves), now)
            ended = self._concluding.write(work, held.delivery, decision, now)
        self._tell(held, decision, ended)

    def _send(self, held: Held, destination: Destination | None) -> None:
        try:
            packed = self._pack(held, destination)
        except ComponentMissing:
            self._put_off(held, NO_DOCUMENTS)
            return
        if isinstance(packed, Outcome):
            if self._begin(held, None):
                self._finish(held, held.number, calls.Called(packed), None)
        elif self._begin(held, packed.destination):
            called = calls.send(packed.destination, packed.parcel)
            self._finish(held, held.number, called, _resolves(packed.destination))

    def _find(self, held: Held) -> Destination | None:
        """The other end; None if looking for it fails. :raises ComponentMissing: there is none."""
        try:
            return self._destination(held.municipality, held.delivery)
        except ComponentMissing:
            raise
        except calls.PLUGIN_ERRORS as error:
            calls.log_failure("finding", held.delivery.component, error)
            return None

    def _pack(self, held: Held, destination: Destination | None) -> _Packed | Outcome:
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
            evidence = NOT_PACKED.format(error=kind_of(error))
            return Outcome(OutcomeKind.TRANSIENT, evidence)

    def _parcel(self, held: Held) -> Parcel:
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            case = work.submissions.get(delivery.submission_id)
            kept = work.uploads.of_submission(delivery.submission_id) if self._files else ()
        if case is None:
            raise LookupError("a delivery without its submission")
        return Parcel(
            key=delivery.key,
            destination=delivery.destination,
            attempt=held.number,
            deadline=self._clock() + self._limits.attempt,
            case=case,
            documents=self._documents(case),
            attachments=attachments(self._files, held.municipality, kept) if self._files else (),
        )

    def _begin(self, held: Held, destination: Destination | None) -> bool:
        """Store the attempt as begun. False if another worker has the row by now."""
        with self._store.transaction(held.municipality) as work:
            attempt = Attempt(
                delivery_id=held.delivery.id,
                number=held.number,
                plugin=destination.plugin if destination else "",
                plugin_version=destination.plugin_version if destination else "",
                started_at=work.now(),
            )
            return work.deliveries.begin_attempt(attempt, held.delivery.holder)

    def _put_off(self, held: Held, reason: str) -> None:
        """Leave it for later, without an attempt: a component is missing."""
        delivery = held.delivery
        with self._store.transaction(held.municipality) as work:
            if _still_held(work, held) is None:
                return
            now = work.now()
            if held.abandoned is not None:
                outcome = Outcome(OutcomeKind.UNKNOWN, WORKER_STOPPED)
                work.deliveries.end_attempt(delivery.id, held.abandoned.number, outcome, now)
            self._concluding.write(work, delivery, put_off(delivery.state, reason, now), now)
        if held.name not in self._told_missing:
            self._told_missing.add(held.name)
            logger.warning("%s waits: %s", held.described, reason)

    def _finish(
        self, held: Held, number: int, called: calls.Called, resolves: ResolvesUnknown | None
    ) -> None:
        """Store how an attempt ended, and what becomes of the row.

        What the receiver said is not forgotten because the store is away for a
        moment. To store it twice changes nothing.
        """
        deadline = time.monotonic() + self._limits.lease.total_seconds()
        while True:
            try:
                self._store_end(held, number, called, resolves)
            except StoreUnavailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_AGAIN_SECONDS)
            else:
                return

    def _store_end(
        self, held: Held, number: int, called: calls.Called, resolves: ResolvesUnknown | None
    ) -> None:
        delivery = held.delivery
        outcome = calls.storable(called.outcome)
        with self._store.transaction(held.municipality) as work:
            now = work.now()
            known = _still_held(work, held)
            if known is None:
                _note_late(work, delivery, number, outcome, now)
                return
            work.deliveries.end_attempt(delivery.id, number, outcome, now)
            if known.failures or not called.is_working:
                self._concluding.note(work, delivery, now, is_working=called.is_working)
            result = _result(held, called, resolves)
            decision = self._concluding.decide(work, delivery, result, now)
            ended = self._concluding.write(
                work, delivery, decision, now, outcome.remote_reference, known.solution
            )
        self.tally.add(held.municipality, delivery.component, outcome.kind)
        self._tell(held, decision, ended)

    def _tell(self, held: Held, decision: Decision, ended: CaseEvent | None) -> None:
        if ended is None:
            return
        if decision.state is DeliveryState.PARKED:
            # The reason is one of our own sentences; what the receiver said is not told here.
            logger.error("%s is parked: %s", held.described, decision.reason)
        self._announce(ended)


def _result(held: Held, called: calls.Called, resolves: ResolvesUnknown | None) -> Result:
    kind = called.outcome.kind
    if held.is_accepted and kind is OutcomeKind.UNKNOWN:
        # A question without an answer does not take back that it was accepted.
        kind = OutcomeKind.ACCEPTED_PENDING
    return Result(kind, resolves, is_busy=called.is_busy)


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


def _note_late(
    work: UnitOfWork, delivery: Delivery, number: int, outcome: Outcome, now: datetime.datetime
) -> None:
    """The lease ran out, or a receipt came first: what becomes of the row is not ours to say.

    Whoever looks into it finds that the attempt ended, and how.
    """
    ended = next(one for one in work.deliveries.attempts(delivery.id) if one.number == number)
    if ended.outcome is outcome.kind:
        # Ours: the commit of it ended in an error, and was made all the same.
        return
    work.deliveries.end_attempt(delivery.id, number, outcome, now)
    work.audit.add(ENDED_LATE, delivery.id, now, outcome.kind)
    logger.warning("delivery %s: an attempt ended after its lease", delivery.id)


def _still_held(work: UnitOfWork, held: Held) -> StillHeld | None:
    """What is known of it; None if it is not ours. Nobody takes it in this transaction."""
    return work.deliveries.still_held(held.delivery.id, held.delivery.holder)
