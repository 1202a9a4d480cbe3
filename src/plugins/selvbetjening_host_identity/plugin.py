"""The identity component."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from zope.interface import implementer

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.values import (
    AssuranceLevel,
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
from selvbetjening_host_identity.vouching import LASTS
from selvbetjening_host_identity.words import (
    ALGORITHM,
    GIVEN_UP,
    REQUEST,
    VOUCHER,
    check_key,
    find,
    read,
    sign,
)

SETTINGS = (
    Setting(
        name="issuer",
        kind="text",
        help="The site that vouches, as citizens know it (mors.dk). Receipts name it.",
    ),
    Setting(
        name="key",
        kind="secret",
        help="The secret shared with the site: at least 32 characters, made at random.",
    ),
    Setting(
        name="login_url",
        kind="url",
        help="The site's page that logs citizens in and sends them back with a voucher.",
    ),
    Setting(
        name="highest_level",
        kind="text",
        choices=("low", "substantial", "high"),
        help="The highest assurance level (NSIS) that the site's own login has.",
    ),
)

_REQUEST_LASTS = datetime.timedelta(minutes=15)


@implementer(IIdentity)
class HostIdentity:
    """Takes a site's word for who its user is.

    The site states level and time of its own login. It cannot state more than the
    municipality's file allows, and says it for one request, once, within a minute.
    """

    algorithms = frozenset({ALGORITHM})

    def __init__(self, context: ComponentContext) -> None:
        """:raises ValueError: the key is too short, or the issuer empty"""
        self._key = context.text("key")
        check_key(self._key)
        self.issuer = context.text("issuer").strip()
        if not self.issuer:
            raise ValueError('"issuer" is empty; write the site as citizens know it')
        self._login_url = context.text("login_url")
        self._highest = AssuranceLevel[context.text("highest_level").upper()]
        self._now = context.now

    def begin(self, request: LoginRequest) -> Challenge:
        """Send the browser to the site with a signed request. No effect."""
        word = sign(
            self._key,
            REQUEST,
            {
                "request_id": request.request_id,
                "audience": request.audience,
                "return_url": request.return_url,
                "level": request.level.name.lower(),
                "locale": request.locale,
                "exp": int((self._now() + _REQUEST_LASTS).timestamp()),
            },
        )
        mark = "&" if "?" in self._login_url else "?"
        return Challenge(f"{self._login_url}{mark}{urlencode({'request': word})}")

    def complete(self, message: Message) -> Claims | Refusal:
        """Read the voucher. Times, audience, request and replay are the core's to judge.

        A level above the highest one, and a voucher made to last, are refused here: the
        core does not know what was agreed with the site. Personal data: CPR number, name.
        """
        word = message.query.get("voucher", "")
        if not word:
            return self._unvouched(message)
        said = read(self._key, VOUCHER, word)
        if said is None:
            return Refusal("bad-signature")
        try:
            return self._claims(said)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return Refusal("unreadable-voucher")

    def _unvouched(self, message: Message) -> Refusal:
        if read(self._key, GIVEN_UP, message.query.get("given_up", "")) is None:
            return Refusal("no-voucher")
        return Refusal("given-up-at-the-site", cancelled=True)

    def end(self, request: LogoutRequest) -> Challenge | None:
        """Nowhere: the login at the site is the site's."""
        return None

    def _claims(self, said: dict[str, Any]) -> Claims | Refusal:
        level = AssuranceLevel.named(_text(said, "level"))
        if level is None:
            return Refusal("unknown-level")
        if level > self._highest:
            return Refusal("level-above-highest")
        begins, ends = _moment(said["nbf"]), _moment(said["exp"])
        if ends - begins > LASTS:
            return Refusal("lasts-too-long")
        citizen = find(self._key, said.get("citizen"))
        return Claims(
            issuer=_text(said, "iss"),
            audience=_text(said, "aud"),
            recipient=_text(said, "recipient"),
            in_response_to=_text(said, "in_response_to"),
            assertion_id=_text(said, "jti"),
            issued_at=_moment(said["iat"]),
            not_before=begins,
            not_after=ends,
            algorithm=ALGORITHM,
            level=_text(said, "level"),
            attributes={name: citizen[name] for name in ("cpr", "name") if name in citizen},
            vouched_by=self.issuer,
            logged_in_at=_moment(said["auth_time"]),
        )


def _moment(seconds: object) -> datetime.datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise TypeError("a time in a voucher is a whole number of seconds")
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)


def _text(said: dict[str, Any], name: str) -> str:
    # What is missing stays empty: only the core judges, and it refuses that.
    value = said.get(name)
    return value if isinstance(value, str) else ""


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer login by a site that vouches."""
    register.component(
        IIdentity,
        HostIdentity,
        help="Login by the site that selvbetjening is a part of: it vouches for its user.",
        settings=SETTINGS,
        reads=(Data.CPR, Data.NAME),
        holds="Nothing: the site knows its own users.",
        built_for="0.2",
        sends_to=("login_url",),
    )
