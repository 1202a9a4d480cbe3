"""Where a citizen who is logged in, or a guest, begins, or goes on."""

from __future__ import annotations

from pyramid.request import Request

from selvbetjening_core.journey.drafts import sent_of_late, start, unfinished
from selvbetjening_core.values import Citizen
from selvbetjening_core.web.address import next_url, sent_url


def start_url(
    request: Request, identity: Citizen, solution: str, *, once_more: bool = False
) -> str:
    """Start or resume, and say where that is.

    One who has sent this very solution within a day, and has nothing under
    way, is first shown that: a second order is made by asking for it.
    """
    context = request.journey
    under_way = once_more or unfinished(context, identity, solution)
    if not under_way and sent_of_late(context, identity, solution):
        return sent_url(request, solution)
    return next_url(request, start(context, identity, solution, request.locale))
