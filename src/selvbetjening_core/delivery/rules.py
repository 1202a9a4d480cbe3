"""What becomes of a delivery after an attempt. Pure functions: no clock, no store."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.journey.records import DeliveryState, Receiver
from selvbetjening_core.values import OutcomeKind, ResolvesUnknown

REFUSED = "The receiver refused it, and would refuse it again. The last attempt says why."
GIVEN_UP = "It did not succeed in {attempts} attempts since {since}. The last attempt says why."
NOBODY_KNOWS = (
    "Nobody can tell by machine whether it arrived. "
    "Look in the receiving system before it is sent again."
)
TRIED_AGAIN_LATER = "It did not arrive, and is sent again later."
BUSY = "Its component was busy, and nothing was called. It is tried again soon."
ENDS_WORKERS = (
    "The worker ended {times} times while it was at this delivery, which may be why. "
    "Find out why it ended before this is tried again."
)
REPEATED_LATER = "It may have arrived. The receiver recognises a repeat, so it is sent again later."
ASKED_LATER = "It may have arrived. The receiver is asked."
RECEIPT_AWAITED = "It may have arrived. The receiver tells by a receipt, which is awaited."
NO_RECEIPT = "No receipt has come since {since}."
NOT_CONFIRMED = (
    "The receiver took it, but has not confirmed it since {since}. "
    "Look in the receiving system before it is sent again."
)
NO_COMPONENT = 'no component called "{component}"'
NO_DOCUMENTS = "no component that makes its documents"
TIME = "%Y-%m-%d %H:%M UTC"
"""How the sentences tell a time."""


LOOK_AGAIN = datetime.timedelta(minutes=10)
"""How long to leave alone what has no component now."""

FEWEST_ATTEMPTS = 5
"""Nothing is given up after fewer: while a receiver rests, few come to be made."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision rests on.

    :param attempts: how many there have been, the one just ended included, since a
        person last had it tried anew or let its receiver go on
    :param since: when the first of them began
    :param awaited_since: when the wait for a receipt began; None: now
    :param resolves_unknown: what the component declares; None if there is no
        component to ask
    :param random: a number from 0 up to 1, for the jitter
    :param is_busy: nothing was called, because too much of ours was under way
    """

    attempts: int
    since: datetime.datetime
    resolves_unknown: ResolvesUnknown | None
    now: datetime.datetime
    random: Callable[[], float]
    rules: ReceiverRules
    awaited_since: datetime.datetime | None = None
    is_busy: bool = False

    @property
    def receipt_due(self) -> datetime.datetime:
        """When a receipt that has not come is given up."""
        return (self.awaited_since or self.now) + self.rules.give_up_after


@dataclass(frozen=True, slots=True)
class Decision:
    """The state a delivery goes to, when it is due again, and why, in plain words."""

    state: DeliveryState
    reason: str = ""
    due_at: datetime.datetime | None = None


DECIDED = {
    OutcomeKind.DELIVERED: Decision(DeliveryState.DELIVERED),
    OutcomeKind.PERMANENT: Decision(DeliveryState.PARKED, REFUSED),
}
"""The decisions after outcomes that decide by themselves, whatever came before."""


def decide(outcome: OutcomeKind, situation: Situation) -> Decision:
    """The decision after an attempt with this outcome."""
    match outcome:
        case OutcomeKind.DELIVERED | OutcomeKind.PERMANENT:
            return DECIDED[outcome]
        case OutcomeKind.ACCEPTED_PENDING:
            return _await_confirmation(situation)
        case OutcomeKind.TRANSIENT if situation.is_busy:
            return _soon(situation)
        case OutcomeKind.TRANSIENT:
            return _later(DeliveryState.WAITING, TRIED_AGAIN_LATER, situation)
        case OutcomeKind.UNKNOWN:
            return _resolve(situation)


def put_off(state: DeliveryState, reason: str, now: datetime.datetime) -> Decision:
    """The decision where a component is missing: nothing was tried, so nothing is given up.

    What nobody knows the end of stays as it is; all else waits.
    """
    stays = state in (DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)
    kept = state if stays else DeliveryState.WAITING
    return Decision(kept, reason, now + LOOK_AGAIN)


def slots(receiver: Receiver, rules: ReceiverRules) -> int:
    """How many attempts may be under way at once.

    One, after a rest: it shows whether the receiver works again.
    """
    return 1 if receiver.failures >= rules.rest_after_failures else rules.at_once


def rests_until(
    failures: int, rules: ReceiverRules, now: datetime.datetime
) -> datetime.datetime | None:
    """Until when a receiver that failed so often in a row is left alone; None: it is not yet.

    Nothing is tried meanwhile, so that an outage costs few attempts.
    """
    beyond = failures - rules.rest_after_failures
    if beyond < 0:
        return None
    rest: datetime.timedelta = min(rules.longest_wait, rules.rest * (1 << min(beyond, 30)))
    return now + rest


def backoff(attempts: int, rules: ReceiverRules, random: Callable[[], float]) -> datetime.timedelta:
    """How long to wait after so many attempts.

    Jitter takes off up to half, so that many deliveries that failed together do
    not come back together, and none comes back at once.
    """
    doublings = min(max(attempts - 1, 0), 30)
    longest: datetime.timedelta = min(rules.longest_wait, rules.first_wait * (1 << doublings))
    return longest * (0.5 + random() / 2)


def _resolve(situation: Situation) -> Decision:
    """An attempt nobody knows the end of is never simply repeated."""
    match situation.resolves_unknown:
        case ResolvesUnknown.PERSON:
            return Decision(DeliveryState.PARKED, NOBODY_KNOWS)
        case ResolvesUnknown.SAFE_REPEAT:
            decision = _later(DeliveryState.WAITING, REPEATED_LATER, situation)
        case ResolvesUnknown.INBOX:
            return _await_receipt(situation)
        case ResolvesUnknown.QUERY | None:
            decision = _later(DeliveryState.UNKNOWN, ASKED_LATER, situation)
    if decision.state is DeliveryState.PARKED:
        return replace(decision, reason=f"{decision.reason} {NOBODY_KNOWS}")
    return decision


def _await_receipt(situation: Situation) -> Decision:
    if situation.now >= situation.receipt_due:
        reason = f"{NO_RECEIPT.format(since=_time(situation.awaited_since))} {NOBODY_KNOWS}"
        return Decision(DeliveryState.PARKED, reason)
    return Decision(DeliveryState.UNKNOWN, RECEIPT_AWAITED, situation.receipt_due)


def _await_confirmation(situation: Situation) -> Decision:
    """What the receiver took but has not confirmed is looked at again, at the latest in the end."""
    end = situation.receipt_due
    if situation.now >= end:
        reason = NOT_CONFIRMED.format(since=_time(situation.awaited_since))
        return Decision(DeliveryState.PARKED, reason)
    if situation.resolves_unknown is ResolvesUnknown.QUERY:
        wait = backoff(situation.attempts, situation.rules, situation.random)
        end = min(end, situation.now + wait)
    return Decision(DeliveryState.ACCEPTED_PENDING, due_at=end)


def _time(moment: datetime.datetime | None) -> str:
    return f"{moment:{TIME}}" if moment else ""


def _later(state: DeliveryState, reason: str, situation: Situation) -> Decision:
    if _is_to_be_given_up(situation):
        told = GIVEN_UP.format(attempts=situation.attempts, since=_time(situation.since))
        return Decision(DeliveryState.PARKED, told)
    wait = backoff(situation.attempts, situation.rules, situation.random)
    return Decision(state, reason, situation.now + wait)


def _soon(situation: Situation) -> Decision:
    """Nothing was called: waiting longer each time would help nobody."""
    wait = backoff(1, situation.rules, situation.random)
    return Decision(DeliveryState.WAITING, BUSY, situation.now + wait)


def _is_to_be_given_up(situation: Situation) -> bool:
    """Only after an attempt of its own that failed, however long its receiver rested."""
    age = situation.now - situation.since
    is_old = age >= situation.rules.give_up_after
    return is_old and situation.attempts >= FEWEST_ATTEMPTS
