"""Sending a browser on to a login, a payment or a log-out: only to where a component declares."""

from __future__ import annotations

import logging

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.files.origins import origin_of
from selvbetjening_core.journey.single_logout import way_to_log_out
from selvbetjening_core.values import Challenge, LogoutRequest
from selvbetjening_core.web.pages import notice_page

log = logging.getLogger(__name__)


def send_away(request: Request, challenge: Challenge, solution: str) -> Response:
    """The redirection to where a component sends the browser.

    Anywhere else the browser would stop the form, and tell the citizen nothing.

    :param solution: the one it is for; empty where staff log in
    :raises Unavailable: no component of the solution declares that origin
    """
    _check_origin(request, challenge, solution)
    return HTTPSeeOther(challenge.url)


def _check_origin(request: Request, challenge: Challenge, solution: str) -> None:
    origin = origin_of(challenge.url)
    declared = request.municipality.form_origins.get(solution, ())
    if origin != origin_of(request.host_url) and origin not in declared:
        # The host alone: what follows it may be about the citizen.
        log.error("a component sends the browser to %s, which none declares in sends_to", origin)
        raise Unavailable("a component sends the browser where none declares")


def send_to_log_out(request: Request, component: str, farewell: str, url: str) -> Response:
    """Log out at the provider, after our own session: a page that goes on there at once.

    Our own page, where the provider has no log-out; where it cannot be asked, the page
    tells that one is logged out here alone. No redirection: the provider sends the browser
    round to the other sites that one is logged in at, and a browser stops a form whose
    redirections come to a site that our page does not name.

    :param component: the one that has logged them in
    :param farewell: what its claims had for that
    :param url: where the provider is to send the browser back to
    """
    asked = LogoutRequest(farewell, url, request.locale)
    try:
        challenge = way_to_log_out(request.journey, component, asked)
        if challenge is None:
            return HTTPSeeOther(url)
        _check_origin(request, challenge, "")
    except Unavailable:
        return notice_page(request, "logged_out_here")
    actions = [(challenge.url, request.texts.t("relay.go_on"))]
    response = notice_page(request, "logging_out", actions=actions)
    response.headers["Refresh"] = f"0;url={challenge.url}"
    return response
