"""Which municipality, and which language, a request is for.

Both come from the address alone: the municipality from a host or path prefix
that its file declares, the language from a path segment (none is Danish).
Never from a header, a query or a form.
"""

from __future__ import annotations

from collections.abc import Callable

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

DEFAULT_LANGUAGE = next(iter(LANGUAGES))


def includeme(config: Configurator) -> None:
    """Add the tween and the request's ``municipality``, ``locale``, ``mount``."""
    config.add_tween("selvbetjening_core.web.tenancy.tenancy_tween_factory")
    config.add_request_method(_journey, "journey", reify=True)
    config.add_subscriber(_refuse_unreadable_query, NewRequest)


def tenancy_tween_factory(handler: Handler, registry: object) -> Handler:
    """Before routing: find the municipality, and move its prefix out of the path."""
    composition: Composition = registry.site.composition  # type: ignore[attr-defined]

    def tenancy_tween(request: Request) -> Response:
        _make_readable(request)
        request.municipality, prefix = _find(composition, request)
        _move(request, prefix)
        request.mount = request.script_name
        request.locale = _language(request)
        return handler(request)

    return tenancy_tween


def switch_language(request: Request, locale: str) -> None:
    """Go on in ``locale``: for a request whose own address has no language."""
    request.locale = locale
    segment = "" if locale == DEFAULT_LANGUAGE else f"/{locale}"
    request.script_name = f"{request.mount}{segment}"


def _make_readable(request: Request) -> None:
    """Bytes of the path that are not UTF-8 become U+FFFD, which is in no address of ours."""
    path = request.environ["PATH_INFO"].encode("latin-1")
    request.path_info = path.decode("utf-8", "replace")


def _refuse_unreadable_query(event: NewRequest) -> None:
    try:
        _ = event.request.GET
    except UnicodeDecodeError:
        raise HTTPBadRequest from None


def _find(composition: Composition, request: Request) -> tuple[Municipality | None, str]:
    municipality = composition.by_host(request.domain)
    if municipality is not None:
        return municipality, ""
    if not composition.serves_prefixes(request.domain):
        return None, ""
    found = composition.by_prefix(request.path_info)
    return (found[1], found[0]) if found else (None, "")


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
    return JourneyContext(request.municipality, site.store, site.now, site.queue)
