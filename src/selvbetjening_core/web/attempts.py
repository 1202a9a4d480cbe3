"""How the attempts of one process ended, for Prometheus: with the site's figures, or alone."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, Metric

from selvbetjening_core.delivery.tally import Tally

_LOOPBACK = "127.0.0.1"


class Attempts:
    """Collects the counters of one process."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        """The one family."""
        family = CounterMetricFamily(
            "selvbetjening_attempts",
            "Attempts ended by this process, since it began.",
            labels=("municipality", "receiver", "outcome"),
        )
        for labels, count in self._tally.counts().items():
            family.add_metric(labels, count)
        yield family


def serve_attempts(tally: Tally, port: int) -> tuple[WSGIServer, Thread]:
    """Tell them on this machine alone, for a process that serves nobody else.

    :returns: the server and its thread, which end with the process
    :raises OSError: the port cannot be used
    """
    registry = CollectorRegistry()
    registry.register(Attempts(tally))
    return start_http_server(port, addr=_LOOPBACK, registry=registry)
