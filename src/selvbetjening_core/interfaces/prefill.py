"""IPrefill: what the public already knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import CprNumber, Household


class IPrefill(Interface):
    """Looks a logged-in person up in a register of persons.

    Asked once for a journey, never while a page is drawn.
    """

    def household(cpr: CprNumber) -> Household | None:
        """The person, the person's children, the custody of each, and who else lives there.

        ``others``, those at the same address who are not among the children, may be
        left empty by a register that does not tell; the core keeps them only where a
        question is about the household.

        None when the register does not know the number. :raises Unavailable:
        the register cannot be reached; the journey goes on without it. No
        effect. Personal data: name, address, family and household.
        """
