"""For one who saves and leaves: how long the answers are kept, and how to come back."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.journey.drafts import last_day
from selvbetjening_core.texts.formats import day
from selvbetjening_core.web.address import progress_url
from selvbetjening_core.web.draft import open_progress
from selvbetjening_core.web.pages import front_page, notice_page
from selvbetjening_core.web.policy import CITIZEN, LevelOf


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("saved", "/{solution}/gemt")
    config.add_view(
        saved,
        route_name="saved",
        request_method="GET",
        permission=CITIZEN,
        level=LevelOf.SOLUTION,
    )


def saved(request: Request) -> Response:
    """Until when the draft is kept, where to go on, and on what terms. Changes nothing."""
    progress = open_progress(request)
    solution = progress.solution
    go_on = (progress_url(request, progress), request.texts.t("step.go_on"))
    return notice_page(
        request,
        "draft_kept",
        solution=solution,
        actions=[go_on, *front_page(request)],
        day=day(last_day(progress.draft, solution), request.locale),
        address=request.route_url("intro", solution=solution.name),
    )
