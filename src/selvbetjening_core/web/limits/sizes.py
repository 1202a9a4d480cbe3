"""How much of a request is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPRequestHeaderFieldsTooLarge
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.composition.limits import SizeLimits
from selvbetjening_core.web.pages import notice_page

# The headers that WSGI calls without "HTTP_".
_UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")


def includeme(config: Configurator) -> None:
    """Look at the headers of every request before anything else does."""
    config.add_subscriber(_check_headers, NewRequest)
    config.add_exception_view(headers_too_large, context=HTTPRequestHeaderFieldsTooLarge)


def size_limits(request: Request) -> SizeLimits:
    """What the installation says."""
    sizes: SizeLimits = request.registry.site.composition.plan.installation.limits.sizes
    return sizes


def headers_too_large(request: Request) -> Response:
    """431: more headers than are read. Cookies of others are what makes them long."""
    return notice_page(request, "headers_too_large", status=431)


def _check_headers(event: NewRequest) -> None:
    request = event.request
    if header_size(request.environ) > size_limits(request).header_bytes:
        raise HTTPRequestHeaderFieldsTooLarge


def header_size(environ: Mapping[str, Any]) -> int:
    """How long the address and the headers of a request are together."""
    total = len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", ""))
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            # A host's server may put what is no text among them.
            total += len(name) - 5 + len(str(value))
        elif name in _UNPREFIXED:
            total += len(name) + len(str(value))
    return total
