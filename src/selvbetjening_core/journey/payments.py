"""Paying: the provider is asked before anything is believed.

A returning browser, a message and our own question are three ways to learn of
one fact; each ends in :func:`settle`, which asks the provider and writes what
follows in one transaction. Whoever comes first submits; the rest find it done.
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Callable

from selvbetjening_core.composition.roles import PAYMENT
from selvbetjening_core.errors import Conflict, NotFound, Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import new_id
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState, PaymentRecord
from selvbetjening_core.journey.submit import Acceptance, accept_summary, write_submission
from selvbetjening_core.values import (
    CaseSnapshot,
    Challenge,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
    PaymentSummary,
)

log = logging.getLogger(__name__)

Address = Callable[[str], str]
"""Makes an absolute address for the id of a payment or the name of a component."""

GIVE_UP_AFTER = datetime.timedelta(hours=24)


@dataclasses.dataclass(frozen=True, slots=True)
class PaymentAddresses:
    """Where the provider sends the browser back to, and its messages."""

    return_url: Address
    message_url: Address


def begin_payment(
    context: JourneyContext, acceptance: Acceptance, addresses: PaymentAddresses
) -> Challenge:
    """Freeze the draft as accepted, store a payment, and ask the provider for it.

    The payment and its key are committed before the provider hears of it.

    :raises Conflict: as :func:`accept_summary`
    :raises Unavailable: the provider cannot be reached; the draft stays frozen
        and :func:`continue_payment` goes on
    """
    with context.store.transaction(context.code) as work:
        case = accept_summary(context, acceptance, work)
        payment = PaymentRecord(
            id=new_id(),
            draft_id=acceptance.draft_id,
            key=new_id(),
            component=context.municipality.component_name(PAYMENT, case.solution),
            reference=case.submission_id[:12],
            amount=case.payment.amount,
            status=PaymentStatus.INTENDED,
            created_at=context.now(),
        )
        work.payments.add(payment)
        if not work.drafts.freeze(acceptance.draft_id, case, payment.id):
            raise Conflict("payment_running")
    return _ask_provider(context, payment, case, addresses)


def continue_payment(
    context: JourneyContext, draft: Draft, addresses: PaymentAddresses
) -> Challenge:
    """Send the citizen to the provider again, for the same payment.

    :raises Conflict: the draft is not waiting for a payment
    :raises Unavailable: the provider cannot be reached
    """
    payment = payment_of(context, draft)
    if draft.state is not DraftState.PAYING or draft.frozen is None or payment is None:
        raise Conflict("already_submitted")
    return _ask_provider(context, payment, draft.frozen, addresses)


def payment_of(context: JourneyContext, draft: Draft) -> PaymentRecord | None:
    """The payment the draft waits for, or None."""
    with context.store.transaction(context.code) as work:
        return work.payments.get(draft.payment_id) if draft.payment_id else None


def settle(context: JourneyContext, payment_id: str) -> PaymentRecord:
    """Ask the provider about one payment and do what follows. Idempotent.

    Paid: the frozen draft is submitted. Declined or cancelled: the draft is
    open again. No answer, or one that does not match our own book: nothing
    changes.

    :raises NotFound: there is no such payment
    """
    payment = _payment(context, payment_id)
    if not _is_open(payment):
        return payment
    component = context.municipality.named(IPayment, payment.component)
    try:
        state = component.query(PaymentRef(payment.key, payment.provider_reference))
    except Unavailable:
        log.warning("the payment provider cannot be reached (%s)", context.code)
        return payment
    return take_over(context, payment, state)


def give_up(context: JourneyContext, draft: Draft) -> PaymentRecord:
    """Cancel the payment so that the citizen can go back to the answers.

    If it turns out to be paid, the draft is submitted instead.

    :raises Conflict: there is no payment to give up
    :raises Unavailable: the provider cannot be reached; nothing changes
    """
    payment = payment_of(context, draft)
    if draft.state is not DraftState.PAYING or payment is None:
        raise Conflict("already_submitted")
    return _cancel(context, payment)


def reconcile(context: JourneyContext, older_than: datetime.timedelta) -> int:
    """Ask about every payment without an end that is older; returns how many.

    This is what finds a payment whose browser and message were both lost. One
    that has had no end for a day is cancelled at the provider.
    """
    now = context.now()
    with context.store.transaction(context.code) as work:
        waiting = work.payments.unsettled(now - older_than)
    for payment in waiting:
        try:
            settled = settle(context, payment.id)
            if _is_open(settled) and now - settled.created_at > GIVE_UP_AFTER:
                _cancel(context, settled)
        except Unavailable:
            log.warning("a stale payment could not be cancelled (%s)", context.code)
    return len(waiting)


def take_over(
    context: JourneyContext, payment: PaymentRecord, state: PaymentState
) -> PaymentRecord:
    """Write down what the provider says, and what follows from it, at once."""
    if not _matches(payment, state):
        with context.store.transaction(context.code) as work:
            work.audit.add("payment-mismatch", payment.id, context.now(), state.status)
        log.error("a payment does not match our book (%s, %s)", context.code, payment.id)
        return payment
    submitted = stray = False
    with context.store.transaction(context.code) as work:
        if work.payments.record(payment.id, state, context.now()):
            work.audit.add("payment", payment.id, context.now(), state.status)
            submitted, stray = _follow(context, payment.id, work)
        found = work.payments.get(payment.id)
    if submitted:
        context.queue.wake()
    if stray:
        _refund_stray(context, payment)
    return found or payment


def _follow(context: JourneyContext, payment_id: str, work: UnitOfWork) -> tuple[bool, bool]:
    """What the new state means for the draft: (was submitted, money has no draft)."""
    payment = work.payments.get(payment_id)
    draft = work.drafts.get(payment.draft_id) if payment else None
    if payment is None or draft is None:
        return False, False
    waits_for_it = draft.state is DraftState.PAYING and draft.payment_id == payment.id
    if payment.status is PaymentStatus.PAID:
        if waits_for_it and draft.frozen is not None:
            paid = dataclasses.replace(draft.frozen, payment=_summary(draft, payment))
            write_submission(context, draft.id, paid, work)
            return True, False
        return False, True
    if payment.status.is_final and waits_for_it:
        work.drafts.reopen(draft.id)
    return False, False


def _summary(draft: Draft, payment: PaymentRecord) -> PaymentSummary:
    return PaymentSummary(
        amount=payment.amount,
        text=draft.frozen.payment.text if draft.frozen else "",
        method=payment.method,
        provider_reference=payment.provider_reference,
        paid_at=payment.paid_at,
    )


def _refund_stray(context: JourneyContext, payment: PaymentRecord) -> None:
    """Money came after the citizen had given up: it goes back."""
    component = context.municipality.named(IPayment, payment.component)
    change = PaymentChange(
        PaymentRef(payment.key, payment.provider_reference), f"{payment.key}-refund", payment.amount
    )
    try:
        state = component.refund(change)
    except Unavailable:
        with context.store.transaction(context.code) as work:
            work.audit.add("refund-failed", payment.id, context.now())
        log.exception("a stray payment could not be refunded (%s, %s)", context.code, payment.id)
        return
    with context.store.transaction(context.code) as work:
        work.payments.record(payment.id, state, context.now())
        work.audit.add("refunded", payment.id, context.now())


def _ask_provider(
    context: JourneyContext,
    payment: PaymentRecord,
    case: CaseSnapshot,
    addresses: PaymentAddresses,
) -> Challenge:
    component = context.municipality.named(IPayment, payment.component)
    challenge = component.begin(
        PaymentOrder(
            key=payment.key,
            reference=payment.reference,
            amount=payment.amount,
            text=case.title,
            return_url=addresses.return_url(payment.id),
            message_url=addresses.message_url(payment.component),
            locale=case.locale,
        )
    )
    if challenge.reference:
        with context.store.transaction(context.code) as work:
            work.payments.set_provider_reference(payment.id, challenge.reference)
    return challenge


def _cancel(context: JourneyContext, payment: PaymentRecord) -> PaymentRecord:
    component = context.municipality.named(IPayment, payment.component)
    ref = PaymentRef(payment.key, payment.provider_reference)
    state = component.cancel(PaymentChange(ref, f"{payment.key}-cancel", payment.amount))
    if state.status is PaymentStatus.INTENDED:
        # The provider never heard of it, so no money can come of it.
        state = PaymentState(
            key=payment.key,
            status=PaymentStatus.CANCELLED,
            amount=payment.amount,
            reference=payment.reference,
            provider_reference=payment.provider_reference,
        )
    return take_over(context, payment, state)


def _matches(payment: PaymentRecord, state: PaymentState) -> bool:
    """Is it our payment? What a provider does not know says nothing and matches."""
    if state.status is PaymentStatus.INTENDED:
        return state.key == payment.key
    return (
        state.key == payment.key
        and state.amount == payment.amount
        and state.reference == payment.reference
        and payment.provider_reference in ("", state.provider_reference)
    )


def _is_open(payment: PaymentRecord) -> bool:
    return payment.status in (PaymentStatus.INTENDED, PaymentStatus.PENDING)


def _payment(context: JourneyContext, payment_id: str) -> PaymentRecord:
    with context.store.transaction(context.code) as work:
        payment = work.payments.get(payment_id)
    if payment is None:
        raise NotFound("no such payment")
    return payment
