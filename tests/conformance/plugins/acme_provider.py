"""The provider that the logins here talk to."""

from __future__ import annotations

import datetime
import itertools
import json
from urllib.parse import parse_qs, urlsplit

from good_login import decode, encode, token

from selvbetjening_core.testing.counterpart import Counterpart, Given
from selvbetjening_core.testing.logins import Forgery
from selvbetjening_core.values import AssuranceLevel, LoginRequest, Message

KEY = "shared with acme"
NAMES = {
    "issuer": "iss",
    "audience": "aud",
    "recipient": "recipient",
    "in_response_to": "nonce",
    "assertion_id": "jti",
    "issued_at": "iat",
    "not_before": "nbf",
    "not_after": "exp",
    "level": "loa",
    "cpr": "cpr",
    "name": "name",
    "vouched_by": "voucher",
    "logged_in_at": "auth_time",
}


def made(data, forgery):
    match forgery:
        case Forgery.OTHER_KEY:
            return token("somebody else's", data)
        case Forgery.OTHER_ALGORITHM:
            return token(KEY, data, "HS1")
        case Forgery.UNSIGNED:
            return token(KEY, data, "none").rpartition(".")[0] + "."
        case Forgery.ALTERED:
            head, _, mark = token(KEY, data).split(".")
            other = encode(json.dumps({**data, "cpr": "0101010101"}).encode())
            return f"{head}.{other}.{mark}"
    return token(KEY, data)


class Provider(Counterpart):
    def __init__(self):
        super().__init__()
        self.kept = {}
        self.number = itertools.count()

    def handle(self, asked):
        kept = self.kept.get(json.loads(asked.body).get("code"))
        return Given(404) if kept is None else Given(200, kept.encode())

    def asked(self, challenge):
        word = parse_qs(urlsplit(challenge.url).query)["request"][0]
        told = json.loads(decode(word.split(".")[1]))
        return LoginRequest(**{**told, "level": AssuranceLevel.named(told["level"])})

    def log_in(self, challenge, said, forgery):
        data = {NAMES[name]: self.written(value) for name, value in said.items() if name in NAMES}
        return self.back(challenge, made(data, forgery))

    def cancel(self, challenge):
        return self.back(challenge, token(KEY, {"error": "access_denied"}))

    def written(self, value):
        return value.timestamp() if isinstance(value, datetime.datetime) else value

    def back(self, challenge, word):
        code = f"code-{next(self.number)}"
        self.kept[code] = word
        url = self.asked(challenge).return_url
        now = datetime.datetime.now(datetime.UTC)
        return Message(url, "POST", {}, {}, f"code={code}&state=x".encode(), now)
