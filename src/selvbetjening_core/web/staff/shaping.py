"""What the ledger holds, in words that staff read: cells of tables, ages, states, reasons."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from pyramid.request import Request

from selvbetjening_core.delivery.reasons import evidence_in_words, reason_in_words
from selvbetjening_core.journey.records import (
    Attempt,
    AuditLine,
    Delivery,
    DeliveryState,
    Receiver,
)
from selvbetjening_core.texts.formats import age, short_time
from selvbetjening_core.values import OutcomeKind

GOOD, BAD, WAIT = "good", "bad", "wait"
_LOOKS = {DeliveryState.DELIVERED: GOOD, DeliveryState.PARKED: BAD, DeliveryState.WAIVED: "done"}
_OUTCOMES = {OutcomeKind.DELIVERED: GOOD, OutcomeKind.PERMANENT: BAD}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table: a text, a link or a badge.

    :param badge: how it looks: ``good``, ``bad``, ``wait`` or ``done``; empty: it is none
    :param more: a second, quieter text
    """

    text: str
    url: str = ""
    badge: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of one request: its language and the time it is."""

    request: Request
    now: datetime.datetime

    def t(self, key: str, **values: object) -> str:
        """The text under a key."""
        return str(self.request.texts.t(key, **values))

    def when(self, moment: datetime.datetime) -> Cell:
        """A moment, and how long ago it is."""
        return Cell(self.time(moment), more=self.ago(moment))

    def time(self, moment: datetime.datetime) -> str:
        """A moment in Danish time."""
        return short_time(moment, self.request.locale)

    def ago(self, moment: datetime.datetime) -> str:
        """How long ago it is."""
        return self.t("staff.list.age", age=age(self.now - moment, self.request.locale))

    def state(self, delivery: Delivery) -> Cell:
        """Where a delivery stands."""
        waived = delivery.state is DeliveryState.WAIVED and delivery.waived_as
        key = f"waived_{delivery.waived_as}" if waived else delivery.state
        return Cell(self.t(f"staff.state.{key}"), badge=_LOOKS.get(delivery.state, WAIT))

    def reason(self, delivery: Delivery) -> str:
        """Why it has not arrived, in plain words; empty where there is nothing to say."""
        if delivery.waits_for:
            return self.t(
                "staff.reason.comes_after", destination=self.destination(delivery.waits_for)
            )
        return reason_in_words(delivery.reason, self.request.texts)

    def destination(self, role: str) -> str:
        """What citizens call it."""
        texts = self.request.texts
        key = f"destination.{role}"
        return str(texts.t(key)) if key in texts.by_key else role

    def solution(self, name: str) -> str:
        """The title of a solution; its name, where it is offered no longer."""
        offered = self.request.municipality.solutions.get(name)
        return offered.solution.title.in_language(self.request.locale) if offered else name

    def why(self, fault: str) -> str:
        """What is wrong with the reason that somebody gave, by its code; empty: nothing."""
        return self.t(f"staff.why.{fault.replace('-', '_')}") if fault else ""

    def outcome(self, attempt: Attempt) -> Cell:
        """How an attempt ended."""
        if attempt.outcome is None:
            return Cell(self.t("staff.outcome.none"), badge=WAIT)
        return Cell(
            self.t(f"staff.outcome.{attempt.outcome}"), badge=_OUTCOMES.get(attempt.outcome, WAIT)
        )

    def evidence(self, attempt: Attempt) -> str:
        """What an attempt ended with; empty where nothing was said."""
        return evidence_in_words(attempt.evidence, self.request.texts)

    def condition(self, receiver: Receiver, *, is_here: bool) -> Cell:
        """Does anything get through to the receiver?"""
        if not is_here:
            return Cell(self.t("staff.receivers.gone"), badge=BAD)
        if receiver.paused_at is not None:
            return Cell(self.t("staff.receivers.paused"), badge=WAIT)
        if receiver.rests_until is not None and receiver.rests_until > self.now:
            return Cell(self.t("staff.receivers.rests"), badge=WAIT)
        return Cell(self.t("staff.receivers.works"), badge=GOOD)

    def audit(self, line: AuditLine) -> tuple[Cell, ...]:
        """A line of the audit log: when, who, what and why."""
        word, detail = line.event.removeprefix("delivery-").removeprefix("receiver-"), line.detail
        if line.event == "delivery-waived":
            # It is kept as "by_hand: why".
            how, _, detail = detail.partition(": ")
            word = f"waived_{how}"
        event = self.request.texts.by_key.get(f"staff.audit.{word}", line.event)
        return (
            Cell(self.time(line.at)),
            Cell(line.actor or "-"),
            Cell(event),
            Cell(detail or "-"),
        )


def audit_heads(shown: Shown) -> list[str]:
    """The heads of :meth:`Shown.audit`."""
    keys = ("staff.audit.when", "staff.audit.actor", "staff.audit.event", "staff.audit.detail")
    return [shown.t(key) for key in keys]


def sibling_heads(shown: Shown) -> list[str]:
    """The heads of :func:`siblings`."""
    keys = ("receiver", "destination", "state", "changed")
    return [shown.t(f"staff.delivery.{key}") for key in keys]


def siblings(shown: Shown, deliveries: Iterable[Delivery]) -> list[tuple[Cell, ...]]:
    """The deliveries of one submission, each a line."""
    return [
        (
            Cell(one.component, shown.request.route_path("staff-delivery", delivery=one.id)),
            Cell(shown.destination(one.destination)),
            shown.state(one),
            shown.when(one.changed_at),
        )
        for one in deliveries
    ]
