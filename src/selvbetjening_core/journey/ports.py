"""What a journey needs from a store. Implemented in ``selvbetjening_core.store``.

Everything happens inside one transaction in one municipality: all or nothing,
and nothing of another municipality can be reached from it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from selvbetjening_core.journey.records import (
    AcceptedCase,
    Attempt,
    Delivery,
    DeliveryState,
    Draft,
    JourneyCount,
    PaymentOutcome,
    PaymentRecord,
    PendingLogin,
    SubmissionFacts,
    WebSession,
)
from selvbetjening_core.values import (
    CaseSnapshot,
    CprNumber,
    Outcome,
    OutcomeKind,
    PaymentState,
    Reply,
)


class Drafts(Protocol):
    """Drafts of one municipality."""

    def add(self, draft: Draft) -> None:
        """Store a new draft."""

    def get(self, draft_id: str) -> Draft | None:
        """The draft, or None."""

    def unfinished(self, cpr: CprNumber, solution: str) -> Draft | None:
        """The one open or paying draft of this actor in this solution, or None."""

    def save_answers(
        self, draft_id: str, answers: Mapping[str, object], now: datetime.datetime
    ) -> bool:
        """Replace the answers. False, and nothing changed, unless it is open."""

    def refresh(self, draft: Draft) -> bool:
        """Take over answers, register data, version, language and login of ``draft``.

        False, and nothing changed, unless it is open.
        """

    def freeze(self, draft_id: str, accepted: AcceptedCase, payment_id: str) -> bool:
        """open → paying, keeping what was accepted. False unless open."""

    def reopen(self, draft_id: str) -> bool:
        """paying → open. False unless paying."""

    def mark_submitted(self, draft_id: str, submission_id: str) -> bool:
        """open or paying → submitted, exactly once: False if it already was."""


class Payments(Protocol):
    """Our book of payments in one municipality."""

    def add(self, payment: PaymentRecord) -> None:
        """Store a payment before the provider hears of it."""

    def get(self, payment_id: str) -> PaymentRecord | None:
        """The payment, or None."""

    def by_key(self, component: str, key: str) -> PaymentRecord | None:
        """The payment with this idempotency key at this component, or None."""

    def set_provider_reference(self, payment_id: str, reference: str) -> None:
        """Keep the provider's reference."""

    def record(self, payment_id: str, state: PaymentState, now: datetime.datetime) -> bool:
        """Take over the provider's state. One-way.

        False, and nothing changed, where it would go back (paid → pending,
        cancelled → pending …).
        """

    def set_outcome(self, payment_id: str, outcome: PaymentOutcome) -> bool:
        """Keep what became of it. False, and nothing changed, where that is known."""

    def unsettled(self, older_than: datetime.datetime) -> Sequence[PaymentRecord]:
        """Intended or pending, undisputed, and created before; oldest first."""

    def given_up(self, newer_than: datetime.datetime) -> Sequence[PaymentRecord]:
        """Declined or cancelled, and created after; oldest first."""

    def strays(self) -> Sequence[PaymentRecord]:
        """Paid, for nothing, and not paid back; oldest first."""


class Submissions(Protocol):
    """Accepted submissions of one municipality. Never changed once added."""

    def add(self, case: CaseSnapshot, facts: SubmissionFacts) -> bool:
        """Store it. False if the receipt number is taken (try another)."""

    def get(self, submission_id: str) -> CaseSnapshot | None:
        """The case as accepted, or None."""

    def owned(self, submission_id: str, cpr: CprNumber) -> CaseSnapshot | None:
        """The case if ``cpr`` is its actor or principal, else None."""

    def solution_of(self, submission_id: str) -> str:
        """The name of its solution, without opening anything; empty if there is none."""

    def newest(
        self, cpr: CprNumber, solution: str, since: datetime.datetime
    ) -> CaseSnapshot | None:
        """The newest case that ``cpr`` sent in this solution since then, or None."""


