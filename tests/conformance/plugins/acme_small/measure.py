"""Measurements, posted to a statistics system."""

from __future__ import annotations

from zope.interface import implementer

from acme_small.http import ask
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IMeasure
from selvbetjening_core.values import Setting

SETTINGS = (Setting(name="url", kind="url", help="Where the system takes measurements."),)


@implementer(IMeasure)
class HttpMeasure:
    def __init__(self, context):
        self._url = context.text("url")

    def record(self, measurement):
        if ask("POST", f"{self._url}/measurements", self.written(measurement)) is None:
            raise Unavailable("nobody takes measurements there")

    def written(self, one):
        return {
            "what": one.what,
            "municipality": one.municipality_code,
            "solution": one.solution,
            "version": one.definition_version,
            "channel": one.channel,
            "day": one.day.isoformat(),
            "score": one.score,
        }


@hookimpl
def selvbetjening_register(register):
    register.component(
        IMeasure, HttpMeasure, help="Posts measurements.", settings=SETTINGS, built_for="0.1"
    )
