"""The demo's login on the bench: run by ``selvbetjening conformance demo_identity``."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from selvbetjening_core.testing import (
    Counterpart,
    IdentityBench,
    IdentityConformance,
)
from selvbetjening_core.testing.counterpart import Asked, Given
from selvbetjening_core.testing.logins import Forgery, Said
from selvbetjening_core.values import (
    AssuranceLevel,
    Challenge,
    LoginRequest,
    Message,
)
from selvbetjening_demo.signing import CLAIMS, LOGIN_REQUEST, seal, unseal

_SECRET = "shared with the provider"  # noqa: S105 - protects nothing
_ANOTHER = "of somebody else"


class LoginProvider(Counterpart):
    """Says what the kit has it say, as the demo's provider would put it."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[str, str] = {}

    def handle(self, asked: Asked) -> Given:
        """Hand out what an artifact stands for, once."""
        is_known = asked.headers.get("authorization") == f"Bearer {_SECRET}"
        if asked.path != "/claims" or not is_known:
            return Given(401)
        word = self._answers.pop(str(json.loads(asked.body).get("artifact")), None)
        if word is None:
            return Given(404)
        return Given(200, json.dumps({"claims": word}).encode())

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What the signed word in the address says."""
        word = parse_qs(urlsplit(challenge.url).query)["request"][0]
        told = unseal(_SECRET, LOGIN_REQUEST, word) or {}
        # Whom the provider offers to choose from is between it and the plugin.
        told.pop("who", None)
        level = AssuranceLevel.named(told.pop("level"))
        if level is None:
            raise LookupError("level")
        return LoginRequest(level=level, **told)

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """Keep it, signed or forged, and send the browser back with an artifact."""
        data = {name: _written(value) for name, value in said.items()}
        if forgery is Forgery.OTHER_ALGORITHM:
            data["algorithm"] = "HS1"
        return self._back(self.asked(challenge), _word(data, forgery))

    def cancel(self, challenge: Challenge) -> Message:
        """Keep that it was given up."""
        request = self.asked(challenge)
        told = {"cancelled": True, "in_response_to": request.request_id}
        return self._back(request, seal(_SECRET, CLAIMS, told))

    def _back(self, request: LoginRequest, word: str) -> Message:
        artifact = secrets.token_urlsafe(24)
        self._answers[artifact] = word
        now = datetime.datetime.now(datetime.UTC)
        return Message(request.return_url, "GET", {"token": artifact}, {}, b"", now)


def _written(value: str | datetime.datetime) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _word(data: dict[str, str], forgery: Forgery) -> str:
    word = seal(_ANOTHER if forgery is Forgery.OTHER_KEY else _SECRET, CLAIMS, data)
    body, _, mark = word.partition(".")
    if forgery is Forgery.ALTERED:
        altered, _, _ = seal(_SECRET, CLAIMS, {**data, "cpr": "0101010101"}).partition(".")
        return f"{altered}.{mark}"
    return body if forgery is Forgery.UNSIGNED else word


class TestDemoIdentity(IdentityConformance):
    """The demo's login."""

    @pytest.fixture
    def bench(self) -> Iterator[IdentityBench]:
        """A provider that says what it is told to say."""
        with LoginProvider() as provider:
            settings = {"provider": provider.url, "secret": _SECRET, "timeout": 1}
            yield IdentityBench(plugin="demo_identity", settings=settings, remote=provider)
