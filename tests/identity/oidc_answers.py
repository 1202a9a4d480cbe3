"""Answers that a browser brings without their being its own, and providers that misbehave."""

from __future__ import annotations

import secrets
from typing import Any

from oidc_tokens import Vector
from oidc_town import MESSAGES, OTHER_CPR, OTHER_NAME, SUBJECT, Begun

from selvbetjening_core.testing.counterpart import Given
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_oidc.counterpart import made_key, signed

_JSON = {"Content-Type": "application/json"}


def _offered(begun: Begun, **changed: Any) -> str:
    """A code that the provider has given this browser."""
    code = secrets.token_urlsafe(24)
    told = {"userinfo": {"sub": SUBJECT}, **changed}
    begun.town.broker.offer(begun.url, code, begun.token(), **told)
    return code


def _back(**query: str) -> Vector:
    return lambda begun: begun.back(code=_offered(begun), **query)


def _code_of_another(begun: Begun) -> Any:
    """Login CSRF and stolen codes: what PKCE is for."""
    return begun.back(code=_offered(begun.town.begun()))


def _code_of_another_without_pkce(begun: Begun) -> Any:
    """The same where the provider does not check: the nonce is another."""
    begun.town.broker.is_careless = True
    return _code_of_another(begun)


def _state_of_another(begun: Begun) -> Any:
    """What another browser has begun and got, brought by this one."""
    other = begun.town.begun()
    return begun.back(state=other.query["state"], code=_offered(other))


def _spent(begun: Begun) -> Any:
    """The same answer again, by the browser as it was before, at a provider that gives again."""
    begun.town.broker.is_careless = True
    code, before = _offered(begun), dict(begun.window.jar.kept)
    begun.back(code=code)
    assert begun.is_in()
    begun.window.jar.kept = before
    return begun.back(code=code)


def _spent_in_another(begun: Begun) -> Any:
    other = begun.town.begun()
    begun.town.broker.is_careless = True
    code = _offered(other)
    other.back(code=code)
    return begun.back(code=code)


def _posted(begun: Begun) -> Any:
    told = {"state": begun.query["state"], "code": _offered(begun)}
    return begun.window.send("POST", MESSAGES, told)


def _elsewhere(begun: Begun) -> Any:
    """Through the address of another component."""
    told = f"state={begun.query['state']}&code={_offered(begun)}"
    return begun.window.send("GET", f"/-/messages/staff?{told}")


def _token_in_front(begun: Begun) -> Any:
    return begun.back(id_token=begun.token(), access_token="x", token_type="bearer")


def _named_itself(begun: Begun) -> Any:
    """The provider says that it always names itself; the answer does not."""
    begun.town.broker.document["authorization_response_iss_parameter_supported"] = True
    begun.town.forget_provider()
    again = begun.town.begun()
    begun.window, begun.url, begun.query = again.window, again.url, again.query
    return begun.back(code=_offered(begun))


ANSWERS: dict[str, Vector] = {
    "no code": lambda begun: begun.back(),
    "an empty code": lambda begun: begun.back(code=""),
    "a code nobody gave": lambda begun: begun.back(code="made-up"),
    "a code with line breaks": lambda begun: begun.back(code="a\r\nHost: evil.example"),
    "a code of a megabyte": lambda begun: begun.back(code="a" * 1_000_000),
    "no state": _back(state=""),
    "a state nobody has": _back(state="made-up"),
    "a state beyond ASCII": _back(state="æ" * 40),
    "the state of another login": _state_of_another,
    "the code of another login": _code_of_another,
    "the code of another login, without PKCE": _code_of_another_without_pkce,
    "the code of another client": lambda begun: begun.back(code=_offered(begun, client="another")),
    "a code for another address": lambda begun: begun.back(
        code=_offered(begun, redirect_uri="https://evil.example/")
    ),
    "a code with another challenge": lambda begun: begun.back(code=_offered(begun, challenge="x")),
    "the same answer twice": _spent,
    "an answer that was used elsewhere": _spent_in_another,
    "mixed up with another issuer": _back(iss="https://evil.example"),
    "an empty issuer": _back(iss=""),
    "an issuer left out that is always named": _named_itself,
    "an error beside the code": _back(error="access_denied"),
    "by POST": _posted,
    "to another component": _elsewhere,
    "a token in the address": _token_in_front,
}


def _instead(path: str, given: Given) -> Vector:
    """The provider answers this there, once the login has begun."""

    def vector(begun: Begun) -> Any:
        begun.town.broker.instead[path] = given
        return begun.answer()

    return vector


def _gives(**changed: Any) -> Vector:
    return lambda begun: begun.answer(gives=changed)


def _userinfo(**said: Any) -> Vector:
    return lambda begun: begun.answer(begun.token(name=None), userinfo=said)


def _behaves(fault: Fault) -> Vector:
    def vector(begun: Begun) -> Any:
        code = _offered(begun)
        begun.town.broker.behave(fault)
        return begun.back(code=code)

    return vector


def _keys(*extra: dict[str, Any], alone: bool = False) -> Vector:
    """Published keys that prove nothing, and a token by one of them."""

    def vector(begun: Begun) -> Any:
        broker, key = begun.town.broker, made_key("weak")
        broker.keys = () if alone else broker.keys
        public = key.as_dict(private=False)
        broker.extra_keys = [{**public, "kid": "weak", **one} for one in extra]
        begun_token = signed(begun.claims(name=OTHER_NAME, cpr=OTHER_CPR), key)
        return begun.answer(begun_token)

    return vector


