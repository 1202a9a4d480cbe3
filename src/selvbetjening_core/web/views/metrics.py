"""``/-/metrics`` for Prometheus: the ledger as it stands, and what this process has done."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.web.attempts import Attempts
from selvbetjening_core.web.policy import WATCHER


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("metrics", "/-/metrics")
    config.add_view(metrics, route_name="metrics", request_method="GET", permission=WATCHER)


def metrics(request: Request) -> Response:
    """The figures, for whoever has the token. Never counts what has arrived."""
    registry = CollectorRegistry()
    registry.register(_Ledger(request))
    registry.register(Attempts(request.registry.site.attempts))
    body = generate_latest(registry) + generate_latest(request.registry.meter.registry)
    response = Response(body)
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


class _Ledger:
    """What has not arrived, and what was decided about receivers."""

    def __init__(self, request: Request) -> None:
        self._site = request.registry.site

    def collect(self) -> Iterator[Metric]:
        """One family each; what the store cannot tell is left out, and told by ``_up``."""
        of_state = ("municipality", "receiver", "state")
        of_receiver = ("municipality", "receiver")
        families = (
            GaugeMetricFamily(
                "selvbetjening_deliveries", "Deliveries that have not arrived.", labels=of_state
            ),
            GaugeMetricFamily(
                "selvbetjening_oldest_seconds",
                "Age of the oldest delivery that has not arrived.",
                labels=of_state,
            ),
            GaugeMetricFamily(
                "selvbetjening_receiver_paused", "1: a person has paused it.", labels=of_receiver
            ),
            GaugeMetricFamily(
                "selvbetjening_receiver_resting",
                "1: it rests after failures.",
                labels=of_receiver,
            ),
        )
        up = GaugeMetricFamily("selvbetjening_store_up", "1: the store can be used.")
        try:
            for municipality in self._site.composition.municipalities.values():
                with self._site.store.transaction(municipality.code) as work:
                    _add(work, municipality.file, *families)
            up.add_metric([], 1)
        except StoreUnavailable:
            up.add_metric([], 0)
        yield from (*families, up)


def _add(
    work: UnitOfWork,
    file: MunicipalityFile,
    deliveries: GaugeMetricFamily,
    oldest: GaugeMetricFamily,
    paused: GaugeMetricFamily,
    resting: GaugeMetricFamily,
) -> None:
    now = work.now()
    for one in work.deliveries.unfinished_counts():
        labels = (file.code, one.component, one.state)
        deliveries.add_metric(labels, one.count)
        oldest.add_metric(labels, max(0.0, (now - one.oldest).total_seconds()))
    decided = {one.component: one for one in work.receivers.all()}
    for name in file.deliverers:
        found = decided.get(name)
        is_resting = found is not None and found.rests_until is not None and found.rests_until > now
        paused.add_metric((file.code, name), found is not None and found.paused_at is not None)
        resting.add_metric((file.code, name), is_resting)
