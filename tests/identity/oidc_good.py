"""Answers that must be accepted: what the protocol leaves open, and keys that are new."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from oidc_tokens import Vector
from oidc_town import CLIENT, NAME, NANCY, SUBJECT, Begun

from selvbetjening_oidc.counterpart import made_key, signed


def _said(**changed: Any) -> Vector:
    return lambda begun: begun.answer(begun.token(**changed))


def _by_rsa(algorithm: str) -> Vector:
    return lambda begun: begun.answer(signed(begun.claims(), begun.town.keys.rsa, algorithm))


def _new_key(begun: Begun) -> Any:
    """The provider has changed its key since we last looked."""
    first = begun.town.begun()
    first.answer()
    assert first.is_in()
    key = made_key("newer")
    begun.town.broker.keys = (key,)
    return begun.answer(signed(begun.claims(), key))


def _without_kid(begun: Begun) -> Any:
    return begun.answer(signed(begun.claims(), begun.town.keys.provider, kid=None))


def _at_userinfo(begun: Begun) -> Any:
    told = {"sub": SUBJECT, "cpr": NANCY, "name": NAME}
    return begun.answer(begun.token(cpr=None, name=None), userinfo=told)


def _hashed(begun: Begun) -> Any:
    digest = hashlib.sha256(b"access").digest()[:16]
    mark = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return begun.answer(begun.token(at_hash=mark), gives={"access_token": "access"})


def _long_code(begun: Begun) -> Any:
    code = "c" * 3000
    begun.town.broker.offer(begun.url, code, begun.token(), userinfo={"sub": SUBJECT})
    return begun.back(code=code)


def _names_itself(begun: Begun) -> Any:
    code = "with-its-issuer"
    begun.town.broker.offer(begun.url, code, begun.token(), userinfo={"sub": SUBJECT})
    return begun.back(code=code, iss=begun.town.broker.url, session_state="x")


GOOD: dict[str, Vector] = {
    "as it should be": lambda begun: begun.answer(),
    "a higher level": _said(acr="high"),
    "our name in a list": _said(aud=[CLIENT]),
    "its authorised party": _said(azp=CLIENT),
    "an id, and when it begins": lambda begun: begun.answer(
        begun.token(jti="t-1", nbf=begun.town.now() - 30)
    ),
    "more claims than were asked for": _said(email="nancy@example.org", address={"street": "x"}),
    "times with fractions": lambda begun: begun.answer(begun.token(exp=begun.town.now() + 60.5)),
    "RS256": _by_rsa("RS256"),
    "PS256": _by_rsa("PS256"),
    "RS512": _by_rsa("RS512"),
    "a new key": _new_key,
    "without kid, where one key fits": _without_kid,
    "without a type": lambda begun: begun.answer(
        signed(begun.claims(), begun.town.keys.provider, typ=None)
    ),
    "what is told at userinfo alone": _at_userinfo,
    "the hash of its access token": _hashed,
    "a long code": _long_code,
    "an answer that names its issuer": _names_itself,
}