def _withdrawn(begun: Begun) -> Any:
    """By a key that the provider no longer has, after the time that keys are kept."""
    begun.town.broker.keys = (begun.town.keys.rsa,)
    return begun.answer()


def _published_secret(begun: Begun) -> Any:
    key = made_key("weak")
    begun.town.broker.extra_keys = [key.as_dict(private=True)]
    return begun.answer(signed(begun.claims(name=OTHER_NAME), key))


def _shared(begun: Begun) -> Any:
    """A shared secret among the public keys."""
    key = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXRoYXQtZXZlcnlib2R5LWtub3dzLXRvZGF5"}
    begun.town.broker.extra_keys = [key]
    from joserfc import jwk  # noqa: PLC0415 - beside its use

    made = jwk.OctKey.import_key(key)
    return begun.answer(signed(begun.claims(name=OTHER_NAME), made, "HS256", kid="shared"))


def _two_of_a_kind(begun: Begun) -> Any:
    """Two keys under one id: which of them it is nobody can tell."""
    key = made_key("first")
    begun.town.broker.extra_keys = [key.as_dict(private=False)]
    return begun.answer(signed(begun.claims(name=OTHER_NAME), key))


PROVIDER: dict[str, Vector] = {
    "tokens: 500": _instead("/token", Given(500, b"{}", _JSON)),
    "tokens: later": _instead("/token", Given(503, b"later")),
    "tokens: nonsense": _instead("/token", Given(200, b"\x00\xff<html>", _JSON)),
    "tokens: nothing": _instead("/token", Given(200, b"", _JSON)),
    "tokens: a list": _instead("/token", Given(200, b"[]", _JSON)),
    "tokens: nested a thousand times": _instead("/token", Given(200, b"[" * 10_000, _JSON)),
    "tokens: a megabyte": _instead("/token", Given(200, b" " * 1_000_000 + b"{}", _JSON)),
    "tokens: a page": _instead("/token", Given(200, b"{}", {"Content-Type": "text/html"})),
    "tokens: sent elsewhere": _instead(
        "/token", Given(302, b"", {"Location": "http://127.0.0.1:9/token"})
    ),
    "tokens: too slow": _behaves(Fault.HANG),
    "tokens: cut off": _behaves(Fault.CUT_OFF),
    "tokens: gone": _behaves(Fault.DOWN),
    "tokens: no ID token": _gives(id_token=None),
    "tokens: an ID token that is a number": _gives(id_token=4),
    "tokens: another type": _gives(token_type="mac"),
    "userinfo of somebody else": _userinfo(sub="person-5", name=OTHER_NAME),
    "userinfo of nobody": _userinfo(name=OTHER_NAME),
    "userinfo that says otherwise": lambda begun: begun.answer(
        userinfo={"sub": SUBJECT, "cpr": OTHER_CPR}
    ),
    "userinfo: 500": _instead("/userinfo", Given(500)),
    "userinfo: refused": _instead("/userinfo", Given(401)),
    "userinfo: nonsense": _instead("/userinfo", Given(200, b"{", _JSON)),
    "userinfo: no access token": _gives(access_token=None),
    "userinfo: an access token with line breaks": _gives(access_token="a\r\nX: y"),
    "keys: 500": _instead("/keys", Given(500)),
    "keys: nonsense": _instead("/keys", Given(200, b"\x00", _JSON)),
    "keys: none": _instead("/keys", Given(200, b'{"keys": []}', _JSON)),
    "keys: no list": _instead("/keys", Given(200, b'{"keys": {"kid": "first"}}', _JSON)),
    "keys: a megabyte": _instead("/keys", Given(200, b" " * 1_000_000, _JSON)),
    "keys: a private one": _published_secret,
    "keys: a shared secret": _shared,
    "keys: for encryption": _keys({"use": "enc"}),
    "keys: for another algorithm": _keys({"alg": "ES384"}),
    "keys: that may not verify": _keys({"key_ops": ["encrypt"]}),
    "keys: operations that are none": _keys({"key_ops": 4}),
    "keys: not on their curve": _keys({"x": "AAAA", "y": "AAAA"}),
    "keys: withdrawn": _withdrawn,
    "keys: two under one id": _two_of_a_kind,
}

_EVIL = "https://evil.example"
DOCUMENTS: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": _EVIL},
    "no issuer": {"issuer": None},
    "people are sent elsewhere": {"authorization_endpoint": f"{_EVIL}/login"},
    "codes are sent elsewhere": {"token_endpoint": f"{_EVIL}/token"},
    "codes are sent in clear": {"token_endpoint": "http://evil.example/token"},
    "keys are elsewhere": {"jwks_uri": f"{_EVIL}/keys"},
    "no keys": {"jwks_uri": None},
    "userinfo is elsewhere": {"userinfo_endpoint": f"{_EVIL}/userinfo"},
    "log-out is elsewhere": {"end_session_endpoint": f"{_EVIL}/logout"},
    "an address with a password": {"token_endpoint": "http://a:b@127.0.0.1/token"},
    "an address that is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "no codes": {"response_types_supported": ["id_token"]},
    "PKCE in clear alone": {"code_challenge_methods_supported": ["plain"]},
}
"""What a provider says of itself, by which nobody may be sent anywhere."""
