"""The short address of the accessibility statement, ``/was``.

Every public site must lead from there to its statement (bekendtgørelse nr. 904
af 22. august 2019, and the guidance of Digitaliseringsstyrelsen).
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.policy import PUBLIC


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("was", "/was")
    config.add_view(statement, route_name="was", request_method="GET", permission=PUBLIC)


def statement(request: Request) -> Response:
    """On to the municipality's accessibility statement."""
    if request.municipality is None:
        raise HTTPNotFound
    return HTTPSeeOther(request.municipality.file.accessibility_url)
