"""What is counted, and how often it may be done.

Counted by address before anything of the request is read; by person and for the whole
municipality only once the view has found that the request may be served, so that nobody
uses up what is meant for those who may.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.viewderivers import INGRESS

from selvbetjening_core.composition.limits import ANONYMOUS, HOUR, MINUTE, Rate
from selvbetjening_core.journey.lookups import looks_up
from selvbetjening_core.values import Citizen, Guest
from selvbetjening_core.web.limits.client import client_address
from selvbetjening_core.web.limits.multipart import MULTIPART
from selvbetjening_core.web.limits.rates import Count
from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.sessions import session_token
from selvbetjening_core.web.without_login import is_without_login

View = Callable[[object, Request], Response]

COUNTED: Mapping[tuple[str, str], str] = {
    ("start", "POST"): "logins",
    ("staff-login", "POST"): "staff_logins",
    ("summary", "POST"): "submissions",
    ("message", "GET"): "messages",
    ("message", "POST"): "messages",
    ("staff-find", "POST"): "searches",
    ("resume", "POST"): "resume_codes",
}
"""What a request to a route does. At ``start`` who is logged in begins a draft, and so does
a guest, of whom nothing but the address is known. A step is counted only where files can
be sent along, or a register is asked about what is typed.

What staff do is counted by itself: citizens who share their address, or a flood of
logins, keep none of them from their work.
"""

_START = "start"
_STEP, _UPLOADS, _LOOKUPS = "step", "uploads", "lookups"
_BY_STAFF = "searches"
_BY_GUESTS = "guest_drafts"


class TooOften(Exception):
    """It was done too often of late. ``seconds``: until it can be done again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} seconds")
        self.seconds = seconds


def includeme(config: Configurator) -> None:
    """Count at every view; and the page for who comes too often."""
    config.add_view_deriver(by_address_view, "by_address", under=INGRESS, over="form")
    config.add_view_deriver(by_person_view, "by_person", under="level", over="rendered_view")
    config.add_exception_view(too_often, context=TooOften)


def by_address_view(view: View, info: Any) -> View:
    """A view deriver: hold whoever comes too often from one address."""
    if info.exception_only:
        return view

    def counted(context: object, request: Request) -> Response:
        kind = _kind(request)
        if kind:
            _take(request, _of_address(request, kind))
        return view(context, request)

    return counted


def by_person_view(view: View, info: Any) -> View:
    """A view deriver: hold one person, and a municipality with more than it can serve."""
    if info.exception_only:
        return view

    def counted(context: object, request: Request) -> Response:
        expected = _kind(request)
        if expected:
            kind = _found(request, expected)
            again = _of_address(request, kind) if kind != expected else []
            _take(request, [*again, *_of_person(request, kind), _of_all(request, kind)])
        return view(context, request)

    return counted


def too_often(exception: TooOften, request: Request) -> Response:
    """429: nothing is lost, and when to try again. The same page for everybody."""
    minutes = math.ceil(exception.seconds / MINUTE)
    word = "minute" if minutes == 1 else "minutes"
    told = request.texts.t(f"notice.too_often.{word}", count=minutes)
    response = notice_page(request, "too_often", status=429, minutes=told)
    response.headers["Retry-After"] = str(exception.seconds)
    return response


def _kind(request: Request) -> str:
    """What the request does that is counted, as far as it tells by itself; empty: nothing."""
    route = request.matched_route
    if route is None or request.municipality is None:
        return ""
    if route.name == _STEP and request.method == "POST":
        return _kind_of_answers(request)
    kind = COUNTED.get((route.name, request.method), "")
    if kind and route.name == _START and is_without_login(request):
        return _BY_GUESTS
    return "drafts" if route.name == _START and kind and session_token(request) else kind


def _kind_of_answers(request: Request) -> str:
    """What taking in the answers of a step costs others; empty: nobody."""
    if request.content_type == MULTIPART:
        # Each file has to be read, sealed and looked through.
        return _UPLOADS
    names = request.matchdict
    offered = request.municipality.solutions.get(names["solution"])
    step = offered.solution.step(names["step"]) if offered else None
    return _LOOKUPS if step is not None and looks_up(step) else ""


def _found(request: Request, expected: str) -> str:
    """What it does, now that it is known whether the browser's session still is one."""
    if request.matched_route.name != _START or expected == _BY_GUESTS:
        return expected
    return "drafts" if request.identity is not None else "logins"


def _of_address(request: Request, kind: str) -> list[Count]:
    address = client_address(request)
    if not address:
        return []
    return [_count(request, kind, f"address {address}", _rate(request, kind).address)]


def _of_person(request: Request, kind: str) -> list[Count]:
    if kind in ANONYMOUS:
        return []
    person = _staff_or_citizen(request, is_staff=kind == _BY_STAFF)
    return [_count(request, kind, f"person {person}", _rate(request, kind).person)]


def _staff_or_citizen(request: Request, *, is_staff: bool) -> str:
    if is_staff:
        return str(request.staff_session.staff.id)
    found: Citizen = request.identity
    return found.owner.text if isinstance(found, Guest) else found.cpr.reveal()


def _of_all(request: Request, kind: str) -> Count:
    return _count(request, kind, "all", _rate(request, kind).municipality, MINUTE)


def _rate(request: Request, kind: str) -> Rate:
    rate: Rate = request.municipality.file.rates[kind]
    return rate


def _count(request: Request, kind: str, whose: str, limit: int, seconds: int = HOUR) -> Count:
    return Count((request.municipality.file.code, kind, whose), limit, seconds)


def _take(request: Request, counts: list[Count]) -> None:
    wait = request.registry.site.rates.take(counts)
    if wait > 0:
        raise TooOften(math.ceil(wait))
