"""A member of staff logs in: by the same components as citizens, judged by the same rules.

What differs is who it makes: a :class:`Staff`, from the claims' attributes ``staff``
(the name they log in with), ``name``, ``municipalities`` (kommunekoder) and ``roles``,
both as words between spaces. Nobody becomes staff by a CPR number, and no citizen's
login can be used for it: the component bound to ``staff_login`` logs in nobody else.
One of another municipality is let in by an agreement of both files, and no other way.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from selvbetjening_core.composition.roles import STAFF_LOGIN
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.judging import (
    LOGIN_LASTS,
    RefusedLogin,
    ask,
    judge,
    new_token,
    provider_login,
    token_hash,
)
from selvbetjening_core.journey.login import BegunLogin
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import PendingLogin, StaffSession
from selvbetjening_core.journey.session_limits import STAFF_LIMITS
from selvbetjening_core.journey.visiting_staff import as_serving_here
from selvbetjening_core.values import (
    AssuranceLevel,
    Claims,
    LoginRequest,
    Message,
    Staff,
    StaffRole,
)

LEAST_LEVEL = AssuranceLevel.SUBSTANTIAL
_NO_SOLUTION = ""
_LONGEST_ID = 100
# What a CPR number looks like, which must never stand in the audit log.
_LIKE_CPR = re.compile(r"\d{6}[- ]?\d{4}", re.ASCII)
# How those are named who are here from another municipality, by an agreement.
_LIKE_VISITOR = re.compile(r"\d{4}:", re.ASCII)


@dataclass(frozen=True, slots=True)
class AcceptedStaff:
    """A login of staff that was accepted. ``token`` goes into the session cookie."""

    token: str
    session: StaffSession
    locale: str


def staff_component(context: JourneyContext) -> str:
    """The name of the component that logs staff in here; empty: this municipality has none."""
    binding = context.municipality.file.binding(STAFF_LOGIN, _NO_SOLUTION)
    return binding.component if binding else ""


def begin_staff_login(
    context: JourneyContext, locale: str, site_url: str, return_url: str
) -> BegunLogin:
    """Start a login. The request is stored before anybody is sent away.

    :raises ComponentMissing: no component logs staff in here
    :raises Unavailable: the provider cannot be reached
    """
    name = staff_component(context)
    component = context.municipality.named(IIdentity, name)
    browser_token = new_token()
    login = PendingLogin(
        request_id=new_token(),
        component=name,
        solution=_NO_SOLUTION,
        locale=locale,
        browser_hash=token_hash(browser_token),
        audience=site_url,
        return_url=return_url,
        expires_at=context.now() + LOGIN_LASTS,
    )
    with context.store.transaction(context.code) as work:
        work.sessions.add_login(login)
    challenge = component.begin(
        LoginRequest(login.request_id, site_url, return_url, LEAST_LEVEL, locale)
    )
    return BegunLogin(challenge, browser_token)


def complete_staff_login(
    context: JourneyContext, message: Message, browser_token: str, session_token: str
) -> AcceptedStaff | RefusedLogin:
    """Judge the provider's answer; make a session if it is good.

    The request is used up, the assertion remembered, the session made and the one before
    it ended in one transaction. Personal data of staff: name, and the name they log in with.

    :param session_token: of the session that the browser has already; may be empty
    """
    with context.store.transaction(context.code) as work:
        begun = work.sessions.login_of(token_hash(browser_token), context.now())
    if begun is None:
        # Nobody began a login in this browser: the provider is not even asked.
        return RefusedLogin("login_failed", "browser")
    name = staff_component(context)
    answer = ask(context, name, message)
    if isinstance(answer, RefusedLogin):
        return _refused(context, answer, begun)
    with context.store.transaction(context.code) as work:
        outcome = _judge(context, name, answer, browser_token, work)
        if isinstance(outcome, AcceptedStaff):
            if session_token:
                work.staff_sessions.remove(token_hash(session_token))
            work.staff_sessions.add(outcome.session, provider_login(answer))
            work.audit.add("staff-login", name, context.now(), actor=outcome.session.staff.id)
            return outcome
    return _refused(context, outcome, begun)


def _judge(
    context: JourneyContext, name: str, claims: Claims, browser_token: str, work: UnitOfWork
) -> AcceptedStaff | RefusedLogin:
    found = judge(context, name, claims, browser_token, work, _wanted)
    if isinstance(found, RefusedLogin):
        return found
    staff = _staff(claims)
    if staff is None:
        return RefusedLogin("login_failed", "attributes")
    serving = as_serving_here(context, staff)
    if serving is None:
        return RefusedLogin("staff_elsewhere", "municipality")
    return _accepted(context, serving, found.login)


def _wanted(login: PendingLogin) -> AssuranceLevel | None:
    """A login that was begun for a solution is a citizen's, and none of ours."""
    return LEAST_LEVEL if login.solution == _NO_SOLUTION else None


def _staff(claims: Claims) -> Staff | None:
    words = {name: claims.attributes.get(name, "") for name in ("municipalities", "roles")}
    staff_id = claims.attributes.get("staff", "").strip()
    name = claims.attributes.get("name", "").strip()
    is_id = 0 < len(staff_id) <= _LONGEST_ID and staff_id.isprintable()
    if not (is_id and name) or _LIKE_CPR.search(staff_id) or _LIKE_VISITOR.match(staff_id):
        return None
    roles = frozenset(role for role in StaffRole if role in words["roles"].split())
    return Staff(staff_id, name, frozenset(words["municipalities"].split()), roles)


def _accepted(context: JourneyContext, staff: Staff, login: PendingLogin) -> AcceptedStaff:
    token, now = new_token(), context.now()
    session = StaffSession(
        token_hash=token_hash(token),
        csrf_token=new_token(),
        staff=staff,
        created_at=now,
        expires_at=now + STAFF_LIMITS.idle,
    )
    return AcceptedStaff(token, session, login.locale)


def _refused(context: JourneyContext, refusal: RefusedLogin, begun: PendingLogin) -> RefusedLogin:
    with context.store.transaction(context.code) as work:
        work.audit.add("staff-login-refused", refusal.code, context.now(), way=AuditWay.STAFF)
    return dataclasses.replace(refusal, solution="", locale=begun.locale)
