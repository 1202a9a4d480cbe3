"""What a journey remembers between requests."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from selvbetjening_core.journey.sealed_household import SealedHousehold, opened
from selvbetjening_core.values import (
    CaseSnapshot,
    Citizen,
    GuestId,
    Household,
    Money,
    OutcomeKind,
    PaymentStatus,
    Staff,
)
from selvbetjening_core.values.personal import Personal


class DraftState(enum.StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    """The citizen is answering."""
    PAYING = "paying"
    """Frozen: accepted by the citizen, waiting for the payment."""
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """Where a submission will go: the destination and the component it is bound to."""

    destination: str
    component: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedCase:
    """What the citizen accepted, and all that SUBMIT needs besides. Personal data.

    Complete in itself: whatever becomes of the files while the citizen pays,
    the submission is what was accepted, and goes where it was to go. ``case``
    has no receipt number yet. ``files`` are the ids of those that go with it.
    """

    case: CaseSnapshot
    definition_sha256: str
    plugin_versions: Mapping[str, str]
    deliveries: tuple[PlannedDelivery, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class KeptFile(Personal):
    """A file that a citizen sent along, as it is kept. Personal data: its name.

    :param key: what its bytes are sealed with, in hexadecimal digits
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    key: str


@dataclass(frozen=True, slots=True, repr=False)
class Draft(Personal):
    """Answers on their way. Personal data.

    ``answers`` are JSON data by field name; ``steps`` are the names of those that are
    kept together, by step, and ``saves`` is how often each step was saved. ``frozen``
    is what the citizen accepted before paying. ``definition_sha256`` tells two editions
    under one version apart. ``household`` is what the register answered, None if it did
    not; see :meth:`people`. ``edition`` is what the store knows this state of the answers
    by; empty where it does not. ``noted`` is what was worked out of the draft by others;
    no copy has it.
    """

    id: str
    solution: str
    definition_version: str
    definition_sha256: str
    locale: str
    identity: Citizen
    household: Household | SealedHousehold | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    state: DraftState = DraftState.OPEN
    answers: Mapping[str, object] = field(default_factory=dict)
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    saves: Mapping[str, int] = field(default_factory=dict)
    frozen: AcceptedCase | None = None
    payment_id: str = ""
    submission_id: str = ""
    edition: tuple[object, ...] = field(default=(), compare=False)
    noted: dict[object, object] = field(default_factory=dict, init=False, compare=False)

    def people(self) -> Household | None:
        """What the register answered, opened. Personal data."""
        return opened(self.household)


class PaymentOutcome(enum.StrEnum):
    """What became of the money, as far as we are concerned."""

    NONE = ""
    """Nothing yet."""
    SUBMITTED = "submitted"
    """It paid for a submission."""
    STRAY = "stray"
    """It came when nobody waited for it any more: it goes back."""
    DISPUTED = "disputed"
    """The provider tells something else than our book: a person has to look."""


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Our own book about one payment. ``key`` is the idempotency key.

    The two addresses are what the provider was first given; every repeat with
    the same key gives the same.
    """

    id: str
    draft_id: str
    key: str
    component: str
    reference: str
    amount: Money
    status: PaymentStatus
    created_at: datetime.datetime
    return_url: str
    message_url: str
    provider_reference: str = ""
    method: str = ""
    paid_at: datetime.datetime | None = None
    outcome: PaymentOutcome = PaymentOutcome.NONE


class DeliveryState(enum.StrEnum):
    """Where one delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED_PENDING = "accepted_pending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    PARKED = "parked"
    WAIVED = "waived"
    """A person has decided that it is not delivered, and said why."""


ENDED = frozenset({DeliveryState.DELIVERED, DeliveryState.WAIVED})
"""What is over for good. All else is on its way, or waits for a person."""


class WaivedAs(enum.StrEnum):
    """What a person decided when they gave a delivery up."""

    NONE = ""
    """It is not given up."""
    BY_HAND = "by_hand"
    """It was carried out in another way: for the citizen it is done."""
    NOT_CARRIED_OUT = "not_carried_out"
    """It is not carried out: the citizen is told what to do."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger: one submission on its way to one destination.

    ``position`` orders the deliveries of a submission; ``after`` names the
    destination that must come to its end first (empty: none), and ``waits_for``
    is the same until it has. ``lease_until`` is how long ``holder`` may hold it;
    whoever holds it may have more time as long as it lives. ``tried_anew_at``:
    when a person last had it tried anew; what came before no longer counts
    towards giving up.
    """

    id: str
    submission_id: str
    destination: str
    component: str
    key: str
    position: int
    state: DeliveryState
    due_at: datetime.datetime
    created_at: datetime.datetime
    changed_at: datetime.datetime
    after: str = ""
    waits_for: str = ""
    attempts: int = 0
    remote_reference: str = ""
    reason: str = ""
    lease_until: datetime.datetime | None = None
    holder: str = ""
    waived_as: WaivedAs = WaivedAs.NONE
    tried_anew_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class StillHeld:
    """What is known of a row whose attempt has ended, while its worker still holds it.

    :param solution: of its submission
    :param failures: of its receiver, in a row, as they were a moment ago
    """

    solution: str
    failures: int


