"""Reconciling: payments that nobody told us the end of are asked about.

This is what finds a payment whose browser and message were both lost, or that
was made after it had been given up. One that cannot be asked about stands in
the way of no other.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.payments import cancel, is_open, pay_back, settle
from selvbetjening_core.journey.records import PaymentRecord

log = logging.getLogger(__name__)

GIVE_UP_AFTER = datetime.timedelta(hours=24)
STILL_ASK_FOR = datetime.timedelta(days=7)


def reconcile(context: JourneyContext, older_than: datetime.timedelta) -> int:
    """Ask about every open payment that is older; pay back what came for nothing.

    One that has been open for a day is cancelled at the provider. Returns how
    many were open.
    """
    now = context.now()
    with context.store.transaction(context.code) as work:
        waiting = work.payments.unsettled(now - older_than)
        strays = work.payments.strays()

    def ask(payment: PaymentRecord) -> None:
        settled = settle(context, payment.id)
        if is_open(settled) and now - settled.created_at > GIVE_UP_AFTER:
            cancel(context, settled)

    for payment in waiting:
        _each(ask, payment, context)
    for payment in strays:
        _each(lambda stray: pay_back(context, stray), payment, context)
    return len(waiting)


def reconcile_given_up(context: JourneyContext) -> int:
    """Ask about payments that were given up in the last days; returns how many.

    A provider may let a citizen pay after all: with a second card, or on a page
    that was still open.
    """
    with context.store.transaction(context.code) as work:
        given_up = work.payments.given_up(context.now() - STILL_ASK_FOR)
    for payment in given_up:
        _each(lambda one: settle(context, one.id), payment, context)
    return len(given_up)


def _each(
    do: Callable[[PaymentRecord], object], payment: PaymentRecord, context: JourneyContext
) -> None:
    try:
        do(payment)
    except Exception as error:  # noqa: BLE001 - one payment stands in the way of no other
        log.error(  # noqa: TRY400 - a trace may show values
            "a payment could not be reconciled (%s, %s): %s",
            context.code,
            payment.id,
            type(error).__name__,
        )
