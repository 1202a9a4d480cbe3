"""That a member of staff has looked at something is written down, each time."""

from __future__ import annotations

from pyramid.request import Request

from selvbetjening_core.journey.audit import AuditPurpose, AuditWay
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.web.staff.sessions import staff_of


def note_look(
    request: Request,
    work: UnitOfWork,
    event: str,
    subject: str,
    detail: str = "",
    purpose: AuditPurpose = AuditPurpose.OPERATING,
) -> None:
    """A line in the audit log, in the transaction that reads what is shown.

    :param subject: the submission's id, where it is about one
    """
    work.audit.add(
        event,
        subject,
        work.now(),
        detail,
        actor=staff_of(request).id,
        way=AuditWay.STAFF,
        purpose=purpose,
    )
