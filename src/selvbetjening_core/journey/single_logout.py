"""Logging out everywhere: begun here, or at the provider.

A component reads the provider's protocol and signature. Whether a notice is of *our*
provider, recent and new is judged here, the same way for every component, and only the
core ends sessions.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.interfaces import IIdentity, ISingleLogout
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.judging import CLOCK_SKEW, OLDEST_ASSERTION
from selvbetjening_core.journey.ports import Sessions, StaffSessions, UnitOfWork
from selvbetjening_core.values import (
    Challenge,
    LogoutNotice,
    LogoutRequest,
    Message,
    Refusal,
)

log = logging.getLogger(__name__)

Kept = Callable[[UnitOfWork], Sessions | StaffSessions]
"""Which sessions are meant: those of citizens, or those of staff."""
_NOTICE = "logout:"


def way_to_log_out(
    context: JourneyContext, component_name: str, request: LogoutRequest
) -> Challenge | None:
    """Where the browser logs out at the provider; None if nowhere. No effect.

    :raises Unavailable: the provider cannot be asked, or is not here any more
    """
    try:
        return context.municipality.named(IIdentity, component_name).end(request)
    except ComponentMissing:
        return None


def read_logout(
    context: JourneyContext, component_name: str, message: Message
) -> LogoutNotice | Refusal | None:
    """What the component reads in a message; None: it is not about logging out.

    :raises Unavailable: the provider has to be asked, and cannot be
    """
    component = context.municipality.beside(ISingleLogout, component_name)
    return None if component is None else component.read_logout(message)


def end_as_told(
    context: JourneyContext, component_name: str, notice: LogoutNotice, kept: Kept
) -> str:
    """End the sessions that a provider's notice is about.

    A notice that comes again is acknowledged, and ends nothing. The sessions end and the
    notice is remembered in one transaction.

    :returns: why it counts for nothing, as a code; empty: it counts, or is known
    """
    fault = _fault(context, component_name, notice)
    with context.store.transaction(context.code) as work:
        if fault:
            work.audit.add(
                "logout-refused", component_name, context.now(), fault, way=AuditWay.OUTSIDE
            )
            return fault
        until = context.now() + OLDEST_ASSERTION + 2 * CLOCK_SKEW
        notice_id = f"{_NOTICE}{component_name}:{notice.notice_id}"
        is_new = work.sessions.remember_assertion(notice.issuer, notice_id, until)
        if is_new and kept(work).end_login(notice.issuer, notice.sessions, notice.subject):
            work.audit.add("logged-out", component_name, context.now(), way=AuditWay.OUTSIDE)
    if not is_new:
        log.info("a log-out that %r tells of is known", component_name)
    return ""


def is_confirmation(notice: LogoutNotice) -> bool:
    """Does it confirm a log-out that began here, and end nothing itself?"""
    return not (notice.notice_id or notice.sessions or notice.subject)


def _fault(context: JourneyContext, component_name: str, notice: LogoutNotice) -> str:
    """The first thing wrong with the notice, as a code; empty when all is right."""
    now = context.now()
    component = context.municipality.named(IIdentity, component_name)
    at = notice.issued_at or datetime.datetime.min.replace(tzinfo=datetime.UTC)
    checks = {
        "issuer": bool(notice.issuer) and notice.issuer == component.issuer,
        "notice-id": bool(notice.notice_id),
        "nobody": bool(notice.sessions or notice.subject),
        "too-old": now - OLDEST_ASSERTION - CLOCK_SKEW <= at <= now + CLOCK_SKEW,
    }
    return next((code for code, is_right in checks.items() if not is_right), "")
