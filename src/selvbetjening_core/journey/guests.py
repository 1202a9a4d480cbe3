"""Journeys without login: whose they are, and the code that opens a draft in another browser.

Whose a guest's drafts and receipts are is a random id in the web session. A resume code
moves a draft to the session in which it is entered (docs/decisions/0049).
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass

from selvbetjening_core.errors import Gone
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.drafts import go_on, new_id
from selvbetjening_core.journey.judging import new_token, token_hash
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.readable import as_made, random_letters
from selvbetjening_core.journey.records import Draft, DraftState, WebSession
from selvbetjening_core.journey.session_limits import GUEST_LIMITS
from selvbetjening_core.values import Guest, GuestId

CODE_LETTERS = 16
"""Of a resume code: 80 random bits."""


@dataclass(frozen=True, slots=True)
class BegunAsGuest:
    """A guest's new session. ``token`` goes into their cookie."""

    token: str
    guest: Guest


@dataclass(frozen=True, slots=True)
class ResumedAsGuest:
    """A guest's new session, and the draft that a code has moved to it."""

    token: str
    draft: Draft


def begin_as_guest(context: JourneyContext) -> BegunAsGuest:
    """Make a session for somebody nobody knows. Personal data: none."""
    with context.store.transaction(context.code) as work:
        return _new_session(context, Guest(GuestId(new_id())), work)


def new_code(context: JourneyContext, draft: Draft) -> str:
    """A code that opens the guest's draft from now on; one given before opens nothing any more.

    It is told here and never again: what is stored is a keyed hash.

    :raises Gone: the draft is the guest's no longer, or was sent
    """
    guest = draft.identity
    code = random_letters(CODE_LETTERS)
    with context.store.transaction(context.code) as work:
        is_given = isinstance(guest, Guest) and work.drafts.give_code(
            draft.id, guest.owner, draft.solution, code
        )
        if not is_given:
            raise Gone("draft_gone")
        _note(context, work, "resume-code-given", draft)
    return code


def read_code(typed: str) -> str:
    """A code as it was typed, as it was made; empty where it can be none of ours."""
    return as_made(typed, CODE_LETTERS)


def resume(
    context: JourneyContext, solution: str, code: str, session: WebSession | None, locale: str
) -> ResumedAsGuest | None:
    """Move the draft that ``code`` opens to this browser, and give that a new session.

    What the browser had under way of the same solution is nobody's from then on; its own
    code still opens it. Receipts of before stay with the browser. The code goes on
    opening the draft until it is sent, replaced or too old. All of it is one transaction:
    where two enter the code at once, the one that comes last has the draft, and nobody an
    empty one.

    :param session: what the browser has already
    :param locale: the language that the draft goes on in
    :returns: None where the code opens nothing, for whatever reason
    """
    kept = context.offered(solution).solution.retention.draft_days
    since = context.now() - datetime.timedelta(days=kept)
    with context.store.transaction(context.code) as work:
        draft = work.drafts.by_code(solution, code, since)
        if draft is None:
            work.audit.add(
                "resume-refused", solution, context.now(), way=AuditWay.CITIZEN, purpose=solution
            )
            return None
        guest = _guest_of(session)
        before = work.drafts.unfinished(guest.owner, solution, hold=True)
        if before is not None and before.id != draft.id:
            work.drafts.hand_over(before.id, Guest(GuestId(new_id())))
        work.drafts.hand_over(draft.id, guest)
        if session is not None:
            work.sessions.remove(session.token_hash)
        moved = dataclasses.replace(draft, identity=guest)
        if draft.state is DraftState.OPEN:
            moved = go_on(context, moved, guest, None, locale, work)
        _note(context, work, "draft-resumed", draft)
        return ResumedAsGuest(_new_session(context, guest, work).token, moved)


def is_elsewhere(context: JourneyContext, guest: Guest, draft_id: str) -> bool:
    """Has a code moved the draft of this id to another browser, where it may have been sent?"""
    with context.store.transaction(context.code) as work:
        draft = work.drafts.get(draft_id)
    if draft is None or not isinstance(draft.identity, Guest):
        return False
    return draft.identity.owner != guest.owner


def _guest_of(session: WebSession | None) -> Guest:
    if session is not None and isinstance(session.identity, Guest):
        return session.identity
    return Guest(GuestId(new_id()))


def _new_session(context: JourneyContext, guest: Guest, work: UnitOfWork) -> BegunAsGuest:
    token, now = new_token(), context.now()
    session = WebSession(
        token_hash=token_hash(token),
        csrf_token=new_token(),
        identity=guest,
        created_at=now,
        expires_at=GUEST_LIMITS.end(now, now),
    )
    work.sessions.add(session)
    return BegunAsGuest(token, guest)


def _note(context: JourneyContext, work: UnitOfWork, event: str, draft: Draft) -> None:
    work.audit.add(event, draft.id, context.now(), way=AuditWay.CITIZEN, purpose=draft.solution)
