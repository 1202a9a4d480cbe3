"""Acme's own protocol: the two methods you fill in.

They talk to the counterpart in this package as they stand, so that everything is
green before you change the first line. Keep the names and what goes in and out;
change how each says it to Acme, and the same thing in ``counterpart.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Measurement

from acme_plugin.wire import Wire


class Statistics:
    """What Acme counts."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def hand_on(self, measurement: Measurement) -> None:
        """Send one measurement, once. It may be lost, and is never sent again.

        :raises Unavailable: it was not taken
        """
        answer = self._wire.ask("POST", "/measurements", self.written(measurement))
        if answer.status != 201:
            raise Unavailable(f"Acme answered {answer.status} to a measurement")

    def written(self, one: Measurement) -> Mapping[str, object]:
        """What is told of it. Nothing that points to a person or a machine."""
        return {
            "what": one.what,
            "municipality": one.municipality_code,
            "solution": one.solution,
            "version": one.definition_version,
            "channel": one.channel,
            "day": one.day.isoformat(),
            "score": one.score,
        }
