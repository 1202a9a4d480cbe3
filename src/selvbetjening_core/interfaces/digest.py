"""IDigest: tell the people who look after deliveries, once a day, what needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Digest


class IDigest(Interface):
    """Hands a daily digest of what is parked or overdue to those who operate.

    Bound by the role ``digest`` in the municipality's file. When it is sent, and
    whether also when there is nothing to tell, is the core's to decide.
    """

    def send(digest: Digest) -> None:
        """Hand the day's digest on, whole: every line of it, and the link.

        Called outside a citizen's request, once a day. Not heard of is worse than
        heard twice: where it is not known whether it arrived, it is called again
        with the same ``key``, by which a receiver may know a repeat. Personal data:
        none, and none may be added.

        :raises Unavailable: it was not taken, or nobody knows
        """
