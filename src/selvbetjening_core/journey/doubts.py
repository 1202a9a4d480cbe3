"""A SUBMIT of which nobody can tell yet whether it arrived, and finding it out.

A commit that ends in an error may have been kept or not. Nothing is guessed: the
citizen is told so, with a code; the log has the same code; and as soon as the
store can be used again, what is there is looked at and written into the audit log.
Whoever sends again finds what is there, so that nothing is ever sent twice.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from selvbetjening_core.errors import CommitUnknown, SubmissionInDoubt
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.enquiry import enquiry_code
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Draft, DraftState

log = logging.getLogger(__name__)

IN_DOUBT = "commit-unknown"
SETTLED = "commit-settled"
ARRIVED = "arrived"
NOT_ARRIVED = "did not arrive"


@contextmanager
def told_if_in_doubt(
    context: JourneyContext, draft_id: str, *, is_paid: bool = False
) -> Iterator[None]:
    """Around the transaction of a SUBMIT: if its end is not known, say so everywhere.

    Audit lines about it have the enquiry code as their subject: ``commit-unknown``
    when it happened, ``commit-settled`` with what was found. They are written once
    the store can be used again; a process that is killed before that leaves the line
    in its log, and the stored submission or draft, which the code finds as well.

    :raises SubmissionInDoubt: the commit ended in an error
    """
    try:
        yield
    except CommitUnknown as error:
        code, at = enquiry_code(draft_id), context.now()
        # Its own words: the name of the driver's error, and no trace with values.
        log.error("submission %s: nobody can tell yet whether it arrived: %s", code, error)  # noqa: TRY400
        context.store.when_usable(lambda: settle(context, draft_id, at))
        raise SubmissionInDoubt(code, is_paid=is_paid) from None


def settle(context: JourneyContext, draft_id: str, at: datetime.datetime) -> None:
    """See what became of a SUBMIT in doubt, and write it down for good.

    It is settled by writing: what a commit left half done in the database's own log
    is either taken in or overwritten by the next one. Holding the draft waits for a
    commit that is still under way at the server.

    :param at: when the doubt arose
    :raises StoreUnavailable: not yet
    """
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id, hold=True)
        found = _found(work, draft)
        code = enquiry_code(draft_id)
        work.audit.add(IN_DOUBT, code, at)
        work.audit.add(SETTLED, code, work.now(), found)
    log.warning("submission %s: settled: %s", code, found)
    if draft is not None and draft.state is DraftState.SUBMITTED:
        context.queue.wake()
        context.submitted(draft.solution, draft.submission_id)


def _found(work: UnitOfWork, draft: Draft | None) -> str:
    if draft is None or draft.state is not DraftState.SUBMITTED:
        return NOT_ARRIVED
    case = work.submissions.get(draft.submission_id)
    return f"{ARRIVED}: {case.receipt_number}" if case else ARRIVED
