"""What an operator does about a delivery: each by POST, what is dangerous after a second look.

All of it is :mod:`selvbetjening_core.delivery.operating`, as at the command line. What
it refuses is said on the page; nothing is done then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.showing import ShownDelivery
from selvbetjening_core.errors import Conflict, NotFound, OperatingRefused
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.web.policy import OPERATOR
from selvbetjening_core.web.staff.delivery import found_delivery, other_receivers
from selvbetjening_core.web.staff.fields import FormField, choice_field, sent
from selvbetjening_core.web.staff.forms import done, form_page
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.shaping import Shown
from selvbetjening_core.web.staff.waiving import WAIVE, waive, waive_page

_LOOKED = "looked"


def includeme(config: Configurator) -> None:
    """Add the routes: of each a page that asks, and the POST that does it."""
    pages: Mapping[str, tuple[str, Callable[..., Response], Callable[..., Response]]] = {
        "staff-retry": ("proev-igen", retry_page, retry),
        "staff-rebind": ("flyt", rebind_page, rebind),
        WAIVE: ("opgiv", waive_page, waive),
    }
    for route, (word, page, do) in pages.items():
        config.add_route(route, f"{STAFF_PATH}/levering/{{delivery}}/{word}")
        config.add_view(page, route_name=route, request_method="GET", permission=OPERATOR)
        config.add_view(do, route_name=route, request_method="POST", permission=OPERATOR)


def retry_page(request: Request) -> Response:
    """Asks whether somebody has looked, where it may have arrived."""
    return _retry_page(request, found_delivery(request))


def retry(request: Request) -> Response:
    """Have it tried now."""
    form = sent(request.form)
    has_looked = form.get(_LOOKED) == "1"

    def do(work: UnitOfWork, delivery_id: str, by: str) -> None:
        operating.retry(
            work, request.journey.queue, delivery_id, by, even_if_it_may_have_arrived=has_looked
        )

    try:
        return done(request, do, "retried")
    except OperatingRefused as refused:
        if refused.reason != "may-have-arrived":
            raise Conflict("staff_changed") from None
        found = found_delivery(request)
        # Whoever comes from this page has been asked already.
        return _retry_page(request, found, is_wrong="asked" in form)


def rebind_page(request: Request) -> Response:
    """Asks where it is to go."""
    return _rebind_page(request, found_delivery(request))


def rebind(request: Request) -> Response:
    """Send it to another receiver, now."""
    form = sent(request.form)
    found = found_delivery(request)
    chosen, has_looked = form.get("receiver", ""), form.get(_LOOKED) == "1"
    if chosen not in other_receivers(request, found):
        return _rebind_page(request, found, form)

    def do(work: UnitOfWork, delivery_id: str, by: str) -> None:
        operating.rebind(
            work,
            request.journey.queue,
            delivery_id,
            chosen,
            by,
            among=request.municipality.file.deliverers,
            even_if_it_may_have_arrived=has_looked,
        )

    try:
        return done(request, do, "rebound")
    except OperatingRefused as refused:
        if refused.reason != "may-have-arrived":
            raise Conflict("staff_changed") from None
        return _rebind_page(request, found, form)


def _retry_page(request: Request, found: ShownDelivery, *, is_wrong: bool = False) -> Response:
    shown = Shown(request, found.now)
    fields = [_looked_field(shown, is_wrong=is_wrong)] if found.may_have_arrived else []
    values = {
        "paragraphs": [shown.t("staff.doubt.lead")] if fields else [],
        "warning": shown.t("staff.doubt.warning") if fields else "",
        "fields": fields,
        "hidden": [("asked", "1")],
        "button": shown.t("staff.doubt.button"),
    }
    title = shown.t("staff.doubt.title" if fields else "staff.do.retry")
    return form_page(shown, found, title, "staff-retry", values)


def _rebind_page(
    request: Request, found: ShownDelivery, form: Mapping[str, str] | None = None
) -> Response:
    """:param form: what was sent, where that cannot be done"""
    shown = Shown(request, found.now)
    names = other_receivers(request, found)
    if not names:
        raise NotFound("there is no other receiver")
    chosen = (form or {}).get("receiver", "")
    missing = form is not None and chosen not in names
    fields = [
        choice_field(
            "receiver",
            shown.t("staff.rebind.choose"),
            [(name, name, _plugin(request, name)) for name in names],
            shown.t("staff.rebind.required") if missing else "",
            chosen,
        )
    ]
    if found.may_have_arrived:
        lacks = form is not None and form.get(_LOOKED) != "1"
        fields.append(_looked_field(shown, is_wrong=lacks))
    values = {
        "paragraphs": [shown.t("staff.rebind.lead")],
        "warning": shown.t("staff.rebind.warning") if found.may_have_arrived else "",
        "fields": fields,
        "hidden": [],
        "button": shown.t("staff.rebind.button"),
    }
    return form_page(shown, found, shown.t("staff.rebind.title"), "staff-rebind", values)


def _looked_field(shown: Shown, *, is_wrong: bool) -> FormField:
    return choice_field(
        _LOOKED,
        shown.t("staff.doubt.confirm"),
        [("1", shown.t("staff.doubt.looked"), "")],
        shown.t("staff.doubt.required") if is_wrong else "",
    )


def _plugin(request: Request, name: str) -> str:
    return str(request.municipality.file.components[name].plugin)
