"""Judging what an identity component returns, the same way for citizens and for staff.

A component reads the provider's protocol and signature. Whether the answer is
one *we* asked for, for *us*, from *this* browser, fresh, new and sure enough is
decided here, the same way for every component. What is missing is a refusal.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import PendingLogin, ProviderLogin
from selvbetjening_core.journey.session_limits import CITIZEN_LIMITS
from selvbetjening_core.values import AssuranceLevel, Claims, Message, Refusal

LOGIN_LASTS = datetime.timedelta(minutes=15)
CLOCK_SKEW = datetime.timedelta(seconds=60)
OLDEST_ASSERTION = datetime.timedelta(minutes=5)

WantedLevel = Callable[[PendingLogin], AssuranceLevel | None]


@dataclass(frozen=True, slots=True)
class RefusedLogin:
    """A login that was not accepted.

    ``reason`` names the text that tells the person; ``code`` is for the audit log.
    """

    reason: str
    code: str
    solution: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class JudgedLogin:
    """Claims that answer a login of ours, and are sure enough. Whose they are is not said yet."""

    login: PendingLogin
    level: AssuranceLevel


def new_token() -> str:
    """A secret of 256 random bits, safe in cookies and addresses."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored instead of a token, so that the store holds no keys to sessions."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask(context: JourneyContext, component_name: str, message: Message) -> Claims | RefusedLogin:
    """What the component reads in the provider's answer. Personal data."""
    try:
        answer = context.municipality.named(IIdentity, component_name).complete(message)
    except Unavailable:
        return RefusedLogin("login_unavailable", "unavailable")
    if isinstance(answer, Refusal):
        reason = "login_cancelled" if answer.cancelled else "login_failed"
        return RefusedLogin(reason, answer.code)
    return answer


def provider_login(claims: Claims) -> ProviderLogin:
    """What a log-out will need of the login that the claims are about. Personal data."""
    return ProviderLogin(claims.issuer, claims.session, claims.subject, claims.farewell)


def judge(
    context: JourneyContext,
    component_name: str,
    claims: Claims,
    browser_token: str,
    work: UnitOfWork,
    wanted: WantedLevel,
) -> JudgedLogin | RefusedLogin:
    """Do the claims answer a login of ours, and may they? Uses up login and assertion.

    :param wanted: the level that the login asked for; None: it is for nothing here
    """
    login = work.sessions.take_login(claims.in_response_to, context.now())
    if login is None:
        return RefusedLogin("login_failed", "unknown-request")
    code = _fault(context, component_name, claims, login, browser_token)
    if code:
        return RefusedLogin("login_failed", code, login.solution)
    level, least = AssuranceLevel.named(claims.level), wanted(login)
    if level is None or least is None or level < least:
        return RefusedLogin("level_too_low", "level", login.solution)
    until = claims.not_after + CLOCK_SKEW
    if not work.sessions.remember_assertion(claims.issuer, claims.assertion_id, until):
        return RefusedLogin("login_failed", "replay", login.solution)
    return JudgedLogin(login, level)


def _fault(
    context: JourneyContext,
    component_name: str,
    claims: Claims,
    login: PendingLogin,
    browser_token: str,
) -> str:
    """The first thing wrong with the claims, as a code; empty when all is right."""
    now = context.now()
    component = context.municipality.named(IIdentity, component_name)
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
    at, level = claims.logged_in_at, AssuranceLevel.named(claims.level)
    if at is None or level is None:
        return False
    return now - CITIZEN_LIMITS[level].longest <= at <= now + CLOCK_SKEW
