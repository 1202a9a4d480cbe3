"""Figures for those who watch the site: what this process has done since it began.

Nothing in them is about a person, and no label is anything a stranger can choose.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from selvbetjening_core.values import CaseEvent, CaseEventKind

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Meter:
    """Counts what happens in this process. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.submissions = Counter(
            "selvbetjening_submissions",
            "Submissions accepted by this process.",
            ["municipality"],
            registry=self.registry,
        )
        self.store_errors = Counter(
            "selvbetjening_store_errors",
            "Requests that the store could not serve.",
            registry=self.registry,
        )
        self.requests = Histogram(
            "selvbetjening_request_seconds",
            "How long requests took.",
            ["route", "method", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._took: dict[tuple[str, str, int], Histogram] = {}

    def took(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered: by which route, how, and how long it took."""
        known = method if method in _METHODS else "other"
        about = (route, known, status // 100)
        found = self._took.get(about)
        if found is None:
            # Looking it up takes longer than what it does.
            found = self._took[about] = self.requests.labels(route, known, f"{about[-1]}xx")
        found.observe(seconds)

    def announcing(self, announce: Callable[[CaseEvent], None]) -> Callable[[CaseEvent], None]:
        """``announce``, counting what was submitted."""

        def counted(event: CaseEvent) -> None:
            if event.kind is CaseEventKind.SUBMITTED:
                self.submissions.labels(event.municipality_code).inc()
            announce(event)

        return counted


def includeme(config: Configurator) -> None:
    """Measure every request, outermost."""
    config.registry.meter = Meter()
    config.add_tween(
        "selvbetjening_core.web.watching.measuring_tween_factory",
        # Said too, since Pyramid's own tween for errors would come to stand above all.
        under=INGRESS,
        over="selvbetjening_core.web.headers.headers_tween_factory",
    )


def measuring_tween_factory(
    handler: Callable[[Request], Response], registry: object
) -> Callable[[Request], Response]:
    """Keeps how long each request took, by route, method and kind of answer."""
    meter: Meter = registry.meter  # type: ignore[attr-defined]  # not typed

    def measuring_tween(request: Request) -> Response:
        begun = time.perf_counter()
        response = handler(request)
        route = getattr(request, "matched_route", None)
        name = route.name if route else "none"
        meter.took(name, request.method, response.status_int, time.perf_counter() - begun)
        return response

    return measuring_tween
