"""The component: what is the same for every identity provider. Nothing to fill in here."""

from __future__ import annotations

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.values import (
    Challenge,
    Claims,
    ComponentContext,
    Data,
    LoginRequest,
    LogoutRequest,
    Message,
    Refusal,
    Setting,
)
from zope.interface import implementer

from acme_plugin.login import ALGORITHMS, Login
from acme_plugin.wire import SETTINGS as WIRE_SETTINGS
from acme_plugin.wire import Wire

SETTINGS = (
    *WIRE_SETTINGS,
    Setting("issuer", "text", help="What Acme calls itself in its answers."),
    Setting("claims_secret", "secret", help="The secret that Acme signs its answers with."),
)


@implementer(IIdentity)
class AcmeIdentity:
    """One municipality's agreement with Acme.

    It checks the signature and hands on what was said. It does not judge:
    audience, times, level and replay are the core's.
    """

    algorithms = ALGORITHMS

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nobody is asked yet."""
        self.issuer = context.text("issuer")
        url = context.text("url").rstrip("/")
        self._login = Login(Wire(context), url, context.text("claims_secret"))

    def begin(self, request: LoginRequest) -> Challenge:
        """Where to send the browser."""
        return Challenge(self._login.address(request))

    def complete(self, message: Message) -> Claims | Refusal:
        """What Acme says of who came back; a refusal for whatever is not genuine.

        :raises Unavailable: Acme cannot be asked now
        """
        answer = self._login.fetch(message)
        if answer is None:
            return Refusal("no-answer")
        try:
            return self._login.read(answer)
        except (KeyError, TypeError, ValueError):
            return Refusal("unreadable")

    def end(self, request: LogoutRequest) -> Challenge | None:
        """Where to log out at Acme."""
        address = self._login.logout_address()
        return Challenge(address) if address else None


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IIdentity,
        AcmeIdentity,
        help="Login with Acme.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME),
        holds="Acme logs who logged in, when and where.",
        built_for="0.2",
        sends_to=("url",),
    )
