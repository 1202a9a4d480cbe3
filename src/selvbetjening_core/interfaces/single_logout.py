"""ISingleLogout: read what a provider says of logins that have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import LogoutNotice, Message, Refusal


class ISingleLogout(Interface):
    """What a login component also provides whose provider tells when a login has ended.

    The provider tells it by the browser (front channel) or from server to server (back
    channel), at the same address as it answers logins: ``/-/messages/`` and the
    component's name. Only the core ends sessions.
    """

    def read_logout(message: Message) -> LogoutNotice | Refusal | None:
        """Read a message: check its signature, and say what has ended.

        Asked before :meth:`IIdentity.complete`, of every message to the component; None:
        it is no such message. A refusal where it cannot be proven, or read. No effect:
        whether a notice is new and recent is the core's to judge. Never raises on bad
        input. Personal data: the provider's words for a person and a login.

        :raises Unavailable: the provider has to be asked, and cannot be; the sender is
            told to try again later
        """
