from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from selvbetjening_core.values import (
    AssuranceLevel,
    ComponentContext,
    LoginRequest,
    MemoryStore,
    Message,
)
from selvbetjening_oidc.counterpart import CLIENT, SECRET, BrokerCounterpart, made_key, signed
from selvbetjening_oidc.plugin import BrokerLogin

HERE = "https://selvbetjening.mors.example"
RETURN = f"{HERE}/-/messages/login"
SUBJECT = "person-4"


@dataclass
class Login:
    """A component, its provider, and what was begun."""

    broker: BrokerCounterpart
    settings: dict[str, object]
    store: MemoryStore = field(default_factory=MemoryStore)
    ahead: datetime.timedelta = datetime.timedelta()

    def now(self):
        return datetime.datetime.now(datetime.UTC) + self.ahead

    def context(self, **changed):
        settings = {**self.settings, **changed}
        found = {name: one for name, one in settings.items() if one is not None}
        return ComponentContext("login", "0773", found, Path(), self.now, self.store)

    def component(self, **changed):
        return BrokerLogin(self.context(**changed))

    def begun(self, component, request_id="request-1"):
        level = AssuranceLevel.SUBSTANTIAL
        return component.begin(LoginRequest(request_id, HERE, RETURN, level, "da")).url

    def answer(self, url, userinfo=None, key=None, **claims: Any):
        """What the browser brings back when the provider says these claims."""
        query = dict(part.split("=", 1) for part in url.partition("?")[2].split("&"))
        at = int(self.now().timestamp())
        said = {
            "iss": self.broker.url,
            "aud": CLIENT,
            "sub": SUBJECT,
            "nonce": query["nonce"],
            "iat": at,
            "exp": at + 300,
            **claims,
        }
        code = secrets.token_urlsafe(8)
        token = signed(said, key or self.broker.keys[0])
        self.broker.offer(url, code, token, userinfo={"sub": SUBJECT, **(userinfo or {})})
        return self.message("GET", {"state": query["state"], "code": code})

    def message(self, method="GET", query=None, body=b"", headers=None):
        return Message(RETURN, method, query or {}, headers or {}, body, self.now())

    def asked(self, path):
        return sum(one.path == path for one in self.broker.requests)


@pytest.fixture
def login():
    with BrokerCounterpart(made_key("first")) as broker:
        yield Login(
            broker,
            {
                "issuer": broker.url,
                "client_id": CLIENT,
                "client_secret": SECRET,
                "broker": "own",
                "timeout": 2,
            },
        )
