"""Giving a delivery up: asked why and how, told what it means, and only then done."""

from __future__ import annotations

from collections.abc import Mapping

from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.showing import ShownDelivery
from selvbetjening_core.errors import Conflict, OperatingRefused
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import WaivedAs
from selvbetjening_core.web.staff.delivery import found_delivery
from selvbetjening_core.web.staff.fields import FormField, area_field, choice_field, sent
from selvbetjening_core.web.staff.forms import done, form_page
from selvbetjening_core.web.staff.shaping import Cell, Shown

WAIVE = "staff-waive"


def waive_page(request: Request) -> Response:
    """Asks how it ends, and why."""
    return _ask(request, found_delivery(request), {})


def waive(request: Request) -> Response:
    """Say what will happen; done when that is confirmed."""
    form = sent(request.form)
    found = found_delivery(request)
    as_, why = _waived_as(form.get("how", "")), form.get("why", "")
    fault = operating.reason_fault(why)
    if as_ is None or fault or form.get("back"):
        return _ask(request, found, form, fault=fault, is_sent=not form.get("back"))
    if form.get("sure") != "1":
        return _confirm(request, found, as_, why)

    def do(work: UnitOfWork, delivery_id: str, by: str) -> None:
        operating.waive(work, request.journey.queue, delivery_id, by, why, as_)

    try:
        return done(request, do, "waived")
    except OperatingRefused:
        raise Conflict("staff_changed") from None


def _ask(
    request: Request,
    found: ShownDelivery,
    form: Mapping[str, str],
    *,
    fault: str = "",
    is_sent: bool = False,
) -> Response:
    shown = Shown(request, found.now)
    values = {
        "paragraphs": [shown.t("staff.waive.lead")],
        "warning": "",
        "fields": _fields(shown, form, fault=fault, is_sent=is_sent),
        "hidden": [],
        "button": shown.t("staff.waive.go_on"),
    }
    return form_page(shown, found, shown.t("staff.waive.title"), WAIVE, values)


def _confirm(request: Request, found: ShownDelivery, as_: WaivedAs, why: str) -> Response:
    shown = Shown(request, found.now)
    name = found.delivery.destination
    follows = any(one.waits_for == name for one in found.siblings)
    values = {
        "paragraphs": [shown.t("staff.waive.will_follow")] if follows else [],
        "warning": shown.t(f"staff.waive.will_{as_}"),
        "rows": [
            (shown.t("staff.waive.how"), Cell(shown.t(f"staff.waive.{as_}"))),
            (shown.t("staff.waive.why"), Cell(why)),
        ],
        "fields": [],
        "hidden": [("how", as_), ("why", why), ("sure", "1")],
        "button": shown.t("staff.waive.button"),
    }
    return form_page(shown, found, shown.t("staff.waive.sure"), WAIVE, values)


def _fields(shown: Shown, form: Mapping[str, str], *, fault: str, is_sent: bool) -> list[FormField]:
    how = form.get("how", "")
    lacks_how = is_sent and _waived_as(how) is None
    answers = [
        (one, shown.t(f"staff.waive.{one}"), shown.t(f"staff.waive.{one}_hint"))
        for one in WaivedAs
        if one
    ]
    why = shown.why(fault) if is_sent else ""
    return [
        choice_field(
            "how",
            shown.t("staff.waive.how"),
            answers,
            shown.t("staff.waive.how_required") if lacks_how else "",
            how,
        ),
        area_field(
            "why",
            shown.t("staff.waive.why"),
            shown.t("staff.waive.why_hint"),
            why,
            form.get("why", ""),
        ),
    ]


def _waived_as(word: str) -> WaivedAs | None:
    return next((one for one in WaivedAs if one and one == word), None)
