"""The page on which the citizen pays, in every way a payment can go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_demo.provider.app import Provider, provider_of
from selvbetjening_demo.provider.pages import error_page, go_to, page
from selvbetjening_demo.provider.payments import CANCELLED, DECLINED, PAID, PENDING, Payment

ORDINARY = ("pay", "decline", "cancel")
UNUSUAL = ("late", "twice", "silent", "message_only")


def show(request: Request) -> Response:
    """What is to be paid, or how it ended."""
    payment = provider_of(request).payments.get(request.matchdict["id"])
    if payment is None:
        return error_page("error_payment", status=404)
    return _page(payment)


def act(request: Request) -> Response:
    """The citizen pressed a button."""
    provider = provider_of(request)
    payment = provider.payments.get(request.matchdict["id"])
    if payment is None:
        return error_page("error_payment", status=404)
    action = _ACTIONS.get(request.POST.get("action", ""))
    if action is None or payment.status != PENDING:
        return _page(payment)
    return action(provider, payment)


def includeme(config: Configurator) -> None:
    """Add the routes and views of this module."""
    config.add_route("pay", "/pay/{id}")
    config.add_view(show, route_name="pay", request_method="GET")
    config.add_view(act, route_name="pay", request_method="POST")


def _page(payment: Payment) -> Response:
    order = payment.order
    return page(
        "pay.html" if payment.status == PENDING else "ended.html",
        order.locale,
        payment=payment,
        amount=_amount(order.ore, order.locale),
        ordinary=ORDINARY,
        unusual=UNUSUAL,
    )


def _amount(ore: int, locale: str) -> str:
    english = f"{ore // 100:,}.{ore % 100:02d}"
    if locale == "en":
        return f"DKK {english}"
    return english.translate(str.maketrans(",.", ".,")) + " kr."


def _end_and_return(status: str, messages: int = 1) -> Callable[[Provider, Payment], Response]:
    def action(provider: Provider, payment: Payment) -> Response:
        ended = provider.payments.settle(payment.id, status) or payment
        for _ in range(messages):
            provider.messenger.tell(ended)
        return go_to(payment.order.return_url)

    return action


def _late(provider: Provider, payment: Payment) -> Response:
    def settle() -> None:
        ended = provider.payments.settle(payment.id, PAID)
        if ended is not None:
            provider.messenger.tell(ended)

    provider.background.run_after(provider.settings.late_seconds, settle)
    return go_to(payment.order.return_url)


def _silent(provider: Provider, payment: Payment) -> Response:
    provider.payments.settle(payment.id, PAID)
    return page("close.html", payment.order.locale, brand=payment.order.brand)


def _message_only(provider: Provider, payment: Payment) -> Response:
    ended = provider.payments.settle(payment.id, PAID) or payment
    provider.messenger.tell(ended)
    return page("close.html", payment.order.locale, brand=payment.order.brand)


_ACTIONS: Mapping[str, Callable[[Provider, Payment], Response]] = {
    "pay": _end_and_return(PAID),
    "decline": _end_and_return(DECLINED),
    "cancel": _end_and_return(CANCELLED),
    "twice": _end_and_return(PAID, messages=2),
    "late": _late,
    "silent": _silent,
    "message_only": _message_only,
}
