"""The hotline: what a citizen's help code says, and nothing else of the citizen."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.forms.messages import message_text
from selvbetjening_core.journey.help_codes import Misheard, Whereabouts, whereabouts
from selvbetjening_core.texts import fill, placeholders
from selvbetjening_core.values import StaffRole
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import STAFF
from selvbetjening_core.web.staff.fields import error_links, sent, text_field
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.sessions import staff_of
from selvbetjening_core.web.staff.shaping import Cell

_VALUE = "…"


def includeme(config: Configurator) -> None:
    """Add the route. Whoever of the staff is logged in: there is nobody's data on it."""
    config.add_route("staff-help", f"{STAFF_PATH}/hjaelp")
    config.add_view(ask, route_name="staff-help", request_method="GET", permission=STAFF)
    config.add_view(told, route_name="staff-help", request_method="POST", permission=STAFF)


def ask(request: Request) -> Response:
    """Asks for the code."""
    return _page(request)


def told(request: Request) -> Response:
    """What it says. No effect: the code is not kept, and looked up nowhere."""
    code = sent(request.form).get("code", "")
    if not code:
        return _page(request, error="empty")
    offered = request.municipality.solutions.values()
    try:
        found = whereabouts(code, (one.solution for one in offered), request.journey.kinds)
    except Misheard:
        return _page(request, error="misheard", code=code)
    if found is None:
        return _page(request, warning="changed", code=code)
    return _page(request, rows=_rows(request, found))


def _page(
    request: Request,
    *,
    error: str = "",
    warning: str = "",
    code: str = "",
    rows: list[tuple[str, Cell]] | None = None,
) -> Response:
    t = request.texts.t
    # The overview is for operators alone.
    is_operator = staff_of(request).may(StaffRole.OPERATOR)
    wrong = t(f"help.{error}") if error else ""
    fields = [text_field("code", t("help.code"), t("help.hint"), wrong, code, width="medium")]
    values = {
        "back_url": request.route_path("staff") if is_operator else "",
        "back_text": t("staff.overview.back"),
        "regret_url": "",
        "action_url": request.route_path("staff-help"),
        "paragraphs": [t("help.lead")],
        "warning": t(f"help.{warning}") if warning else "",
        "rows": rows or [],
        "fields": fields,
        "hidden": [],
        "button": t("help.button"),
        "error_links": error_links(fields),
    }
    return show(request, Page("staff_form.html", t("help.title"), values))


def _rows(request: Request, found: Whereabouts) -> list[tuple[str, Cell]]:
    t, locale = request.texts.t, request.locale
    rows = [
        (t("help.solution"), Cell(found.solution.title.in_language(locale))),
        (t("help.step"), Cell(found.step.title.in_language(locale))),
    ]
    if found.field is None:
        return [*rows, (t("help.error"), Cell(t("help.no_error")))]
    label = found.field.label.in_language(locale)
    text = message_text(found.field, found.error, locale) if found.error else ""
    values = {**dict.fromkeys(placeholders(text), _VALUE), "label": label}
    message = fill(text, values) or t("help.unknown_error")
    return [*rows, (t("help.field"), Cell(label)), (t("help.error"), Cell(message))]
