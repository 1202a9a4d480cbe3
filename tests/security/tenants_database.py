"""Every way through the repositories to another municipality's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from tenants_rows import HERE, HOUR, LATER, NOW, NUMBER, SOLUTION, THEIRS, THERE, rows_of

from selvbetjening_core.journey.enquiry import enquiry_code
from selvbetjening_core.journey.records import (
    Attempt,
    DeliveryState,
    OldSubmission,
    PaymentOutcome,
)
from selvbetjening_core.journey.visits import StepToSave
from selvbetjening_core.store.store import SqlStore, SqlUnitOfWork
from selvbetjening_core.testing import cases
from selvbetjening_core.values import Money, Outcome, OutcomeKind, PaymentState, PaymentStatus

Way = Callable[[SqlUnitOfWork], Any]
_CPR = cases.a_person().cpr
_DRAFT, _PAYMENT, _SUBMISSION = f"{THEIRS}draft-0", f"{THEIRS}payment", f"{THEIRS}submission"
_DELIVERY, _SESSION = f"{THEIRS}delivery", f"{THEIRS}session"
_STAFF_SESSION = f"{THEIRS}staff-session"
_PAID = PaymentState("the-same-key", PaymentStatus.PAID, Money(100), "r", "p")
_OLD = OldSubmission(
    _SUBMISSION, _DRAFT, "ab" * 32, NOW, None, is_open=False, deliveries=(_DELIVERY,)
)
_STEP = StepToSave(_DRAFT, cases.an_identity().cpr, "cause", frozenset(), {"a": 1}, 0)


def _room(_receiver: object) -> int:
    return 100


def _job(work: SqlUnitOfWork) -> Any:
    """As a worker does when a job names a municipality and a delivery."""
    found = work.deliveries.get(_DELIVERY)
    return found and work.deliveries.claim_of(found.component, LATER, LATER + HOUR, _room)


READING: Mapping[str, Way] = {
    "a draft by its id": lambda work: work.drafts.get(_DRAFT),
    "a draft by the same citizen": lambda work: work.drafts.unfinished(_CPR, SOLUTION),
    "a draft of a solution only they have": lambda work: work.drafts.unfinished(
        _CPR, f"{THEIRS}solution"
    ),
    "a payment by its id": lambda work: work.payments.get(_PAYMENT),
    "a payment by the same key": lambda work: work.payments.by_key("card", "the-same-key"),
    "payments to be settled": lambda work: work.payments.unsettled(LATER),
    "a submission by its id": lambda work: work.submissions.get(_SUBMISSION),
    "a submission by id and owner": lambda work: work.submissions.owned(_SUBMISSION, _CPR),
    "a submission's solution": lambda work: (
        THEIRS if work.submissions.solution_of(_SUBMISSION) else ""
    ),
    "the newest of the same citizen": lambda work: work.submissions.newest(
        _CPR, SOLUTION, NOW - HOUR
    ),
    "a submission's head": lambda work: work.submissions.head(_SUBMISSION),
    "search by the same receipt number": lambda work: work.submissions.by_receipt_number(NUMBER),
    "search by enquiry code": lambda work: work.submissions.by_enquiry_code(
        enquiry_code(f"{THEIRS}sent-draft")
    ),
    "a delivery by its id": lambda work: work.deliveries.get(_DELIVERY),
    "a message's delivery by the same key": lambda work: work.deliveries.by_key(
        "journal", "the-same-key"
    ),
    "deliveries of a submission": lambda work: work.deliveries.of_submission(_SUBMISSION),
    "attempts of a delivery": lambda work: work.deliveries.attempts(_DELIVERY),
    "the list and the export": lambda work: work.deliveries.page(size=100),
    "the list of what is parked": lambda work: work.deliveries.page(state=DeliveryState.PARKED),
    "the list of a receiver": lambda work: work.deliveries.page(component="journal"),
    "what has not arrived, counted": lambda work: work.deliveries.unfinished_counts(),
    "what is due": lambda work: work.deliveries.due("journal", LATER, 100),
    "a citizen's session": lambda work: work.sessions.get(_SESSION, NOW),
    "a session of staff": lambda work: work.staff_sessions.get(_STAFF_SESSION, NOW),
    "a login under way": lambda work: work.sessions.login_of(f"{THEIRS}browser", NOW),
    "a login to be completed": lambda work: work.sessions.take_login(f"{THEIRS}request", NOW),
    "the counters": lambda work: work.counts.report(),
    "the log by the same subject": lambda work: work.audit.about("the-same-subject"),
    "a component's store by the same key": lambda work: work.component_values.get(
        "card", "the-same-key", NOW
    ),
    "the receiver of the same name": lambda work: work.receivers.get("paused"),
    "all receivers": lambda work: work.receivers.all(),
    "the limits of retention": lambda work: work.retention.limits(),
    "the solutions of retention": lambda work: work.retention.solutions(),
    "old drafts": lambda work: work.retention.old_drafts(SOLUTION, LATER, None, 100),
    "old submissions": lambda work: work.retention.old_submissions(SOLUTION, LATER, None, 100),
}
CHANGING: Mapping[str, Way] = {
    "a job that names their delivery": _job,
    "a worker of ours": lambda work: [
        work.deliveries.claim(LATER, LATER + HOUR, _room) for _ in range(4)
    ],
    "answers into a draft": lambda work: work.drafts.save_step(_STEP, NOW),
    "a draft submitted": lambda work: work.drafts.mark_submitted(_DRAFT, "s"),
    "a payment proven": lambda work: work.payments.record(_PAYMENT, _PAID, NOW),
    "a payment disputed": lambda work: work.payments.set_outcome(_PAYMENT, PaymentOutcome.STRAY),
    "a payment's reference": lambda work: work.payments.set_provider_reference(_PAYMENT, "r"),
    "a delivery moved": lambda work: work.deliveries.move(_DELIVERY, "parked", NOW),
    "a delivery asked for": lambda work: work.deliveries.ask_now(_DELIVERY, NOW),
    "a delivery put back": lambda work: work.deliveries.put_back(
        f"{THEIRS}parked", DeliveryState.PARKED, NOW, "r"
    ),
    "an attempt begun": lambda work: work.deliveries.begin_attempt(
        Attempt(_DELIVERY, 2, "p", "1", NOW)
    ),
    "an attempt ended": lambda work: work.deliveries.end_attempt(
        _DELIVERY, 1, Outcome(OutcomeKind.DELIVERED, "r"), NOW
    ),
    "a session prolonged": lambda work: work.sessions.prolong(_SESSION, LATER + HOUR),
    "a session ended": lambda work: work.sessions.remove(_SESSION),
    "a session of staff ended": lambda work: work.staff_sessions.remove(_STAFF_SESSION),
    "the receiver paused": lambda work: work.receivers.pause("journal", "b", "r", NOW),
    "the receiver resumed": lambda work: work.receivers.resume("paused", NOW),
    "a component's value replaced": lambda work: work.component_values.put(
        "card", "the-same-key", b"v", None
    ),
    "a component's value removed": lambda work: work.component_values.remove(
        "card", "the-same-key"
    ),
    "the same task done": lambda work: work.tasks.done("card", "settle", LATER, NOW),
    "the erase list": lambda work: work.retention.erase_again([_SUBMISSION], [_DRAFT]),
    "retention of drafts": lambda work: work.retention.erase_drafts([_DRAFT], LATER),
    "retention of submissions": lambda work: work.retention.erase_submissions([_OLD]),
    "retention of payments": lambda work: work.retention.erase_settled_payments(LATER, 100),
    "retention of counters": lambda work: work.retention.erase_counts(LATER.date()),
    "retention of what ran out": lambda work: work.retention.erase_run_out(LATER + HOUR),
    "after a restore, doubt": lambda work: work.restored.doubt("waiting", NOW, "", 100),
    "after a restore, payments": lambda work: work.restored.hold_payments(),
    "after a restore, logins": lambda work: work.restored.log_everybody_out(),
}


@dataclass
class Tried:
    """How many ways were tried, and which led across."""

    attempts: int = 0
    crossed: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    """What whose it is could not do either: then no way would be one."""

    def note(self, place: str, way: str, *, crossed: bool) -> None:
        """One more."""
        self.attempts += 1
        if crossed:
            self.crossed.append(f"{place}: {way}")


def try_all(place: str, store: SqlStore, looking: sa.Engine, tried: Tried) -> None:
    """Every way from one municipality to the other's rows; each transaction is its own.

    :param looking: an engine that may see everything
    """
    for name, way in READING.items():
        found = _carried_out(store, way)
        tried.note(place, name, crossed=THEIRS in found)
    before = rows_of(looking, THERE)
    for name, way in CHANGING.items():
        found = _carried_out(store, way)
        after = rows_of(looking, THERE)
        tried.note(place, name, crossed=THEIRS in found or after != before)
        before = after


def _carried_out(store: SqlStore, way: Way) -> str:
    """All that it has shown."""
    try:
        with store.transaction(HERE) as work:
            return repr(way(work))
    except Exception:  # noqa: BLE001 - an error crosses nothing
        return ""
