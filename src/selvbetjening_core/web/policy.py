"""Who may do what: nobody, until a view says who.

Every view declares its ``permission``, and one for citizens also its least assurance
``level``: :mod:`selvbetjening_core.web.declared` refuses to start where one does not.
Whose object it is, is checked where the object is loaded.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, Allowed, Denied

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.errors import NotAllowed
from selvbetjening_core.values import AssuranceLevel, Citizen, Guest, Identity, StaffRole
from selvbetjening_core.web.watchers import need_watcher
from selvbetjening_core.web.without_login import is_without_login

PUBLIC = NO_PERMISSION_REQUIRED
"""Anybody, logged in or not."""
CITIZEN = "citizen"
"""A citizen who is logged in; the view says how surely, by its ``level``.

In a solution without login a guest with a session, where the level is that of the solution.
"""
STAFF = "staff"
"""Anybody of the staff who is logged in, on a page for staff."""
OPERATOR = str(StaffRole.OPERATOR)
"""A member of staff who looks after deliveries."""
AUDITOR = str(StaffRole.AUDITOR)
"""A member of staff who sees who has seen what."""
WATCHER = "watcher"
"""Whoever sends the token of those who watch the site."""
NOBODY = "nobody"
"""What a view has that declares nothing: nobody is ever let in."""
PERMISSIONS = frozenset({PUBLIC, CITIZEN, STAFF, OPERATOR, AUDITOR, WATCHER})
"""All that a view may declare."""


class LevelOf(enum.StrEnum):
    """Where the least assurance level of a view is taken from, if not from the view."""

    SOLUTION = "solution"
    """That of the solution in the address."""
    CASE = "case"
    """That which the case was sent with: checked where the case is loaded."""


Level = AssuranceLevel | LevelOf


def includeme(config: Configurator) -> None:
    """Let nobody in where a view does not say otherwise."""
    config.set_security_policy(Policy())
    config.set_default_permission(NOBODY)
    config.add_view_deriver(level_view, "level")


class Policy:
    """Pyramid's security policy: the citizen of the web session, or nobody.

    On the pages for staff there is no citizen; what the member of staff may do there is
    in the session of theirs.
    """

    def identity(self, request: Request) -> Citizen | None:
        """The logged-in citizen; on the pages of a solution without login, the guest."""
        session = request.web_session
        return session.identity if session else None

    def authenticated_userid(self, request: Request) -> str | None:
        """Never a CPR number: only whether there is somebody."""
        return CITIZEN if self.identity(request) else None

    def permits(self, request: Request, context: object, permission: str) -> Allowed | Denied:
        """A citizen may use the pages for citizens, staff those for their role; no more."""
        if permission == CITIZEN and self.identity(request) is not None:
            return Allowed("logged in")
        if permission == WATCHER:
            need_watcher(request)
            return Allowed("has the token")
        session = request.staff_session
        is_staff = session is not None and permission == STAFF
        if is_staff or (session is not None and permission in session.staff.roles):
            return Allowed("logged in as staff")
        return Denied("not logged in")

    def remember(self, request: Request, userid: str, **kwargs: Any) -> list[tuple[str, str]]:
        """Not used: sessions are made by logging in."""
        return []

    def forget(self, request: Request, **kwargs: Any) -> list[tuple[str, str]]:
        """Not used: sessions are ended by logging out."""
        return []


def citizen(request: Request) -> Citizen:
    """The logged-in citizen, or the guest.

    :raises NotAllowed: there is none
    """
    if request.identity is None:
        raise NotAllowed("guest_forbidden" if is_without_login(request) else "forbidden")
    found: Citizen = request.identity
    return found


def logged_in(request: Request) -> Identity:
    """The citizen who is logged in. Never a guest.

    :raises NotAllowed: nobody is
    """
    found = citizen(request)
    if isinstance(found, Guest):
        raise NotAllowed("forbidden")
    return found


def citizen_at(request: Request, level: AssuranceLevel | None) -> Citizen:
    """The logged-in citizen, if the login is sure enough; the guest, where nobody logs in.

    :raises NotAllowed: nobody is logged in, or not surely enough
    """
    found = citizen(request)
    if not is_sure_enough(found, level):
        raise NotAllowed("level_too_low")
    return found


def is_sure_enough(one: Citizen, level: AssuranceLevel | None) -> bool:
    """Is the login sure enough for what needs ``level``? None: nobody logs in.

    A guest is enough for that and for nothing else; and there nobody counts as logged in.
    """
    if level is None or isinstance(one, Guest):
        return level is None and isinstance(one, Guest)
    return one.level >= level


def level_view(view: Callable[..., Response], info: Any) -> Callable[..., Response]:
    """A view deriver: nobody gets as far as the view who is not logged in surely enough."""
    level: Level | None = info.options.get("level")
    if level is None:
        return view

    def checked(context: object, request: Request) -> Response:
        if level == LevelOf.CASE:
            logged_in(request)
        else:
            citizen_at(request, _least(request, level))
        return view(context, request)

    return checked


level_view.options = ("level",)  # type: ignore[attr-defined]  # Pyramid's protocol


def _least(request: Request, level: Level) -> AssuranceLevel | None:
    if isinstance(level, AssuranceLevel):
        return level
    solution: Solution = request.journey.offered(request.matchdict["solution"]).solution
    return solution.level
