"""The steps by their addresses, each with all that is the same for everybody who comes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyramid.interfaces import IRequestFactory, IRoutesMapper
from pyramid.registry import Registry
from pyramid.request import Request, apply_request_extensions

from selvbetjening_core.bounded import Bounded
from selvbetjening_core.definitions.demands import demand_of_step
from selvbetjening_core.definitions.model import OfferedSolution, Step
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.lookups import looks_up
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.address import step_url, summary_url
from selvbetjening_core.web.front.answers import Answer, PageHeaders, page_headers, redirection
from selvbetjening_core.web.going import see_other
from selvbetjening_core.web.limits.counting import COUNTED
from selvbetjening_core.web.pages import Page, page_origins
from selvbetjening_core.web.sessions import session_cookie
from selvbetjening_core.web.step_page import RETURN, TEMPLATE, asks_for_people
from selvbetjening_core.web.tenancy import place as place_request

GET, POST = "GET", "POST"
ROUTE = "step"
_QUERIES = frozenset({"", RETURN, f"{RETURN}="})
_MOST_PLACES = 4096
# Whoever asks for no step at all is not looked for any further.
_MARK = "/trin/"
_NOBODYS = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A step at one address, asked for in one way. Holds nobody's data.

    Two are never equal, so that one is the key of what is kept for it.

    :param environ: of a request to it, with nothing of anybody's
    :param returns: it was opened from the summary, and leads back there
    :param cookie: the name of the session's
    :param host_url: our own scheme and host
    :param level: what it takes to see the step
    :param looks_up: somebody outside is asked about its answers
    """

    registry: Registry
    environ: Mapping[str, Any]
    method: str
    returns: bool
    context: JourneyContext
    offered: OfferedSolution
    step: Step
    level: AssuranceLevel | None
    locale: str
    cookie: str
    host_url: str
    headers: PageHeaders
    asks_for_people: bool
    looks_up: bool
    onward: dict[str, Answer] = field(default_factory=dict)

    def request(self) -> Request:
        """A request to this place, by nobody. For what is made once."""
        request = _request(self.registry, dict(self.environ))
        _route(request)
        return request

    def onward_to(self, step: Step | None) -> Answer:
        """The redirection to another step of the solution, or to the summary."""
        name = step.name if step else ""
        if name not in self.onward:
            request, solution = self.request(), self.offered.solution.name
            url = step_url(request, solution, name) if name else summary_url(request, solution)
            self.onward[name] = redirection(self.registry, dict(self.environ), see_other(url))
        return self.onward[name]


class Places:
    """Finds places by address. Safe to share between threads."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._kept: Bounded[tuple[str, ...], Place] = Bounded(_MOST_PLACES)

    def find(self, environ: Mapping[str, Any]) -> Place | None:
        """The place that is asked for; None: not one that the front knows."""
        path = environ.get("PATH_INFO", "")
        method = environ["REQUEST_METHOD"]
        query = environ.get("QUERY_STRING", "")
        if _MARK not in path or method not in (GET, POST) or query not in _QUERIES:
            return None
        host, mount = environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", "")
        key = (environ["wsgi.url_scheme"], host, mount, path, method, query)
        found = self._kept.get(key)
        if found is None:
            found = self._made(environ, method)
            if found is not None:
                self._kept.put(key, found)
        return found

    def _made(self, environ: Mapping[str, Any], method: str) -> Place | None:
        bare = _bare(environ)
        request = _request(self._registry, dict(bare))
        route = _route(request)
        if route != ROUTE or (route, method) in COUNTED or request.municipality is None:
            return None
        offered = request.municipality.solutions.get(request.matchdict["solution"])
        step = offered.solution.step(request.matchdict["step"]) if offered else None
        if step is None:
            return None
        page = Page(TEMPLATE, "", {}, offered.solution)
        return Place(
            registry=self._registry,
            environ=bare,
            method=method,
            returns=RETURN in request.GET,
            context=request.journey,
            offered=offered,
            step=step,
            level=demand_of_step(offered.solution, step).level,
            locale=request.locale,
            cookie=session_cookie(request),
            host_url=request.host_url,
            headers=page_headers(self._registry, dict(bare), page_origins(request, page)),
            asks_for_people=asks_for_people(step),
            looks_up=looks_up(step),
        )


def _bare(environ: Mapping[str, Any]) -> dict[str, Any]:
    """The address alone, and nothing of whoever asks."""
    bare = {name: environ[name] for name in _NOBODYS if name in environ}
    return {
        **bare,
        "PATH_INFO": environ["PATH_INFO"],
        "QUERY_STRING": environ.get("QUERY_STRING", ""),
        "REQUEST_METHOD": environ["REQUEST_METHOD"],
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
    }


def _request(registry: Registry, environ: dict[str, Any]) -> Request:
    """A request, placed as the router's are."""
    request = registry.queryUtility(IRequestFactory)(environ)
    request.registry = registry
    apply_request_extensions(request)
    place_request(registry.site.composition, request)
    return request


def _route(request: Request) -> str:
    """Find the route of a request, as the router does; its name, or an empty text."""
    found = request.registry.queryUtility(IRoutesMapper)(request)
    request.matchdict, request.matched_route = found["match"], found["route"]
    return found["route"].name if found["route"] else ""
