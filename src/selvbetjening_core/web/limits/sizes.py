"""How much of a request is read."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPRequestHeaderFieldsTooLarge
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.composition.limits import SizeLimits
from selvbetjening_core.web.pages import notice_page


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
    environ = request.environ
    address = len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", ""))
    # A host's server may put what is no text among them.
    headers = sum(len(name) + len(str(value)) for name, value in request.headers.items())
    if address + headers > size_limits(request).header_bytes:
        raise HTTPRequestHeaderFieldsTooLarge
