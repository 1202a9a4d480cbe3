"""Style sheets, scripts and pictures of the municipality's theme."""

from __future__ import annotations

import mimetypes

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import FileResponse, Response

from selvbetjening_core.web.policy import PUBLIC

_FOR_GOOD = "max-age=31536000, immutable"
_FOR_AN_HOUR = "max-age=3600"
_NOT = "no-cache"


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("asset", "/-/static/{path:.+}")
    config.add_view(
        asset, route_name="asset", request_method="GET", permission=PUBLIC, cacheable=True
    )


def asset(request: Request) -> Response:
    """The file: the municipality's own, else the theme's, else that of the one it extends."""
    name = request.matchdict["path"]
    files = request.registry.looks.static(request.municipality)
    found = files.find(name)
    if found is None:
        raise HTTPNotFound
    if isinstance(found, bytes):
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(found, content_type=media_type)
    else:
        response = FileResponse(str(found), request=request)
    response.headers["Cache-Control"] = _kept(request.GET.get("v"), files.version(name))
    return response


def _kept(asked: str | None, version: str) -> str:
    """How long a browser keeps the file: for good at the address with its version.

    Style sheets name files without one. Another version is asked for while one
    process has been upgraded and another has not: this is not that file.
    """
    if asked is None:
        return _FOR_AN_HOUR
    return _FOR_GOOD if asked == version else _NOT
