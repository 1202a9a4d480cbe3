"""Where a submission stands, as its citizen is told: received, delivered, accepted.

A person who looks into something is not a failure: nothing is told as one until it
is final, and then with what to do.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from selvbetjening_core.journey.ports import Ledger
from selvbetjening_core.journey.records import Delivery, DeliveryState, WaivedAs
from selvbetjening_core.values import OutcomeKind

_WATCHED = (DeliveryState.PARKED, DeliveryState.UNKNOWN)


class Standing(enum.StrEnum):
    """The one thing to say of a submission as a whole."""

    ON_ITS_WAY = "on_its_way"
    LOOKED_AT = "looked_at"
    """A person, or we ourselves, find out whether it has arrived."""
    DELIVERED = "delivered"
    """Every receiver has it; not all have said that it is registered."""
    ACCEPTED = "accepted"
    NOT_CARRIED_OUT = "not_carried_out"
    """Final: a part of it is not carried out."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A delivery, and when it came how far; None: not yet."""

    delivery: Delivery
    delivered_at: datetime.datetime | None
    accepted_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a submission has come. A stage is reached when every delivery has reached it."""

    deliveries: tuple[Reached, ...]
    standing: Standing
    delivered_at: datetime.datetime | None
    accepted_at: datetime.datetime | None


def standing_of(ledger: Ledger, submission_id: str) -> Progress:
    """Read it from the ledger. Opens no evidence."""
    found = [_reached(ledger, one) for one in ledger.of_submission(submission_id)]
    return Progress(
        tuple(found),
        _standing([one.delivery for one in found]),
        _all_reached([one.delivered_at for one in found]),
        _all_reached([one.accepted_at for one in found]),
    )


def is_final_failure(delivery: Delivery) -> bool:
    """Has a person decided that it is not carried out?"""
    return delivery.state is DeliveryState.WAIVED and delivery.waived_as is WaivedAs.NOT_CARRIED_OUT


def _reached(ledger: Ledger, delivery: Delivery) -> Reached:
    """What is over stays as it is, so that its last change is when it came to its end."""
    if is_final_failure(delivery):
        return Reached(delivery, None, None)
    if delivery.state is DeliveryState.WAIVED:
        return Reached(delivery, delivery.changed_at, delivery.changed_at)
    taken = ledger.first_ended_at(delivery.id, OutcomeKind.ACCEPTED_PENDING)
    if delivery.state is DeliveryState.DELIVERED:
        return Reached(delivery, taken or delivery.changed_at, delivery.changed_at)
    if delivery.state is DeliveryState.ACCEPTED_PENDING:
        return Reached(delivery, taken or delivery.changed_at, None)
    return Reached(delivery, None, None)


def _standing(deliveries: Sequence[Delivery]) -> Standing:
    if any(is_final_failure(one) for one in deliveries):
        return Standing.NOT_CARRIED_OUT
    states = {one.state for one in deliveries}
    if states & set(_WATCHED):
        return Standing.LOOKED_AT
    if states <= {DeliveryState.DELIVERED, DeliveryState.WAIVED}:
        return Standing.ACCEPTED
    if states <= {DeliveryState.DELIVERED, DeliveryState.WAIVED, DeliveryState.ACCEPTED_PENDING}:
        return Standing.DELIVERED
    return Standing.ON_ITS_WAY


def _all_reached(times: Sequence[datetime.datetime | None]) -> datetime.datetime | None:
    known = [one for one in times if one is not None]
    return max(known) if known and len(known) == len(times) else None
