"""A provider of OpenID Connect on loopback that says what it is told to. For kits and tests.

It holds whoever asks to what a provider has to: the client's secret, the redirect address, the
code's own client and PKCE. What is wrong with an answer is up to whoever makes it.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

from joserfc import jwk, jws

from selvbetjening_core.testing import Counterpart
from selvbetjening_core.testing.counterpart import Asked, Given
from selvbetjening_oidc.begun import Begun
from selvbetjening_oidc.parsing import url_text

CLIENT, SECRET = "selvbetjening", "shared with the broker"
_JSON = {"Content-Type": "application/json"}
_RSA_BITS = 2048


def made_key(kid: str, kind: str = "EC") -> jwk.Key:
    """A new private key, ``EC`` on P-256 or ``RSA``."""
    if kind == "RSA":
        return jwk.RSAKey.generate_key(_RSA_BITS, {"kid": kid})
    return jwk.ECKey.generate_key("P-256", {"kid": kid})


def signed(
    said: Mapping[str, Any], key: jwk.Key, algorithm: str = "ES256", **header: str | None
) -> str:
    """A token. A field of the header that is None is left out."""
    head = {"alg": algorithm, "kid": key.as_dict(private=False).get("kid"), "typ": "JWT", **header}
    kept = {name: value for name, value in head.items() if value is not None}
    return jws.serialize_compact(kept, json.dumps(said).encode(), key, algorithms=[algorithm])


def unsigned(said: Mapping[str, Any], algorithm: str = "none") -> str:
    """A token that says it needs no signature."""
    head = {"alg": algorithm, "typ": "JWT"}
    return ".".join((*(url_text(json.dumps(one).encode()) for one in (head, said)), ""))


@dataclass
class Answer:
    """What is given for one code.

    :param gives: fields of the token answer in place of what is usual
    :param client: whom the code was made for
    """

    token: str
    userinfo: Mapping[str, Any]
    challenge: str
    redirect_uri: str
    client: str = CLIENT
    gives: Mapping[str, Any] = field(default_factory=dict)


class BrokerCounterpart(Counterpart):
    """The provider. Use it in a ``with`` statement.

    ``instead`` is what a path answers in place of its work; ``document`` and ``extra_keys``
    change what it says of itself; ``is_careless`` has it take any code.
    """

    def __init__(self, *keys: jwk.Key) -> None:
        super().__init__()
        self.keys = keys or (made_key("first"),)
        self.answers: dict[str, Answer] = {}
        self.instead: dict[str, Given] = {}
        self.document: dict[str, Any] = {}
        self.extra_keys: list[dict[str, Any]] = []
        self.is_careless = False
        self._people: dict[str, Mapping[str, Any]] = {}

    def handle(self, asked: Asked) -> Given:
        """Answer as a provider does."""
        if asked.path in self.instead:
            return self.instead[asked.path]
        match asked.path:
            case "/.well-known/openid-configuration":
                return _json(self._said_of_itself())
            case "/keys":
                public = [one.as_dict(private=False) for one in self.keys]
                return _json({"keys": [*public, *self.extra_keys]})
            case "/token":
                return self._exchanged(asked)
            case "/userinfo":
                found = self._people.get(asked.headers.get("authorization", ""))
                return Given(401) if found is None else _json(found)
        return Given(404)

    def offer(self, challenge_url: str, code: str, token: str, **changed: Any) -> None:
        """Have this token given for ``code`` to whoever began with this address."""
        query = dict(parse_qsl(urlsplit(challenge_url).query))
        said = {
            "userinfo": {},
            "challenge": query["code_challenge"],
            "redirect_uri": query["redirect_uri"],
            **changed,
        }
        self.answers[code] = Answer(token, **said)

    def _said_of_itself(self) -> dict[str, Any]:
        found = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/login",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            **self.document,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _exchanged(self, asked: Asked) -> Given:
        fields = {name: texts[0] for name, texts in parse_qs(asked.body.decode()).items()}
        code = fields.get("code", "")
        answer = self.answers.get(code)
        if not _is_client(asked):
            return _json({"error": "invalid_client"}, 401)
        if answer is None or not (self.is_careless or _is_proven(fields, answer)):
            return _json({"error": "invalid_grant"}, 400)
        if not self.is_careless:
            del self.answers[code]
        access = secrets.token_urlsafe(16)
        usual = {"access_token": access, "token_type": "Bearer", "id_token": answer.token}
        said = {**usual, **answer.gives}
        self._people[f"Bearer {said['access_token']}"] = answer.userinfo
        return _json(said)


def _is_client(asked: Asked) -> bool:
    word = asked.headers.get("authorization", "").removeprefix("Basic ")
    name, _, secret = base64.b64decode(word).decode().partition(":")
    return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)


def _is_proven(fields: Mapping[str, str], answer: Answer) -> bool:
    begun = Begun(fields.get("code_verifier", ""), "", "", "", 0)
    is_ours = answer.client == CLIENT and fields.get("redirect_uri") == answer.redirect_uri
    return is_ours and begun.challenge == answer.challenge


def _json(said: Mapping[str, Any], status: int = 200) -> Given:
    return Given(status, json.dumps(said).encode(), _JSON)
