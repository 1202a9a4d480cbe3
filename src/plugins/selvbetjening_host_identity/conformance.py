"""Runs the identity kit on the plugin: ``selvbetjening conformance host_identity``."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from selvbetjening_core.testing import Fault, IdentityBench, IdentityConformance
from selvbetjening_core.testing.logins import Forgery, Said
from selvbetjening_core.values import AssuranceLevel, Challenge, LoginRequest, Message
from selvbetjening_host_identity.vouching import LASTS, give_up
from selvbetjening_host_identity.words import REQUEST, VOUCHER, hide, read, sign

_KEY = "of the municipality and of its site"
_ANOTHER = "of somebody else, just as long as that"
_NAMES = {
    "issuer": "iss",
    "audience": "aud",
    "recipient": "recipient",
    "in_response_to": "in_response_to",
    "assertion_id": "jti",
    "issued_at": "iat",
    "not_before": "nbf",
    "not_after": "exp",
    "logged_in_at": "auth_time",
    "level": "level",
}


class Site:
    """Vouches for whatever the kit has it vouch for. It is never asked: it has no faults."""

    def behave(self, fault: Fault) -> None:
        """Nothing stands at the other end but the browser."""

    def asked(self, challenge: Challenge) -> LoginRequest:
        """What the signed word in the address says."""
        told = read(_KEY, REQUEST, _request_of(challenge)) or {}
        level = AssuranceLevel.named(told["level"])
        if level is None:
            raise LookupError("level")
        names = ("request_id", "audience", "return_url", "locale")
        return LoginRequest(level=level, **{name: told[name] for name in names})

    def log_in(self, challenge: Challenge, said: Said, forgery: Forgery) -> Message:
        """Vouch, truly or forged."""
        claims = {_NAMES[name]: _written(said[name]) for name in said if name in _NAMES}
        personal = {name: str(said[name]) for name in ("cpr", "name") if name in said}
        word = _word({**claims, "citizen": hide(_KEY, personal)}, forgery)
        return _back(f"{self.asked(challenge).return_url}?{urlencode({'voucher': word})}")

    def cancel(self, challenge: Challenge) -> Message:
        """Somebody gives up at the site."""
        return _back(give_up(_request_of(challenge), key=_KEY))


def _request_of(challenge: Challenge) -> str:
    return parse_qs(urlsplit(challenge.url).query)["request"][0]


def _written(value: str | datetime.datetime) -> str | int:
    return value if isinstance(value, str) else int(value.timestamp())


def _word(claims: dict[str, Any], forgery: Forgery) -> str:
    kind = {"typ": VOUCHER}
    match forgery:
        case Forgery.OTHER_KEY:
            return sign(_ANOTHER, VOUCHER, claims)
        case Forgery.OTHER_ALGORITHM:
            return jwt.encode(claims, _KEY * 2, algorithm="HS512", headers=kind)
        case Forgery.UNSIGNED:
            return jwt.encode(claims, "", algorithm="none", headers=kind)
        case Forgery.ALTERED:
            head, _, mark = sign(_KEY, VOUCHER, claims).split(".")
            another = {"cpr": "0101010101", "name": "Somebody Else"}
            altered = sign(_KEY, VOUCHER, {**claims, "citizen": hide(_KEY, another)})
            return f"{head}.{altered.split('.')[1]}.{mark}"
    return sign(_KEY, VOUCHER, claims)


def _back(address: str) -> Message:
    url, _, query = address.partition("?")
    told = {name: values[0] for name, values in parse_qs(query).items()}
    return Message(url, "GET", told, {}, b"", datetime.datetime.now(datetime.UTC))


class TestHostIdentity(IdentityConformance):
    """Login that a site vouches for."""

    @pytest.fixture
    def bench(self) -> IdentityBench:
        """A site whose vouchers count for a minute."""
        return IdentityBench(
            plugin="host_identity",
            settings={
                "issuer": "mors.dk",
                "key": _KEY,
                "login_url": "https://mors.example/sig-god-for",
                "highest_level": "high",
            },
            remote=Site(),
            login_lasts=LASTS,
            vouches=True,
        )
