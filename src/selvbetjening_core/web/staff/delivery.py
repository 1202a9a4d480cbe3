"""One delivery: where it stands, why, what was tried, and what can be done."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.showing import ShownDelivery, show_delivery
from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.records import Attempt, DeliveryState
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import OPERATOR
from selvbetjening_core.web.staff.looking import note_look
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.shaping import Cell, Shown, audit_heads, sibling_heads, siblings

DONE = ("retried", "rebound", "waived")
_ATTEMPT_HEADS = (
    "staff.attempts.number",
    "staff.attempts.when",
    "staff.attempts.plugin",
    "staff.attempts.outcome",
    "staff.attempts.evidence",
)
_RETRIED = (DeliveryState.PARKED, DeliveryState.WAITING)
_WAIVED = (*_RETRIED, DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("staff-delivery", f"{STAFF_PATH}/levering/{{delivery}}")
    config.add_view(
        delivery, route_name="staff-delivery", request_method="GET", permission=OPERATOR
    )


def delivery(request: Request) -> Response:
    """All there is to know of it, without a word about the citizen."""
    found = found_delivery(request)
    shown = Shown(request, found.now)
    one = found.delivery
    done = request.GET.get("gjort", "")
    values = {
        "back_url": request.route_path("staff-deliveries"),
        "done": shown.t(f"staff.done.{done}") if done in DONE else "",
        "reason": "" if one.state is DeliveryState.WAIVED else shown.reason(one),
        "is_parked": one.state is DeliveryState.PARKED,
        "rows": _rows(shown, found),
        **_what_can_be_done(shown, found),
        "attempt_heads": [shown.t(key) for key in _ATTEMPT_HEADS],
        "attempts": [_attempt(shown, attempt) for attempt in reversed(found.attempts)],
        "sibling_heads": sibling_heads(shown),
        "siblings": siblings(shown, found.siblings),
        "audit_heads": audit_heads(shown),
        "audit": [shown.audit(line) for line in reversed(found.audit)],
    }
    title = shown.t("staff.delivery.title", receiver=one.component)
    return show(request, Page("staff_delivery.html", title, values))


def found_delivery(request: Request) -> ShownDelivery:
    """The delivery that the address names.

    :raises NotFound: there is none in this municipality
    """
    context = request.journey
    with context.store.transaction(context.code) as work:
        found = show_delivery(work, request.matchdict["delivery"])
        if found is not None:
            note_look(request, work, "delivery-seen", found.head.id, found.delivery.id)
    if found is None:
        raise NotFound("no such delivery")
    return found


def other_receivers(request: Request, found: ShownDelivery) -> list[str]:
    """The components that a delivery could go to instead."""
    here = found.delivery.component
    return [name for name in request.municipality.file.deliverers if name != here]


def _rows(shown: Shown, found: ShownDelivery) -> list[tuple[str, Cell]]:
    one, head = found.delivery, found.head
    request = shown.request
    submission_url = request.route_path("staff-submission", submission=head.id)
    receiver_url = request.route_path("staff-receiver", receiver=one.component)
    rows = [
        ("staff.delivery.state", shown.state(one)),
        ("staff.delivery.number", Cell(head.receipt_number, submission_url)),
        ("staff.delivery.solution", Cell(shown.solution(head.solution))),
        ("staff.delivery.receiver", Cell(one.component, receiver_url)),
        ("staff.delivery.destination", Cell(shown.destination(one.destination))),
        ("staff.delivery.received", shown.when(one.created_at)),
        ("staff.delivery.changed", shown.when(one.changed_at)),
    ]
    if one.state is DeliveryState.WAITING and not one.waits_for:
        rows.append(("staff.delivery.due", Cell(shown.time(one.due_at))))
    if one.state is DeliveryState.WAIVED:
        rows.append(("staff.waive.why", Cell(one.reason)))
    if one.remote_reference:
        rows.append(("staff.delivery.case", Cell(one.remote_reference)))
    rows.append(("staff.delivery.id", Cell(one.id)))
    return [(shown.t(key), cell) for key, cell in rows]


def _what_can_be_done(shown: Shown, found: ShownDelivery) -> dict[str, object]:
    one, request = found.delivery, shown.request

    def url(route: str) -> str:
        return str(request.route_path(route, delivery=one.id))

    can_retry = one.state in _RETRIED and not one.waits_for
    is_sure = not (found.may_have_arrived and one.state is DeliveryState.PARKED)
    ways = []
    if can_retry and not is_sure:
        ways.append((url("staff-retry"), shown.t("staff.do.retry")))
    if can_retry and other_receivers(request, found):
        ways.append((url("staff-rebind"), shown.t("staff.do.rebind")))
    if one.state in _WAIVED:
        ways.append((url("staff-waive"), shown.t("staff.do.waive")))
    return {
        "can_retry": can_retry and is_sure,
        "retry_url": url("staff-retry"),
        "hidden": [("seen", one.state)],
        "ways": ways,
    }


def _attempt(shown: Shown, one: Attempt) -> tuple[Cell, ...]:
    return (
        Cell(str(one.number)),
        Cell(shown.time(one.started_at)),
        Cell(one.plugin, more=one.plugin_version),
        shown.outcome(one),
        Cell(shown.evidence(one) or "-"),
    )
