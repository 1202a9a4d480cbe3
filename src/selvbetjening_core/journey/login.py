"""Logging in: the core's own judgement of what an identity component returns.

A component reads the provider's protocol and signature. Whether the answer is
one *we* asked for, for *us*, from *this* browser, fresh, new and sure enough is
decided here, the same way for every component. What is missing is a refusal.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from selvbetjening_core.errors import ComponentMissing, NotFound, Unavailable
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import PendingLogin, WebSession
from selvbetjening_core.values import (
    AssuranceLevel,
    Challenge,
    Claims,
    CprNumber,
    Identity,
    LoginRequest,
    Message,
    Refusal,
)

ROLE = "identity"
LOGIN_LASTS = datetime.timedelta(minutes=15)
IDLE_LIMIT = datetime.timedelta(minutes=30)
LONGEST_SESSION = datetime.timedelta(hours=8)
CLOCK_SKEW = datetime.timedelta(seconds=60)
OLDEST_ASSERTION = datetime.timedelta(minutes=5)


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
    solution: str
    locale: str


@dataclass(frozen=True, slots=True)
class RefusedLogin:
    """A login that was not accepted.

    ``reason`` names the text that tells the citizen; ``code`` is for the audit log.
    """

    reason: str
    code: str
    solution: str = ""
    locale: str = ""


def new_token() -> str:
    """A secret of 256 random bits, safe in cookies and addresses."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored instead of a token, so that the store holds no keys to sessions."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_login(
    context: JourneyContext, solution: str, locale: str, site_url: str, return_url: str
) -> BegunLogin:
    """Start a login for ``solution``.

    The request is stored before the citizen is sent away.

    :raises Unavailable: the provider cannot be reached
    """
    offered = context.offered(solution)
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
    challenge = component.begin(
        LoginRequest(login.request_id, site_url, return_url, offered.solution.level, locale)
    )
    return BegunLogin(challenge, browser_token)


def complete_login(
    context: JourneyContext, component_name: str, message: Message, browser_token: str
) -> AcceptedLogin | RefusedLogin:
    """Judge the provider's answer; make a session if it is good.

    The request is used up, the assertion remembered and the session made in
    one transaction, so that of two simultaneous replays at most one succeeds.
    Personal data: CPR number and name.
    """
    with context.store.transaction(context.code) as work:
        begun = work.sessions.login_of(token_hash(browser_token), context.now())
    if begun is None:
        # Nobody began a login in this browser: the provider is not even asked,
        # so that nobody can keep us busy asking.
        return RefusedLogin("login_failed", "browser")
    answer = _ask(context, component_name, message)
    if isinstance(answer, RefusedLogin):
        return _refused(context, answer, begun)
    component = context.municipality.named(IIdentity, component_name)
    with context.store.transaction(context.code) as work:
        login = work.sessions.take_login(answer.in_response_to, context.now())
        outcome = _judge(context, component, component_name, answer, login, browser_token, work)
        if isinstance(outcome, AcceptedLogin):
            work.sessions.add(outcome.session)
            work.audit.add("login", component_name, context.now())
            return outcome
    return _refused(context, outcome, begun)


def _ask(context: JourneyContext, component_name: str, message: Message) -> Claims | RefusedLogin:
    try:
        answer = context.municipality.named(IIdentity, component_name).complete(message)
    except Unavailable:
        return RefusedLogin("login_unavailable", "unavailable")
    if isinstance(answer, Refusal):
        reason = "login_cancelled" if answer.cancelled else "login_failed"
        return RefusedLogin(reason, answer.code)
    return answer


def _judge(
    context: JourneyContext,
    component: IIdentity,
    component_name: str,
    claims: Claims,
    login: PendingLogin | None,
    browser_token: str,
    work: UnitOfWork,
) -> AcceptedLogin | RefusedLogin:
    if login is None:
        return RefusedLogin("login_failed", "unknown-request")
    code = _fault(context, component, component_name, claims, login, browser_token)
    if code:
        return RefusedLogin("login_failed", code, login.solution)
    level = AssuranceLevel.named(claims.level)
    wanted = _wanted_level(context, login.solution)
    if level is None or wanted is None or level < wanted:
        return RefusedLogin("level_too_low", "level", login.solution)
    until = claims.not_after + CLOCK_SKEW
    if not work.sessions.remember_assertion(claims.issuer, claims.assertion_id, until):
        return RefusedLogin("login_failed", "replay", login.solution)
    identity = _identity(context, component_name, claims, level)
    if identity is None:
        return RefusedLogin("login_failed", "attributes", login.solution)
    return _accepted(context, identity, login)


def _fault(
    context: JourneyContext,
    component: IIdentity,
    component_name: str,
    claims: Claims,
    login: PendingLogin,
    browser_token: str,
) -> str:
    """The first thing wrong with the claims, as a code; empty when all is right."""
    now = context.now()
    checks = {
        "component": login.component == component_name,
        "browser": hmac.compare_digest(login.browser_hash, token_hash(browser_token)),
        "issuer": bool(claims.issuer) and claims.issuer == component.issuer,
        "audience": bool(claims.audience) and claims.audience == login.audience,
        "recipient": bool(claims.recipient) and claims.recipient == login.return_url,
        "algorithm": claims.algorithm in component.algorithms,
        "assertion-id": bool(claims.assertion_id),
        "too-early": claims.not_before - CLOCK_SKEW <= now,
        "too-late": now < claims.not_after + CLOCK_SKEW,
        "too-old": now - OLDEST_ASSERTION - CLOCK_SKEW <= claims.issued_at <= now + CLOCK_SKEW,
        "login-time": _is_login_recent(claims, now),
    }
    return next((code for code, is_right in checks.items() if not is_right), "")


def _is_login_recent(claims: Claims, now: datetime.datetime) -> bool:
    """A login that another site vouches for is no older than one of ours may be."""
    if not claims.vouched_by:
        return True
    at = claims.logged_in_at
    return at is not None and now - LONGEST_SESSION <= at <= now + CLOCK_SKEW


def _wanted_level(context: JourneyContext, solution: str) -> AssuranceLevel | None:
    try:
        return context.offered(solution).solution.level
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
    token = new_token()
    session = WebSession(
        token_hash=token_hash(token),
        csrf_token=new_token(),
        identity=identity,
        created_at=context.now(),
        expires_at=context.now() + IDLE_LIMIT,
    )
    return AcceptedLogin(token, session, login.solution, login.locale)


def _refused(context: JourneyContext, refusal: RefusedLogin, begun: PendingLogin) -> RefusedLogin:
    with context.store.transaction(context.code) as work:
        work.audit.add("login-refused", refusal.code, context.now())
    return dataclasses.replace(refusal, solution=begun.solution, locale=begun.locale)
