"""SUBMIT: from here on, the authority has it.

Submission, receipt number, one ledger row for each destination, the audit line
and the count are written in one transaction, durably. No outside system is
called in it. The receipt is shown from what was committed, never before.
"""

from __future__ import annotations

import dataclasses
import secrets

from selvbetjening_core.composition.roles import PAYMENT
from selvbetjening_core.errors import Conflict, SelvbetjeningError
from selvbetjening_core.journey.case import case_of
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import closed_reason, new_id
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.progress import fingerprint, price_now, progress_of
from selvbetjening_core.journey.records import (
    Delivery,
    DeliveryState,
    Draft,
    DraftState,
    SubmissionFacts,
)
from selvbetjening_core.values import CaseSnapshot, Channel

# Without I, L, O and U: easy to read aloud, and no words by accident (Crockford).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ATTEMPTS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Acceptance:
    """What the citizen accepted on the summary.

    :param seen: the fingerprint of the summary the citizen saw
    :param seen_ore: the amount the citizen saw, in øre
    :param locale: the language the citizen saw it in
    """

    draft_id: str
    seen: str
    seen_ore: str
    locale: str


def accept_summary(
    context: JourneyContext, acceptance: Acceptance, work: UnitOfWork
) -> CaseSnapshot:
    """Check that what the citizen accepts is what is true now; make the case.

    :raises Conflict: an answer is missing, the answers or the price have
        changed, or the draft is closed
    """
    draft = work.drafts.get(acceptance.draft_id)
    if draft is None or draft.state is not DraftState.OPEN:
        raise Conflict(closed_reason(draft))
    progress = progress_of(context, dataclasses.replace(draft, locale=acceptance.locale))
    if draft.definition_version != progress.solution.version:
        raise Conflict("changed_solution")
    if not progress.is_complete:
        raise Conflict("missing_step")
    amount, row = price_now(context, progress)
    if acceptance.seen_ore != str(amount.ore):
        raise Conflict("changed_price")
    if acceptance.seen != fingerprint(progress, amount):
        raise Conflict("stale_form")
    return case_of(context, progress, amount, row)


def submit_free(context: JourneyContext, acceptance: Acceptance) -> str:
    """SUBMIT a draft that costs nothing. Returns the submission's id.

    Sent twice, it is submitted once, and the same id comes back.

    :raises Conflict: as :func:`accept_summary`, or there is something to pay
    """
    with context.store.transaction(context.code) as work:
        done = _submitted(work.drafts.get(acceptance.draft_id))
        if done:
            return done
        case = accept_summary(context, acceptance, work)
        if case.payment.amount.ore:
            raise Conflict("changed_price")
        submission_id = write_submission(context, acceptance.draft_id, case, work)
    context.queue.wake()
    return submission_id


def write_submission(
    context: JourneyContext, draft_id: str, case: CaseSnapshot, work: UnitOfWork
) -> str:
    """Write everything that makes a submission, inside ``work``.

    The caller calls ``context.queue.wake()`` once ``work`` is committed.
    Idempotent on the draft: where it was submitted before, its id is returned
    and nothing is written. Personal data: the case.
    """
    if not work.drafts.mark_submitted(draft_id, case.submission_id):
        return _submitted(work.drafts.get(draft_id))
    received = dataclasses.replace(case, received_at=context.now())
    numbered = _with_receipt_number(context, draft_id, received, work)
    for position, delivery in enumerate(_deliveries(context, numbered)):
        context.queue.enqueue(work, dataclasses.replace(delivery, position=position))
    work.counts.completed(
        case.solution, case.definition_version, Channel.SELF_SERVICE, context.today
    )
    work.audit.add("submitted", case.submission_id, context.now(), numbered.receipt_number)
    return case.submission_id


def new_receipt_number(year: int) -> str:
    """A number that can be read aloud: ``2026-7KQ4-M2XP``."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"{year}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def _with_receipt_number(
    context: JourneyContext, draft_id: str, case: CaseSnapshot, work: UnitOfWork
) -> CaseSnapshot:
    solution = context.offered(case.solution).solution
    facts = SubmissionFacts(solution.sha256, context.municipality.plugin_versions(), draft_id)
    for _ in range(_ATTEMPTS):
        numbered = dataclasses.replace(case, receipt_number=new_receipt_number(context.today.year))
        if work.submissions.add(numbered, facts):
            return numbered
    raise SelvbetjeningError("no free receipt number was found")


def _deliveries(context: JourneyContext, case: CaseSnapshot) -> list[Delivery]:
    now = context.now()
    return [
        Delivery(
            id=(delivery_id := new_id()),
            submission_id=case.submission_id,
            destination=destination.role,
            component=context.municipality.component_name(destination.role, case.solution),
            key=delivery_id,
            position=0,
            state=DeliveryState.WAITING,
            due_at=now,
            created_at=now,
            changed_at=now,
            # A submission exists only once it is paid or free.
            after="" if destination.after == PAYMENT else destination.after,
        )
        for destination in context.offered(case.solution).solution.destinations
    ]


def _submitted(draft: Draft | None) -> str:
    if draft is None:
        return ""
    return draft.submission_id if draft.state is DraftState.SUBMITTED else ""
