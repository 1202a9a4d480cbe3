"""Who may do what: denied by default; forms only from our own pages; safe headers."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import IO, Any
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import Allowed, Denied
from pyramid.viewderivers import INGRESS

from selvbetjening_core.errors import NotAllowed
from selvbetjening_core.forms.parse import MAX_BYTES, TooMuch, parse_form
from selvbetjening_core.values import Identity, StaffRole
from selvbetjening_core.web.sessions import cookie_name, cookie_path
from selvbetjening_core.web.staff.place import is_staff_address, need_staff_place
from selvbetjening_core.web.tenancy import MOUNT_SAFE, PATH_SAFE

CITIZEN = "citizen"
STAFF = "staff"
"""Anybody of the staff who is logged in, on a page for staff."""
OPERATOR = str(StaffRole.OPERATOR)
"""A member of staff who looks after deliveries."""
CSRF_FIELD = "csrf_token"
_CSRF_COOKIE = "form"
_FORM_TYPE = "application/x-www-form-urlencoded"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def includeme(config: Configurator) -> None:
    """Every view needs a citizen, and every form our token, unless it says otherwise."""
    config.set_request_factory(InMemoryRequest)
    config.set_security_policy(CitizenPolicy())
    config.set_default_permission(CITIZEN)
    config.add_view_deriver(form_view, "form", under=INGRESS)
    config.add_tween("selvbetjening_core.web.security.headers_tween_factory")
    config.add_request_method(_csrf_token, "csrf_token", reify=True)


class InMemoryRequest(Request):  # type: ignore[misc]  # Pyramid has no types
    """A request whose body is never written to a file: it holds a citizen's answers.

    Its addresses are right under any mount.
    """

    request_body_tempfile_limit = MAX_BYTES  # More is refused unread.

    @property
    def path(self) -> str:
        """As WebOb's, with the mount written in one way everywhere."""
        return quote(self.script_name, MOUNT_SAFE) + quote(self.path_info, PATH_SAFE)

    def route_url(self, route_name: str, *elements: str, **kw: Any) -> str:
        """As Pyramid's, as :attr:`path`."""
        kw.setdefault("_app_url", self.host_url + quote(self.script_name, MOUNT_SAFE))
        return str(super().route_url(route_name, *elements, **kw))

    def route_path(self, route_name: str, *elements: str, **kw: Any) -> str:
        """As :meth:`route_url`, without the host."""
        mount = quote(self.script_name, MOUNT_SAFE)
        return self.route_url(route_name, *elements, _app_url=mount, **kw)


class CitizenPolicy:
    """Pyramid's security policy: the citizen of the web session, or nobody.

    On the pages for staff there is no citizen; what the member of staff may do there is
    in the session of theirs.
    """

    def identity(self, request: Request) -> Identity | None:
        """The logged-in citizen."""
        session = request.web_session
        return session.identity if session else None

    def authenticated_userid(self, request: Request) -> str | None:
        """Never a CPR number: only whether there is somebody."""
        return CITIZEN if self.identity(request) else None

    def permits(self, request: Request, context: object, permission: str) -> Allowed | Denied:
        """A citizen may use the pages for citizens, staff those for their role; no more."""
        if permission == CITIZEN and self.identity(request) is not None:
            return Allowed("logged in")
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


def citizen(request: Request) -> Identity:
    """The logged-in citizen.

    :raises NotAllowed: nobody is
    """
    if request.identity is None:
        raise NotAllowed("forbidden")
    found: Identity = request.identity
    return found


def form_view(view: Callable[..., Response], info: Any) -> Callable[..., Response]:
    """A view deriver: read the form within limits, and check where it came from.

    Holds for every unsafe method of every view; only a view that declares
    ``from_outside=True`` (messages) reads its own body. Pages about errors are
    shown whatever was sent.
    """
    if info.options.get("from_outside") or info.exception_only:
        return view

    def checked(context: object, request: Request) -> Response:
        request.form = ()
        if "\0" in request.path_info or "%00" in request.query_string:
            # Not every database can look for it.
            raise HTTPNotFound
        if is_staff_address(request):
            need_staff_place(request)
        if request.method not in _SAFE_METHODS:
            request.form = _read_form(request)
            _check_origin(request)
            _check_token(request)
        return view(context, request)

    return checked


form_view.options = ("from_outside",)  # type: ignore[attr-defined]  # Pyramid's protocol


def headers_tween_factory(
    handler: Callable[[Request], Response],
    registry: object,  # noqa: ARG001 - Pyramid passes it to every tween factory
) -> Callable[[Request], Response]:
    """Safe headers on every answer, whatever it is."""

    def headers_tween(request: Request) -> Response:
        response = handler(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.scheme == "https":
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    return headers_tween


def read_body(request: Request) -> bytes:
    """The body, within limits. Not every server tells its length before it is read.

    :raises HTTPRequestEntityTooLarge: it is longer; no more than that was read
    """
    length = request.content_length
    if length is None:
        body = _read_until(request.body_file, MAX_BYTES + 1)
    else:
        body = request.body if length <= MAX_BYTES else b""
    if max(length or 0, len(body)) > MAX_BYTES:
        raise HTTPRequestEntityTooLarge
    return body


def _read_until(file: IO[bytes], limit: int) -> bytes:
    found = bytearray()
    while len(found) < limit:
        part = file.read(limit - len(found))
        if not part:
            break
        found += part
    return bytes(found)


def _read_form(request: Request) -> tuple[tuple[str, str], ...]:
    if request.content_type != _FORM_TYPE:
        raise HTTPBadRequest
    body = read_body(request)
    try:
        return parse_form(body)
    except TooMuch:
        raise HTTPRequestEntityTooLarge from None
    except ValueError:
        raise HTTPBadRequest from None


def _check_origin(request: Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url:
        raise NotAllowed("form_expired")


def _check_token(request: Request) -> None:
    sent = dict(request.form).get(CSRF_FIELD, "")
    expected = _expected_token(request)
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        is_known = request.identity or request.staff_session
        nobody = "staff_forbidden" if is_staff_address(request) else "forbidden"
        raise NotAllowed("form_expired" if is_known else nobody)


def _expected_token(request: Request) -> str:
    session = request.web_session or request.staff_session
    if session is not None:
        return str(session.csrf_token)
    found: str = request.cookies.get(cookie_name(request, _CSRF_COOKIE), "")
    return found


def _csrf_token(request: Request) -> str:
    """The token for the forms of this page.

    Logged in, it belongs to the session. Before that it is a random cookie
    that the form repeats, made when a page first has a form.
    """
    found = _expected_token(request)
    if found:
        return found
    token = secrets.token_urlsafe(32)

    def give(request: Request, response: Response) -> None:
        response.set_cookie(
            cookie_name(request, _CSRF_COOKIE),
            token,
            path=cookie_path(request),
            secure=request.scheme == "https",
            httponly=True,
            samesite="Lax",
        )

    request.add_response_callback(give)
    return token
