"""Paying: the provider is asked before anything is believed.

A returning browser, a message and our own question are three ways to learn of
one fact; each ends in :func:`settle`, which asks the provider and writes what
follows in one transaction. Whoever comes first submits; the rest find it done.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from selvbetjening_core.composition.roles import PAYMENT
from selvbetjening_core.errors import ComponentMissing, Conflict, NotFound, Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.doubts import told_if_in_doubt
from selvbetjening_core.journey.drafts import new_id
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import (
    AcceptedCase,
    Draft,
    DraftState,
    PaymentOutcome,
    PaymentRecord,
)
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

_OPEN = (PaymentStatus.INTENDED, PaymentStatus.PENDING)
_OVER = (PaymentStatus.PAID, PaymentStatus.REFUNDED)


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
        accepted = accept_summary(context, acceptance, work)
        payment = _new_payment(context, acceptance.draft_id, accepted.case, addresses)
        work.payments.add(payment)
        if not work.drafts.freeze(acceptance.draft_id, accepted, payment.id):
            raise Conflict("payment_running")
    return _ask_for_payment(context, payment, accepted.case)


def continue_payment(context: JourneyContext, draft: Draft) -> Challenge:
    """Send the citizen to the provider again, for the same payment.

    :raises Conflict: the draft is not waiting for a payment
    :raises Unavailable: the provider cannot be reached
    """
    payment = payment_of(context, draft)
    if draft.state is not DraftState.PAYING or draft.frozen is None or payment is None:
        raise Conflict("already_submitted")
    return _ask_for_payment(context, payment, draft.frozen.case)


def payment_of(context: JourneyContext, draft: Draft) -> PaymentRecord | None:
    """The payment the draft waits for, or None."""
    with context.store.transaction(context.code) as work:
        return work.payments.get(draft.payment_id) if draft.payment_id else None


def draft_of(context: JourneyContext, payment_id: str) -> Draft | None:
    """The draft a payment belongs to; None once it is deleted, and where there is no payment."""
    with context.store.transaction(context.code) as work:
        payment = work.payments.get(payment_id)
        return work.drafts.get(payment.draft_id) if payment else None


def settle(context: JourneyContext, payment_id: str) -> PaymentRecord:
    """Ask the provider about one payment and do what follows. Idempotent.

    Paid: the frozen draft is submitted. Declined or cancelled: the draft is
    open again; money that comes all the same goes back. No answer: nothing
    changes. One that does not match our own book: a person has to look.

    :raises NotFound: there is no such payment
    """
    with context.store.transaction(context.code) as work:
        payment = work.payments.get(payment_id)
    if payment is None:
        raise NotFound("no such payment")
    if payment.status in _OVER or payment.outcome is PaymentOutcome.DISPUTED:
        return payment
    try:
        component = context.municipality.named(IPayment, payment.component)
        state = component.query(PaymentRef(payment.key, payment.provider_reference))
    except (ComponentMissing, Unavailable) as error:
        _log("a payment could not be asked about", context, payment, error)
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
    return cancel(context, payment)


def cancel(context: JourneyContext, payment: PaymentRecord) -> PaymentRecord:
    """Give up a payment at the provider, and do what follows.

    One that the provider does not know counts as cancelled. Should the citizen
    be on the way there all the same, it is found by asking later.

    :raises Unavailable: the provider cannot be reached; nothing changes
    """
    component = context.municipality.named(IPayment, payment.component)
    ref = PaymentRef(payment.key, payment.provider_reference)
    state = component.cancel(PaymentChange(ref, f"{payment.key}-cancel", payment.amount))
    if state.status is PaymentStatus.INTENDED:
        state = PaymentState(
            key=payment.key,
            status=PaymentStatus.CANCELLED,
            amount=payment.amount,
            reference=payment.reference,
            provider_reference=payment.provider_reference,
        )
    return take_over(context, payment, state)


def take_over(
    context: JourneyContext, payment: PaymentRecord, state: PaymentState
) -> PaymentRecord:
    """Write down what the provider says, and what follows from it, at once.

    :raises SubmissionInDoubt: it is paid, and nobody can tell yet whether that was kept
    """
    if not _matches(payment, state):
        return _dispute(context, payment, state)
    outcome = PaymentOutcome.NONE
    with (
        _told_if_in_doubt(context, payment, state),
        context.store.transaction(context.code) as work,
    ):
        if work.payments.record(payment.id, state, context.now()):
            work.audit.add("payment", payment.id, context.now(), state.status, way=AuditWay.OUTSIDE)
            outcome = _follow(context, payment.id, work)
        found = work.payments.get(payment.id) or payment
        draft = work.drafts.get(found.draft_id)
    if outcome is PaymentOutcome.SUBMITTED:
        context.queue.wake()
        if draft is not None:
            context.submitted(draft.solution, draft.submission_id)
    if outcome is PaymentOutcome.STRAY:
        return pay_back(context, found)
    return found


def _told_if_in_doubt(
    context: JourneyContext, payment: PaymentRecord, state: PaymentState
) -> AbstractContextManager[None]:
    """Only a payment that is paid submits."""
    if state.status is not PaymentStatus.PAID:
        return nullcontext()
    return told_if_in_doubt(context, payment.draft_id, is_paid=True)


def pay_back(context: JourneyContext, payment: PaymentRecord) -> PaymentRecord:
    """Refund money that came for nothing. Repeated until the provider says it is done."""
    ref = PaymentRef(payment.key, payment.provider_reference)
    change = PaymentChange(ref, f"{payment.key}-refund", payment.amount)
    try:
        state = context.municipality.named(IPayment, payment.component).refund(change)
    except (ComponentMissing, Unavailable) as error:
        _log("a stray payment could not be paid back yet", context, payment, error)
        return payment
    if state.status is PaymentStatus.REFUNDED:
        with context.store.transaction(context.code) as work:
            if work.payments.record(payment.id, state, context.now()):
                work.audit.add("refunded", payment.id, context.now())
    with context.store.transaction(context.code) as work:
        return work.payments.get(payment.id) or payment


def _follow(context: JourneyContext, payment_id: str, work: UnitOfWork) -> PaymentOutcome:
    """What the new state means for the draft, written in the same transaction."""
    payment = work.payments.get(payment_id)
    draft = work.drafts.get(payment.draft_id, hold=True) if payment else None
    if payment is None:
        return PaymentOutcome.NONE
    waits = draft is not None and draft.payment_id == payment.id
    if payment.status is PaymentStatus.PAID:
        outcome = PaymentOutcome.STRAY
        if draft is not None and waits and draft.frozen is not None:
            write_submission(context, draft.id, _paid(draft.frozen, payment), work)
            outcome = PaymentOutcome.SUBMITTED
        work.payments.set_outcome(payment.id, outcome)
        return outcome
    if draft is not None and waits and payment.status.is_final:
        work.drafts.reopen(draft.id)
    return PaymentOutcome.NONE


def _paid(accepted: AcceptedCase, payment: PaymentRecord) -> AcceptedCase:
    summary = PaymentSummary(
        amount=payment.amount,
        text=accepted.case.payment.text,
        method=payment.method,
        provider_reference=payment.provider_reference,
        paid_at=payment.paid_at,
    )
    return dataclasses.replace(accepted, case=dataclasses.replace(accepted.case, payment=summary))


def _dispute(context: JourneyContext, payment: PaymentRecord, state: PaymentState) -> PaymentRecord:
    with context.store.transaction(context.code) as work:
        if work.payments.set_outcome(payment.id, PaymentOutcome.DISPUTED):
            work.audit.add(
                "payment-disputed", payment.id, context.now(), state.status, way=AuditWay.OUTSIDE
            )
            log.error("a payment does not match our book (%s, %s)", context.code, payment.id)
        return work.payments.get(payment.id) or payment


def _new_payment(
    context: JourneyContext, draft_id: str, case: CaseSnapshot, addresses: PaymentAddresses
) -> PaymentRecord:
    payment_id = new_id()
    component = context.municipality.component_name(PAYMENT, case.solution)
    return PaymentRecord(
        id=payment_id,
        draft_id=draft_id,
        key=new_id(),
        component=component,
        reference=case.submission_id[:12],
        amount=case.payment.amount,
        status=PaymentStatus.INTENDED,
        created_at=context.now(),
        return_url=addresses.return_url(payment_id),
        message_url=addresses.message_url(component),
    )


def _ask_for_payment(
    context: JourneyContext, payment: PaymentRecord, case: CaseSnapshot
) -> Challenge:
    component = context.municipality.named(IPayment, payment.component)
    challenge = component.begin(
        PaymentOrder(
            key=payment.key,
            reference=payment.reference,
            amount=payment.amount,
            text=case.title,
            return_url=payment.return_url,
            message_url=payment.message_url,
            locale=case.locale,
        )
    )
    if challenge.reference:
        with context.store.transaction(context.code) as work:
            work.payments.set_provider_reference(payment.id, challenge.reference)
    return challenge


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


def is_open(payment: PaymentRecord) -> bool:
    """Can it still be paid, as far as we know?"""
    return payment.status in _OPEN and payment.outcome is PaymentOutcome.NONE


def _log(what: str, context: JourneyContext, payment: PaymentRecord, error: Exception) -> None:
    # Never the error's own words: they are a vendor's, and may hold anything.
    log.warning("%s (%s, %s): %s", what, context.code, payment.id, type(error).__name__)
