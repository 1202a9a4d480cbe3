"""For one who saves and leaves: how long the answers are kept, and how to come back.

Who is logged in comes back by logging in. A guest is given a code: it is shown in the
answer to the form that asked for it, and nowhere else.
"""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.journey.drafts import last_day
from selvbetjening_core.journey.guests import new_code
from selvbetjening_core.journey.progress import Progress
from selvbetjening_core.journey.readable import read_aloud
from selvbetjening_core.texts.formats import day
from selvbetjening_core.web.address import progress_url, saved_url
from selvbetjening_core.web.draft import open_progress
from selvbetjening_core.web.pages import Page, front_page, notice_page, show
from selvbetjening_core.web.policy import CITIZEN, LevelOf
from selvbetjening_core.web.without_login import need_without_login


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("saved", "/{solution}/gemt")
    of_draft = {"route_name": "saved", "permission": CITIZEN, "level": LevelOf.SOLUTION}
    config.add_view(saved, request_method="GET", **of_draft)
    config.add_view(give_code, request_method="POST", **of_draft)


def saved(request: Request) -> Response:
    """Until when the draft is kept, where to go on, and on what terms. Changes nothing."""
    progress = open_progress(request)
    solution = progress.solution
    if not solution.needs_login:
        return _page_of_code(request, progress, "")
    go_on = (progress_url(request, progress), request.texts.t("step.go_on"))
    return notice_page(
        request,
        "draft_kept",
        solution=solution,
        actions=[go_on, *front_page(request)],
        day=day(last_day(progress.draft, solution), request.locale),
        address=request.route_url("intro", solution=solution.name),
    )


def give_code(request: Request) -> Response:
    """A new code for the guest's draft; one given before opens nothing any more.

    :raises NotFound: one logs in to use this solution, and needs none
    """
    need_without_login(request)
    return code_page(request, open_progress(request))


def code_page(request: Request, progress: Progress) -> Response:
    """The page with a new code, which is shown this once."""
    return _page_of_code(request, progress, read_aloud(new_code(request.journey, progress.draft)))


def _page_of_code(request: Request, progress: Progress, code: str) -> Response:
    """:param code: in groups; empty: none is given yet"""
    solution = progress.solution
    notice = request.texts.notice(
        "code_given" if code else "code_needed",
        day=day(last_day(progress.draft, solution), request.locale),
        address=request.route_url("resume", solution=solution.name),
    )
    values = {
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "code": code,
        "ask_url": saved_url(request, solution.name),
        "go_on_url": progress_url(request, progress),
    }
    return show(request, Page("code.html", notice.heading, values, solution))
