"""IStatus: how does a case stand?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import CaseStatus, StatusRequest


class IStatus(Interface):
    """Asks the system that handles a case how it stands."""

    def status(request: StatusRequest) -> CaseStatus:
        """What the receiver says of the case; ``not_known`` if it says nothing.

        No effect. Personal data: what the receiver's sentence holds.

        :raises Unavailable: the receiver cannot be reached
        """