class Ledger(Protocol):
    """Deliveries of one municipality."""

    def add(self, delivery: Delivery) -> None:
        """Store a new row. One that comes ``after`` another waits for it."""

    def get(self, delivery_id: str) -> Delivery | None:
        """The row, or None."""

    def of_submission(self, submission_id: str) -> Sequence[Delivery]:
        """All rows of one submission, by position."""

    def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """All attempts of one delivery, first to last."""

    def claim(
        self, now: datetime.datetime, lease_until: datetime.datetime
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row that may be worked on, or None.

        That is a row that is *waiting* and due, whose ``after`` (if any) is
        delivered: it comes back as *sending*. Or a row left *sending* whose
        lease has run out: it comes back as *unknown* together with its
        unfinished attempt (as *sending*, with none, if none was begun). Or a
        row that is *unknown* or *accepted_pending* and due to be asked about, or
        given up: it comes back as it is, with an attempt only if the last worker
        left one unfinished.
        """

    def begin_attempt(self, attempt: Attempt) -> None:
        """Store an attempt as begun, and count it on its delivery."""

    def end_attempt(
        self, delivery_id: str, number: int, outcome: Outcome, now: datetime.datetime
    ) -> None:
        """Store how an attempt ended."""

    def move(
        self,
        delivery_id: str,
        state: str,
        now: datetime.datetime,
        *,
        due_at: datetime.datetime | None = None,
        reason: str = "",
        remote_reference: str = "",
        lease_until: datetime.datetime | None = None,
    ) -> None:
        """Set the state of a row. An empty remote reference keeps the old one."""

    def first_attempt_at(self, delivery_id: str) -> datetime.datetime | None:
        """When the first attempt at a delivery began; None if there was none."""

    def first_ended_at(self, delivery_id: str, outcome: OutcomeKind) -> datetime.datetime | None:
        """When the first attempt with this outcome ended; None if there was none."""

    def by_key(self, component: str, key: str) -> Delivery | None:
        """The row with this idempotency key at this component, or None."""

    def ask_now(self, delivery_id: str, now: datetime.datetime) -> bool:
        """Make a row due whose end is not known. False if its end is known, or it is held."""

    def may_have_arrived(self, delivery_id: str) -> bool:
        """Is there an attempt of which nobody knew the end?

        True for good once there was: the receiver may have said since that it
        never arrived.
        """

    def put_back(
        self, delivery_id: str, seen: DeliveryState, now: datetime.datetime, reason: str
    ) -> bool:
        """Make a row *waiting* and due now. False if it is not as ``seen`` any more."""

    def undelivered(self) -> Sequence[tuple[Delivery, str]]:
        """All rows that are not delivered, oldest first, each with its receipt number."""

    def count_by_state(self) -> Mapping[str, int]:
        """How many rows are in each state."""

    def count_by_destination(self) -> Mapping[tuple[str, str], int]:
        """How many rows there are for each destination and state that has any."""


class Sessions(Protocol):
    """Web sessions and logins on their way, in one municipality."""

    def add(self, session: WebSession) -> None:
        """Store a new session."""

    def get(self, token_hash: str, now: datetime.datetime) -> WebSession | None:
        """The session, or None if it is unknown or has run out."""

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""

    def remove(self, token_hash: str) -> None:
        """End a session. No error if there is none."""

    def add_login(self, login: PendingLogin) -> None:
        """Store a login that was begun."""

    def login_of(self, browser_hash: str, now: datetime.datetime) -> PendingLogin | None:
        """The login that was begun in this browser, left where it is; or None."""

    def take_login(self, request_id: str, now: datetime.datetime) -> PendingLogin | None:
        """Remove and return it; None if unknown, used before or run out."""

    def remember_assertion(self, issuer: str, assertion_id: str, until: datetime.datetime) -> bool:
        """First insert wins: False if the assertion was seen before (replay)."""


class Counts(Protocol):
    """Counters of journeys. Nothing personal."""

    def started(self, solution: str, version: str, channel: str, day: datetime.date) -> None:
        """One more journey has started."""

    def completed(self, solution: str, version: str, channel: str, day: datetime.date) -> None:
        """One more journey was completed."""

    def report(self) -> Sequence[JourneyCount]:
        """All counters, by solution, version, channel and day."""

    def has_any(self, solution: str) -> bool:
        """Whether anything was ever counted of the solution. Quick, however much was."""


class Audit(Protocol):
    """The audit log of one municipality. Only ever added to."""

    def add(self, event: str, subject: str, now: datetime.datetime, detail: str = "") -> None:
        """One line. ``subject`` is an id; no personal data in any of it."""


class Tasks(Protocol):
    """When the tasks of components are due, in one municipality."""

    def claim(
        self, component: str, task: str, now: datetime.datetime, lease_until: datetime.datetime
    ) -> bool:
        """Take a task that is due. False if it is not, or another process has it.

        One that was never seen before is due at once.
        """

    def done(
        self,
        component: str,
        task: str,
        lease_until: datetime.datetime,
        due_at: datetime.datetime,
    ) -> None:
        """Give it back, due again then. Nothing if another process has taken it over."""


class UnitOfWork(Protocol):
    """One transaction in one municipality."""

    @property
    def municipality(self) -> str:
        """The kommunekode everything in here belongs to."""

    def now(self) -> datetime.datetime:
        """The time, as all machines that share the store agree on it.

        Whatever another machine compares is measured by it: when something is
        due, how long it is held, when it was received.
        """

    @property
    def driver_connection(self) -> Any:
        """The database driver's own connection, inside this transaction.

        For a delivery engine that keeps its jobs in the same database.
        """

    @property
    def drafts(self) -> Drafts: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def submissions(self) -> Submissions: ...
    @property
    def deliveries(self) -> Ledger: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def counts(self) -> Counts: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def tasks(self) -> Tasks: ...


class Store(Protocol):
    """Where everything is kept."""

    def transaction(self, municipality: str) -> AbstractContextManager[UnitOfWork]:
        """A transaction, committed durably on leaving the block without error.

        When the block ends in an exception nothing of it is kept. A commit that
        ends in an error raises :class:`CommitUnknown`: it may be kept, or not.
        """


class DeliveryQueue(Protocol):
    """Where a submission's deliveries go. Implemented by the delivery engines."""

    def enqueue(self, work: UnitOfWork, delivery: Delivery) -> None:
        """Put a delivery into the ledger, inside the submission's transaction."""

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """A row of the ledger is due then: have it looked at, if ``work`` is committed.

        Called inside the transaction that makes it due. Called for nothing, or
        forgotten, it does no harm: the ledger is the queue, and is swept.
        """

    def wake(self) -> None:
        """Something was committed: look now."""

    def take(self, municipality: str, component: str, reply: Reply) -> None:
        """What a message to ``component`` told of deliveries.

        Receipts are written down, and keys asked about soon. Repeated, late and
        reordered ones change nothing; neither do keys that are not the
        component's own.
        """
