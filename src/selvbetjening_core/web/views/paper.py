"""The form on paper, to be printed: it is the same for everybody."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.bounded import Bounded
from selvbetjening_core.errors import NotFound
from selvbetjening_core.interfaces import IPaperForm
from selvbetjening_core.paper import paper_form
from selvbetjening_core.values import Document
from selvbetjening_core.web.policy import PUBLIC

_CACHE = "selvbetjening.paper_forms"
_MOST_KEPT = 100
"""Making one takes the processor for a moment, and anybody may ask: so it is kept."""


def includeme(config: Configurator) -> None:
    """Add the route. Who cannot log in is whom it is for."""
    config.registry[_CACHE] = Bounded[object, Document](_MOST_KEPT)
    config.add_route("paper", "/{solution}/blanket")
    config.add_view(paper, route_name="paper", request_method="GET", permission=PUBLIC)


def paper_url(request: Request, solution: str) -> str:
    """Where the form can be fetched; empty where nothing here can print one."""
    if _printer(request, solution) is None:
        return ""
    path: str = request.route_path("paper", solution=solution)
    return path


def paper(request: Request) -> Response:
    """The form, with the prices of today.

    :raises NotFound: nothing here can print one
    """
    context, locale = request.journey, request.locale
    offered = context.offered(request.matchdict["solution"])
    printer = _printer(request, offered.solution.name)
    if printer is None:
        raise NotFound("no component here prints forms")

    def made() -> Document:
        file = request.municipality.file
        return printer.print_out(paper_form(file, offered, context.kinds, locale, context.today))

    key = (context.code, offered.solution.name, offered.solution.sha256, locale, context.today)
    document = request.registry[_CACHE].made(key, made)
    response = Response(document.content, content_type=document.media_type)
    response.content_disposition = f'attachment; filename="{document.name}"'
    return response


def _printer(request: Request, solution: str) -> IPaperForm | None:
    """The receipt component of the solution, if it can do that, too."""
    name = request.municipality.component_name("receipt", solution)
    found: IPaperForm | None = request.municipality.beside(IPaperForm, name)
    return found
