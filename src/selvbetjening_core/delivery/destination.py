"""What a worker is told about the other end of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.journey.records import Delivery


@dataclass(frozen=True, slots=True)
class Destination:
    """The component that delivers, and the plugin it was made by.

    Plugin and version are kept with each attempt.
    """

    component: IDelivery
    plugin: str
    plugin_version: str


FindDestination = Callable[[str, Delivery], Destination]
"""Given municipality and delivery. :raises ComponentMissing: there is none now."""
