"""For those who watch: does the process live, can it serve, and is everything well?"""

from __future__ import annotations

import threading
import time

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.composition.health import plugin_health
from selvbetjening_core.delivery.wellbeing import deliveries_health
from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.values import Health
from selvbetjening_core.web.policy import PUBLIC, WATCHER

KEPT_SECONDS = 5.0
_NOWHERE = "0000"


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.registry.pulse = Pulse()
    public = {"request_method": "GET", "permission": PUBLIC}
    config.add_route("health", "/-/health")
    config.add_view(health, route_name="health", **public)
    config.add_route("health-live", "/-/health/live")
    config.add_view(live, route_name="health-live", **public)
    config.add_route("health-ready", "/-/health/ready")
    config.add_view(health, route_name="health-ready", **public)
    config.add_route("health-deep", "/-/health/deep")
    config.add_view(deep, route_name="health-deep", request_method="GET", permission=WATCHER)


class Pulse:
    """What was found last, for some seconds: whoever asks often costs nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._is_ok = False

    def is_ok(self, request: Request) -> bool:
        """Can the store be used?"""
        with self._lock:
            if time.monotonic() >= self._until:
                self._is_ok = _can_store(request)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._is_ok


def health(request: Request) -> Response:
    """``ok``, or 503 and ``not ok``.

    Only what this process cannot serve without is asked. A plugin that is not
    well must not take the whole site away from citizens.
    """
    is_ok = request.registry.pulse.is_ok(request)
    return Response(
        "ok" if is_ok else "not ok", status=200 if is_ok else 503, content_type="text/plain"
    )


def live(request: Request) -> Response:  # noqa: ARG001 - Pyramid's signature
    """``ok``: the process answers. Asks nothing else, so that no trouble elsewhere restarts it."""
    return Response("ok", content_type="text/plain")


def deep(request: Request) -> Response:
    """Store, deliveries and plugins, as JSON, for whoever has the token. 503 where one is ill."""
    site = request.registry.site
    files = [one.file for one in site.composition.municipalities.values()]
    found = (
        Health("store", is_ok=_can_store(request)),
        deliveries_health(site.store, files),
        *plugin_health(site.composition.plan),
    )
    is_ok = all(one.is_ok for one in found)
    told = [{"name": one.name, "ok": one.is_ok, "text": one.text} for one in found]
    return Response(json_body={"ok": is_ok, "checks": told}, status=200 if is_ok else 503)


def _can_store(request: Request) -> bool:
    try:
        with request.registry.site.store.transaction(_NOWHERE):
            return True
    except StoreUnavailable:
        return False
