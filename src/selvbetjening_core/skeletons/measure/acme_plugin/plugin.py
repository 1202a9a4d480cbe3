"""The component. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IMeasure
from selvbetjening_core.values import ComponentContext, Measurement
from zope.interface import implementer

from acme_plugin.statistics import Statistics
from acme_plugin.wire import SETTINGS, Wire


@implementer(IMeasure)
class AcmeMeasure:
    """One municipality's figures at Acme."""

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nobody is told anything yet."""
        self._statistics = Statistics(Wire(context))

    def record(self, measurement: Measurement) -> None:
        """Hand one on, once."""
        self._statistics.hand_on(measurement)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IMeasure,
        AcmeMeasure,
        help="Statistics at Acme.",
        settings=SETTINGS,
        holds="Nothing about a person: what is measured is not personal.",
        built_for="0.1",
    )
