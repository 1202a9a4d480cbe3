"""Web sessions, logins on their way, and assertions seen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import fields

import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    NOBODYS_LOGIN,
    PendingLogin,
    ProviderLogin,
    WebSession,
)
from selvbetjening_core.store.provider_logins import columns_of, end_login, farewell_of
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import pending_login, seen_assertion, web_session
from selvbetjening_core.values.case_json import identity_from_json, identity_to_json

_LOGIN_FIELDS = tuple(one.name for one in fields(PendingLogin))


class SqlSessions:
    """Sessions and logins of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, session: WebSession, login: ProviderLogin = NOBODYS_LOGIN) -> None:
        """Store a new session, and forget all that had run out when it began."""
        self._forget_run_out(session.created_at)
        token_hash = session.token_hash
        identity = identity_to_json(session.identity)
        self._scope.insert(
            web_session,
            {
                "token_hash": token_hash,
                "csrf_token": self._scope.seal(
                    web_session, token_hash, "csrf_token", session.csrf_token
                ),
                "identity": self._scope.seal_json(web_session, token_hash, "identity", identity),
                "created_at": session.created_at,
                "expires_at": session.expires_at,
                **columns_of(self._scope, web_session, token_hash, login),
            },
        )

    def get(self, token_hash: str, now: datetime.datetime) -> WebSession | None:
        """The session, or None if it is unknown or has run out."""
        row = self._scope.row(
            web_session, web_session.c.token_hash == token_hash, web_session.c.expires_at > now
        )
        if row is None:
            return None
        identity = self._scope.open_json(web_session, token_hash, "identity", row["identity"])
        return WebSession(
            token_hash=token_hash,
            csrf_token=self._scope.open(web_session, token_hash, "csrf_token", row["csrf_token"]),
            identity=identity_from_json(identity),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""
        self._scope.change(
            web_session, web_session.c.token_hash == token_hash, expires_at=expires_at
        )

    def remove(self, token_hash: str) -> None:
        """End a session. No error if there is none."""
        self._scope.remove(web_session, web_session.c.token_hash == token_hash)

    def farewell(self, token_hash: str) -> str:
        """What ending the login at the provider will take; empty for a session that is none."""
        return farewell_of(self._scope, web_session, token_hash)

    def end_login(self, issuer: str, sessions: Sequence[str], subject: str) -> bool:
        """End what was made by these logins at the provider, or by any of a person. Any there?"""
        return end_login(self._scope, web_session, issuer, sessions, subject)

    def add_login(self, login: PendingLogin) -> None:
        """Store a login that was begun."""
        self._scope.insert(pending_login, {name: getattr(login, name) for name in _LOGIN_FIELDS})

    def login_of(self, browser_hash: str, now: datetime.datetime) -> PendingLogin | None:
        """The login that was begun in this browser, left where it is; or None."""
        row = self._scope.row(
            pending_login,
            pending_login.c.browser_hash == browser_hash,
            pending_login.c.expires_at > now,
        )
        return None if row is None else _login(row)

    def take_login(self, request_id: str, now: datetime.datetime) -> PendingLogin | None:
        """Remove and return it; None if unknown, used before or run out."""
        this = pending_login.c.request_id == request_id
        row = self._scope.row(pending_login, this)
        # Of two that read the row, only one removes it.
        if row is None or not self._scope.remove(pending_login, this):
            return None
        login = _login(row)
        return login if login.expires_at > now else None

    def remember_assertion(self, issuer: str, assertion_id: str, until: datetime.datetime) -> bool:
        """First insert wins: False if the assertion was seen before (replay)."""
        return self._scope.try_insert(
            seen_assertion, {"issuer": issuer, "assertion_id": assertion_id, "until": until}
        )

    def _forget_run_out(self, now: datetime.datetime) -> None:
        self._scope.forget(web_session, web_session.c.expires_at <= now)
        self._scope.forget(pending_login, pending_login.c.expires_at <= now)
        self._scope.forget(seen_assertion, seen_assertion.c.until <= now)


def _login(row: sa.RowMapping) -> PendingLogin:
    return PendingLogin(**{name: row[name] for name in _LOGIN_FIELDS})
