"""Who may do what: nobody, until a view says who.

Every view declares its ``permission``, and one for citizens also its least assurance
``level``: :mod:`selvbetjening_core.web.declared` refuses to start where one does not.
Whose object it is, is checked where the object is loaded.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED, Allowed, Denied

from selvbetjening_core.definitions.demands import (
    Demand,
    demand_of_answers,
    demand_of_sending,
    demand_of_step,
)
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
    STEP = "step"
    """That of the step in the address, which may be more than that of its solution."""
    ANSWERS = "answers"
    """That which it takes to see all answers to the solution in the address."""
    SENDING = "sending"
    """That which it takes to send what the solution in the address asks for, and no older."""
    PAYING = "paying"
    """As ``SENDING``, however long ago they logged in: what is accepted is paid in peace."""
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


class LogInAgain(NotAllowed):
    """Whoever is logged in is who they were, and more is asked of their login.

    :param level: the least level of the new one
    """

    def __init__(self, reason: str, level: AssuranceLevel) -> None:
        super().__init__(reason)
        self.level = level


def need_login(request: Request, demand: Demand, least: AssuranceLevel | None) -> None:
    """:raises NotAllowed: nobody is logged in, or not as ``demand`` says

    :param least: what the solution takes; who has that and no more logs in again
    :raises LogInAgain: the login is not sure enough, or too old, for just this
    """
    found = citizen_at(request, least)
    if demand.level is None:
        return
    if not is_sure_enough(found, demand.level):
        raise LogInAgain("step_up", demand.level)
    if not is_recent_enough(found, demand.minutes, request.journey.now()):
        raise LogInAgain("login_too_old", demand.level)


def is_recent_enough(one: Citizen, minutes: int, now: datetime.datetime) -> bool:
    """Is it no longer ago that they logged in? 0 minutes: it does not matter."""
    if not minutes or isinstance(one, Guest):
        return not minutes
    return now - one.logged_in_at <= datetime.timedelta(minutes=minutes)


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
        elif isinstance(level, AssuranceLevel):
            citizen_at(request, level)
        else:
            solution = _solution(request)
            need_login(request, _demand(request, solution, level), solution.level)
        return view(context, request)

    return checked


level_view.options = ("level",)  # type: ignore[attr-defined]  # Pyramid's protocol


def _demand(request: Request, solution: Solution, level: LevelOf) -> Demand:
    if level is LevelOf.ANSWERS:
        return demand_of_answers(solution)
    if level in (LevelOf.SENDING, LevelOf.PAYING):
        demand = demand_of_sending(solution)
        return demand if level is LevelOf.SENDING else Demand(demand.level)
    step = solution.step(request.matchdict["step"]) if level is LevelOf.STEP else None
    # A step that there is not is not found by the view.
    return Demand(solution.level) if step is None else demand_of_step(solution, step)


def _solution(request: Request) -> Solution:
    found: Solution = request.journey.offered(request.matchdict["solution"]).solution
    return found
