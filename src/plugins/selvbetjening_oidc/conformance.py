"""Runs the kits on the plugin: ``selvbetjening conformance oidc``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from selvbetjening_core.testing import (
    IdentityBench,
    IdentityConformance,
    SingleLogoutBench,
    SingleLogoutConformance,
)
from selvbetjening_core.testing.logins import Forgery, Said
from selvbetjening_core.values import AssuranceLevel, Challenge, LoginRequest, LogoutNotice, Message
from selvbetjening_oidc.counterpart import (
    CLIENT,
    SECRET,
    BrokerCounterpart,
    made_key,
    signed,
    unsigned,
)
from selvbetjening_oidc.parsing import url_text

_HERE = "https://selvbetjening.mors.example/-/messages/login"
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_FORM = {"content-type": "application/x-www-form-urlencoded"}
_TEXTS = {"issuer": "iss", "level": "acr"}
_TIMES = {"issued_at": "iat", "not_before": "nbf", "not_after": "exp"}


class Broker(BrokerCounterpart):
    """Says what the kit has it say."""

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What the address says. Who it is for is known by where the answer goes."""
        query = _query(challenge)
        level = AssuranceLevel.named(query["acr_values"])
        address = urlsplit(query["redirect_uri"])
        if level is None or query["client_id"] != CLIENT:
            raise LookupError("level")
        return LoginRequest(
            request_id=query["state"],
            audience=f"{address.scheme}://{address.netloc}",
            return_url=query["redirect_uri"],
            level=level,
            locale=query["ui_locales"],
        )

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """Keep a token, true or forged, and send the browser back with its code."""
        claims: dict[str, Any] = {"sub": "person-4", "nonce": _query(challenge)["nonce"]}
        claims |= {_TIMES[name]: _seconds(said[name]) for name in _TIMES if name in said}
        if "audience" in said:
            is_us = said["audience"] == self.asked(challenge).audience
            claims["aud"] = CLIENT if is_us else said["audience"]
        claims |= {
            new: said[old] for old, new in (("issuer", "iss"), ("level", "acr")) if old in said
        }
        userinfo = {name: said[name] for name in ("cpr", "name") if name in said}
        code = str(said.get("assertion_id", ""))
        token = self._written(claims, forgery)
        self.offer(challenge.url, code, token, userinfo={"sub": "person-4", **userinfo})
        told = {"state": str(said.get("in_response_to", "")), "code": code}
        return _back(str(said.get("recipient", "")), told)

    def cancel(self, challenge: Challenge) -> Message:
        """Somebody gives up."""
        query = _query(challenge)
        told = {"state": query["state"], "error": "access_denied"}
        return _back(query["redirect_uri"], told)

    def _written(self, claims: Mapping[str, Any], forgery: Forgery) -> str:
        key = self.keys[0]
        match forgery:
            case Forgery.UNSIGNED:
                return unsigned(claims)
            case Forgery.OTHER_KEY:
                return signed(claims, made_key("first"))
            case Forgery.OTHER_ALGORITHM:
                return unsigned(claims, "HS256") + url_text(b"a signature")
            case Forgery.ALTERED:
                head, _, mark = signed(claims, key).split(".")
                body = url_text(json.dumps({**claims, "sub": "person-5"}).encode())
                return f"{head}.{body}.{mark}"
        return signed(claims, key)

    def log_out(self, said: LogoutNotice, forgery: Forgery) -> tuple[Message, ...]:
        """Server to server: what browsers bring is not signed, and is off."""
        at = said.issued_at or datetime.datetime.now(datetime.UTC)
        claims = {
            "iss": said.issuer,
            "aud": CLIENT,
            "iat": int(at.timestamp()),
            "exp": int(at.timestamp()) + 120,
            "jti": said.notice_id,
            "sub": said.subject,
            "events": {_EVENT: {}},
            **({"sid": said.sessions[0]} if said.sessions else {}),
        }
        body = urlencode({"logout_token": self._written(claims, forgery)}).encode()
        now = datetime.datetime.now(datetime.UTC)
        return (Message(_HERE, "POST", {}, _FORM, body, now),)


class _Telling(Broker):
    """For the kit of log-outs, where ``log_in`` is an answer without a request."""

    def log_in(self) -> Message:  # type: ignore[override]
        """Of nobody in particular."""
        return _back(_HERE, {"state": "request-1", "code": "a-code"})


def _query(challenge: Challenge) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(challenge.url).query))


def _seconds(moment: str | datetime.datetime) -> int:
    if isinstance(moment, str):
        raise TypeError(moment)
    return int(moment.timestamp())


def _back(url: str, told: dict[str, str]) -> Message:
    return Message(url, "GET", told, {}, b"", datetime.datetime.now(datetime.UTC))


def _settings(broker: Broker) -> dict[str, object]:
    return {
        "issuer": broker.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "broker": "own",
        "claims": "cpr=cpr",
        "userinfo": True,
        "timeout": 1,
    }


class TestBrokerLogin(IdentityConformance):
    """Login through a broker."""

    @pytest.fixture
    def bench(self) -> Iterator[IdentityBench]:
        """A provider that says what it is told to say."""
        with Broker() as broker:
            yield IdentityBench(
                plugin="oidc",
                settings=_settings(broker),
                remote=broker,
                may_leave_out_start=True,
            )


class TestBrokerLogout(SingleLogoutConformance):
    """Log-out that the provider tells of."""

    @pytest.fixture
    def bench(self) -> Iterator[SingleLogoutBench]:
        """The same."""
        with _Telling() as broker:
            yield SingleLogoutBench(plugin="oidc", settings=_settings(broker), remote=broker)
