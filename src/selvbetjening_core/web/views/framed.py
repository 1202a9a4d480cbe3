"""Pages that other sites may show in a frame: the front page and the introductions.

A page with login is never framed (NemLog-in forbids it, and a page that is framed
can be clicked on without being seen). So these are pages of their own: nobody is logged
in on them, no cookie is read or set, and nothing is sent. What leads on is a link that
opens the same page without the frame.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import PUBLIC
from selvbetjening_core.web.views.home import offers
from selvbetjening_core.web.views.intro import about


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("framed-home", "/-/ramme")
    config.add_route("framed-intro", "/-/ramme/{solution}")
    public = {"request_method": "GET", "permission": PUBLIC}
    config.add_view(home, route_name="framed-home", **public)
    config.add_view(intro, route_name="framed-intro", **public)


def home(request: Request) -> Response:
    """The solutions of the municipality, each a link out of the frame."""
    _need_framing(request)
    title = request.texts.t("home.title")
    return show(request, Page("home.html", title, offers(request), is_framed=True))


def intro(request: Request) -> Response:
    """What a solution is, and a link out of the frame to where one logs in."""
    _need_framing(request)
    offered = request.journey.offered(request.matchdict["solution"])
    values = {**about(request, offered), "resumes": False}
    title = offered.solution.title.in_language(request.locale)
    return show(request, Page("intro.html", title, values, offered.solution, is_framed=True))


def _need_framing(request: Request) -> None:
    """:raises HTTPNotFound: the municipality lets nobody frame its pages"""
    if request.municipality is None or not request.municipality.file.frame_ancestors:
        raise HTTPNotFound
