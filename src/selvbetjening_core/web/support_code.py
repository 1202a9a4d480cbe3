"""The code of a page about an error of ours, and the line of the log that has the same code.

``selvbetjening report CODE`` finds the line by it.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from pyramid.request import Request

from selvbetjening_core.errors import StoreUnavailable, Unavailable
from selvbetjening_core.logs import kind_of
from selvbetjening_core.web.pages import solution_name

log = logging.getLogger("selvbetjening_core.error")

_TOLD = "selvbetjening.support_code"
_ELSEWHERE = "-"


def tell_error(error: Exception, request: Request, code: str = "") -> str:
    """Log an error once for each request, and return the code to show.

    The message of a foreign exception may hold anything, so only its class and the
    lines of code are logged, and where it was: route, municipality, solution, step.
    Our own sentences about what cannot be used are logged, too.

    :param code: one that the citizen is given anyway; made anew if there is none
    """
    known: str = request.environ.get(_TOLD, "")
    if known:
        return known
    code = request.environ[_TOLD] = code or secrets.token_hex(4)
    said = f": {error}" if isinstance(error, StoreUnavailable | Unavailable) else ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    log.error("error %s: %s at %s%s\n%s", code, kind_of(error), _where(request), said, lines)
    return code


def _where(request: Request) -> str:
    """Names from our files alone: whatever else is in an address was written by somebody."""
    route = getattr(getattr(request, "matched_route", None), "name", _ELSEWHERE)
    municipality = getattr(request, "municipality", None)
    if municipality is None:
        return f"route={route}"
    solution = solution_name(request)
    step = _step(request, solution)
    return f"route={route} municipality={municipality.code} solution={solution} step={step}"


def _step(request: Request, solution: str) -> str:
    if not solution:
        return ""
    asked = (request.matchdict or {}).get("step", "")
    steps = request.municipality.file.solutions[solution].solution.steps
    return next((step.name for step in steps if step.name == asked), "")
