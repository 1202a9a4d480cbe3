"""What a destination is handed, and what became of it."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

from selvbetjening_core.values.attachment import Attachment
from selvbetjening_core.values.case import CaseSnapshot, Document


class OutcomeKind(enum.StrEnum):
    """What one attempt came to."""

    DELIVERED = "delivered"
    ACCEPTED_PENDING = "accepted_pending"
    """Taken, but the receiver will tell later whether it is all right."""
    TRANSIENT = "transient"
    """Did not arrive; worth another try."""
    PERMANENT = "permanent"
    """Refused; another try would be refused too."""
    UNKNOWN = "unknown"
    """It may have arrived or not. Never repeated blindly."""


class ResolvesUnknown(enum.StrEnum):
    """How a component finds out after an *unknown*; each declares one."""

    QUERY = "query"
    """Ask the receiver (the component provides ``IDeliveryQuery``)."""
    INBOX = "inbox"
    """The receiver tells by a late receipt (the component provides ``IMessages``)."""
    SAFE_REPEAT = "safe_repeat"
    """The receiver honours our key: a repeat has no second effect."""
    PERSON = "person"
    """Nobody can tell by machine: the delivery is parked for a person."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One submission, packed for one destination.

    ``key`` is the idempotency key: stored with the submission, the same at
    every attempt. ``deadline`` is when the attempt must have ended. Personal
    data throughout.
    """

    key: str
    destination: str
    attempt: int
    deadline: datetime.datetime
    case: CaseSnapshot
    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryRef:
    """Names one delivery: our key, and the receiver's reference if known."""

    key: str
    remote_reference: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an attempt.

    ``evidence`` is kept for years and shown to staff: what the receiver
    answered, without personal data. ``remote_reference`` is the receiver's
    case number, if it gave one.
    """

    kind: OutcomeKind
    evidence: str
    remote_reference: str = ""
