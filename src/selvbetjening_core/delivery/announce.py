"""Telling that a delivery has come to an end. Nothing personal is told."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Delivery, DeliveryState
from selvbetjening_core.values import CaseEvent, CaseEventKind

Announce = Callable[[CaseEvent], None]
"""Called after the commit. Must raise nothing."""

_ENDS = {
    DeliveryState.DELIVERED: CaseEventKind.DELIVERED,
    DeliveryState.PARKED: CaseEventKind.PARKED,
}


def nobody(event: CaseEvent) -> None:
    """Where nobody listens."""


def end_of(
    work: UnitOfWork,
    delivery: Delivery,
    state: DeliveryState,
    now: datetime.datetime,
    solution: str | None = None,
) -> CaseEvent | None:
    """What to announce once ``work`` is committed; None where it goes on.

    :param solution: of its submission; None: it is looked up
    """
    kind = _ENDS.get(state)
    if kind is None:
        return None
    if solution is None:
        solution = work.submissions.solution_of(delivery.submission_id)
    return CaseEvent(
        kind=kind,
        municipality_code=work.municipality,
        solution=solution,
        submission_id=delivery.submission_id,
        at=now,
        destination=delivery.destination,
    )
