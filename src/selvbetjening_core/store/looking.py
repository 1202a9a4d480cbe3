"""The look that a page of a step begins with: who is logged in, and their draft."""

from __future__ import annotations

import datetime
import json

import sqlalchemy as sa

from selvbetjening_core.journey.records import Draft, DraftState, WebSession
from selvbetjening_core.journey.visits import Visit
from selvbetjening_core.store.draft_steps import opened_answers
from selvbetjening_core.store.drafts import accepted_from_json, sealed_household
from selvbetjening_core.store.prepared import Edition, Prepared, Row, Way
from selvbetjening_core.store.sealing import Sealing
from selvbetjening_core.store.tables import draft, unfinished, web_session
from selvbetjening_core.values import Citizen
from selvbetjening_core.values.case_json import identity_from_json

_HERE: sa.BindParameter[str] = sa.bindparam("here")
_THIS_SESSION = (
    web_session.c.municipality == _HERE,
    web_session.c.token_hash == sa.bindparam("token_hash"),
    web_session.c.expires_at > sa.bindparam("now"),
)
_SESSION = Prepared(
    sa.select(
        web_session.c.csrf_token,
        web_session.c.identity,
        web_session.c.created_at,
        web_session.c.expires_at,
    ).where(*_THIS_SESSION)
)
_THEIR_DRAFT = (
    draft.c.municipality == _HERE,
    draft.c.owner_index == sa.bindparam("owner"),
    draft.c.solution == sa.bindparam("solution"),
    unfinished,
)
_DRAFT = Prepared(
    sa.select(
        draft.c.id,
        draft.c.definition_version,
        draft.c.definition_sha256,
        draft.c.locale,
        draft.c.household,
        draft.c.answers,
        draft.c.steps,
        draft.c.frozen,
        draft.c.state,
        draft.c.payment_id,
        draft.c.submission_id,
        draft.c.created_at,
        draft.c.updated_at,
    ).where(*_THEIR_DRAFT)
)
_OF_SESSION = len(_SESSION.places)
_BOTH = Prepared(
    sa.select(*_SESSION.columns, *_DRAFT.columns)
    .select_from(sa.outerjoin(web_session, draft, sa.and_(*_THEIR_DRAFT)))
    .where(*_THIS_SESSION)
)
"""What both find, for a session whose owner is known."""
_OWNER = "owner of a session"


def visit(
    way: Way, sealing: Sealing, token_hash: str, solution: str, now: datetime.datetime
) -> Visit:
    """Who is logged in, with their unfinished draft of ``solution``.

    Whose a session is, is sealed in it. Who it was a moment ago is looked for together
    with their draft, which counts only if the session says the same.
    """
    whose = (_OWNER, sealing.municipality, token_hash)
    known = sealing.keys.recalled(whose)
    about = {"token_hash": token_hash, "now": now}
    if known is None:
        row = way.found(_SESSION, **about)
    else:
        row = way.found(_BOTH, owner=known, solution=solution, **about)
    if row is None:
        return Visit()
    session = way.made(
        _SESSION,
        token_hash,
        lambda row, _: _session(sealing, token_hash, row),
        row[:_OF_SESSION],
    )
    owner = sealing.index(session.identity.owner)
    if owner == known:
        found = None if row[_OF_SESSION] is None else row[_OF_SESSION:]
    else:
        sealing.keys.remember(whose, owner)
        found = way.found(_DRAFT, owner=owner, solution=solution)
    if found is None:
        return Visit(session)
    return Visit(session, draft_in(way, sealing, session, solution, found))


def draft_in(way: Way, sealing: Sealing, session: WebSession, solution: str, found: Row) -> Draft:
    """The draft in a row, as it is used now: by the one who is logged in."""
    return way.made(
        _DRAFT,
        # The draft holds the very identity, so that no other one has its id meanwhile.
        (solution, id(session.identity)),
        lambda row, edition: _draft(sealing, session, solution, row, edition),
        found,
    )


def _session(sealing: Sealing, token_hash: str, row: Row) -> WebSession:
    csrf_token, identity, created_at, expires_at = row
    return WebSession(
        token_hash=token_hash,
        csrf_token=sealing.open_as(web_session, token_hash, "csrf_token", csrf_token, str),
        identity=sealing.open_as(web_session, token_hash, "identity", identity, _identity_in),
        created_at=created_at,
        expires_at=expires_at,
    )


def _draft(
    sealing: Sealing, session: WebSession, solution: str, row: Row, edition: Edition
) -> Draft:
    draft_id, version, sha256, locale, household, answers, steps, frozen, *rest = row
    state, payment_id, submission_id, created_at, updated_at = rest
    opened = opened_answers(sealing, draft_id, answers, steps)
    return Draft(
        id=draft_id,
        solution=solution,
        definition_version=version,
        definition_sha256=sha256,
        locale=locale,
        identity=session.identity,
        household=sealed_household(sealing, draft_id, household),
        created_at=created_at,
        updated_at=updated_at,
        state=DraftState(state),
        answers=opened.answers,
        steps=opened.steps,
        saves=opened.saves,
        frozen=None
        if frozen is None
        else accepted_from_json(sealing.open_json(draft, draft_id, "frozen", frozen)),
        payment_id=payment_id,
        submission_id=submission_id,
        edition=edition,
    )


def _identity_in(text: str) -> Citizen:
    return identity_from_json(json.loads(text))
