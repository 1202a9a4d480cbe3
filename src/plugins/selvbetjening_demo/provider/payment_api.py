"""The payment interface for municipalities."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_demo.provider.app import provider_of
from selvbetjening_demo.provider.pages import answer
from selvbetjening_demo.provider.payments import CHANGES, KeyReused, Order, Payment
from selvbetjening_demo.provider.request_data import json_object

_ONE_KRONE = 100


def open_payment(request: Request) -> Response:
    """Make a payment; the same key and contents give the same payment."""
    order = Order.from_data(json_object(request))
    if order is None:
        return answer({"error": "incomplete order"}, 400)
    try:
        return _payment(request, provider_of(request).payments.open(order))
    except KeyReused:
        return answer({"error": "the key was used for another order"}, 409)


def show_payment(request: Request) -> Response:
    """One payment by the provider's id."""
    return _payment(request, provider_of(request).payments.get(request.matchdict["id"]))


def find_payment(request: Request) -> Response:
    """One payment by the municipality's key."""
    return _payment(request, provider_of(request).payments.by_key(request.GET.get("key", "")))


def change_payment(request: Request) -> Response:
    """Cancel, capture or refund."""
    data = json_object(request)
    change_key, ore = data.get("change_key"), data.get("ore")
    if not isinstance(change_key, str) or not change_key or not isinstance(ore, int):
        return answer({"error": "incomplete change"}, 400)
    kind = request.matchdict["change"]
    if kind not in CHANGES:
        return answer({"error": "unknown change"}, 404)
    payments = provider_of(request).payments
    try:
        return _payment(request, payments.change(request.matchdict["id"], kind, change_key, ore))
    except KeyReused:
        return answer({"error": "the key was used for another change"}, 409)


def settlements(request: Request) -> Response:
    """What was paid out for a day."""
    try:
        day = datetime.date.fromisoformat(request.matchdict["day"])
    except ValueError:
        return answer({"error": "not a day"}, 400)
    return answer({"settlements": provider_of(request).payments.settlements(day)})


def includeme(config: Configurator) -> None:
    """Add the routes and views of this module."""
    config.add_route("payments", "/payments")
    config.add_route("payment", "/payments/{id}")
    config.add_route("payment_change", "/payments/{id}/{change}")
    config.add_route("settlements", "/settlements/{day}")
    _add(config, open_payment, "payments", "POST")
    _add(config, find_payment, "payments", "GET")
    _add(config, show_payment, "payment", "GET")
    _add(config, change_payment, "payment_change", "POST")
    _add(config, settlements, "settlements", "GET")


def _add(
    config: Configurator, view: Callable[[Request], Response], route: str, method: str
) -> None:
    def guarded(request: Request) -> Response:
        if not provider_of(request).is_known(request):
            return answer({"error": "unauthorised"}, 401)
        return view(request)

    config.add_view(guarded, route_name=route, request_method=method)


def _payment(request: Request, payment: Payment | None) -> Response:
    if payment is None:
        return answer({"error": "unknown payment"}, 404)
    data = payment.as_data()
    if provider_of(request).behaviour.current.wrong_amount:
        data["ore"] = payment.order.ore - _ONE_KRONE
    return answer(data)
