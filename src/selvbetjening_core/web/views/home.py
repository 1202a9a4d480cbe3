"""The front page of a municipality; in a demo, the choice between them."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import PUBLIC
from selvbetjening_core.web.tenancy import host_name


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("home", "/")
    config.add_view(home, route_name="home", request_method="GET", permission=PUBLIC, session=True)


def home(request: Request) -> Response:
    """The solutions of the municipality."""
    if request.municipality is None:
        return _places(request)
    return show(request, Page("home.html", request.texts.t("home.title"), offers(request)))


def offers(request: Request) -> dict[str, object]:
    """What the front page tells, whoever reads it."""
    solutions = [
        (
            offered.solution.title.in_language(request.locale),
            offered.solution.text("purpose", request.locale),
            request.route_path("intro", solution=name),
        )
        for name, offered in request.municipality.solutions.items()
    ]
    return {"solutions": solutions}


def _places(request: Request) -> Response:
    """The host of the prefixes: in a demo one may choose; elsewhere there is nothing."""
    site = request.registry.site
    if not (site.is_demo and site.composition.serves_prefixes(host_name(request))):
        raise HTTPNotFound
    places = [
        (municipality.file.name, f"{prefix}/")
        for municipality in site.composition.municipalities.values()
        for prefix in municipality.file.prefixes[:1]
    ]
    return show(request, Page("places.html", request.texts.t("places.title"), {"places": places}))
