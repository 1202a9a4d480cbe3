"""SUBMIT: from here on, the authority has it.

Submission, receipt number, one ledger row for each destination, the audit line
and the count are written in one transaction, durably. No outside system is
called in it. The receipt is shown from what was committed, never before.
"""

from __future__ import annotations

import dataclasses
import datetime

from selvbetjening_core.composition.roles import PAYMENT
from selvbetjening_core.errors import Conflict, SelvbetjeningError
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.case import case_of, shown_of
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.doubts import told_if_in_doubt
from selvbetjening_core.journey.drafts import closed_reason, need_own, new_id
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.progress import progress_of
from selvbetjening_core.journey.readable import random_letters, read_aloud
from selvbetjening_core.journey.records import (
    AcceptedCase,
    Delivery,
    DeliveryState,
    Draft,
    DraftState,
    PlannedDelivery,
    SubmissionFacts,
)
from selvbetjening_core.journey.uploads import files_in
from selvbetjening_core.values import CaseSnapshot, Channel, Citizen, Guest, GuestId

_ATTEMPTS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Acceptance:
    """What the citizen accepted on the summary.

    :param identity: who accepts, as logged in now, or a guest; the record says so
    :param seen: the fingerprint of the summary the citizen saw
    :param seen_ore: the amount the citizen saw, in øre
    :param locale: the language the citizen saw it in
    """

    draft_id: str
    identity: Citizen
    seen: str
    seen_ore: str
    locale: str


def accept_summary(
    context: JourneyContext, acceptance: Acceptance, work: UnitOfWork
) -> AcceptedCase:
    """Check that what the citizen accepts is what is true now; make the case.

    :raises Conflict: an answer is missing, something shown or the price has
        changed, or the draft is closed, or somebody else's by now
    """
    draft = _held(acceptance, work)
    if draft is None or draft.state is not DraftState.OPEN:
        raise Conflict(closed_reason(draft))
    progress = progress_of(
        context,
        dataclasses.replace(draft, locale=acceptance.locale, identity=acceptance.identity),
    )
    if not progress.is_complete:
        raise Conflict("missing_step")
    shown = shown_of(context, progress)
    if acceptance.seen_ore != str(shown.amount.ore):
        raise Conflict("changed_price")
    if not progress.is_current:
        raise Conflict("changed_solution")
    if acceptance.seen != shown.fingerprint():
        raise Conflict("stale_form")
    case = case_of(context, progress, shown)
    return AcceptedCase(
        case=case,
        definition_sha256=progress.solution.sha256,
        plugin_versions=context.municipality.plugin_versions(),
        deliveries=tuple(
            PlannedDelivery(
                destination=one.role,
                component=context.municipality.component_name(one.role, progress.solution.name),
                # A submission exists only once it is paid or free.
                after="" if one.after == PAYMENT else one.after,
            )
            for one in progress.solution.destinations
        ),
        files=files_in(case, tuple(progress.solution.fields())),
    )


def submit_free(context: JourneyContext, acceptance: Acceptance) -> str:
    """SUBMIT a draft that costs nothing. Returns the submission's id.

    Sent twice, it is submitted once, and the same id comes back.

    :raises Conflict: as :func:`accept_summary`, or there is something to pay
    :raises SubmissionInDoubt: nobody can tell yet whether it arrived
    """
    with (
        told_if_in_doubt(context, acceptance.draft_id),
        context.store.transaction(context.code) as work,
    ):
        done = _submitted(_held(acceptance, work))
        if done:
            return done
        accepted = accept_summary(context, acceptance, work)
        if accepted.case.payment.amount.ore:
            raise Conflict("changed_price")
        submission_id = write_submission(context, acceptance.draft_id, accepted, work)
    context.queue.wake()
    context.submitted(accepted.case.solution, submission_id)
    return submission_id


def write_submission(
    context: JourneyContext, draft_id: str, accepted: AcceptedCase, work: UnitOfWork
) -> str:
    """Write everything that makes a submission, inside ``work``.

    Depends on nothing but ``accepted``: no file is asked, so that nothing that
    has changed since can stand in the way. The caller calls
    ``context.queue.wake()`` once ``work`` is committed. Idempotent on the
    draft: where it was submitted before, its id is returned and nothing is
    written. Personal data: the case.
    """
    submission_id = accepted.case.submission_id
    if not work.drafts.mark_submitted(draft_id, submission_id):
        return _submitted(work.drafts.get(draft_id))
    now = work.now()
    case = _with_receipt_number(context, draft_id, accepted, work, now)
    if accepted.files:
        work.uploads.submit(draft_id, submission_id, accepted.files)
    for position, planned in enumerate(accepted.deliveries):
        delivery = _delivery(planned, position, submission_id, now)
        context.queue.enqueue(work, delivery)
        if not delivery.after:
            context.queue.plan(work, delivery.id, now)
    work.counts.completed(
        case.solution, case.definition_version, Channel.SELF_SERVICE, context.today
    )
    work.audit.add(
        "submitted",
        submission_id,
        now,
        case.receipt_number,
        way=AuditWay.CITIZEN,
        purpose=case.solution,
        persons=tuple(one.cpr for one in case.parties.persons()),
    )
    return submission_id


def new_receipt_number(year: int) -> str:
    """A number that can be read aloud: ``2026-7KQ4-M2XP``."""
    return f"{year}-{read_aloud(random_letters(8))}"


def _with_receipt_number(
    context: JourneyContext,
    draft_id: str,
    accepted: AcceptedCase,
    work: UnitOfWork,
    now: datetime.datetime,
) -> CaseSnapshot:
    facts = SubmissionFacts(
        accepted.definition_sha256,
        accepted.plugin_versions,
        draft_id,
        guest=_guest_of(draft_id, accepted, work),
    )
    for _ in range(_ATTEMPTS):
        numbered = dataclasses.replace(
            accepted.case,
            receipt_number=new_receipt_number(context.today.year),
            received_at=now,
        )
        if work.submissions.add(numbered, facts):
            return numbered
    raise SelvbetjeningError("no free receipt number was found")


def _guest_of(draft_id: str, accepted: AcceptedCase, work: UnitOfWork) -> GuestId | None:
    """Who may see the receipt of a case of nobody: whose the draft is when it is submitted."""
    draft = work.drafts.get(draft_id) if accepted.case.parties.actor is None else None
    if draft is None or not isinstance(draft.identity, Guest):
        return None
    return draft.identity.owner


def _held(acceptance: Acceptance, work: UnitOfWork) -> Draft | None:
    """The draft of whoever accepts: a code may have moved it since the request began."""
    return need_own(work.drafts.get(acceptance.draft_id, hold=True), acceptance.identity.owner)


def _delivery(
    planned: PlannedDelivery, position: int, submission_id: str, now: datetime.datetime
) -> Delivery:
    delivery_id = new_id()
    return Delivery(
        id=delivery_id,
        submission_id=submission_id,
        destination=planned.destination,
        component=planned.component,
        key=delivery_id,
        position=position,
        state=DeliveryState.WAITING,
        due_at=now,
        created_at=now,
        changed_at=now,
        after=planned.after,
    )


def _submitted(draft: Draft | None) -> str:
    if draft is None:
        return ""
    return draft.submission_id if draft.state is DraftState.SUBMITTED else ""
