"""The page of a form about a delivery, and doing what was asked for on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.showing import ShownDelivery
from selvbetjening_core.errors import NotFound, OperatingRefused
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.staff.fields import error_links
from selvbetjening_core.web.staff.sessions import staff_of
from selvbetjening_core.web.staff.shaping import Cell, Shown

Do = Callable[[UnitOfWork, str, str], object]
"""Something done about a delivery: given the transaction, its id, and who does it."""


def form_page(
    shown: Shown,
    found: ShownDelivery,
    title: str,
    route: str,
    values: Mapping[str, object],
    status: int = 200,
) -> Response:
    """A form about one delivery, which it names.

    :param route: where it is sent
    :param values: ``paragraphs``, ``warning``, ``fields``, ``hidden`` and ``button``
    """
    request, one = shown.request, found.delivery
    extra: list[tuple[str, Cell]] = values.get("rows", [])  # type: ignore[assignment]  # as above
    rows = [
        (shown.t("staff.delivery.number"), Cell(found.head.receipt_number)),
        (shown.t("staff.delivery.receiver"), Cell(one.component)),
        (shown.t("staff.delivery.state"), shown.state(one)),
        *extra,
    ]
    fields = values["fields"]
    delivery_url = request.route_path("staff-delivery", delivery=one.id)
    all_values = {
        "back_url": delivery_url,
        "back_text": shown.t("staff.delivery.back"),
        "regret_url": delivery_url,
        "action_url": request.route_path(route, delivery=one.id),
        "error_links": error_links(fields),  # type: ignore[arg-type]  # a mapping of anything
        **values,
        "rows": rows,
    }
    return show(request, Page("staff_form.html", title, all_values, status=status))


def done(request: Request, do: Do, what: str) -> Response:
    """Do it in one transaction, and go back to the delivery, which says so.

    :raises OperatingRefused: it may not be done; nothing was
    :raises NotFound: there is no such delivery in this municipality
    """
    context, delivery_id = request.journey, request.matchdict["delivery"]
    by = staff_of(request).id
    try:
        with context.store.transaction(context.code) as work:
            do(work, delivery_id, by)
    except OperatingRefused as refused:
        if refused.reason == "no-delivery":
            raise NotFound("no such delivery") from None
        raise
    context.queue.wake()
    url = request.route_path("staff-delivery", delivery=delivery_id, _query={"gjort": what})
    return HTTPSeeOther(url)
