"""What has not arrived: by receiver, as a list, and as a file to take along."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.delivery.listing import (
    Listing,
    Unfinished,
    Which,
    listed,
    unfinished_by_receiver,
)
from selvbetjening_core.delivery.listing import export as exported
from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.records import ListedDelivery, Receiver
from selvbetjening_core.journey.visiting_staff import agreements_in_force
from selvbetjening_core.texts.formats import day
from selvbetjening_core.web.pages import Page, show
from selvbetjening_core.web.policy import OPERATOR
from selvbetjening_core.web.staff.export import csv_response
from selvbetjening_core.web.staff.fields import FormField, text_field
from selvbetjening_core.web.staff.looking import note_look
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.sessions import staff_of
from selvbetjening_core.web.staff.shaping import Cell, Shown

PAGE_SIZE = 25
_RECEIVERS_HEADS = (
    "staff.receivers.name",
    "staff.receivers.on_its_way",
    "staff.receivers.parked",
    "staff.receivers.oldest",
    "staff.receivers.condition",
)
_LIST_HEADS = (
    "staff.list.number",
    "staff.list.receiver",
    "staff.list.state",
    "staff.list.since",
    "staff.list.reason",
)


def includeme(config: Configurator) -> None:
    """Add the routes."""
    get = {"request_method": "GET", "permission": OPERATOR}
    config.add_route("staff", STAFF_PATH)
    config.add_view(overview, route_name="staff", **get)
    config.add_route("staff-deliveries", f"{STAFF_PATH}/leveringer")
    config.add_view(deliveries, route_name="staff-deliveries", **get)
    config.add_route("staff-export", f"{STAFF_PATH}/leveringer.csv")
    config.add_view(export, route_name="staff-export", **get)


def overview(request: Request) -> Response:
    """How many are on their way or parked, by receiver; and the search."""
    return show_overview(request)


def show_overview(request: Request, found_nothing: str = "", error: str = "") -> Response:
    """The overview, with what a search has to say.

    :param found_nothing: what a search found instead of a submission
    :param error: what is wrong with what was searched for
    """
    context = request.journey
    with context.store.transaction(context.code) as work:
        by_receiver = unfinished_by_receiver(work)
        receivers = {one.component: one for one in work.receivers.all()}
        now = work.now()
    shown = Shown(request, now)
    names = dict.fromkeys([*request.municipality.file.deliverers, *by_receiver])
    parked = sum(one.parked for one in by_receiver.values())
    values = {
        "agreements": _agreements(request, shown),
        "told": _told(shown, parked),
        "told_kind": "warning" if parked else "done",
        "heads": [shown.t(key) for key in _RECEIVERS_HEADS],
        "lines": [
            _receiver_line(shown, name, by_receiver.get(name, Unfinished()), receivers)
            for name in names
        ],
        "ways": [*_ways(shown, parked), (request.route_path("staff-help"), shown.t("help.title"))],
        "find_url": request.route_path("staff-find"),
        "fields": [_find_field(shown, error)],
        "found_nothing": found_nothing,
    }
    return show(request, Page("staff_overview.html", shown.t("staff.overview.title"), values))


def _find_field(shown: Shown, error: str) -> FormField:
    return text_field(
        "number", shown.t("staff.find.number"), shown.t("staff.find.hint"), error, width="medium"
    )


def deliveries(request: Request) -> Response:
    """The list, oldest first."""
    wanted = _wanted(request)
    context = request.journey
    with context.store.transaction(context.code) as work:
        page = listed(work, request.municipality.file, wanted, PAGE_SIZE + 1)
    rows, more = page.rows[:PAGE_SIZE], page.rows[PAGE_SIZE:]
    shown = Shown(request, page.now)
    values = {
        "back_url": request.route_path("staff"),
        "by_state": [
            (
                _list_url(request, which, wanted.component),
                shown.t(f"staff.list.{which}"),
                which == wanted.which,
            )
            for which in Which
        ],
        "by_receiver": _receiver_choices(shown, wanted),
        "heads": [shown.t(key) for key in _LIST_HEADS],
        "lines": [delivery_line(shown, one) for one in rows],
        "next_url": _list_url(request, wanted.which, wanted.component, rows[-1]) if more else "",
        "first_url": _list_url(request, wanted.which, wanted.component) if wanted.after else "",
        "export_url": request.route_path("staff-export", _query=_query(wanted)),
    }
    return show(
        request, Page("staff_deliveries.html", shown.t(f"staff.list.title_{wanted.which}"), values)
    )


def export(request: Request) -> Response:
    """All of the list, as CSV."""
    wanted = _wanted(request)
    context = request.journey
    rows = list(exported(context.store, request.municipality.file, wanted))
    with context.store.transaction(context.code) as work:
        told = f"{len(rows)} deliveries: {wanted.which}"
        note_look(request, work, "exported", "deliveries", told)
    return csv_response(Shown(request, context.now()), rows)


def delivery_line(shown: Shown, one: ListedDelivery) -> tuple[Cell, ...]:
    """A delivery as a line of the list."""
    delivery = one.delivery
    url = shown.request.route_path("staff-delivery", delivery=delivery.id)
    return (
        Cell(one.receipt_number, url),
        Cell(delivery.component),
        shown.state(delivery),
        Cell(shown.time(delivery.created_at), more=shown.ago(delivery.created_at)),
        Cell(shown.reason(delivery) or "-"),
    )


def _receiver_line(
    shown: Shown, name: str, here: Unfinished, receivers: Mapping[str, Receiver]
) -> tuple[Cell, ...]:
    request = shown.request
    is_here = name in request.municipality.file.deliverers
    all_url = _list_url(request, Which.ALL, name) if here.on_its_way else ""
    parked_url = _list_url(request, Which.PARKED, name) if here.parked else ""
    oldest = shown.when(here.oldest) if here.oldest else Cell(shown.t("staff.receivers.nothing"))
    return (
        Cell(name, request.route_path("staff-receiver", receiver=name)),
        Cell(str(here.on_its_way), all_url),
        Cell(str(here.parked), parked_url),
        oldest,
        shown.condition(receivers.get(name, Receiver(name)), is_here=is_here),
    )


def _agreements(request: Request, shown: Shown) -> list[str]:
    """Whose staff serve here by an agreement; to one of them, that it is so."""
    context, home = request.journey, staff_of(request).home
    return [
        shown.t(
            "staff.overview.visiting" if one.other == home else "staff.overview.visited",
            theirs=one.name,
            here=request.municipality.file.name,
            until=day(one.last_day, request.locale),
        )
        for one in agreements_in_force(context)
        if not home or one.other == home
    ]


def _told(shown: Shown, parked: int) -> str:
    if parked == 0:
        return shown.t("staff.overview.parked_none")
    key = "staff.overview.parked_one" if parked == 1 else "staff.overview.parked_many"
    return shown.t(key, count=parked)


def _ways(shown: Shown, parked: int) -> list[tuple[str, str]]:
    order = (Which.PARKED, Which.ALL, Which.OVERDUE) if parked else (Which.ALL, Which.OVERDUE)
    return [(_list_url(shown.request, one), shown.t(f"staff.overview.{one}")) for one in order]


def _receiver_choices(shown: Shown, wanted: Listing) -> list[tuple[str, str, bool]]:
    request = shown.request
    names = request.municipality.file.deliverers
    here = wanted.component
    every = [*names, *([here] if here and here not in names else [])]
    return [
        (_list_url(request, wanted.which), shown.t("staff.list.receiver_all"), not here),
        *((_list_url(request, wanted.which, one), one, one == here) for one in every),
    ]


def _wanted(request: Request) -> Listing:
    """:raises NotFound: the address names no such list"""
    which = request.GET.get("vis", Which.ALL)
    after = request.GET.get("efter", "")
    try:
        return Listing(Which(which), request.GET.get("modtager", ""), _read_key(after))
    except ValueError:
        raise NotFound("no such list") from None


def _read_key(text: str) -> tuple[datetime.datetime, str] | None:
    """:raises ValueError: it is no key of ours"""
    if not text:
        return None
    moment, _, delivery_id = text.partition("~")
    at = datetime.datetime.fromisoformat(moment)
    if at.tzinfo is None or not delivery_id or not delivery_id.isprintable():
        raise ValueError("no key of ours")
    return at, delivery_id


def _list_url(
    request: Request, which: Which, component: str = "", last: ListedDelivery | None = None
) -> str:
    return str(
        request.route_path(
            "staff-deliveries", _query=_query(Listing(which, component, last.key if last else None))
        )
    )


def _query(wanted: Listing) -> dict[str, str]:
    at, delivery_id = wanted.after or (None, "")
    asked = {
        "vis": "" if wanted.which is Which.ALL else str(wanted.which),
        "modtager": wanted.component,
        "efter": f"{at.isoformat()}~{delivery_id}" if at else "",
    }
    return {name: value for name, value in asked.items() if value}
