"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``login.py``, and let it do what Acme really does.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.testing.logins import Forgery, Said
from selvbetjening_core.values import AssuranceLevel, Challenge, LoginRequest, Message

ISSUER = "https://login.acme.example"
TOKEN = "let me in"
CLAIMS_SECRET = "signed by Acme"

# What the kit calls what is said, and what Acme does.
_NAMES = {
    "issuer": "iss",
    "audience": "aud",
    "recipient": "recipient",
    "in_response_to": "state",
    "assertion_id": "jti",
    "issued_at": "iat",
    "not_before": "nbf",
    "not_after": "exp",
    "level": "level",
    "cpr": "cpr",
    "name": "name",
}


class AcmeCounterpart(Counterpart):
    """Answers in memory, each fetched once by its code."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, str] = {}
        self._last = 0

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Given(401)
        if (asked.method, asked.path) != ("POST", "/claims"):
            return Given(404)
        signed = self._answers.pop(json.loads(asked.body)["code"], None)
        if signed is None:
            return Given(404)
        body = json.dumps({"answer": signed}).encode()
        return Given(200, body, {"Content-Type": "application/json"})

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What a browser that comes to the login page asks for."""
        query = dict(parse_qsl(urlsplit(challenge.url).query))
        return LoginRequest(
            request_id=query["state"],
            audience=query["audience"],
            return_url=query["return_url"],
            level=AssuranceLevel[query["level"].upper()],
            locale=query["language"],
        )

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """Somebody logs in, and the browser comes back with a code."""
        told = {_NAMES[name]: _plain(value) for name, value in said.items() if name in _NAMES}
        return self._message(challenge, _forged(told, forgery))

    def cancel(self, challenge: Challenge) -> Message:
        """Somebody gives up, and the browser comes back with a code."""
        return self._message(challenge, _signed({"cancelled": True}))

    def _message(self, challenge: Challenge, signed: str) -> Message:
        self._last += 1
        code = f"code-{self._last}"
        self._answers[code] = signed
        now = datetime.datetime.now(datetime.UTC)
        return Message(self.asked(challenge).return_url, "GET", {"code": code}, {}, b"", now)


def _plain(value: str | datetime.datetime) -> str | int:
    return value if isinstance(value, str) else int(value.timestamp())


def _forged(told: Mapping[str, Any], forgery: Forgery) -> str:
    head, body, mark = _signed(told).split(".")
    match forgery:
        case Forgery.ALTERED:
            return f"{head}.{_encoded({**told, 'name': 'Somebody Else'})}.{mark}"
        case Forgery.UNSIGNED:
            return f"{_encoded({'alg': 'none'})}.{body}."
        case Forgery.OTHER_KEY:
            return _signed(told, secret="somebody else's")
        case Forgery.OTHER_ALGORITHM:
            return _signed(told, algorithm="HS512")
    return f"{head}.{body}.{mark}"


def _signed(told: Mapping[str, Any], secret: str = CLAIMS_SECRET, algorithm: str = "HS256") -> str:
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    text = f"{_encoded({'alg': algorithm})}.{_encoded(told)}"
    mark = hmac.digest(secret.encode(), text.encode(), digest)
    return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def _encoded(data: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
