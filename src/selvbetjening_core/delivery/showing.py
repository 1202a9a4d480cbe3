"""One delivery as operators see it: its attempts, its neighbours, and what was done about it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Attempt, AuditLine, Delivery, SubmissionHead
from selvbetjening_core.values import CaseSnapshot, Person

HIDDEN = "…"
_LIKE_CPR = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)", re.ASCII)
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """A delivery and all that is known about it. No personal data of citizens.

    :param siblings: all deliveries of its submission, itself among them, by position
    """

    delivery: Delivery
    head: SubmissionHead
    attempts: Sequence[Attempt]
    siblings: Sequence[Delivery]
    audit: Sequence[AuditLine]
    may_have_arrived: bool
    now: datetime.datetime


def show_delivery(work: UnitOfWork, delivery_id: str) -> ShownDelivery | None:
    """The delivery, or None.

    What receivers answered is shown without what the submission says about people:
    a receiver may have repeated it.
    """
    delivery = work.deliveries.get(delivery_id)
    head = work.submissions.head(delivery.submission_id) if delivery else None
    if delivery is None or head is None:
        return None
    case = work.submissions.get(delivery.submission_id)
    return ShownDelivery(
        delivery=delivery,
        head=head,
        attempts=[_without_persons(one, case) for one in work.deliveries.attempts(delivery_id)],
        siblings=work.deliveries.of_submission(delivery.submission_id),
        audit=work.audit.about(delivery_id),
        may_have_arrived=work.deliveries.may_have_arrived(delivery_id),
        now=work.now(),
    )


def without_persons(text: str, case: CaseSnapshot | None) -> str:
    """``text`` without what ``case`` says about people, and without any CPR number."""
    told = sorted(_told(case), key=len, reverse=True) if case else []
    for one in told:
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return _LIKE_CPR.sub(HIDDEN, text)


def _without_persons(attempt: Attempt, case: CaseSnapshot | None) -> Attempt:
    return replace(attempt, evidence=without_persons(attempt.evidence, case))


def _told(case: CaseSnapshot) -> Iterator[str]:
    """What a receiver may repeat of a case: names, addresses, and what was written freely."""
    for person in case.parties.persons():
        yield from _of_person(person)
    for group in case.groups:
        for answer in group.answers:
            lines = str(answer.text).splitlines()
            yield from (line.strip() for line in lines if len(line.strip()) >= _SHORTEST)


def _of_person(person: Person) -> Iterator[str]:
    yield person.name
    yield from (word for word in person.name.split() if len(word) >= _SHORTEST)
    if person.address is not None:
        yield from person.address.lines
