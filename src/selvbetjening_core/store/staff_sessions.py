"""Sessions of staff: in a table of their own, never among those of citizens."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from selvbetjening_core.journey.records import NOBODYS_LOGIN, ProviderLogin, StaffSession
from selvbetjening_core.store.provider_logins import columns_of, end_login, farewell_of
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import staff_session as table
from selvbetjening_core.values import Staff, StaffRole


class SqlStaffSessions:
    """Sessions of staff of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, session: StaffSession, login: ProviderLogin = NOBODYS_LOGIN) -> None:
        """Store a new session, and forget all that had run out when it began."""
        self._scope.forget(table, table.c.expires_at <= session.created_at)
        key = session.token_hash
        self._scope.insert(
            table,
            {
                "token_hash": key,
                "csrf_token": self._scope.seal(table, key, "csrf_token", session.csrf_token),
                "staff": self._scope.seal_json(table, key, "staff", _staff_to_json(session.staff)),
                "created_at": session.created_at,
                "expires_at": session.expires_at,
                **columns_of(self._scope, table, key, login),
            },
        )

    def get(self, token_hash: str, now: datetime.datetime) -> StaffSession | None:
        """The session, or None if it is unknown or has run out."""
        row = self._scope.row(table, table.c.token_hash == token_hash, table.c.expires_at > now)
        if row is None:
            return None
        staff = self._scope.open_json(table, token_hash, "staff", row["staff"])
        return StaffSession(
            token_hash=token_hash,
            csrf_token=self._scope.open(table, token_hash, "csrf_token", row["csrf_token"]),
            staff=_staff_from_json(staff),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
        )

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""
        self._scope.change(table, table.c.token_hash == token_hash, expires_at=expires_at)

    def remove(self, token_hash: str) -> None:
        """End a session. No error if there is none."""
        self._scope.remove(table, table.c.token_hash == token_hash)

    def farewell(self, token_hash: str) -> str:
        """What ending the login at the provider will take; empty for a session that is none."""
        return farewell_of(self._scope, table, token_hash)

    def end_login(self, issuer: str, sessions: Sequence[str], subject: str) -> bool:
        """End what was made by these logins at the provider, or by any of a person. Any there?"""
        return end_login(self._scope, table, issuer, sessions, subject)


def _staff_to_json(staff: Staff) -> dict[str, Any]:
    return {
        "id": staff.id,
        "name": staff.name,
        "municipalities": sorted(staff.municipalities),
        "roles": sorted(staff.roles),
        "home": staff.home,
    }


def _staff_from_json(data: Mapping[str, Any]) -> Staff:
    return Staff(
        id=data["id"],
        name=data["name"],
        municipalities=frozenset(data["municipalities"]),
        # A role that is not here any more gives no right.
        roles=frozenset(role for role in StaffRole if role in data["roles"]),
        # Sessions from before there were agreements have none.
        home=data.get("home", ""),
    )
