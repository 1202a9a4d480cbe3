"""IMeasure: hand measurements to a statistics system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Measurement


class IMeasure(Interface):
    """Takes measurements of use and satisfaction. None of them is personal."""

    def record(measurement: Measurement) -> None:
        """Hand one on. Called outside a citizen's request; may be lost, never doubled.

        :raises Unavailable: it could not be handed on
        """
