"""Log-outs that the provider did not tell of; each must end nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from oidc_town import CLIENT, MESSAGES, SESSION, SUBJECT, Begun
from webob import Response

from selvbetjening_oidc.counterpart import made_key, signed, unsigned

EVENT = "http://schemas.openid.net/event/backchannel-logout"
Send = Callable[[Begun], Response]
_HOUR = 3600


def claims(begun: Begun, **changed: Any) -> dict[str, Any]:
    """What a log-out token says; what is None is left out."""
    now = begun.town.now()
    said = {
        "iss": begun.town.broker.url,
        "aud": CLIENT,
        "iat": now,
        "exp": now + 120,
        "jti": f"notice-{begun.query['state']}",
        "sub": SUBJECT,
        "sid": SESSION,
        "events": {EVENT: {}},
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def tell(begun: Begun, token: str) -> Response:
    """The provider's server sends it: without cookies."""
    return begun.window.send("POST", MESSAGES, {"logout_token": token}, cookies={})


def told(**changed: Any) -> Send:
    """By the provider, with this changed."""
    return lambda begun: tell(
        begun, signed(claims(begun, **changed), begun.town.keys.provider, typ="logout+jwt")
    )


def _signed(**header: Any) -> Send:
    return lambda begun: tell(begun, signed(claims(begun), begun.town.keys.provider, **header))


def _moved(**by: int) -> Send:
    def send(begun: Begun) -> Response:
        now = begun.town.now()
        return told(**{name: now + seconds for name, seconds in by.items()})(begun)

    return send


def _in_front(**query: str) -> Send:
    return lambda begun: begun.window.send(
        "GET",
        f"{MESSAGES}?{urlencode({'iss': begun.town.broker.url, 'sid': SESSION, **query})}",
        cookies={},
    )


def _id_token(begun: Begun) -> Response:
    return tell(begun, begun.token())


def _twice(begun: Begun) -> Response:
    token = signed(claims(begun), begun.town.keys.provider)
    body = {"logout_token": token}
    path = f"{MESSAGES}?{urlencode(body)}"
    return begun.window.send("GET", path, cookies={})


FORGED: dict[str, Send] = {
    "an ID token": _id_token,
    "with a nonce": told(nonce="n"),
    "without an event": told(events=None),
    "with another event": told(events={"http://example.org/event": {}}),
    "with an event that is a word": told(events=EVENT),
    "with an event that is no object": told(events={EVENT: "yes"}),
    "by another issuer": told(iss="https://evil.example"),
    "for another client": told(aud="another-client"),
    "for several clients": told(aud=[CLIENT, "another-client"]),
    "without an id": told(jti=None),
    "of nobody": told(sid=None, sub=None),
    "of another login": told(sid="login-8", sub=None),
    "of another person": told(sid=None, sub="person-5"),
    "of an hour ago": _moved(iat=-_HOUR, exp=-_HOUR + 120),
    "of an hour ago, without end": lambda begun: told(iat=begun.town.now() - _HOUR, exp=None)(
        begun
    ),
    "that has ended": _moved(exp=-_HOUR),
    "of tomorrow": _moved(iat=24 * _HOUR, exp=25 * _HOUR),
    "without a time": told(iat=None),
    "as an access token": _signed(typ="at+jwt"),
    "not signed": lambda begun: tell(begun, unsigned(claims(begun))),
    "by somebody else": lambda begun: tell(begun, signed(claims(begun), begun.town.keys.attacker)),
    "by a kid nobody knows": lambda begun: tell(begun, signed(claims(begun), made_key("third"))),
    "no token": lambda begun: tell(begun, "nonsense"),
    "in an address": _twice,
    "by a browser, which is not agreed on": _in_front(),
    "by a browser, of everybody": _in_front(sid=""),
}
GOOD: dict[str, Send] = {
    "of a login": told(sub=None),
    "of a person": told(sid=None),
    "without an end, as older providers": told(exp=None),
    "without a type": _signed(typ=None),
}
