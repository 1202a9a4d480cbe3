"""What the provider says of logins that have ended.

Server to server it is signed (OpenID Connect Back-Channel Logout 1.0). What a browser brings
(Front-Channel Logout 1.0) is not: it is believed where the municipality has said so, and then
of the one login alone whose id it has.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

from selvbetjening_core.values import LogoutNotice, Message, Reply
from selvbetjening_oidc.claims import SKEW, check_audience
from selvbetjening_oidc.parsing import Refused, moment_of, text_of
from selvbetjening_oidc.settings import Agreement
from selvbetjening_oidc.tokens import Key, Signed, read_signed

_FIELD = "logout_token"
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_KINDS = ("", "jwt", "logout+jwt")
_FORM = "application/x-www-form-urlencoded"


def read_logout(
    message: Message,
    agreement: Agreement,
    keys: Callable[[str], Sequence[Key]],
    now: datetime.datetime,
) -> LogoutNotice | None:
    """What a message says of logging out; None: it is no such message.

    :raises Refused: it is one, and is not the provider's own
    :raises Unavailable: the provider's keys cannot be fetched
    """
    if message.method == "POST":
        return _told_by_server(message, agreement, keys, now)
    if "sid" in message.query and not {"state", "code", "error"} & set(message.query):
        return _told_by_browser(message, agreement, now)
    return None


def _told_by_server(
    message: Message,
    agreement: Agreement,
    keys: Callable[[str], Sequence[Key]],
    now: datetime.datetime,
) -> LogoutNotice | None:
    if not message.headers.get("content-type", "").startswith(_FORM):
        return None
    texts = parse_qs(message.body.decode("utf-8", "replace")).get(_FIELD, [])
    if not texts:
        return None
    if len(texts) > 1:
        raise Refused("several-tokens")
    token = read_signed(texts[0], keys)
    _check(token, agreement, now)
    session = text_of(token.said, "sid")
    return LogoutNotice(
        issuer=agreement.issuer,
        notice_id=text_of(token.said, "jti"),
        sessions=(session,) if session else (),
        subject=text_of(token.said, "sub"),
        issued_at=moment_of(token.said, "iat"),
        answer=Reply(200),
    )


def _check(token: Signed, agreement: Agreement, now: datetime.datetime) -> None:
    said = token.said
    events = said.get("events")
    # With a nonce it would be an ID token, which a browser has and could bring here.
    if token.kind not in _KINDS or "nonce" in said:
        raise Refused("no-logout-token")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise Refused("no-logout-event")
    if text_of(said, "iss") != agreement.issuer:
        raise Refused("issuer")
    check_audience(said, agreement.client_id)
    if not text_of(said, "jti"):
        raise Refused("no-token-id")
    if not (text_of(said, "sid") or text_of(said, "sub")):
        raise Refused("of-nobody")
    # Older providers leave the end out; how long ago it was made is the core's to judge.
    if "exp" in said and moment_of(said, "exp") + SKEW <= now:
        raise Refused("too-late")


def _told_by_browser(
    message: Message, agreement: Agreement, now: datetime.datetime
) -> LogoutNotice:
    session = message.query["sid"]
    if not agreement.has_front_channel or not session:
        raise Refused("front-channel")
    if message.query.get("iss", "") != agreement.issuer:
        raise Refused("issuer")
    # It has no id of its own: in one second once is enough.
    mark = hashlib.sha256(f"{session} {int(now.timestamp())}".encode()).hexdigest()
    return LogoutNotice(
        issuer=agreement.issuer,
        notice_id=f"front-{mark}",
        sessions=(session,),
        issued_at=now,
        answer=Reply(200),
    )
