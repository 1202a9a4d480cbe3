"""For tests: tell the provider how to behave, and ask what it sent."""

from __future__ import annotations

from dataclasses import asdict

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_demo.provider.app import provider_of
from selvbetjening_demo.provider.pages import answer
from selvbetjening_demo.provider.request_data import json_object


def control(request: Request) -> Response:
    """Change the behaviour; ``forget: true`` loses all payments, once."""
    provider = provider_of(request)
    if not provider.is_known(request):
        return answer({"error": "unauthorised"}, 401)
    wanted = json_object(request)
    forget = wanted.pop("forget", False)
    try:
        behaviour = provider.behaviour.change(wanted)
    except ValueError as error:
        return answer({"error": str(error)}, 400)
    if forget:
        provider.payments.forget()
    return answer(asdict(behaviour))


def sent(request: Request) -> Response:
    """All messages the provider sent, with the answers it got."""
    provider = provider_of(request)
    if not provider.is_known(request):
        return answer({"error": "unauthorised"}, 401)
    return answer({"messages": provider.messenger.sent()})


def includeme(config: Configurator) -> None:
    """Add the routes and views of this module."""
    config.add_route("control", "/control")
    config.add_view(control, route_name="control", request_method="POST")
    config.add_route("sent", "/sent")
    config.add_view(sent, route_name="sent", request_method="GET")
