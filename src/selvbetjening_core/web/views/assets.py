"""Style sheets, scripts and pictures of the municipality's theme."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import FileResponse, Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.web.pages import static_file, static_folders


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("asset", "/-/static/{path:.+}")
    config.add_view(
        asset, route_name="asset", request_method="GET", permission=NO_PERMISSION_REQUIRED
    )


def asset(request: Request) -> Response:
    """The file: the municipality's own, else the theme's, else that of the one it extends."""
    name = request.matchdict["path"]
    own = static_file(request.municipality, name)
    if own is not None:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return _kept(Response(own, content_type=media_type))
    for folder in static_folders(request.municipality):
        file = _inside(folder, name)
        if file is not None:
            return _kept(FileResponse(str(file), request=request))
    raise HTTPNotFound


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "max-age=3600"
    return response


def _inside(folder: Path, name: str) -> Path | None:
    try:
        file = (folder / name).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (ValueError, OSError):
        # No file can be called that: a NUL character, or too long.
        return None
