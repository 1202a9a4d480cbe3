"""Which municipality, and which language, a request is for.

Both come from the address alone: the municipality from a host or path prefix
that its file declares, the language from a path segment (none is Danish).
Never from a header, a query or a form. Mounted in another site, the path of the
mount (``SCRIPT_NAME``) is part of the path that a prefix is looked for in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.composition.stack import Composition, Municipality
from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.texts import LANGUAGES

Handler = Callable[[Request], Response]

_HOST = re.compile(r"([a-z0-9.-]+)(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
DEFAULT_LANGUAGE = next(iter(LANGUAGES))
# What a path may hold as it is (RFC 3986).
PATH_SAFE = "/~!$&'()*+,;=:@"
# A mount is the path of a cookie, too, whose attributes these would end.
MOUNT_SAFE = PATH_SAFE.replace(",", "").replace(";", "")


def includeme(config: Configurator) -> None:
    """Add the tween and the request's ``municipality``, ``locale``, ``mount``."""
    config.add_tween("selvbetjening_core.web.tenancy.tenancy_tween_factory")
    config.add_request_method(_journey, "journey", reify=True)
    config.add_subscriber(_refuse_unreadable_query, NewRequest)


def tenancy_tween_factory(handler: Handler, registry: object) -> Handler:
    """Before routing: find the municipality, and move its prefix out of the path."""
    composition: Composition = registry.site.composition  # type: ignore[attr-defined]

    def tenancy_tween(request: Request) -> Response:
        place(composition, request)
        return handler(request)

    return tenancy_tween


def place(composition: Composition, request: Request) -> None:
    """Tell a request its municipality and its language; both are moved out of its path."""
    _make_readable(request)
    request.municipality, prefix = _find(composition, request)
    _move(request, prefix)
    request.mount = request.script_name
    request.locale = _language(request)


def mount_path(request: Request) -> str:
    """Where this municipality is mounted, as a browser writes it: no slash at the end."""
    return quote(request.mount, MOUNT_SAFE)


def addressed(composition: Composition, request: Request) -> Municipality | None:
    """The municipality that a request is for, before anything is moved in its path."""
    _make_readable(request)
    return _find(composition, request)[0]


def host_name(request: Request) -> str:
    """The host that a request is for, without port; empty where it is none.

    Addresses are made with the whole header. ``ours:@theirs`` is read as theirs by
    every browser, and as ours by whoever looks for the colon alone.
    """
    found = _HOST.fullmatch(request.host)
    return found.group(1) if found else ""


def switch_language(request: Request, locale: str) -> None:
    """Go on in ``locale``: for a request whose own address has no language."""
    request.locale = locale
    segment = "" if locale == DEFAULT_LANGUAGE else f"/{locale}"
    request.script_name = f"{request.mount}{segment}"


def _make_readable(request: Request) -> None:
    """Bytes of the path that are not UTF-8 become U+FFFD, which is in no address of ours.

    The slash between mount and path belongs to the path, wherever the server put it.
    """
    mount, path = (_decoded(request.environ.get(name, "")) for name in ("SCRIPT_NAME", "PATH_INFO"))
    request.script_name = mount.rstrip("/")
    request.path_info = path if path.startswith("/") else f"/{path}"


def _decoded(path: str) -> str:
    return path.encode("latin-1").decode("utf-8", "replace")


def _refuse_unreadable_query(event: NewRequest) -> None:
    try:
        _ = event.request.GET
    except UnicodeDecodeError:
        raise HTTPBadRequest from None


def _find(composition: Composition, request: Request) -> tuple[Municipality | None, str]:
    host = host_name(request)
    municipality = composition.by_host(host)
    if municipality is not None:
        return municipality, ""
    if not composition.serves_prefixes(host):
        return None, ""
    mount = request.script_name
    found = composition.by_prefix(mount + request.path_info)
    # The part of the prefix that the mount has not taken from the path already.
    return (found[1], found[0][len(mount) :]) if found else (None, "")


def _language(request: Request) -> str:
    first = request.path_info.split("/")[1] if request.path_info.startswith("/") else ""
    if first in LANGUAGES and first != DEFAULT_LANGUAGE:
        _move(request, f"/{first}")
        return first
    return DEFAULT_LANGUAGE


def _move(request: Request, prefix: str) -> None:
    request.script_name += prefix
    request.path_info = request.path_info[len(prefix) :] or "/"


def _journey(request: Request) -> JourneyContext:
    if request.municipality is None:
        raise NotFound("no municipality has this address")
    site = request.registry.site
    announce = request.registry.meter.announcing(site.announce)
    return JourneyContext(
        request.municipality, site.store, site.now, site.queue, announce, site.files
    )
