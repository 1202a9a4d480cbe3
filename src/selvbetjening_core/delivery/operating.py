"""What a person may do about deliveries, and about the receivers they go to.

Functions over a transaction, used by the command line and by the operators' pages
alike. Each writes one line into the audit log, with who did it. None takes a
delivery from a worker that has just begun with it. Call ``queue.wake()`` once
the transaction is committed.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from selvbetjening_core.errors import OperatingRefused
from selvbetjening_core.journey.ports import Planner, UnitOfWork
from selvbetjening_core.journey.records import Delivery, DeliveryState, WaivedAs

PUT_BACK = "A person asked for another try."
REBOUND = 'A person sent it to "{component}" instead of "{before}".'

_LONGEST_REASON = 500
_PLANNED_AT_RESUME = 20
_LIKE_CPR = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)", re.ASCII)
_RETRIABLE = (DeliveryState.PARKED, DeliveryState.WAITING)
_WAIVABLE = (*_RETRIABLE, DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)


def retry(
    work: UnitOfWork,
    queue: Planner,
    delivery_id: str,
    by: str,
    *,
    even_if_it_may_have_arrived: bool = False,
) -> Delivery:
    """Have a parked or waiting delivery tried now, with the whole time before it again.

    One that comes after another still waits for that one.

    :param by: the member of staff, by the name they log in with
    :param even_if_it_may_have_arrived: somebody looked in the receiving system, and
        it is not there
    :returns: the delivery as it was
    :raises OperatingRefused: ``no-delivery``, ``wrong-state`` or ``may-have-arrived``
    """
    one = _locked(work, delivery_id, _RETRIABLE)
    # What waits was to be sent again anyway: its receiver recognises a repeat, or
    # said that it never arrived.
    if one.state is DeliveryState.PARKED:
        _refuse_doubt(work, one, even_so=even_if_it_may_have_arrived)
    _put_back(work, queue, one, PUT_BACK)
    work.audit.add("delivery-retried", one.id, work.now(), actor=by)
    return one


def rebind(
    work: UnitOfWork,
    queue: Planner,
    delivery_id: str,
    component: str,
    by: str,
    *,
    among: Collection[str],
    even_if_it_may_have_arrived: bool = False,
) -> Delivery:
    """Send a parked or waiting delivery to another component, with the same key.

    What was tried stays on record. The other receiver has never seen the key, so
    there, too, one key has one effect.

    :param among: the components that deliver here
    :returns: the delivery as it was
    :raises OperatingRefused: ``no-delivery``, ``wrong-state``, ``may-have-arrived``,
        ``no-receiver``, or ``same-receiver``
    """
    one = _locked(work, delivery_id, _RETRIABLE)
    if component not in among:
        raise OperatingRefused(
            "no-receiver",
            f'There is no component called "{component}" that delivers here.'
            f" There are: {', '.join(sorted(among))}.",
        )
    if component == one.component:
        raise OperatingRefused(
            "same-receiver", f'The delivery goes to "{component}" already. Try it again instead.'
        )
    _refuse_doubt(work, one, even_so=even_if_it_may_have_arrived)
    told = REBOUND.format(component=component, before=one.component)
    _put_back(work, queue, one, told, component)
    detail = f"{one.component} -> {component}"
    work.audit.add("delivery-rebound", one.id, work.now(), detail, actor=by)
    return one


def waive(
    work: UnitOfWork, queue: Planner, delivery_id: str, by: str, reason: str, as_: WaivedAs
) -> Delivery:
    """Give a delivery up, for good. What comes after it is sent.

    :param reason: why, in words that hold nothing about the citizen
    :param as_: what the citizen sees: that it is done, or what to do now
    :returns: the delivery as it was
    :raises OperatingRefused: ``no-delivery``, ``wrong-state``, ``no-reason``,
        ``reason-too-long``, ``reason-has-number`` or ``not-said-how``
    """
    told = checked_reason(reason)
    if as_ is WaivedAs.NONE:
        raise OperatingRefused(
            "not-said-how",
            "Say whether it was carried out in another way, or is not carried out at all:"
            " the citizen is told.",
        )
    one = _locked(work, delivery_id, _WAIVABLE)
    now = work.now()
    released = work.deliveries.move(one.id, DeliveryState.WAIVED, now, reason=told, waived_as=as_)
    for each in released:
        queue.plan(work, each, now)
    work.audit.add("delivery-waived", one.id, now, f"{as_}: {told}", actor=by)
    return one


def pause(work: UnitOfWork, component: str, by: str, reason: str) -> None:
    """Let nothing be attempted at a receiver until a person resumes it.

    Attempts under way end. What is due waits, and nothing of it is given up meanwhile.

    :raises OperatingRefused: ``no-reason``, ``reason-too-long``, ``reason-has-number``
        or ``paused-already``
    """
    told = checked_reason(reason)
    now = work.now()
    if not work.receivers.pause(component, by, told, now):
        raise OperatingRefused("paused-already", f'"{component}" is paused already.')
    work.audit.add("receiver-paused", component, now, told, actor=by)


def resume(work: UnitOfWork, queue: Planner, component: str, by: str) -> None:
    """Let deliveries to a receiver go on, whether it was paused or rested by itself.

    :raises OperatingRefused: ``not-paused``
    """
    now = work.now()
    if not work.receivers.resume(component, now):
        raise OperatingRefused("not-paused", f'"{component}" is not paused, and does not rest.')
    for one in work.deliveries.due(component, now, _PLANNED_AT_RESUME):
        queue.plan(work, one, now)
    work.audit.add("receiver-resumed", component, now, actor=by)


def reason_fault(text: str) -> str:
    """What is wrong with a reason, as the code it would be refused with; empty: nothing."""
    try:
        checked_reason(text)
    except OperatingRefused as refused:
        return refused.reason
    return ""


def _locked(work: UnitOfWork, delivery_id: str, states: Collection[DeliveryState]) -> Delivery:
    """The delivery, which nobody else changes meanwhile, if it is in one of these states."""
    one = work.deliveries.lock(delivery_id)
    if one is None:
        raise OperatingRefused("no-delivery", f'There is no delivery "{delivery_id}" here.')
    is_held = one.lease_until is not None and one.lease_until > work.now()
    if is_held or one.state not in states:
        raise OperatingRefused(
            "wrong-state",
            f'The delivery is "{one.state}"{", and is being worked on" if is_held else ""}.'
            f" This can be done to one that is {' or '.join(states)}.",
        )
    return one


def _refuse_doubt(work: UnitOfWork, one: Delivery, *, even_so: bool) -> None:
    """What may have arrived is not sent again before a person has looked."""
    if not even_so and work.deliveries.may_have_arrived(one.id):
        raise OperatingRefused(
            "may-have-arrived",
            "It may have arrived before: an attempt ended without an answer, or the receiver took"
            f" it and never confirmed it. Look for it in the receiving system ({one.component})."
            " If it is not there, say so, and do this again.",
        )


def _put_back(
    work: UnitOfWork, queue: Planner, one: Delivery, reason: str, component: str = ""
) -> None:
    now = work.now()
    if not work.deliveries.put_back(one.id, one.state, now, reason, component):
        raise OperatingRefused("wrong-state", "It has changed in this moment. Look again.")
    queue.plan(work, one.id, now)


def checked_reason(text: str) -> str:
    """The reason, on one line, if it is one. What it says of somebody only a person can see.

    :raises OperatingRefused: ``no-reason``, ``reason-too-long`` or ``reason-has-number``
    """
    reason = " ".join(text.split())
    if not reason:
        raise OperatingRefused("no-reason", "Say why, so that others can understand it later.")
    if len(reason) > _LONGEST_REASON:
        raise OperatingRefused(
            "reason-too-long", f"Say it in at most {_LONGEST_REASON} characters."
        )
    if _LIKE_CPR.search(reason):
        raise OperatingRefused(
            "reason-has-number",
            "There is something like a CPR number in the reason. It is kept for long and read by"
            " many: say it without anything about the citizen.",
        )
    return reason
