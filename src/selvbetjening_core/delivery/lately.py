"""Which receiver had something due a moment ago: it probably has more."""

from __future__ import annotations

_IN_A_ROW = 8


class Lately:
    """Names the receiver of the last claim, for the next one, some times in a row.

    Claiming from a receiver that is known is cheaper than finding the most overdue
    of all. The others are looked at again after eight. Threads may share one: who
    overwrites what another has just noted costs that one a look, no more.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, int]] = {}

    def receiver(self, municipality: str) -> str:
        """The component to claim from first; empty: whichever has waited longest."""
        component, left = self._last.get(municipality, ("", 0))
        return component if left > 0 else ""

    def note(self, municipality: str, component: str) -> None:
        """What was claimed from; empty: there was nothing."""
        last, left = self._last.get(municipality, ("", 0))
        left = left - 1 if component == last and left > 0 else _IN_A_ROW - 1
        self._last[municipality] = (component, left if component else 0)
