"""Deliveries in every kind of trouble, for the pages of staff."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.rules import GIVEN_UP, NOBODY_KNOWS, REFUSED, TRIED_AGAIN_LATER
from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState, SubmissionFacts
from selvbetjening_core.testing import cases
from selvbetjening_core.values import Outcome, OutcomeKind

if TYPE_CHECKING:
    from selvbetjening_core.application import Application

K, S = OutcomeKind, DeliveryState


@dataclass(frozen=True)
class Trouble:
    """One delivery: where it stands, why, and how its attempts ended."""

    id: str
    state: DeliveryState
    outcomes: tuple[OutcomeKind | None, ...] = ()
    reason: str = ""
    days: float = 0.1
    component: str = "journal"
    evidence: str = "HTTP 503"


TROUBLES = (
    Trouble("refused", S.PARKED, (K.PERMANENT,), REFUSED, 3, evidence="422 field cause: unknown"),
    Trouble("doubtful", S.PARKED, (K.UNKNOWN,), NOBODY_KNOWS, 2, evidence="connection lost"),
    Trouble(
        "given-up",
        S.PARKED,
        (K.TRANSIENT,) * 3,
        GIVEN_UP.format(attempts=3, since="2026-11-01 10:00 UTC"),
        9,
        component="post",
    ),
    Trouble("late", S.WAITING, (K.TRANSIENT,), TRIED_AGAIN_LATER, 2),
    Trouble("pending", S.ACCEPTED_PENDING, (K.ACCEPTED_PENDING,), "", 0.2),
    Trouble("done", S.DELIVERED, (K.DELIVERED,), "", 5),
)


def make_troubles(application: Application, code: str = "0773") -> None:
    """Put them into the ledger of one municipality, and pause a receiver."""
    for one in TROUBLES:
        _make(application, code, one)
    with application.store.transaction(code) as work:
        operating.pause(work, "post", "demo-kirsten", "Mailserveren flyttes i aften.")


def many(application: Application, count: int, code: str = "0773") -> None:
    """So many parked deliveries."""
    for number in range(count):
        trouble = Trouble(f"many-{number:03}", S.PARKED, (), REFUSED, 20 + number / 100)
        _make(application, code, trouble)


def _make(application: Application, code: str, one: Trouble) -> None:
    then = application.now() - datetime.timedelta(days=one.days)
    case = cases.a_case(
        submission_id=f"s-{one.id}", receipt_number=f"2026-{one.id[:9].upper()}", received_at=then
    )
    with application.store.transaction(code) as work:
        facts = SubmissionFacts("ab" * 32, {}, f"draft-{one.id}")
        assert work.submissions.add(replace(case, municipality_code=code), facts)
        for row in _rows(one, then):
            work.deliveries.add(row)
        for number, kind in enumerate(one.outcomes, start=1):
            begun = then + datetime.timedelta(minutes=number)
            work.deliveries.begin_attempt(Attempt(one.id, number, "folder", "1.0.0", begun))
            if kind is not None:
                work.deliveries.end_attempt(one.id, number, Outcome(kind, one.evidence), begun)


def _rows(one: Trouble, then: datetime.datetime) -> list[Delivery]:
    """The delivery, and the message to staff that goes beside it."""
    row = Delivery(
        id=one.id,
        submission_id=f"s-{one.id}",
        destination="case_system",
        component=one.component,
        key=f"key-{one.id}",
        position=0,
        state=one.state,
        attempts=len(one.outcomes),
        due_at=then + datetime.timedelta(days=400),
        created_at=then,
        changed_at=then + datetime.timedelta(minutes=len(one.outcomes)),
        reason=one.reason,
    )
    beside = replace(
        row,
        id=f"{one.id}-note",
        destination="notification",
        component="post",
        key=f"key-{one.id}-note",
        position=1,
        state=S.DELIVERED,
        attempts=0,
        reason="",
    )
    return [row, beside]
