"""The identity component."""

from __future__ import annotations

import json
import logging
from functools import partial
from urllib.parse import urlencode

from zope.interface import implementer

from selvbetjening_core.errors import BadSettings, Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IIdentity, ISingleLogout
from selvbetjening_core.values import (
    Challenge,
    Claims,
    ComponentContext,
    Data,
    LoginRequest,
    LogoutNotice,
    LogoutRequest,
    Message,
    Refusal,
    SettingFault,
)
from selvbetjening_oidc.asking import Deadline
from selvbetjening_oidc.begun import Begun, BegunLogins
from selvbetjening_oidc.claims import check_access, check_token, claims_of, joined
from selvbetjening_oidc.exchange import tokens_for, userinfo
from selvbetjening_oidc.logouts import read_logout
from selvbetjening_oidc.parsing import Refused
from selvbetjening_oidc.provider import Places, Provider
from selvbetjening_oidc.settings import SETTINGS, Agreement, faults
from selvbetjening_oidc.tokens import ALGORITHMS, read_signed

log = logging.getLogger(__name__)

_LONGEST_CODE = 4096
_GIVEN_UP = "access_denied"


@implementer(IIdentity, ISingleLogout)
class BrokerLogin:
    """A relying party of OpenID Connect: authorisation code, with PKCE, state and nonce.

    What comes with the browser is a code alone. What it stands for is asked of the provider,
    with a secret that was kept since the login began.
    """

    algorithms = ALGORITHMS

    def __init__(self, context: ComponentContext) -> None:
        """Read the settings. Nobody is asked anything yet.

        :raises BadSettings: one of them is of no use
        """
        found = self.check_settings(context)
        if found:
            raise BadSettings(*found)
        self._agreement = Agreement.of(context)
        self._provider = Provider(self._agreement, context)
        self._begun = BegunLogins(context)
        self._now = context.now
        self.issuer = self._agreement.issuer

    @classmethod
    def check_settings(cls, context: ComponentContext) -> tuple[SettingFault, ...]:
        """What is wrong with addresses, maps and what is sent along."""
        return tuple(faults(context))

    def begin(self, request: LoginRequest) -> Challenge:
        """Send the browser to the provider. Keeps what its answer will be held to."""
        places = self._places(self._deadline())
        begun = self._begun.keep(request)
        asked = [
            ("response_type", "code"),
            ("client_id", self._agreement.client_id),
            ("redirect_uri", request.return_url),
            ("scope", self._agreement.scopes),
            ("state", request.request_id),
            ("nonce", begun.nonce),
            ("code_challenge", begun.challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", request.locale),
            *self._agreement.asked_beside(request.level),
        ]
        if self._agreement.forces_login or request.is_fresh:
            asked += [("prompt", "login"), ("max_age", "0")]
        return Challenge(_with(places.login, asked))

    def complete(self, message: Message) -> Claims | Refusal:
        """Exchange the code, check the ID token, read the claims.

        Times, audience, level, browser and replay are the core's to judge. A login is
        forgotten when it was answered. Personal data: whatever the broker tells.

        :raises Unavailable: the provider cannot be asked
        """
        try:
            return self._completed(message)
        except Refused as refused:
            return Refusal(refused.code, cancelled=refused.cancelled)

    def _completed(self, message: Message) -> Claims:
        if message.method != "GET":
            raise Refused("no-answer")
        state = message.query.get("state", "")
        begun = self._begun.find(state)
        if begun is None:
            raise Refused("unknown-state")
        try:
            claims = self._answered(message, begun)
        except Refused:
            self._begun.forget(state)
            raise
        self._begun.forget(state)
        return claims

    def _answered(self, message: Message, begun: Begun) -> Claims:
        deadline = self._deadline()
        places = self._provider.places(deadline)
        self._check_answer(message, begun, places)
        agreement = self._agreement
        tokens = tokens_for(message.query["code"], begun, agreement, places.tokens, deadline)
        token = read_signed(tokens.identity, partial(self._provider.keys, deadline=deadline))
        check_token(token, begun, agreement)
        check_access(token, tokens.access)
        said = token.said
        if agreement.asks_userinfo:
            told = userinfo(tokens, str(said["sub"]), places.userinfo, deadline)
            said = joined(said, told, agreement)
        return claims_of(token, said, begun, agreement, message, tokens)

    def _check_answer(self, message: Message, begun: Begun, places: Places) -> None:
        if message.url != begun.return_url:
            raise Refused("recipient")
        # One provider's answer for another's: mix-up (RFC 9207).
        issuer = message.query.get("iss", "" if places.names_itself else self.issuer)
        if issuer != self.issuer:
            raise Refused("mixed-up-issuer")
        error = message.query.get("error", "")
        if error:
            raise Refused("provider-refused", cancelled=error == _GIVEN_UP)
        code = message.query.get("code", "")
        if not 0 < len(code) <= _LONGEST_CODE or not (code.isascii() and code.isprintable()):
            raise Refused("no-code")

    def end(self, request: LogoutRequest) -> Challenge | None:
        """To the provider, with what the login's claims had. No effect."""
        if not request.farewell:
            return None
        place = self._places(self._deadline()).logout
        if not place:
            return None
        kept = json.loads(request.farewell)
        asked = [
            ("client_id", self._agreement.client_id),
            ("post_logout_redirect_uri", request.return_url),
            ("ui_locales", request.locale),
            ("id_token_hint", kept["hint"]),
            ("logout_hint", "" if kept["hint"] else kept["session"]),
        ]
        return Challenge(_with(place, [(name, text) for name, text in asked if text]))

    def read_logout(self, message: Message) -> LogoutNotice | Refusal | None:
        """See :class:`~selvbetjening_core.interfaces.single_logout.ISingleLogout`."""
        keys = partial(self._provider.keys, deadline=self._deadline())
        try:
            return read_logout(message, self._agreement, keys, self._now())
        except Refused as refused:
            return Refusal(refused.code)

    def _deadline(self) -> Deadline:
        return Deadline(self._agreement.seconds)

    def _places(self, deadline: Deadline) -> Places:
        try:
            return self._provider.places(deadline)
        except Refused as refused:
            code = refused.code
        log.error("the login provider's own document is not believed: %s", code)
        raise Unavailable(f"the provider's document is not believed: {code}")


def _with(address: str, asked: list[tuple[str, str]]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the login."""
    register.component(
        IIdentity,
        BrokerLogin,
        help="Login through a broker (OpenID Connect), for citizens or staff.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME),
        holds="What a login that was begun is held to, for 15 minutes; the provider's keys.",
        built_for="0.2",
        sends_to=("issuer", "login_address"),
    )
