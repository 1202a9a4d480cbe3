"""The provider as a WSGI application."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_demo.people import DemoCitizens, load_citizens
from selvbetjening_demo.provider.background import Background
from selvbetjening_demo.provider.behaviour import BehaviourBox
from selvbetjening_demo.provider.logins import LoginDesk
from selvbetjening_demo.provider.messages import Messenger
from selvbetjening_demo.provider.payments import PaymentBook
from selvbetjening_demo.signing import same_secret

_CONTROL_PATHS = ("/control", "/sent")


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What the provider is made from.

    :param secret: what it shares with the municipalities
    :param late_seconds: how late a late payment is settled
    :param retry_seconds: how long to wait before a message is sent again
    :param now: its clock (UTC, aware)
    """

    secret: str
    late_seconds: float = 8.0
    retry_seconds: float = 1.0
    now: Callable[[], datetime.datetime] = _utc_now


@dataclass(frozen=True, slots=True)
class Provider:
    """Everything the views need; reached as ``request.registry.provider``."""

    settings: ProviderSettings
    citizens: DemoCitizens
    behaviour: BehaviourBox
    logins: LoginDesk
    payments: PaymentBook
    messenger: Messenger
    background: Background

    def is_known(self, request: Request) -> bool:
        """Whether the request carries the shared secret."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and same_secret(self.settings.secret, given)


def make_provider(settings: ProviderSettings, background: Background | None = None) -> Any:
    """The provider as a WSGI application.

    :param background: where its later work is done; give your own to be able
        to close it
    """
    background = background or Background()
    provider = Provider(
        settings=settings,
        citizens=load_citizens(),
        behaviour=BehaviourBox(),
        logins=LoginDesk(settings.now),
        payments=PaymentBook(settings.now),
        messenger=Messenger(settings.secret, background, settings.retry_seconds),
        background=background,
    )
    config = Configurator()
    config.registry.provider = provider
    config.add_tween("selvbetjening_demo.provider.app.misbehave")
    config.add_static_view("static", "selvbetjening_demo.provider:static")
    for module in ("login_views", "payment_api", "payment_page", "control_views"):
        config.include(f"selvbetjening_demo.provider.{module}")
    return config.make_wsgi_app()


def provider_of(request: Request) -> Provider:
    """The provider that answers ``request``."""
    provider: Provider = request.registry.provider
    return provider


def misbehave(
    handler: Callable[[Request], Response], registry: Any
) -> Callable[[Request], Response]:
    """A tween that is slow or down when it was told to."""

    def answer(request: Request) -> Response:
        if request.path in _CONTROL_PATHS:
            return handler(request)
        behaviour = registry.provider.behaviour.current
        if behaviour.slow:
            time.sleep(behaviour.slow)
        if behaviour.down:
            return Response("down", status=503, content_type="text/plain")
        return handler(request)

    return answer
