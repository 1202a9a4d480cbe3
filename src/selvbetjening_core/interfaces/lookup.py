"""ILookup: find an address, a number plate, an entry of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import LookupMatch, LookupQuery


class ILookup(Interface):
    """Finds things by what a citizen types, and again by their key.

    Both methods may raise :class:`~selvbetjening_core.errors.Unavailable`: the
    form then takes what the citizen types.
    """

    def search(query: LookupQuery) -> tuple[LookupMatch, ...]:
        """The best matches first, at most ``query.limit``; none is no error.

        No effect. Personal data: what was typed.
        """

    def find(key: str) -> LookupMatch | None:
        """What has this key, or None. No effect.

        The server asks this again for what a browser says was chosen.
        """
