"""Writing down what an attempt, or a receipt, came to: one way for all of them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from selvbetjening_core.composition.receiver_rules import COMMON_RULES, ReceiverRules
from selvbetjening_core.delivery.announce import end_of
from selvbetjening_core.delivery.rules import DECIDED, Decision, Situation, decide, rests_until
from selvbetjening_core.journey.ports import Planner, UnitOfWork
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.values import CaseEvent, OutcomeKind, ResolvesUnknown

FindRules = Callable[[str, str], ReceiverRules]
"""The rules for a receiver, given municipality and component."""


def common_rules(_municipality: str, _component: str) -> ReceiverRules:
    """The same for all."""
    return COMMON_RULES


class NothingPlanned:
    """A planner for an engine that looks at the ledger all the time."""

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt or a receipt came to.

    :param resolves: how its component finds out after an unknown; None: there is none
    :param is_busy: nothing was called
    """

    kind: OutcomeKind
    resolves: ResolvesUnknown | None
    is_busy: bool = False


@dataclass(slots=True)
class Concluding:
    """Decides what becomes of a delivery, and writes it.

    Everything happens in the caller's transaction, in which the row is locked.
    """

    rules: FindRules = common_rules
    jitter: Callable[[], float] = random.random
    planner: Planner = field(default_factory=NothingPlanned)

    def rules_of(self, work: UnitOfWork, delivery: Delivery) -> ReceiverRules:
        """The rules for the receiver of a delivery."""
        return self.rules(work.municipality, delivery.component)

    def decide(
        self, work: UnitOfWork, delivery: Delivery, result: Result, now: datetime.datetime
    ) -> Decision:
        """What becomes of it. What came before a person had it tried anew does not count."""
        if result.kind in DECIDED:
            return DECIDED[result.kind]
        anew = _later(delivery.tried_anew_at, work.receivers.get(delivery.component).resumed_at)
        attempts, since = work.deliveries.begun_since(delivery.id, anew)
        return decide(
            result.kind,
            Situation(
                attempts=attempts,
                since=since or now,
                resolves_unknown=result.resolves,
                now=now,
                random=self.jitter,
                rules=self.rules_of(work, delivery),
                awaited_since=work.deliveries.first_ended_at(delivery.id, result.kind, anew),
                is_busy=result.is_busy,
            ),
        )

    def write(
        self,
        work: UnitOfWork,
        delivery: Delivery,
        decision: Decision,
        now: datetime.datetime,
        remote_reference: str = "",
        solution: str | None = None,
    ) -> CaseEvent | None:
        """Move the row as decided; what to announce of it after the commit.

        :param solution: of its submission; None: it is looked up
        """
        released = work.deliveries.move(
            delivery.id,
            decision.state,
            now,
            due_at=decision.due_at,
            reason=decision.reason,
            remote_reference=remote_reference,
        )
        for one in released:
            self.planner.plan(work, one, now)
        if decision.due_at is not None:
            rest = work.receivers.get(delivery.component).rests_until
            self.planner.plan(work, delivery.id, _later(decision.due_at, rest) or now)
        return end_of(work, delivery, decision.state, now, solution)

    def note(
        self,
        work: UnitOfWork,
        delivery: Delivery,
        now: datetime.datetime,
        *,
        is_working: bool | None,
    ) -> None:
        """The circuit breaker: what fails again and again is left alone for a while.

        :param is_working: None: nothing is known of the receiver
        """
        component = delivery.component
        if is_working:
            work.receivers.succeeded(component)
        elif is_working is not None:
            failures = work.receivers.lock(component).failures + 1
            rest = rests_until(failures, self.rules_of(work, delivery), now)
            work.receivers.failed(component, rest)


def _later(
    one: datetime.datetime | None, other: datetime.datetime | None
) -> datetime.datetime | None:
    """The later of two moments, either of which may be missing."""
    known = [moment for moment in (one, other) if moment is not None]
    return max(known, default=None)
