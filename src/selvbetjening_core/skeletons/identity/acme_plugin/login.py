"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.

The browser brings back a random code alone. What it stands for is fetched from
Acme, so that no CPR number is ever in an address.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Claims, LoginRequest, Message, Refusal

from acme_plugin.wire import Wire

# What Acme signs with: the name, and how it is checked.
_DIGESTS = {"HS256": hashlib.sha256}
ALGORITHMS = frozenset(_DIGESTS)


class Login:
    """Acme, as one municipality's agreement sees it."""

    def __init__(self, wire: Wire, url: str, claims_secret: str) -> None:
        self._wire = wire
        self._url = url
        self._secret = claims_secret.encode()

    def address(self, request: LoginRequest) -> str:
        """Where to send the browser to log in. Nothing personal is in it."""
        asked = {
            "state": request.request_id,
            "audience": request.audience,
            "return_url": request.return_url,
            "level": request.level.name.lower(),
            "language": request.locale,
        }
        return f"{self._url}/login?{urlencode(asked)}"

    def fetch(self, message: Message) -> str | None:
        """Acme's signed answer for what the browser brought back; None if there is none.

        Never raises on bad input.

        :raises Unavailable: Acme cannot be asked now
        """
        code = message.query.get("code", "")
        if not code:
            return None
        answer = self._wire.ask("POST", "/claims", {"code": code})
        if answer.status == 404:
            return None
        signed = answer.data.get("answer")
        if answer.status != 200 or not isinstance(signed, str):
            raise Unavailable(f"Acme answered {answer.status} to a login")
        return signed

    def read(self, signed: str) -> Claims | Refusal:
        """What Acme says, exactly as it stands under its signature.

        What is not said stays empty: the core refuses it. Fill nothing in.

        :raises KeyError, TypeError, ValueError: it is not as agreed
        """
        head, body, mark = signed.split(".")
        algorithm = json.loads(_decoded(head))["alg"]
        if algorithm not in ALGORITHMS:
            return Refusal("other-algorithm")
        proof = hmac.digest(self._secret, f"{head}.{body}".encode(), _DIGESTS[algorithm])
        if not hmac.compare_digest(proof, _decoded(mark)):
            return Refusal("bad-signature")
        said = json.loads(_decoded(body))
        if said.get("cancelled") is True:
            return Refusal("cancelled", cancelled=True)
        return _claims(said, algorithm)

    def logout_address(self) -> str:
        """Where the browser logs out at Acme; empty if it cannot."""
        return f"{self._url}/logged-out"


def _claims(said: Mapping[str, Any], algorithm: str) -> Claims:
    names = {"cpr": "cpr", "name": "name"}
    return Claims(
        issuer=_text(said, "iss"),
        audience=_text(said, "aud"),
        recipient=_text(said, "recipient"),
        in_response_to=_text(said, "state"),
        assertion_id=_text(said, "jti"),
        issued_at=_moment(said["iat"]),
        not_before=_moment(said["nbf"]),
        not_after=_moment(said["exp"]),
        algorithm=algorithm,
        level=_text(said, "level"),
        attributes={ours: said[acmes] for ours, acmes in names.items() if _text(said, acmes)},
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def _moment(seconds: object) -> datetime.datetime:
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise TypeError("a time is a whole number of seconds")
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
