"""IMessages: read what an outside system sends on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import Message, Reply


class IMessages(Interface):
    """What a component also provides that outside systems send messages to.

    The core has one route for them all; no vendor needs a web framework. The
    address to tell the outside system is ``/-/messages/`` and the component's
    name, below the municipality's own address.
    """

    def notice(message: Message) -> Reply:
        """Read a message: check its proof, and say what it is about.

        Idempotent: repeated, late, reordered and unknown messages are
        acknowledged like the first. One that cannot be proven gets a refusing
        status and names nothing. Never raises on bad input.
        """
