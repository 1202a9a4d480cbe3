"""IIdentity: log somebody in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Attribute, Interface

if TYPE_CHECKING:
    from selvbetjening_core.values import (
        Challenge,
        Claims,
        LoginRequest,
        LogoutRequest,
        Message,
        Refusal,
    )


class IIdentity(Interface):
    """Logs citizens in at an identity provider.

    The component speaks the provider's protocol and checks its signature. It
    does not judge: replay, audience, recipient, request, times, level and
    algorithm are checked by the core on the :class:`Claims` it returns.
    """

    issuer: str = Attribute("The one issuer whose claims this component can return.")
    algorithms: frozenset[str] = Attribute("Names of the signature algorithms it accepts.")

    def begin(request: LoginRequest) -> Challenge:
        """Start a login: say where to send the browser.

        No lasting effect. :raises Unavailable: the provider cannot be reached.
        """

    def complete(message: Message) -> Claims | Refusal:
        """Read the provider's answer.

        Returns :class:`Refusal` for a cancelled login, a bad signature or
        anything unreadable; never raises on bad input. Personal data: CPR
        number and name, in the claims' attributes ``cpr`` and ``name``.

        :raises Unavailable: the provider has to be asked, and cannot be; the
            citizen is told to try again later
        """

    def end(request: LogoutRequest) -> Challenge | None:
        """Where to send the browser to log out at the provider; None if nowhere.

        Asked when somebody logs out, after the core has ended its own session. No
        lasting effect. Personal data: what the claims had as ``farewell``.

        :raises Unavailable: the provider cannot be reached; the person is told that
            they are logged out here alone
        """
