"""Forms come from our own pages: checked for every unsafe method.

The token is the session's. Before anybody has logged in it is a random cookie that
the form repeats, made when a page first has a form. Beside the token, whatever the
browser tells of where the form was sent from must be us.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import NotAllowed
from selvbetjening_core.journey.records import StaffSession, WebSession
from selvbetjening_core.web.cookies import form_cookie, read_token, set_token
from selvbetjening_core.web.staff.place import is_staff_address
from selvbetjening_core.web.without_login import is_without_login

log = logging.getLogger(__name__)

CSRF_FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""They change nothing, so nobody gains by making a browser send them."""
_FORMS_OF_ANYBODY = frozenset({"start", "resume"})
"""Routes whose forms need no session: without a token the page is old, or cookies are off."""
_OUR_PAGES = frozenset({"same-origin", "none"})
_HTTPS_IS_HIDDEN = (
    "A form at %s was refused: a browser sent it from https://%s, and the web server tells the"
    " application http. Where TLS ends in front of it, every form is refused until that is"
    " said: start `selvbetjening serve` with --https; or, mounted in a site, let the site's"
    " server set wsgi.url_scheme to https (Werkzeug: ProxyFix with x_proto=1; waitress:"
    " url_scheme=https)."
)
_MOST_HOSTS_TOLD = 100
_hosts_told: set[str] = set()


def includeme(config: Configurator) -> None:
    """Add ``request.csrf_token``."""
    config.add_request_method(_csrf_token, "csrf_token", reify=True)
    config.add_request_method(_is_left, "is_left", reify=True)


class FormToken:
    """``request.csrf_token``, for a page: made when a form of the page is written out.

    A page without a form gives the browser no cookie.
    """

    __slots__ = ("_request",)

    def __init__(self, request: Request) -> None:
        self._request = request

    def __str__(self) -> str:
        return str(self._request.csrf_token)


def check_form(request: Request) -> None:
    """Was the form that was sent made by us, for this browser, as it is logged in now?

    :raises NotAllowed: it was not, or one cannot tell
    """
    _check_origin(request)
    _check_token(request)


def leave(request: Request) -> None:
    """The page to come is for nobody: nothing of the session, nor of its forms, is on it."""
    request.web_session = request.staff_session = None
    request.is_left = True


def _check_origin(request: Request) -> None:
    """A browser tells the origin with every form; an old one, at least the page.

    Where none of them is told, no page of another site can have sent it.
    """
    origin = told_origin(request.environ)
    if not is_ours(origin, request.host_url):
        _tell_of_hidden_https(request, origin)
    if not is_from_us(request.environ, request.host_url):
        raise NotAllowed("form_expired")


def is_from_us(environ: Mapping[str, Any], host_url: str) -> bool:
    """Does all that the browser tells say that the form was sent from a page of ours?

    :param host_url: our own address, scheme and host
    """
    fetched = environ.get("HTTP_SEC_FETCH_SITE", "none")
    return fetched in _OUR_PAGES and is_ours(told_origin(environ), host_url)


def told_origin(environ: Mapping[str, Any]) -> str | None:
    """The origin that the browser tells, at least with the page's address; None: it does not."""
    origin: str | None = environ.get("HTTP_ORIGIN")
    return _origin_of(environ.get("HTTP_REFERER")) if origin is None else origin


def is_ours(origin: str | None, host_url: str) -> bool:
    """Is nothing told, or that it is us?"""
    return origin is None or origin == host_url.lower()


def _tell_of_hidden_https(request: Request, origin: str | None) -> None:
    """Once for each host: nothing else tells the operator why every form is refused.

    The citizen's page says what it always says. The hosts are declared ones, but their
    ports are the sender's, so no more are remembered than a few.
    """
    host = request.host.lower()
    is_hidden = request.scheme == "http" and origin == f"https://{host}"
    if is_hidden and host not in _hosts_told and len(_hosts_told) < _MOST_HOSTS_TOLD:
        _hosts_told.add(host)
        log.warning(_HTTPS_IS_HIDDEN, host, host)


def _origin_of(address: str | None) -> str | None:
    """The origin of a page's address; one that cannot be read is nobody's."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def _check_token(request: Request) -> None:
    sent = dict(request.form).get(CSRF_FIELD, "")
    expected = _expected_token(request)
    if not is_token(sent, expected):
        raise NotAllowed(_nobody(request) if _session(request) is None else "form_expired")


def _nobody(request: Request) -> str:
    """What is told whoever sends a form and has no session, as the name of a text."""
    if is_staff_address(request):
        return "staff_forbidden"
    route = request.matched_route
    if route is not None and route.name in _FORMS_OF_ANYBODY:
        return "form_expired"
    return "guest_forbidden" if is_without_login(request) else "forbidden"


def is_token(sent: str, expected: str) -> bool:
    """Is what was sent the token that is expected? Never where none is."""
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


def _expected_token(request: Request) -> str:
    session = _session(request)
    if session is not None:
        return str(session.csrf_token)
    return "" if request.is_left else read_token(request, form_cookie(request))


def _session(request: Request) -> WebSession | StaffSession | None:
    """Whose forms they are; a view that does not ask for the session has nobody's."""
    if not request.may_use_session:
        return None
    found: WebSession | StaffSession | None = request.web_session or request.staff_session
    return found


def _csrf_token(request: Request) -> str:
    """The token for the forms of this page."""
    found = _expected_token(request)
    if found:
        return found
    token = secrets.token_urlsafe(32)

    def give(request: Request, response: Response) -> None:
        set_token(request, response, form_cookie(request), token)

    request.add_response_callback(give)
    return token


def _is_left(request: Request) -> bool:  # noqa: ARG001 - Pyramid's signature
    return False
