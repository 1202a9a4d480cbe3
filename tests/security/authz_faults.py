"""The faults of the item ``authz``: each takes one guard away, in this process alone."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from pyramid.request import Request
from pyramid.security import Allowed, Denied
from town import quiet

from selvbetjening_core.forms.kinds import person
from selvbetjening_core.journey import case, drafts, payments, submit
from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.web import app, draft, policy
from selvbetjening_core.web.staff import overview
from selvbetjening_core.web.views import health, home, intro, payment, receipt

FAULTS: Mapping[str, str] = {
    "unprotected-view": "the overview for staff is for everybody",
    "undeclared-view": "the receipt declares no permission, and nobody notices at the start",
    "case-of-anybody": "a receipt is loaded without a look at whose it is",
    "draft-of-anybody": "a draft is loaded without a look at whose it is",
    "level-unchecked": "nobody looks how surely a citizen is logged in",
    "role-unchecked": "anybody of the staff may do what needs a role",
    "staff-from-elsewhere": "a session of staff counts in every municipality",
    "citizen-from-elsewhere": "a citizen's session counts in every municipality",
    "session-run-out": "a session that has run out is still good",
    "route-without-line": "there is a route of which nothing is expected",
    "predictable-reference": "references are counted, not drawn",
    "anybodys-child": "nobody looks whose custody a child is in",
}

Patches = tuple[Any, ...]


@contextlib.contextmanager
def planted(fault: str) -> Iterator[None]:
    """Plant this fault; none if it is empty."""
    with contextlib.ExitStack() as stack:
        if fault:
            stack.enter_context(quiet())
        for patch in _PATCHES[fault]() if fault else ():
            stack.enter_context(patch)
        yield


def _unprotected() -> Patches:
    return (mock.patch.object(overview, "OPERATOR", policy.PUBLIC),)


def _undeclared() -> Patches:
    return (
        mock.patch.object(receipt, "CITIZEN", None),
        mock.patch.object(app, "report_undeclared"),
    )


def _case_of_anybody() -> Patches:
    def owned(self: SqlSubmissions, submission_id: str, _cpr: object) -> object:
        return self.get(submission_id)

    return (mock.patch.object(SqlSubmissions, "owned", owned),)


def _draft_of_anybody() -> Patches:
    def owned(context: Any, _identity: object, draft_id: str) -> object:
        with context.store.transaction(context.code) as work:
            return work.drafts.get(draft_id)

    return tuple(mock.patch.object(one, "owned", owned) for one in (draft, payment))


def _level_unchecked() -> Patches:
    def citizen_at(request: Request, _level: object) -> object:
        return policy.citizen(request)

    places = (policy, draft, intro, receipt, payment)
    return tuple(mock.patch.object(one, "citizen_at", citizen_at) for one in places)


def _role_unchecked() -> Patches:
    def permits(request: Request, permission: str) -> bool:
        return permission == policy.OPERATOR and request.staff_session is not None

    return _also(permits)


def _staff_from_elsewhere() -> Patches:
    def permits(request: Request, permission: str) -> bool:
        is_for_staff = permission in (policy.STAFF, policy.OPERATOR)
        return is_for_staff and _elsewhere(request, "staff_sessions") is not None

    return _also(permits)


def _citizen_from_elsewhere() -> Patches:
    def permits(request: Request, permission: str) -> bool:
        request.planted = _elsewhere(request, "sessions")
        return permission == policy.CITIZEN and request.planted is not None

    def citizen(request: Request) -> object:
        return request.identity or request.planted.identity

    places = (policy, payment, receipt)
    return (*_also(permits), *(mock.patch.object(one, "citizen", citizen) for one in places))


def _session_run_out() -> Patches:
    original = SqlSessions.get

    def get(self: SqlSessions, key: str, now: Any) -> object:
        return original(self, key, now.replace(year=2000))

    return (mock.patch.object(SqlSessions, "get", get),)


def _route_without_line() -> Patches:
    original = home.includeme

    def includeme(config: Any) -> None:
        original(config)
        config.add_route("forgotten", "/-/glemt")
        config.add_view(health.live, route_name="forgotten", permission=policy.PUBLIC)

    return (mock.patch.object(home, "includeme", includeme),)


def _predictable() -> Patches:
    numbers = itertools.count(1)

    def new_id() -> str:
        return f"{next(numbers):022d}"

    places = (drafts, submit, payments, case)
    return tuple(mock.patch.object(one, "new_id", new_id) for one in places)


def _anybodys_child() -> Patches:
    return (mock.patch.object(person, "_child_may", return_value=True),)


def _also(more: Callable[[Request, str], bool]) -> Patches:
    """The policy, which permits this, too."""
    original = policy.Policy.permits

    def permits(
        self: policy.Policy, request: Request, context: object, permission: str
    ) -> Allowed | Denied:
        found = original(self, request, context, permission)
        return Allowed("planted") if not found and more(request, permission) else found

    return (mock.patch.object(policy.Policy, "permits", permits),)


def _elsewhere(request: Request, kept: str) -> Any:
    """The session that the other municipality knows by any of the cookies."""
    site = request.registry.site
    with site.store.transaction("0751") as work:
        keys = (token_hash(token) for token in request.cookies.values())
        found = (getattr(work, kept).get(key, site.now()) for key in keys)
        return next(filter(None, found), None)


_PATCHES: Mapping[str, Callable[[], Patches]] = {
    "unprotected-view": _unprotected,
    "undeclared-view": _undeclared,
    "case-of-anybody": _case_of_anybody,
    "draft-of-anybody": _draft_of_anybody,
    "level-unchecked": _level_unchecked,
    "role-unchecked": _role_unchecked,
    "staff-from-elsewhere": _staff_from_elsewhere,
    "citizen-from-elsewhere": _citizen_from_elsewhere,
    "session-run-out": _session_run_out,
    "route-without-line": _route_without_line,
    "predictable-reference": _predictable,
    "anybodys-child": _anybodys_child,
}
