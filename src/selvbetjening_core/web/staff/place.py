"""Where the pages for staff are. A citizen's login is worth nothing there."""

from __future__ import annotations

from pyramid.request import Request

from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.staff_login import staff_component

STAFF_PATH = "/-/drift"


def is_staff_address(request: Request) -> bool:
    """Is the request for a page for staff? By its path alone, whatever route it matches."""
    path = request.path_info
    return bool(path == STAFF_PATH or path.startswith(f"{STAFF_PATH}/"))


def is_staff_place(request: Request) -> bool:
    """As :func:`is_staff_address`, in a municipality whose staff can log in."""
    return (
        request.municipality is not None
        and is_staff_address(request)
        and bool(staff_component(request.journey))
    )


def need_staff_place(request: Request) -> None:
    """:raises NotFound: no staff can log in here, so there are no pages for them."""
    if not is_staff_place(request):
        raise NotFound("no component logs staff in here")
