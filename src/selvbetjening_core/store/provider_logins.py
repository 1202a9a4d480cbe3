"""The login at the provider that a session was made by: what a log-out needs of it.

The same for sessions of citizens and of staff, each in its own table.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import ProviderLogin
from selvbetjening_core.store.scope import Scope

_LOGIN, _PERSON, _FAREWELL = "login_name", "person_name", "farewell"


def columns_of(
    scope: Scope, table: sa.Table, token_hash: str, login: ProviderLogin
) -> dict[str, str | None]:
    """The columns of a new session: the provider's names as keyed hashes, the rest sealed."""
    found: dict[str, str | None] = {
        column: scope.login_index(login.issuer, column, name) if name else ""
        for column, name in ((_LOGIN, login.session), (_PERSON, login.subject))
    }
    farewell = login.farewell
    found[_FAREWELL] = scope.seal(table, token_hash, _FAREWELL, farewell) if farewell else None
    return found


def farewell_of(scope: Scope, table: sa.Table, token_hash: str) -> str:
    """What ending the login at the provider will take; empty for a session that is none."""
    row = scope.row(table, table.c.token_hash == token_hash)
    if row is None or row[_FAREWELL] is None:
        return ""
    return scope.open(table, token_hash, _FAREWELL, row[_FAREWELL])


def end_login(
    scope: Scope, table: sa.Table, issuer: str, sessions: Sequence[str], subject: str
) -> bool:
    """End what was made by these logins or, where none is named, by any of this person's."""
    if sessions:
        found = [scope.login_index(issuer, _LOGIN, one) for one in sessions if one]
        return scope.remove(table, table.c[_LOGIN].in_(found))
    if subject:
        index = scope.login_index(issuer, _PERSON, subject)
        return scope.remove(table, table.c[_PERSON] == index)
    return False
