"""One receiver: whether anything gets through to it, and pausing it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.listing import unfinished_at
from selvbetjening_core.errors import NotFound, OperatingRefused
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Receiver
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import OPERATOR
from selvbetjening_core.web.staff.fields import error_links, sent, text_field
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.sessions import staff_of
from selvbetjening_core.web.staff.shaping import Cell, Shown, audit_heads

DONE = ("paused", "resumed")


def includeme(config: Configurator) -> None:
    """Add the routes."""
    place = f"{STAFF_PATH}/modtager/{{receiver}}"
    config.add_route("staff-receiver", place)
    config.add_view(
        receiver, route_name="staff-receiver", request_method="GET", permission=OPERATOR
    )
    config.add_route("staff-pause", f"{place}/pause")
    config.add_view(pause, route_name="staff-pause", request_method="POST", permission=OPERATOR)
    config.add_route("staff-resume", f"{place}/start")
    config.add_view(resume, route_name="staff-resume", request_method="POST", permission=OPERATOR)


def pause(request: Request) -> Response:
    """Let nothing be attempted at it until somebody resumes it."""
    why = sent(request.form).get("why", "")
    fault = operating.reason_fault(why)
    if fault:
        return show_receiver(request, fault, why)
    _need_receiver(request)
    by, name = staff_of(request).id, receiver_name(request)
    return _done(request, lambda work: operating.pause(work, name, by, why), "paused")


def resume(request: Request) -> Response:
    """Let it go on."""
    by, name, queue = staff_of(request).id, receiver_name(request), request.journey.queue
    return _done(request, lambda work: operating.resume(work, queue, name, by), "resumed")


def receiver(request: Request) -> Response:
    """How it stands, and what was decided about it."""
    return show_receiver(request)


def show_receiver(request: Request, fault: str = "", why: str = "") -> Response:
    """The page.

    :param fault: what is wrong with the reason that was sent, as a code
    :param why: the reason that was sent
    :raises NotFound: no delivery goes to such a receiver, and none can
    """
    name = receiver_name(request)
    context = request.journey
    with context.store.transaction(context.code) as work:
        found = work.receivers.get(name)
        numbers = unfinished_at(work, name)
        audit = work.audit.about(name)
        shown = Shown(request, work.now())
    is_here = name in request.municipality.file.deliverers
    if not (is_here or numbers.oldest):
        raise NotFound("no such receiver")
    is_resting = found.rests_until is not None and found.rests_until > shown.now
    field = text_field(
        "why", shown.t("staff.pause.why"), shown.t("staff.pause.why_hint"), shown.why(fault), why
    )
    oldest = (
        shown.when(numbers.oldest) if numbers.oldest else Cell(shown.t("staff.receivers.nothing"))
    )
    done = request.GET.get("gjort", "")
    values = {
        "back_url": request.route_path("staff"),
        "error_links": error_links([field]),
        "done": shown.t(f"staff.done.{done}") if done in DONE else "",
        "rows": [
            (shown.t("staff.receiver.condition"), shown.condition(found, is_here=is_here)),
            *_decided(shown, found, is_resting=is_resting),
            *_plugin(request, shown, name),
            (shown.t("staff.receiver.on_its_way"), Cell(str(numbers.on_its_way))),
            (shown.t("staff.receiver.parked"), Cell(str(numbers.parked))),
            (shown.t("staff.receiver.oldest"), oldest),
        ],
        "list_url": request.route_path("staff-deliveries", _query={"modtager": name}),
        "can_resume": found.paused_at is not None or is_resting,
        "resume_url": request.route_path("staff-resume", receiver=name),
        "can_pause": found.paused_at is None,
        "pause_url": request.route_path("staff-pause", receiver=name),
        "fields": [field],
        "audit_heads": audit_heads(shown),
        "audit": [shown.audit(line) for line in reversed(audit)],
    }
    title = shown.t("staff.receiver.title", receiver=name)
    return show(request, Page("staff_receiver.html", title, values))


def receiver_name(request: Request) -> str:
    """The receiver that the address names."""
    return str(request.matchdict["receiver"])


def _need_receiver(request: Request) -> None:
    """:raises NotFound: no component of that name delivers here"""
    if receiver_name(request) not in request.municipality.file.deliverers:
        raise NotFound("no such receiver")


def _done(request: Request, do: Callable[[UnitOfWork], None], what: str) -> Response:
    """Do it in one transaction, and go back to the receiver, which says so.

    What somebody else has done already is as good as done.
    """
    context, name = request.journey, receiver_name(request)
    with contextlib.suppress(OperatingRefused), context.store.transaction(context.code) as work:
        do(work)
    context.queue.wake()
    url = request.route_path("staff-receiver", receiver=name, _query={"gjort": what})
    return HTTPSeeOther(url)


def _decided(shown: Shown, found: Receiver, *, is_resting: bool) -> list[tuple[str, Cell]]:
    if found.paused_at is not None:
        return [
            (shown.t("staff.receiver.since"), shown.when(found.paused_at)),
            (shown.t("staff.receiver.by"), Cell(found.paused_by)),
            (shown.t("staff.receiver.why"), Cell(found.pause_reason)),
        ]
    if is_resting and found.rests_until is not None:
        return [
            (shown.t("staff.receiver.until"), Cell(shown.time(found.rests_until))),
            (shown.t("staff.receiver.failures"), Cell(str(found.failures))),
        ]
    return []


def _plugin(request: Request, shown: Shown, name: str) -> list[tuple[str, Cell]]:
    spec = request.municipality.file.components.get(name)
    if spec is None:
        return []
    return [(shown.t("staff.receiver.plugin"), Cell(spec.plugin, more=spec.offers[0].version))]
