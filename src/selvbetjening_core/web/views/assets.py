"""Style sheets, scripts and pictures of the municipality's theme."""

from __future__ import annotations

from pathlib import Path

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import FileResponse, Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.web.pages import static_folders


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("asset", "/-/static/{path:.+}")
    config.add_view(
        asset, route_name="asset", request_method="GET", permission=NO_PERMISSION_REQUIRED
    )


def asset(request: Request) -> Response:
    """The file, from the theme or from the one it extends."""
    for folder in static_folders(request.municipality):
        file = _inside(folder, request.matchdict["path"])
        if file is not None:
            response = FileResponse(str(file), request=request)
            response.headers["Cache-Control"] = "max-age=3600"
            return response
    raise HTTPNotFound


def _inside(folder: Path, name: str) -> Path | None:
    try:
        file = (folder / name).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (ValueError, OSError):
        # No file can be called that: a NUL character, or too long.
        return None
