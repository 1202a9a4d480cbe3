"""ID tokens that are not for this login, or not the provider's own."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from joserfc import jwk
from oidc_town import CLIENT, OTHER_CPR, OTHER_NAME, Begun

from selvbetjening_oidc.counterpart import made_key, signed, unsigned
from selvbetjening_oidc.parsing import url_text

Vector = Callable[[Begun], Any]
_HOUR = 3600
_FORGED = {"cpr": OTHER_CPR, "name": OTHER_NAME}


def _said(**changed: Any) -> Vector:
    return lambda begun: begun.answer(begun.token(**changed))


def _moved(**hours: float) -> Vector:
    """Times, by how many hours they are from now."""

    def vector(begun: Begun) -> Any:
        times = {name: int(begun.town.now() + by * _HOUR) for name, by in hours.items()}
        return begun.answer(begun.token(**times))

    return vector


def _made(token: Callable[[Begun, dict[str, Any]], str]) -> Vector:
    """A token that somebody else made, of another person."""
    return lambda begun: begun.answer(token(begun, begun.claims(**_FORGED)))


def _signed_by(key: Callable[[Begun], jwk.Key], algorithm: str = "ES256", **header: Any) -> Vector:
    return _made(lambda begun, said: signed(said, key(begun), algorithm, **header))


def _by_hmac(secret: Callable[[Begun], bytes]) -> Vector:
    """HS256, with something that is no secret to whoever forges."""

    def token(begun: Begun, said: dict[str, Any]) -> str:
        head = url_text(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "first"}).encode())
        text = f"{head}.{url_text(json.dumps(said).encode())}"
        return f"{text}.{url_text(hmac.digest(secret(begun), text.encode(), 'sha256'))}"

    return _made(token)


def _parts(change: Callable[[list[str]], list[str]]) -> Vector:
    """A genuine token of somebody, changed in its parts."""
    return lambda begun: begun.answer(".".join(change(begun.token().split("."))))


def _other_person(parts: list[str]) -> list[str]:
    padded = parts[1] + "=" * (-len(parts[1]) % 4)
    said = json.loads(base64.urlsafe_b64decode(padded)) | _FORGED
    return [parts[0], url_text(json.dumps(said).encode()), parts[2]]


def _key_in_header(begun: Begun) -> Any:
    key = begun.town.keys.attacker
    own = key.as_dict(private=False)
    header = {"kid": "own", "jwk": own, "jku": "https://evil.example/keys"}
    return begun.answer(signed(begun.claims(**_FORGED), key, **header))


def _of_another_login(begun: Begun) -> Any:
    """What the provider said to another browser, brought to this one."""
    return begun.answer(begun.town.begun().token())


def _twice(begun: Begun) -> Any:
    """The nonce of this login, and another after it: readers differ in which they take."""
    raw = json.dumps(begun.claims())[:-1] + f', "cpr": "{OTHER_CPR}"}}'
    head = {"alg": "ES256", "kid": "first"}
    from joserfc import jws  # noqa: PLC0415 - beside its use

    key = begun.town.keys.provider
    return begun.answer(jws.serialize_compact(head, raw.encode(), key, algorithms=["ES256"]))


def _public(begun: Begun) -> bytes:
    return begun.town.keys.rsa.as_pem(private=False)


TOKENS: dict[str, Vector] = {
    "another nonce": _said(nonce="another"),
    "no nonce": _said(nonce=None),
    "an empty nonce": _said(nonce=""),
    "the nonce of another login": _of_another_login,
    "another audience": _said(aud="another-client"),
    "an audience beside us": _said(aud=[CLIENT, "another-client"], azp=CLIENT),
    "no audience": _said(aud=None),
    "an empty audience": _said(aud=[]),
    "another authorised party": _said(azp="another-client"),
    "another issuer": _said(iss="https://evil.example"),
    "no issuer": _said(iss=None),
    "the issuer with a slash": lambda begun: begun.answer(
        begun.token(iss=f"{begun.town.broker.url}/")
    ),
    "no subject": _said(sub=None),
    "an empty subject": _said(sub=""),
    "a number as subject": _said(sub=4),
    "of an hour ago": _moved(iat=-1, exp=-0.9),
    "ended, issued now": _moved(exp=-0.5),
    "issued before it began": _moved(iat=-0.1),
    "issued tomorrow": _moved(iat=24, exp=25),
    "valid from tomorrow": _moved(nbf=24),
    "no time of issue": _said(iat=None),
    "no end": _said(exp=None),
    "an end in words": _said(exp="tomorrow"),
    "an end beyond all time": _said(exp=10**30),
    "a level that is too low": _said(acr="low"),
    "no level": _said(acr=None),
    "a level nobody knows": _said(acr="certain"),
    "a level with a capital letter": _said(acr="Substantial"),
    "several levels": _said(acr=["low", "substantial"]),
    "no CPR number": _said(cpr=None),
    "a log-out token": _said(events={"http://schemas.openid.net/event/backchannel-logout": {}}),
    "the hash of another access token": _said(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "alg none": _made(lambda _, said: unsigned(said)),
    "alg None": _made(lambda _, said: unsigned(said, "None")),
    "alg none with the old signature": _parts(
        lambda parts: [url_text(b'{"alg":"none"}'), *parts[1:]]
    ),
    "a name changed after signing": _parts(_other_person),
    "the signature taken away": _parts(lambda parts: [*parts[:2], ""]),
    "the signature of another token": lambda begun: begun.answer(
        ".".join(
            (
                *signed(begun.claims(**_FORGED), begun.town.keys.attacker).split(".")[:2],
                begun.token().split(".")[2],
            )
        )
    ),
    "HS256 with the public key": _by_hmac(_public),
    "HS256 with the client's secret": _by_hmac(lambda _: b"shared with the broker"),
    "HS256 with nothing": _by_hmac(lambda _: b""),
    "by somebody else, under the same kid": _signed_by(lambda begun: begun.town.keys.attacker),
    "by somebody else, without kid": _signed_by(lambda begun: begun.town.keys.attacker, kid=None),
    "by a kid nobody knows": _signed_by(lambda _: made_key("third")),
    "with the key in its header": _key_in_header,
    "with what must be understood": _signed_by(
        lambda begun: begun.town.keys.provider, crit=["b64"], b64=True
    ),
    "as a log-out token": _signed_by(lambda begun: begun.town.keys.provider, typ="logout+jwt"),
    "as an access token": _signed_by(lambda begun: begun.town.keys.provider, typ="at+jwt"),
    "a name in it twice": _twice,
    "five parts": _parts(lambda parts: [*parts, "x", "y"]),
    "no token at all": lambda begun: begun.answer("nonsense"),
    "a list in place of claims": _parts(lambda parts: [parts[0], url_text(b"[]"), parts[2]]),
}
