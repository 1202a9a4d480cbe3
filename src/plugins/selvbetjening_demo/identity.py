"""Login at the demo provider."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from zope.interface import implementer

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
from selvbetjening_demo.connection import SETTINGS, Connection
from selvbetjening_demo.signing import CLAIMS, LOGIN_REQUEST, LOGOUT_REQUEST, seal, unseal

_TIME_CLAIMS = ("issued_at", "not_before", "not_after")
_CITIZENS, _STAFF = "citizens", "pretended-staff"
_ATTRIBUTES = {
    _CITIZENS: ("cpr", "name"),
    _STAFF: ("staff", "name", "municipalities", "roles"),
}

IDENTITY_SETTINGS = (
    *SETTINGS,
    Setting(
        name="who",
        kind="text",
        help="Who logs in; pretended-staff is for the role staff_login.",
        required=False,
        default=_CITIZENS,
        choices=(_CITIZENS, _STAFF),
    ),
)


@implementer(IIdentity)
class DemoIdentity:
    """Logs test citizens in; or, set to, pretended staff.

    The browser brings back a random word only; the claims are fetched from the
    provider with it, once, so that no CPR number is ever in an address.
    """

    issuer = "demo-idp"
    algorithms = frozenset({"HS256"})

    def __init__(self, context: ComponentContext) -> None:
        self._provider = Connection(context)
        self._who = context.text("who") or _CITIZENS

    def begin(self, request: LoginRequest) -> Challenge:
        """Send the browser to the provider with a signed request. No effect."""
        word = seal(
            self._provider.secret,
            LOGIN_REQUEST,
            {
                "request_id": request.request_id,
                "audience": request.audience,
                "return_url": request.return_url,
                "level": request.level.name.lower(),
                "locale": request.locale,
                "who": self._who,
            },
        )
        return Challenge(f"{self._provider.url}/login?{urlencode({'request': word})}")

    def complete(self, message: Message) -> Claims | Refusal:
        """Fetch what the browser's word stands for, and check its signature.

        :raises Unavailable: the provider cannot be asked
        """
        artifact = message.query.get("token", "")
        if not artifact:
            return Refusal("no-token")
        answer = self._provider.post("/claims", {"artifact": artifact})
        if answer is None:
            return Refusal("unknown-token")
        data = unseal(self._provider.secret, CLAIMS, str(answer.get("claims", "")))
        if data is None:
            return Refusal("bad-signature")
        if data.get("cancelled") is True:
            return Refusal("cancelled", cancelled=True)
        return _claims(data, _ATTRIBUTES[self._who])

    def end(self, request: LogoutRequest) -> Challenge | None:
        """To the provider with a signed request, and back from there."""
        word = seal(self._provider.secret, LOGOUT_REQUEST, {"return_url": request.return_url})
        asked = urlencode({"request": word, "locale": request.locale})
        return Challenge(f"{self._provider.url}/logged-out?{asked}")


def _claims(data: dict[str, Any], attributes: tuple[str, ...]) -> Claims | Refusal:
    try:
        issued_at, not_before, not_after = (_moment(data[name]) for name in _TIME_CLAIMS)
    except (KeyError, TypeError, ValueError):
        return Refusal("unreadable-claims")
    return Claims(
        issuer=_text(data, "issuer"),
        audience=_text(data, "audience"),
        recipient=_text(data, "recipient"),
        in_response_to=_text(data, "in_response_to"),
        assertion_id=_text(data, "assertion_id"),
        issued_at=issued_at,
        not_before=not_before,
        not_after=not_after,
        algorithm=_text(data, "algorithm"),
        level=_text(data, "level"),
        attributes={name: data[name] for name in attributes if _text(data, name)},
    )


def _moment(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(datetime.UTC)


def _text(data: dict[str, Any], name: str) -> str:
    # What is missing stays empty: only the core judges, and it refuses that.
    value = data.get(name)
    return value if isinstance(value, str) else ""


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the demo login."""
    register.component(
        IIdentity,
        DemoIdentity,
        help="Login as one of a few official test citizens, or as pretended staff, at a demo"
        " provider.",
        settings=IDENTITY_SETTINGS,
        demo_only=True,
        reads=(Data.CPR, Data.NAME),
        holds="Who logged in, for a few minutes, in the provider's memory.",
        built_for="0.2",
        sends_to=("provider",),
    )
