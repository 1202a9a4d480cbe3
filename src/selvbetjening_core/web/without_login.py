"""Whether the page that is asked for belongs to a solution that nobody logs in to.

The address says so, and nothing else: on such a page the session of a guest counts, and
on every other one that of a citizen who is logged in. Neither is even read on the other.
"""

from __future__ import annotations

from pyramid.request import Request

from selvbetjening_core.errors import NotFound


def is_without_login(request: Request) -> bool:
    """Does the address name a solution of this municipality that is used without login?"""
    if request.municipality is None:
        return False
    offered = request.municipality.solutions.get((request.matchdict or {}).get("solution", ""))
    return offered is not None and not offered.solution.needs_login


def need_without_login(request: Request) -> None:
    """:raises NotFound: one logs in to use the solution in the address, if there is one"""
    if not is_without_login(request):
        raise NotFound("no guests where one logs in")
