"""For load balancers: can this process serve? Details are for ``selvbetjening health``."""

from __future__ import annotations

import threading
import time

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.errors import StoreUnavailable

KEPT_SECONDS = 5.0
_NOWHERE = "0000"


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.registry.pulse = Pulse()
    config.add_route("health", "/-/health")
    config.add_view(
        health, route_name="health", request_method="GET", permission=NO_PERMISSION_REQUIRED
    )


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


def _can_store(request: Request) -> bool:
    try:
        with request.registry.site.store.transaction(_NOWHERE):
            return True
    except StoreUnavailable:
        return False
