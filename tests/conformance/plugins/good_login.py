"""A login over a provider that signs JSON Web Tokens. Right in every way."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import http.client
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import acme_patience
from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.values import Challenge, Claims, Data, Refusal, Setting

SETTINGS = (
    Setting("provider", "url", "The provider's address."),
    Setting("key", "secret", "The key shared with the provider."),
)


def encode(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(key, head_and_body):
    return encode(hmac.digest(key.encode(), head_and_body.encode(), hashlib.sha256))


def token(key, data, algorithm="HS256"):
    head = encode(json.dumps({"alg": algorithm}).encode())
    text = f"{head}.{encode(json.dumps(data).encode())}"
    return f"{text}.{sign(key, text)}"


@implementer(IIdentity)
class GoodLogin:
    issuer = "https://login.acme.example"
    algorithms = frozenset({"HS256"})

    def __init__(self, context):
        self.url = context.text("provider")
        self.key = context.text("key")

    def begin(self, request):
        asked = {name: getattr(request, name) for name in ("request_id", "audience", "return_url")}
        asked |= {"level": self.level(request), "locale": request.locale}
        return Challenge(f"{self.url}/authorise?{urlencode({'request': token(self.key, asked)})}")

    def level(self, request):
        return request.level.name.lower()

    def complete(self, message):
        code = self.code_of(message)
        if not code:
            return Refusal("no-code")
        status, body = self.fetch(code)
        if status == 404:
            return Refusal("unknown-code")
        if status != 200:
            raise Unavailable(f"the provider answered {status}")
        data = self.opened(body)
        if data is None:
            return Refusal("bad-token")
        if data.get("error") == "access_denied":
            return self.cancelled()
        return self.claims(data)

    def code_of(self, message):
        found = parse_qs(message.body.decode("utf-8", "replace")).get("code", [""])
        return found[0]

    def cancelled(self):
        return Refusal("cancelled", cancelled=True)

    def fetch(self, code):
        parts = urlsplit(self.url)
        connection = self.connection(parts)
        try:
            connection.request("POST", "/token", json.dumps({"code": code}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            raise Unavailable("the provider did not answer") from None
        finally:
            connection.close()

    def connection(self, parts):
        is_safe = parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        return kind(parts.hostname, parts.port, timeout=acme_patience.seconds())

    def opened(self, body):
        try:
            text, _, mark = body.decode().rpartition(".")
            head, _, data = text.partition(".")
            algorithm = json.loads(decode(head))["alg"]
            if not self.is_signed(algorithm, text, mark):
                return None
            return {**json.loads(decode(data)), "alg": algorithm}
        except (ValueError, KeyError, TypeError):
            return None

    def is_signed(self, algorithm, text, mark):
        right = hmac.compare_digest(sign(self.key, text).encode(), mark.encode())
        return algorithm in self.algorithms and right

    def claims(self, data):
        try:
            times = [self.moment(data, name) for name in ("iat", "nbf", "exp")]
        except (KeyError, TypeError, ValueError, OverflowError):
            return Refusal("no-times")
        return Claims(
            issuer=data.get("iss", ""),
            audience=self.audience(data),
            recipient=data.get("recipient", ""),
            in_response_to=self.request_id(data),
            assertion_id=data.get("jti", ""),
            issued_at=times[0],
            not_before=times[1],
            not_after=times[2],
            algorithm=data["alg"],
            level=data.get("loa", ""),
            attributes={name: data[name] for name in ("cpr", "name") if name in data},
            vouched_by=self.voucher(data),
            logged_in_at=self.logged_in_at(data),
        )

    def voucher(self, data):
        return data.get("voucher", "")

    def logged_in_at(self, data):
        return self.moment(data, "auth_time") if "auth_time" in data else None

    def moment(self, data, name):
        return datetime.datetime.fromtimestamp(data[name], datetime.UTC)

    def audience(self, data):
        return data.get("aud", "")

    def request_id(self, data):
        return data.get("nonce", "")

    def end(self, request):
        return Challenge(f"{self.url}/logged-out")


def offering(factory):
    @hookimpl
    def selvbetjening_register(register):
        register.component(
            IIdentity,
            factory,
            help="Login at Acme.",
            settings=SETTINGS,
            reads={Data.CPR, Data.NAME},
            holds="Acme keeps a log of logins for a year.",
            built_for="0.2",
        )

    return selvbetjening_register


selvbetjening_register = offering(GoodLogin)
