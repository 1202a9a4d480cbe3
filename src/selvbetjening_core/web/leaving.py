"""Sending a citizen on to a login or a payment: only to where a component declares."""

from __future__ import annotations

import logging

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.files.origins import origin_of
from selvbetjening_core.values import Challenge

log = logging.getLogger(__name__)


def send_away(request: Request, challenge: Challenge, solution: str) -> Response:
    """The redirection to where a component sends the browser.

    Anywhere else the browser would stop the form, and tell the citizen nothing.

    :param solution: the one it is for; empty where staff log in
    :raises Unavailable: no component of the solution declares that origin
    """
    origin = origin_of(challenge.url)
    declared = request.municipality.form_origins.get(solution, ())
    if origin != origin_of(request.host_url) and origin not in declared:
        # The host alone: what follows it may be about the citizen.
        log.error("a component sends the browser to %s, which none declares in sends_to", origin)
        raise Unavailable("a component sends the browser where none declares")
    return HTTPSeeOther(challenge.url)
