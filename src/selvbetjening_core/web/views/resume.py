"""Where a guest enters the code that opens their draft in this browser."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.journey.drafts import unfinished
from selvbetjening_core.journey.guests import read_code, resume
from selvbetjening_core.web.address import next_url, resume_url
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import PUBLIC
from selvbetjening_core.web.sessions import set_guest
from selvbetjening_core.web.without_login import need_without_login

_FIELD = "code"
_REFUSED = 422
_UNKNOWN = "resume.unknown"
_LONGEST = 60
"""So much of what was typed is shown once more."""


def includeme(config: Configurator) -> None:
    """Add the route. Anybody may try; how often is limited."""
    config.add_route("resume", "/{solution}/fortsaet")
    public = {"route_name": "resume", "permission": PUBLIC, "session": True}
    config.add_view(show_form, request_method="GET", **public)
    config.add_view(enter, request_method="POST", **public)


def show_form(request: Request) -> Response:
    """The form, empty.

    :raises NotFound: one logs in to use this solution
    """
    return _page(request, _solution(request), "", "")


def enter(request: Request) -> Response:
    """On to where the draft stands; or the form once more.

    It says the same of a code that was never made, was replaced, belongs to what was
    sent or is too old.

    :raises NotFound: one logs in to use this solution
    """
    solution = _solution(request)
    typed = dict(request.form).get(_FIELD, "")
    code = read_code(typed)
    if not code:
        problem = "resume.malformed" if typed.strip() else "resume.missing"
        return _page(request, solution, typed, problem)
    resumed = resume(request.journey, solution.name, code, request.web_session, request.locale)
    if resumed is None:
        return _page(request, solution, typed, _UNKNOWN)
    response = HTTPSeeOther(next_url(request, resumed.draft))
    set_guest(request, response, resumed.token)
    return response


def _solution(request: Request) -> Solution:
    need_without_login(request)
    found: Solution = request.journey.offered(request.matchdict["solution"]).solution
    return found


def _page(request: Request, solution: Solution, typed: str, problem: str) -> Response:
    texts = request.texts
    title = texts.t("resume.title")
    values = {
        "heading": title,
        "typed": typed[:_LONGEST],
        "error": texts.t(problem) if problem else "",
        "reasons": texts.t("resume.reasons") if problem == _UNKNOWN else "",
        "is_under_way": _is_under_way(request, solution),
        "action_url": resume_url(request, solution.name),
        "intro_url": request.route_path("intro", solution=solution.name),
    }
    told = texts.t("step.title_error", title=title) if problem else title
    return show(
        request, Page("resume.html", told, values, solution, status=_REFUSED if problem else 200)
    )


def _is_under_way(request: Request, solution: Solution) -> bool:
    """Is there a draft of the solution in this browser, which entering a code puts aside?"""
    identity = request.identity
    return identity is not None and bool(unfinished(request.journey, identity, solution.name))
