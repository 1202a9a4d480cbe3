"""A citizen logs in: begun for a solution, judged by the core, made into a session."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from selvbetjening_core.errors import ComponentMissing, Conflict, NotFound
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
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import PendingLogin, WebSession
from selvbetjening_core.journey.session_limits import CITIZEN_LIMITS
from selvbetjening_core.values import (
    AssuranceLevel,
    Challenge,
    Claims,
    CprNumber,
    Identity,
    LoginRequest,
    Message,
)

ROLE = "identity"


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """A login that was begun. ``browser_token`` goes into a short-lived cookie."""

    challenge: Challenge
    browser_token: str


@dataclass(frozen=True, slots=True)
class AcceptedLogin:
    """A login that was accepted. ``token`` goes into the session cookie."""

    token: str
    session: WebSession
    identity: Identity
    solution: str
    locale: str


def begin_login(
    context: JourneyContext,
    solution: str,
    locale: str,
    site_url: str,
    return_url: str,
    more: AssuranceLevel | None = None,
) -> BegunLogin:
    """Start a login for ``solution``.

    The request is stored before the citizen is sent away.

    :param more: the level to ask for, where something in the solution takes more than it
        does. It is asked for alone: what takes it looks at the login that one comes by
    :raises Conflict: nobody logs in to use it
    :raises Unavailable: the provider cannot be reached
    """
    least = context.offered(solution).solution.level
    if least is None:
        raise Conflict("not_started")
    level = least if more is None else max(least, more)
    name = context.municipality.component_name(ROLE, solution)
    component = context.municipality.named(IIdentity, name)
    browser_token = new_token()
    login = PendingLogin(
        request_id=new_token(),
        component=name,
        solution=solution,
        locale=locale,
        browser_hash=token_hash(browser_token),
        audience=site_url,
        return_url=return_url,
        expires_at=context.now() + LOGIN_LASTS,
    )
    with context.store.transaction(context.code) as work:
        work.sessions.add_login(login)
    asked = LoginRequest(
        login.request_id, site_url, return_url, level, locale, is_fresh=more is not None
    )
    challenge = component.begin(asked)
    return BegunLogin(challenge, browser_token)


def complete_login(
    context: JourneyContext,
    component_name: str,
    message: Message,
    browser_token: str,
    session_token: str,
) -> AcceptedLogin | RefusedLogin:
    """Judge the provider's answer; make a session if it is good.

    The request is used up, the assertion remembered, the session made and the one
    before it ended in one transaction, so that of two simultaneous replays at most
    one succeeds, and no browser ever has two. Personal data: CPR number and name.

    :param session_token: of the session that the browser has already; may be empty
    """
    with context.store.transaction(context.code) as work:
        begun = work.sessions.login_of(token_hash(browser_token), context.now())
    if begun is None:
        # Nobody began a login in this browser: the provider is not even asked,
        # so that nobody can keep us busy asking.
        return RefusedLogin("login_failed", "browser")
    answer = ask(context, component_name, message)
    if isinstance(answer, RefusedLogin):
        return _refused(context, answer, begun)
    with context.store.transaction(context.code) as work:
        outcome = _judge(context, component_name, answer, browser_token, work)
        if isinstance(outcome, AcceptedLogin):
            if session_token:
                work.sessions.remove(token_hash(session_token))
            work.sessions.add(outcome.session, provider_login(answer))
            work.audit.add(
                "login",
                component_name,
                context.now(),
                way=AuditWay.CITIZEN,
                purpose=outcome.solution,
                persons=(outcome.identity.cpr,),
            )
            return outcome
    return _refused(context, outcome, begun)


def _judge(
    context: JourneyContext,
    component_name: str,
    claims: Claims,
    browser_token: str,
    work: UnitOfWork,
) -> AcceptedLogin | RefusedLogin:
    found = judge(
        context, component_name, claims, browser_token, work, lambda one: _wanted(context, one)
    )
    if isinstance(found, RefusedLogin):
        return found
    identity = _identity(context, component_name, claims, found.level)
    if identity is None:
        return RefusedLogin("login_failed", "attributes", found.login.solution)
    return _accepted(context, identity, found.login)


def _wanted(context: JourneyContext, login: PendingLogin) -> AssuranceLevel | None:
    """What the solution asks for; None where it is offered no longer, or there was none."""
    try:
        return context.offered(login.solution).solution.level
    except (NotFound, ComponentMissing):
        return None


def _identity(
    context: JourneyContext, component_name: str, claims: Claims, level: AssuranceLevel
) -> Identity | None:
    name = claims.attributes.get("name", "").strip()
    try:
        cpr = CprNumber(claims.attributes.get("cpr", ""))
    except ValueError:
        return None
    if not name:
        return None
    return Identity(
        cpr,
        name,
        level,
        claims.issuer,
        component_name,
        claims.logged_in_at or context.now(),
        claims.vouched_by,
    )


def _accepted(context: JourneyContext, identity: Identity, login: PendingLogin) -> AcceptedLogin:
    token, now = new_token(), context.now()
    session = WebSession(
        token_hash=token_hash(token),
        csrf_token=new_token(),
        identity=identity,
        created_at=now,
        expires_at=now + CITIZEN_LIMITS[identity.level].idle,
    )
    return AcceptedLogin(token, session, identity, login.solution, login.locale)


def _refused(context: JourneyContext, refusal: RefusedLogin, begun: PendingLogin) -> RefusedLogin:
    with context.store.transaction(context.code) as work:
        work.audit.add(
            "login-refused",
            refusal.code,
            context.now(),
            way=AuditWay.CITIZEN,
            purpose=begun.solution,
        )
    return dataclasses.replace(refusal, solution=begun.solution, locale=begun.locale)
