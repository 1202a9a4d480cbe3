"""Everything the audit log has about one submission, wherever it was about to go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selvbetjening_core.journey.audit import AuditWanted
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import AuditLine
from selvbetjening_core.values import CprNumber

_SUBMITTED = "submitted"


def history(work: UnitOfWork, submission_id: str) -> Sequence[AuditLine]:
    """Who saw or changed what about it and its deliveries, first to last."""
    deliveries = work.deliveries.of_submission(submission_id)
    return work.audit.about(submission_id, *(one.id for one in deliveries))


def history_of_person(work: UnitOfWork, person: CprNumber, most: int) -> Sequence[AuditLine]:
    """Who saw or changed what about a citizen, first to last. Personal data: CPR number.

    What is about the citizen, and what is about a submission of theirs: it is known
    by its first line, which is kept as long as the others.
    """
    own = work.audit.lines(AuditWanted(person=person, most=most))
    submissions = [line.subject for line in own if line.event == _SUBMITTED]
    found = {line.id: line for line in own}
    for one in submissions:
        found |= _by_id(history(work, one))
    return sorted(found.values(), key=lambda line: line.id)


def _by_id(lines: Iterable[AuditLine]) -> dict[str, AuditLine]:
    return {line.id: line for line in lines}
