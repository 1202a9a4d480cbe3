"""Step-up: more is asked of a login than it has, and the way to one that has it.

The draft is the citizen's, whichever login they come by, so nothing is lost on the way.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.pages import PostButton, notice_page, solution_name
from selvbetjening_core.web.policy import LogInAgain

_LEVEL = "level"
"""In the form: the least level of the new login. Only ever more than the solution takes."""


def includeme(config: Configurator) -> None:
    """Add the page. It shows who is logged in."""
    config.add_exception_view(log_in_again, context=LogInAgain, session=True)


def log_in_again(exception: LogInAgain, request: Request) -> Response:
    """403: what more it takes, and the button that leads to it."""
    solution = solution_name(request)
    button = PostButton(
        url=request.route_path("start", solution=solution),
        text=request.texts.t("common.log_in"),
        hidden=((_LEVEL, exception.level.name.lower()),),
    )
    intro = request.route_path("intro", solution=solution)
    return notice_page(
        request,
        exception.reason,
        status=403,
        button=button,
        actions=[(intro, request.texts.t("common.back"))],
        solution=request.municipality.solutions[solution].solution,
    )


def asked_level(request: Request) -> AssuranceLevel | None:
    """The level that the page above asks for; None: one comes from elsewhere.

    Who comes from there is asked again, however sure their login is: it may be its age
    that is not enough.
    """
    return AssuranceLevel.named(dict(request.form).get(_LEVEL, ""))
