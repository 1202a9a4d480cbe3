"""The blanks that citizens fill in and send along. They are the same for everybody."""

from __future__ import annotations

from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import FILES
from selvbetjening_core.errors import NotFound
from selvbetjening_core.forms.kinds.files import TEMPLATES, template_of
from selvbetjening_core.web.policy import PUBLIC


def includeme(config: Configurator) -> None:
    """Add the route. Who is not logged in may prepare, too."""
    config.add_route("template", f"/{{solution}}/{TEMPLATES}/{{field}}")
    config.add_view(template, route_name="template", request_method="GET", permission=PUBLIC)


def template(request: Request) -> Response:
    """The blank of a field, to be kept under its name.

    :raises NotFound: the field has none
    """
    solution = request.journey.offered(request.matchdict["solution"]).solution
    name = request.matchdict["field"]
    asked = (one for one in solution.every_field() if one.name == name and one.kind == FILES)
    field = next(asked, None)
    found = None if field is None else template_of(field)
    if found is None:
        raise NotFound("no such template")
    response = Response(found.file.read_bytes(), content_type=found.type.media_type)
    response.charset = None
    response.headers["Content-Disposition"] = _attachment(found.file.name)
    return response


def _attachment(name: str) -> str:
    """RFC 6266: the name in full, and in ASCII for who cannot read that."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
