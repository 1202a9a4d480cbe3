"""What a journey needs from a store. Implemented in ``selvbetjening_core.store``.

Everything happens inside one transaction in one municipality: all or nothing,
and nothing of another municipality can be reached from it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, Protocol

from selvbetjening_core.journey.audit import AuditWanted, AuditWay, ChainHead
from selvbetjening_core.journey.records import (
    NOBODYS_LOGIN,
    AcceptedCase,
    Attempt,
    AuditLine,
    Delivery,
    DeliveryState,
    Draft,
    JourneyCount,
    KeptFile,
    ListedDelivery,
    OldDraft,
    OldSubmission,
    PaymentOutcome,
    PaymentRecord,
    PendingLogin,
    ProviderLogin,
    Receiver,
    RetentionLimit,
    StaffSession,
    StillHeld,
    SubmissionFacts,
    SubmissionHead,
    UnfinishedCount,
    WaivedAs,
    WebSession,
)
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave, Visit
from selvbetjening_core.values import (
    CaseSnapshot,
    CprNumber,
    Guest,
    GuestId,
    Outcome,
    OutcomeKind,
    Owner,
    PaymentState,
    Reply,
)

Seen = tuple[datetime.datetime, str]
"""The time and id of the last one that was looked at."""

Slots = Callable[[Receiver], int]
"""How many deliveries of a receiver may be held at once, as things stand with it."""


class Drafts(Protocol):
    """Drafts of one municipality."""

    def add(self, draft: Draft) -> None:
        """Store a new draft."""

    def get(self, draft_id: str, *, hold: bool = False) -> Draft | None:
        """The draft, or None.

        :param hold: nobody else changes it until the transaction ends: for what is
            decided on it and written in the same transaction
        """

    def unfinished(self, owner: Owner, solution: str, *, hold: bool = False) -> Draft | None:
        """The one open or paying draft of this actor in this solution, or None.

        :param hold: as in :meth:`get`
        """

    def give_code(self, draft_id: str, owner: GuestId, solution: str, code: str) -> bool:
        """Let this code open the draft, and no other any more. Keeps a keyed hash alone.

        False, and nothing changed, unless it is this guest's and unfinished.
        """

    def by_code(self, solution: str, code: str, since: datetime.datetime) -> Draft | None:
        """The unfinished draft that this code opens, held; None for every other code.

        It takes the same time whatever the reason is that it opens nothing.

        :param since: the draft was changed then or later
        """

    def hand_over(self, draft_id: str, guest: Guest) -> bool:
        """Let an unfinished draft be this guest's. False, and nothing changed, unless it is one.

        :raises Conflict: they have an unfinished draft of the solution
        """

    def save_step(self, save: StepToSave, now: datetime.datetime) -> StepSaved:
        """Replace the answers of a step; see :meth:`Store.save_step`."""

    def save_apart(self, draft: Draft, now: datetime.datetime) -> bool:
        """Take over the answers of ``draft`` that are not kept with a step: files.

        False, and nothing changed, unless it is open.
        """

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

    def owned(self, submission_id: str, owner: Owner) -> CaseSnapshot | None:
        """The case if it is ``owner``'s: its actor, its principal, or the guest who sent it."""

    def solution_of(self, submission_id: str) -> str:
        """The name of its solution, without opening anything; empty if there is none."""

    def newest(self, owner: Owner, solution: str, since: datetime.datetime) -> CaseSnapshot | None:
        """The newest case that ``owner`` sent in this solution since then, or None."""

    def head(self, submission_id: str) -> SubmissionHead | None:
        """What is told of it without opening it; None if there is none."""

    def by_receipt_number(self, receipt_number: str) -> SubmissionHead | None:
        """The submission with this number on its receipt, or None. Opens nothing."""

    def by_enquiry_code(self, enquiry_code: str) -> Sequence[SubmissionHead]:
        """The submissions of which a citizen was given this code. Opens nothing."""


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

    def lock(self, delivery_id: str) -> Delivery | None:
        """The row, which nobody else changes before this transaction ends; or None."""

    def claim(
        self, now: datetime.datetime, lease_until: datetime.datetime, slots: Slots
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row that may be worked on, or None; see :meth:`claim_of`."""

    def claim_of(
        self,
        component: str,
        now: datetime.datetime,
        lease_until: datetime.datetime,
        slots: Slots,
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row of one receiver, under a holder of its own; or None.

        That is a row that is *waiting* and due, and waits for no other: it comes
        back as *sending*. Or a row left *sending* whose lease has run out: it
        comes back as *unknown* together with its unfinished attempt (as
        *sending*, with none, if none was begun). Or a row that is *unknown* or
        *accepted_pending* and due to be asked about, or given up: it comes back
        as it is, with an attempt only if the last worker left one unfinished.

        None as well while the receiver is paused or rests, or as many of its rows
        are held as ``slots`` says: true of all workers on all machines together.
        """

    def claim_some(
        self,
        component: str,
        now: datetime.datetime,
        lease_until: datetime.datetime,
        slots: Slots,
        most: int,
    ) -> Sequence[tuple[Delivery, Attempt | None]]:
        """As :meth:`claim_of`: the most overdue rows, at most so many."""

    def still_held(self, delivery_id: str, holder: str) -> StillHeld | None:
        """What is known of a row that ``holder`` has; None if it is another's by now.

        Nobody else takes it before this transaction ends.
        """

    def prolong(self, delivery_id: str, holder: str, lease_until: datetime.datetime) -> bool:
        """Hold a row for longer. False, and nothing changed, if it is another's by now."""

    def due(self, component: str, now: datetime.datetime, limit: int) -> Sequence[str]:
        """The ids of the most overdue rows of one receiver, at most so many."""

    def begin_attempt(self, attempt: Attempt, holder: str | None = None) -> bool:
        """Store an attempt as begun, and count it on its delivery.

        :param holder: False, and nothing stored, if this one does not hold it any more
        """

    def end_attempt(
        self, delivery_id: str, number: int, outcome: Outcome, now: datetime.datetime
    ) -> None:
        """Store how an attempt ended. One that has ended stays as it is."""

    def latest_attempts(self, delivery_id: str, most: int) -> Sequence[Attempt]:
        """The last attempts of one delivery, at most so many, the latest first."""

    def last_attempt(self, delivery_id: str) -> Attempt | None:
        """The last attempt of one delivery; None if there was none."""

    def begun_since(
        self, delivery_id: str, moment: datetime.datetime | None
    ) -> tuple[int, datetime.datetime | None]:
        """How many attempts began since then (None: ever), and when the first of them did."""

    def first_ended_at(
        self,
        delivery_id: str,
        outcome: OutcomeKind,
        since: datetime.datetime | None = None,
    ) -> datetime.datetime | None:
        """When the first attempt with this outcome, begun since then, ended; or None."""

    def move(
        self,
        delivery_id: str,
        state: str,
        now: datetime.datetime,
        *,
        due_at: datetime.datetime | None = None,
        reason: str = "",
        remote_reference: str = "",
        waived_as: WaivedAs = WaivedAs.NONE,
    ) -> Sequence[str]:
        """Set the state of a row that is locked; nobody holds it then.

        An empty remote reference or due time keeps the old one.

        :returns: the ids of the rows that waited for its end, and are due now
        """

    def by_key(self, component: str, key: str) -> Delivery | None:
        """The row with this idempotency key at this component, or None."""

    def ask_now(self, delivery_id: str, now: datetime.datetime) -> bool:
        """Make a row due whose end is not known. False if its end is known, or it is held."""

    def may_have_arrived(self, delivery_id: str) -> bool:
        """Is there an attempt of which nobody knew the end, or that the receiver took?

        True for good once there was: the receiver may have said since that it
        never arrived, or that it refuses what it took.
        """

    def put_back(
        self,
        delivery_id: str,
        seen: DeliveryState,
        now: datetime.datetime,
        reason: str,
        component: str = "",
    ) -> bool:
        """Make a row *waiting* and due now; what was tried before no longer counts.

        False if it is not as ``seen`` any more, or held.

        :param component: the component it goes to from now on; empty: as before
        """

    def unfinished_counts(self) -> Sequence[UnfinishedCount]:
        """How many rows are on their way or parked, by component and state.

        Quick, however much was ever delivered.
        """

    def page(
        self,
        *,
        state: DeliveryState | None = None,
        component: str | None = None,
        overdue_before: datetime.datetime | None = None,
        after: tuple[datetime.datetime, str] | None = None,
        size: int = 50,
    ) -> Sequence[ListedDelivery]:
        """Rows that are on their way or parked, oldest first.

        :param overdue_before: only those that were accepted before
        :param after: the :attr:`~ListedDelivery.key` of the last row of the page before
        """

    def count_by_state(self) -> Mapping[str, int]:
        """How many rows are in each state. Counts all there ever were."""


class Receivers(Protocol):
    """The other ends of deliveries of one municipality."""

    def get(self, component: str) -> Receiver:
        """What was decided about it; nothing, where nothing was."""

    def all(self) -> Sequence[Receiver]:
        """All about which anything was ever decided, by name."""

    def lock(self, component: str) -> Receiver:
        """As :meth:`get`; nobody else locks or changes it before this transaction ends."""

    def pause(self, component: str, by: str, reason: str, now: datetime.datetime) -> bool:
        """Nothing is attempted from now on. False, and nothing changed, if it is paused."""

    def resume(self, component: str, now: datetime.datetime) -> bool:
        """Let it go on, at once: a rest ends as well. False if it neither paused nor rested."""

    def failed(self, component: str, rests_until: datetime.datetime | None) -> None:
        """One more failure in a row; it rests until then (None: not yet). Lock it first."""

    def succeeded(self, component: str) -> None:
        """It answered: it has not failed in a row, and rests no more."""


class Sessions(Protocol):
    """Web sessions and logins on their way, in one municipality."""

    def add(self, session: WebSession, login: ProviderLogin = NOBODYS_LOGIN) -> None:
        """Store a new session, and what a log-out will need of the login that made it."""

    def get(self, token_hash: str, now: datetime.datetime) -> WebSession | None:
        """The session, or None if it is unknown or has run out."""

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""

    def remove(self, token_hash: str) -> None:
        """End a session. No error if there is none."""

    def farewell(self, token_hash: str) -> str:
        """What ending the login at the provider will take; empty for a session that is none."""

    def end_login(self, issuer: str, sessions: Sequence[str], subject: str) -> bool:
        """End what was made by these logins at the provider, or by any of a person. Any there?

        :param sessions: the provider's names of the logins; empty: all of ``subject``
        """

    def add_login(self, login: PendingLogin) -> None:
        """Store a login that was begun."""

    def login_of(self, browser_hash: str, now: datetime.datetime) -> PendingLogin | None:
        """The login that was begun in this browser, left where it is; or None."""

    def take_login(self, request_id: str, now: datetime.datetime) -> PendingLogin | None:
        """Remove and return it; None if unknown, used before or run out."""

    def remember_assertion(self, issuer: str, assertion_id: str, until: datetime.datetime) -> bool:
        """First insert wins: False if the assertion was seen before (replay)."""


class StaffSessions(Protocol):
    """Sessions of staff, in one municipality. Never those of citizens."""

    def add(self, session: StaffSession, login: ProviderLogin = NOBODYS_LOGIN) -> None:
        """Store a new session, and what a log-out will need of the login that made it."""

    def get(self, token_hash: str, now: datetime.datetime) -> StaffSession | None:
        """The session, or None if it is unknown or has run out."""

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""

    def remove(self, token_hash: str) -> None:
        """End a session. No error if there is none."""

    def farewell(self, token_hash: str) -> str:
        """What ending the login at the provider will take; empty for a session that is none."""

    def end_login(self, issuer: str, sessions: Sequence[str], subject: str) -> bool:
        """End what was made by these logins at the provider, or by any of a person. Any there?

        :param sessions: the provider's names of the logins; empty: all of ``subject``
        """


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

    def add(
        self,
        event: str,
        subject: str,
        now: datetime.datetime,
        detail: str = "",
        *,
        actor: str = "",
        way: AuditWay | None = None,
        purpose: str = "",
        persons: Collection[CprNumber] = (),
    ) -> None:
        """One line. ``subject`` is an id; no personal data of citizens in any of it.

        :param actor: the member of staff, by the name they log in with; empty: the
            application itself, or a citizen
        :param way: by which way they came; None: as everybody who is named as an
            actor here, and the application itself where nobody is
        :param purpose: why, where the event does not say it
        :param persons: whose data it is about: kept as keyed indexes, so that it
            can be found again by whoever knows the CPR number and has the keys
        """

    def about(self, *subjects: str) -> Sequence[AuditLine]:
        """What was done about these, first to last."""

    def lines(self, wanted: AuditWanted) -> Sequence[AuditLine]:
        """The newest lines of those wanted, first to last."""


class AuditChain(Protocol):
    """The chain over the audit log of one municipality. Made some seconds behind its lines."""

    def seal(self, now: datetime.datetime, most: int, *, thoroughly: bool = False) -> int:
        """Put lines that are not in the chain yet into it, in their order; how many.

        :param thoroughly: look among the lines of a day, and not only of some
            minutes: a transaction may have taken long
        """

    def head(self, now: datetime.datetime) -> ChainHead | None:
        """The end of the chain, to be told now; None where there is none yet."""


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


class Retention(Protocol):
    """What is kept too long, in one municipality. Knows no limits itself: it is told."""

    def note(self, limit: RetentionLimit) -> None:
        """Keep how long what is accepted under a definition is kept. Repeatable."""

    def limits(self) -> Sequence[RetentionLimit]:
        """All that were ever noted."""

    def solutions(self) -> Sequence[str]:
        """The solutions that there is a draft or a submission of. Quick, however many."""

    def old_drafts(
        self, solution: str, before: datetime.datetime, after: Seen | None, most: int
    ) -> Sequence[OldDraft]:
        """Drafts not changed since ``before``, oldest first, from ``after`` on."""

    def old_submissions(
        self, solution: str, before: datetime.datetime, after: Seen | None, most: int
    ) -> Sequence[OldSubmission]:
        """Submissions received before, oldest first, from ``after`` on; held until the commit."""

    def erase_drafts(self, ids: Sequence[str], before: datetime.datetime) -> None:
        """Remove these drafts, but none that was changed since ``before``."""

    def erase_submissions(self, gone: Sequence[OldSubmission]) -> None:
        """Remove these, each with its deliveries, attempts and draft."""

    def erase_again(self, submissions: Sequence[str], drafts: Sequence[str]) -> int:
        """Remove whatever is there of what was erased before; how many there were.

        Whatever its state: the backup it came back with does not know how it ended.
        """

    def erase_settled_payments(self, before: datetime.datetime, most: int) -> int:
        """Remove payments made before that nothing is open of; how many."""

    def erase_audit(self, before: datetime.datetime, now: datetime.datetime, most: int) -> int:
        """Remove lines of the audit log written before; how many. A line says up to where."""

    def erase_counts(self, before: datetime.date) -> int:
        """Remove counters of days before; how many."""

    def erase_run_out(self, now: datetime.datetime) -> None:
        """Remove sessions, logins, assertions and components' values whose time is over."""


class Uploads(Protocol):
    """Files that citizens sent along, in one municipality: their rows, which hold their keys."""

    def add(self, draft_id: str, file: KeptFile, now: datetime.datetime) -> None:
        """A file belongs to a draft from now on."""

    def remove(self, draft_id: str, file_id: str) -> bool:
        """Forget a file of a draft that was not sent, and its key with it. Was there one?"""

    def submit(self, draft_id: str, submission_id: str, files: Sequence[str]) -> None:
        """These files of the draft belong to the submission from now on."""

    def of_submission(self, submission_id: str) -> Sequence[KeptFile]:
        """The files that were sent with a submission, in the order in which they were added."""

    def known(self, ids: Collection[str]) -> Collection[str]:
        """Those of these that there is a row of."""


class NewFile(Protocol):
    """A file that is being written."""

    @property
    def id(self) -> str:
        """Its random name."""

    @property
    def key(self) -> str:
        """What its bytes are sealed with; kept in its row alone."""

    def write(self, data: bytes) -> None:
        """Add ``data``.

        :raises OSError: the disk is full, or failed
        """

    def finish(self) -> None:
        """Write what is left, durably.

        :raises OSError: the disk is full, or failed
        """

    def give_up(self) -> None:
        """Close it as it is: nobody can read it."""


class Files(Protocol):
    """The bytes of files that citizens sent along. Sealed, outside of the store."""

    def new(self, municipality: str) -> NewFile:
        """A new file.

        :raises OSError: it cannot be written
        """

    def settle(self, municipality: str) -> None:
        """Make the names of new files durable.

        :raises OSError: the disk failed
        """

    def open(self, municipality: str, file_id: str, key: str) -> BinaryIO:
        """The content, from its start.

        :raises OSError: it is not there, or was changed
        """

    def remove(self, municipality: str, file_id: str) -> None:
        """Remove a file. No error where there is none.

        :raises OSError: the disk failed
        """

    def older_than(self, municipality: str, seconds: float) -> Iterator[str]:
        """The ids of the files that were last written so long ago."""


class UnitOfWork(Protocol):
    """One transaction in one municipality."""

    @property
    def municipality(self) -> str:
        """The kommunekode everything in here belongs to."""

    def now(self, *, exactly: bool = False) -> datetime.datetime:
        """The time, as all machines that share the store agree on it.

        Whatever another machine compares is measured by it: when something is
        due, how long it is held, when it was received. It may be some milliseconds
        behind, and never before: what is due now is due for all.

        :param exactly: not behind either: for looking for what is due
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
    def receivers(self) -> Receivers: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def staff_sessions(self) -> StaffSessions: ...
    @property
    def counts(self) -> Counts: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def audit_chain(self) -> AuditChain: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def uploads(self) -> Uploads: ...


class Store(Protocol):
    """Where everything is kept."""

    def transaction(self, municipality: str) -> AbstractContextManager[UnitOfWork]:
        """A transaction, committed durably on leaving the block without error.

        When the block ends in an exception nothing of it is kept. A commit that
        ends in an error raises :class:`CommitUnknown`: it may be kept, or not.
        """

    def visit(
        self, municipality: str, token_hash: str, solution: str, now: datetime.datetime
    ) -> Visit:
        """Who is logged in, with their unfinished draft of ``solution``.

        Only looks: changes nothing, and waits for nobody who writes. Personal data:
        the answers.

        :param token_hash: of the token in the session's cookie
        :raises ValueError: ``municipality`` is not a kommunekode
        :raises StoreUnavailable: as :meth:`transaction`
        """

    def save_step(
        self,
        municipality: str,
        save: StepToSave,
        now: datetime.datetime,
        prolonged: Prolonged | None = None,
    ) -> StepSaved:
        """Replace the answers of one step of a draft, in a transaction of its own.

        Nothing is changed but where the answer is *saved*. Not to be repeated: the
        second time it is *overtaken*. Personal data: the answers.

        :param prolonged: a session that lasts longer from now on, if the step is saved
        :raises ValueError: ``municipality`` is not a kommunekode
        :raises StoreUnavailable: as :meth:`transaction`
        :raises CommitUnknown: as :meth:`transaction`
        """

    def when_usable(self, do: Callable[[], None]) -> None:
        """Call ``do`` soon, and again until it does not raise :class:`StoreUnavailable`.

        Returns at once. Kept in memory: a process that is killed forgets it.
        """


class Planner(Protocol):
    """Has what is due looked at."""

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """A row of the ledger is due then: have it looked at, if ``work`` is committed.

        Called inside the transaction that makes it due. Called for nothing, or
        forgotten, it does no harm: the ledger is the queue, and is swept.
        """


class DeliveryQueue(Planner, Protocol):
    """Where a submission's deliveries go. Implemented by the delivery engines."""

    def enqueue(self, work: UnitOfWork, delivery: Delivery) -> None:
        """Put a delivery into the ledger, inside the submission's transaction."""

    def wake(self) -> None:
        """Something was committed: look now."""

    def take(self, municipality: str, component: str, reply: Reply) -> None:
        """What a message to ``component`` told of deliveries.

        Receipts are written down, and keys asked about soon. Repeated, late and
        reordered ones change nothing; neither do keys that are not the
        component's own.
        """
