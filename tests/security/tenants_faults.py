"""The faults of the item ``tenants``: each takes one wall away, in this process alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

import sqlalchemy as sa
from pyramid.request import Request

from selvbetjening_core.composition import staff_agreements
from selvbetjening_core.store.crypto import Cell, KeyRing
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.staff_sessions import SqlStaffSessions
from selvbetjening_core.web import tenancy

FAULTS: Mapping[str, str] = {
    "filter-removed": "no statement of the application names the municipality",
    "policy-dropped": "one table of PostgreSQL has no policy",
    "owner-exempt": "row-level security does not hold for the role that owns the tables",
    "role-bypasses": "the application logs in as the server's administrator",
    "cookie-everywhere": "a session of one municipality is good in the others",
    "place-left-out": "the associated data of a sealed value leave out the municipality",
    "one-key-for-all": "all municipalities have one key",
    "one-index-for-all": "a CPR number has the same index in every municipality",
    "host-from-header": "the municipality is that of the header X-Forwarded-Host",
    "one-sided-agreement": "one file is enough to let in another municipality's staff",
}
IN_DATABASE = frozenset({"policy-dropped", "owner-exempt", "role-bypasses"})
"""Those that are planted where the database is made."""

_DROP = (
    "DROP POLICY municipality_apart ON delivery",
    "ALTER TABLE delivery DISABLE ROW LEVEL SECURITY",
)


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        for patch in _PATCHES[fault]() if fault in _PATCHES else ():
            stack.enter_context(patch)
        yield


def spoil(fault: str, engine: sa.Engine) -> None:
    """Plant what is wrong with the tables."""
    statements = {
        "policy-dropped": _DROP,
        "owner-exempt": ("ALTER TABLE submission NO FORCE ROW LEVEL SECURITY",),
    }.get(fault, ())
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def without_filter() -> Any:
    """No statement of ours is about one municipality."""
    return mock.patch.object(Scope, "here", return_value=sa.true())


def _cookie_everywhere() -> tuple[Any, ...]:
    return tuple(
        mock.patch.object(kind, "get", _anywhere(kind)) for kind in (SqlSessions, SqlStaffSessions)
    )


def _anywhere(kind: Any) -> Callable[..., Any]:
    original = kind.get

    def get(self: Any, token_hash: str, now: Any) -> Any:
        for code in (self._scope.municipality, "0751", "0773"):
            there = Scope(self._scope.keys, code, self._scope.connection)
            found = original(kind(there), token_hash, now)
            if found is not None:
                return found
        return None

    return get


def _place_left_out() -> tuple[Any, ...]:
    return (mock.patch.object(Cell, "associated_data", lambda self: self.field.encode()),)


def _one_key() -> tuple[Any, ...]:
    derive: Callable[..., bytes] = KeyRing._derive
    return (
        mock.patch.object(KeyRing, "_derive", lambda ring, _, *rest: derive(ring, "0000", *rest)),
    )


def _one_index() -> tuple[Any, ...]:
    hidden: Callable[..., str] = KeyRing._hidden
    return (
        mock.patch.object(KeyRing, "_hidden", lambda ring, _, *rest: hidden(ring, "0000", *rest)),
    )


def _host_from_header() -> tuple[Any, ...]:
    original = tenancy.host_name

    def host_name(request: Request) -> str:
        return request.headers.get("X-Forwarded-Host") or original(request)

    return (mock.patch.object(tenancy, "host_name", host_name),)


def _one_sided() -> tuple[Any, ...]:
    def agreed(file: Any, _files: object) -> Any:
        return file.staff_from.items()

    return (mock.patch.object(staff_agreements, "_agreed", agreed),)


_PATCHES: Mapping[str, Callable[[], tuple[Any, ...]]] = {
    "filter-removed": lambda: (without_filter(),),
    "cookie-everywhere": _cookie_everywhere,
    "place-left-out": _place_left_out,
    "one-key-for-all": _one_key,
    "one-index-for-all": _one_index,
    "host-from-header": _host_from_header,
    "one-sided-agreement": _one_sided,
}
