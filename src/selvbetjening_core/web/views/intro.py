"""The introduction to a solution, and the way into it: log in, start or resume."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.definitions.prices import possible_rows
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.journey.drafts import sent_of_late, unfinished
from selvbetjening_core.journey.guests import begin_as_guest
from selvbetjening_core.journey.login import begin_login
from selvbetjening_core.texts.formats import amount, long_time
from selvbetjening_core.values import Channel, Citizen, Money
from selvbetjening_core.web.address import message_url, receipt_url, resume_url, site_url
from selvbetjening_core.web.begin import start_url
from selvbetjening_core.web.leaving import send_away
from selvbetjening_core.web.log_in_again import asked_level
from selvbetjening_core.web.pages import Page, notice_page, show
from selvbetjening_core.web.policy import CITIZEN, PUBLIC, LevelOf, citizen_at, is_sure_enough
from selvbetjening_core.web.sessions import set_guest, set_login
from selvbetjening_core.web.views.paper import paper_url


def includeme(config: Configurator) -> None:
    """Add the routes. A citizen who is not logged in may see and start."""
    config.add_route("intro", "/{solution}")
    config.add_route("start", "/{solution}/start")
    public = {"permission": PUBLIC, "session": True}
    config.add_view(intro, route_name="intro", request_method="GET", **public)
    config.add_view(begin, route_name="start", request_method="POST", **public)
    config.add_route("sent", "/{solution}/sendt")
    config.add_view(
        sent,
        route_name="sent",
        request_method="GET",
        permission=CITIZEN,
        level=LevelOf.SOLUTION,
    )


def intro(request: Request) -> Response:
    """What it is, how long it takes, the steps, the price, what to have ready."""
    offered = request.journey.offered(request.matchdict["solution"])
    solution = offered.solution
    values = {**about(request, offered), "resumes": _resumes(request, solution.name)}
    title = solution.title.in_language(request.locale)
    return show(request, Page("intro.html", title, values, solution))


def about(request: Request, offered: OfferedSolution) -> dict[str, object]:
    """What the introduction tells, whoever reads it."""
    locale, solution = request.locale, offered.solution
    prepare = solution.text("prepare", locale)
    return {
        "purpose": solution.text("purpose", locale),
        "minutes": solution.minutes,
        "step_titles": [
            step.title.in_language(locale) for step in solution.steps if step.visible is None
        ],
        "prices": _prices(request, offered),
        "prepare": prepare.splitlines(),
        "alternative": solution.text("alternative", locale),
        "paper_url": paper_url(request, solution.name),
        "laws": [(law.title, law.url) for law in solution.laws],
        "needs_login": solution.needs_login,
        "resume_url": "" if solution.needs_login else resume_url(request, solution.name),
        "start_url": request.route_path("start", solution=solution.name),
        "way_in_url": request.route_path("intro", solution=solution.name),
    }


def begin(request: Request) -> Response:
    """Log in first, where one does; then on to the first question without an answer."""
    name = request.matchdict["solution"]
    offered = request.journey.offered(name)
    identity: Citizen | None = request.identity
    once_more = dict(request.form).get("again") == "1"
    least = offered.solution.level
    asked = asked_level(request) if least is not None else None
    if asked is None and identity is not None and is_sure_enough(identity, least):
        return HTTPSeeOther(start_url(request, identity, name, once_more=once_more))
    if least is None:
        return _begin_as_guest(request, name)
    component = request.municipality.component_name("identity", name)
    try:
        login = begin_login(
            request.journey,
            name,
            request.locale,
            site_url(request),
            message_url(request, component),
            asked,
        )
        response = send_away(request, login.challenge, name)
    except Unavailable:
        return notice_page(request, "login_unavailable", status=503, solution=offered.solution)
    set_login(request, response, login.browser_token)
    return response


def _begin_as_guest(request: Request, name: str) -> Response:
    begun = begin_as_guest(request.journey)
    response = HTTPSeeOther(start_url(request, begun.guest, name))
    set_guest(request, response, begun.token)
    return response


def sent(request: Request) -> Response:
    """One who has just sent is shown the receipt's way, and how to begin once more."""
    solution = request.journey.offered(request.matchdict["solution"]).solution
    identity = citizen_at(request, solution.level)
    case = sent_of_late(request.journey, identity, solution.name)
    if case is None:
        return HTTPSeeOther(request.route_path("intro", solution=solution.name))
    notice = request.texts.notice(
        "sent_already",
        title=case.title,
        when=long_time(case.received_at, request.locale),
        number=case.receipt_number,
    )
    values = {
        "heading": notice.heading,
        "paragraphs": notice.paragraphs,
        "receipt_url": receipt_url(request, case.solution, case.submission_id),
        "start_url": request.route_path("start", solution=solution.name),
    }
    return show(request, Page("again.html", notice.heading, values, solution))


def _resumes(request: Request, solution: str) -> bool:
    identity = request.identity
    return identity is not None and bool(unfinished(request.journey, identity, solution))


def _prices(request: Request, offered: OfferedSolution) -> list[tuple[str, str]]:
    """The rows in force here today; rows that the municipality's parameters rule out are not.

    A solution without prices is free, and that is told too.
    """
    context, locale = request.journey, request.locale
    unnamed = request.texts.t("payment.price")
    rows = possible_rows(offered, context.today, Channel.SELF_SERVICE)
    told = [
        (row.text.in_language(locale) if row.text else unnamed, amount(row.amount, locale))
        for row in rows
    ]
    return told or [(unnamed, amount(Money(0), locale))]
