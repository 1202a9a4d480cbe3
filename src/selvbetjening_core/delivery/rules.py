"""What becomes of a delivery after an attempt. Pure functions: no clock, no store."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import OutcomeKind, ResolvesUnknown

REFUSED = "The receiver refused it, and would refuse it again. The last attempt says why."
GIVEN_UP = "It did not succeed in {attempts} attempts since {since}. The last attempt says why."
NOBODY_KNOWS = (
    "Nobody can tell by machine whether it arrived. "
    "Look in the receiving system before it is sent again."
)
TRIED_AGAIN_LATER = "It did not arrive, and is sent again later."
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


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How soon, and for how long: doubling from ``first`` to ``longest``, then parked.

    :param give_up_after: what fails so long after its first attempt is parked.
        The first attempt counts, not the submission: one that had to come after
        another, or had no component, gets the whole time too. A receipt is
        awaited as long, from when the wait for it began
    :param look_again: how long to leave alone what has no component now
    """

    first: datetime.timedelta = datetime.timedelta(seconds=5)
    longest: datetime.timedelta = datetime.timedelta(hours=1)
    give_up_after: datetime.timedelta = datetime.timedelta(days=7)
    look_again: datetime.timedelta = datetime.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision rests on.

    :param attempts: how many there have been, the one just ended included
    :param since: when the first of them began
    :param awaited_since: when the wait for a receipt began; None: now
    :param resolves_unknown: what the component declares; None if there is no
        component to ask
    :param random: a number from 0 up to 1, for the jitter
    """

    attempts: int
    since: datetime.datetime
    resolves_unknown: ResolvesUnknown | None
    now: datetime.datetime
    random: Callable[[], float]
    policy: RetryPolicy
    awaited_since: datetime.datetime | None = None

    @property
    def receipt_due(self) -> datetime.datetime:
        """When a receipt that has not come is given up."""
        return (self.awaited_since or self.now) + self.policy.give_up_after


@dataclass(frozen=True, slots=True)
class Decision:
    """The state a delivery goes to, when it is due again, and why, in plain words."""

    state: DeliveryState
    reason: str = ""
    due_at: datetime.datetime | None = None


def decide(outcome: OutcomeKind, situation: Situation) -> Decision:
    """The decision after an attempt with this outcome."""
    match outcome:
        case OutcomeKind.DELIVERED:
            return Decision(DeliveryState.DELIVERED)
        case OutcomeKind.ACCEPTED_PENDING:
            return _await_confirmation(situation)
        case OutcomeKind.PERMANENT:
            return Decision(DeliveryState.PARKED, REFUSED)
        case OutcomeKind.TRANSIENT:
            return _later(DeliveryState.WAITING, TRIED_AGAIN_LATER, situation)
        case OutcomeKind.UNKNOWN:
            return _resolve(situation)


def put_off(
    state: DeliveryState, reason: str, now: datetime.datetime, policy: RetryPolicy
) -> Decision:
    """The decision where a component is missing: nothing was tried, so nothing is given up.

    What nobody knows the end of stays as it is; all else waits.
    """
    stays = state in (DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)
    kept = state if stays else DeliveryState.WAITING
    return Decision(kept, reason, now + policy.look_again)


def backoff(attempts: int, policy: RetryPolicy, random: Callable[[], float]) -> datetime.timedelta:
    """How long to wait after so many attempts.

    Jitter takes off up to half, so that many deliveries that failed together do
    not come back together, and none comes back at once.
    """
    doublings = min(max(attempts - 1, 0), 30)
    longest: datetime.timedelta = min(policy.longest, policy.first * (1 << doublings))
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
        wait = backoff(situation.attempts, situation.policy, situation.random)
        end = min(end, situation.now + wait)
    return Decision(DeliveryState.ACCEPTED_PENDING, due_at=end)


def _time(moment: datetime.datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _later(state: DeliveryState, reason: str, situation: Situation) -> Decision:
    if situation.now - situation.since >= situation.policy.give_up_after:
        told = GIVEN_UP.format(attempts=situation.attempts, since=_time(situation.since))
        return Decision(DeliveryState.PARKED, told)
    wait = backoff(situation.attempts, situation.policy, situation.random)
    return Decision(state, reason, situation.now + wait)