@dataclass(frozen=True, slots=True)
class UnfinishedCount:
    """How many deliveries of a component are in a state that is no end, and since when."""

    component: str
    state: DeliveryState
    count: int
    oldest: datetime.datetime


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """A row of the ledger with the number on the citizen's receipt. No personal data."""

    delivery: Delivery
    receipt_number: str
    solution: str

    @property
    def key(self) -> tuple[datetime.datetime, str]:
        """What the page after this one begins after."""
        return self.delivery.created_at, self.delivery.id


@dataclass(frozen=True, slots=True)
class SubmissionHead:
    """What is told of a submission without opening it. No personal data."""

    id: str
    receipt_number: str
    enquiry_code: str
    solution: str
    received_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Receiver:
    """The other end of deliveries: one component that delivers, in one municipality.

    :param paused_at: since when a person has it wait; None: it does not
    :param failures: attempts in a row that failed in a way that would fail for others, too
    :param rests_until: the circuit breaker lets nothing through before this
    :param resumed_at: when a person last let it go on; the time before that does
        not count towards giving up
    """

    component: str
    paused_at: datetime.datetime | None = None
    paused_by: str = ""
    pause_reason: str = ""
    failures: int = 0
    rests_until: datetime.datetime | None = None
    resumed_at: datetime.datetime | None = None


NOT_BEGUN = "not sent: the worker stopped before it was sent"
"""The evidence of an attempt that was never begun, because its worker ended."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver, kept for ever. No personal data."""

    delivery_id: str
    number: int
    plugin: str
    plugin_version: str
    started_at: datetime.datetime
    ended_at: datetime.datetime | None = None
    outcome: OutcomeKind | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class WebSession(Personal):
    """A citizen's session in one municipality: logged in, or a guest's. Personal data."""

    token_hash: str
    csrf_token: str
    identity: Citizen
    created_at: datetime.datetime
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A session of a member of staff in one municipality. Personal data of staff."""

    token_hash: str
    csrf_token: str
    staff: Staff
    created_at: datetime.datetime
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True, repr=False)
class ProviderLogin(Personal):
    """The login at a provider that a session was made by: what a log-out needs of it.

    As in :class:`~selvbetjening_core.values.Claims`. Kept as keyed hashes and sealed.
    """

    issuer: str = ""
    session: str = ""
    subject: str = ""
    farewell: str = ""


NOBODYS_LOGIN = ProviderLogin()
"""Of a session that no provider's login made."""


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """A login that was begun. Bound to the browser by ``browser_hash``.

    A login of staff is for no solution: ``solution`` is empty.
    """

    request_id: str
    component: str
    solution: str
    locale: str
    browser_hash: str
    audience: str
    return_url: str
    expires_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit log.

    :param actor: a member of staff, a user of the operating system, or empty
    :param way: one of :class:`~selvbetjening_core.journey.audit.AuditWay`, as it is stored
    :param purpose: why; empty where the event says it
    """

    at: datetime.datetime
    event: str
    subject: str
    detail: str
    actor: str
    way: str = ""
    purpose: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is stored beside the case, for the record and for operators.

    :param guest: whose the draft was, where nobody was logged in
    """

    definition_sha256: str
    plugin_versions: Mapping[str, str]
    draft_id: str
    guest: GuestId | None = None


@dataclass(frozen=True, slots=True)
class JourneyCount:
    """How many journeys started and were completed. Nothing personal."""

    solution: str
    version: str
    channel: str
    day: datetime.date
    started: int
    completed: int


@dataclass(frozen=True, slots=True)
class RetentionLimit:
    """How many days what was accepted under one definition is kept.

    ``draft_days`` count from the last change, ``delivered_days`` from the end of
    the last delivery. ``offered_on``: the last day the definition was offered.
    """

    solution: str
    definition_sha256: str
    draft_days: int
    delivered_days: int
    offered_on: datetime.date


@dataclass(frozen=True, slots=True)
class OldDraft:
    """A draft nobody has touched for long.

    ``is_open``: there is a payment to be settled first. ``is_submitted``: it goes
    with its submission.
    """

    id: str
    definition_sha256: str
    updated_at: datetime.datetime
    is_open: bool
    is_submitted: bool


@dataclass(frozen=True, slots=True)
class OldSubmission:
    """A submission of long ago, as far as it matters for how long it is kept.

    ``ended_at``: when the last of its deliveries came to its end, and when it was
    received if it has none; None: one is not delivered or waived. ``is_open``:
    there is a payment to be settled first.
    """

    id: str
    draft_id: str
    definition_sha256: str
    received_at: datetime.datetime
    ended_at: datetime.datetime | None
    is_open: bool
    deliveries: tuple[str, ...] = ()
