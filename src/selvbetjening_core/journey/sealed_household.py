"""A household that is kept sealed until somebody asks who is in it."""

from __future__ import annotations

from collections.abc import Callable

from selvbetjening_core.values import Household
from selvbetjening_core.values.personal import Personal


class SealedHousehold(Personal):
    """What a register answered, as it lies in the store. Personal data once opened.

    Most pages of a journey tell nothing of it, and are spared opening it. It is opened
    once at the most, and equals the household that is in it.

    :param unseal: opens it
    """

    __slots__ = ("_found", "_unseal")
    __hash__ = None  # type: ignore[assignment]  # like the household, it is no key of anything

    def __init__(self, unseal: Callable[[], Household]) -> None:
        self._unseal = unseal
        self._found: Household | None = None

    def opened(self) -> Household:
        """The household. :raises Unreadable: it was not sealed in this cell."""
        if self._found is None:
            self._found = self._unseal()
        return self._found

    def __eq__(self, other: object) -> bool:
        return self.opened() == (other.opened() if isinstance(other, SealedHousehold) else other)


def opened(household: Household | SealedHousehold | None) -> Household | None:
    """The household itself. :raises Unreadable: as :meth:`SealedHousehold.opened`."""
    return household.opened() if isinstance(household, SealedHousehold) else household
