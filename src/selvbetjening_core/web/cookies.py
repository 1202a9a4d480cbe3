"""Our cookies: their names, and how a browser is to keep them.

Over https every name begins with ``__Host-``: a browser then takes it only from this
very host, over https and for every path, so that no neighbour (another host of the
domain, or whoever sits on its plain http) can plant one. Only over plain http on this
machine itself is it left out, since no browser keeps such a cookie there.
"""

from __future__ import annotations

import hashlib
import re

from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.tenancy import host_name

HOST_PREFIX = "__Host-"
_LOOPBACK = re.compile(r"(.+\.)?localhost|127(\.\d{1,3}){3}", re.ASCII | re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def cookie_name(request: Request, name: str) -> str:
    """The name of a cookie of ours at this mount.

    Every cookie is sent to all paths of the host, so one of a mount below a path has a
    mark of that path: those of another mount are not ours to read.
    """
    mark = hashlib.sha256(request.mount.encode()).hexdigest()[:8]
    plain = f"selvbetjening-{name}-{mark}" if request.mount else f"selvbetjening-{name}"
    return plain if _is_plain(request) else HOST_PREFIX + plain


def form_cookie(request: Request) -> str:
    """The name of the cookie that ties a form to this browser before anybody logs in."""
    return cookie_name(request, "form")


def read_token(request: Request, name: str) -> str:
    """The token in a cookie; empty where there is none that we could have made."""
    found = request.cookies.get(name, "")
    return found if _TOKEN.fullmatch(found) else ""


def set_token(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser a cookie of ours: never read by scripts, never sent by another site."""
    _set(request, response, name, value)


def remove_token(request: Request, response: Response, name: str) -> None:
    """Take a cookie of ours from the browser, if it has sent it."""
    if name in request.cookies:
        _set(request, response, name, None)


def _set(request: Request, response: Response, name: str, value: str | None) -> None:
    # Removing (None) needs every attribute, too: without them no browser touches a
    # ``__Host-`` name.
    response.set_cookie(
        name,
        value,
        path="/",
        secure=not _is_plain(request),
        httponly=True,
        samesite="Lax",
    )


def _is_plain(request: Request) -> bool:
    """Plain http, on this machine itself.

    Wherever else a request seems to come over plain http, the cookie is made for https
    all the same: a browser that really has no https does not keep it.
    """
    return request.scheme == "http" and _LOOPBACK.fullmatch(host_name(request)) is not None
