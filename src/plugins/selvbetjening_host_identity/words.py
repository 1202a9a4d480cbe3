"""The words that travel between the site and us: the request, and a voucher or none.

All are JWTs under one key that the two share. Each names whom it is for, so that one
is worth nothing in place of the other. Who the citizen is, is encrypted in the voucher:
it travels in an address, and addresses are written down in many places.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from jwt.types import Options

ALGORITHM = "HS256"
REQUEST = "selvbetjening-login-request"
VOUCHER = "selvbetjening-voucher"
GIVEN_UP = "selvbetjening-login-given-up"
SHORTEST_KEY = 32


def check_key(key: str) -> None:
    """:raises ValueError: it is too short to be a secret of 256 bits"""
    if len(key.encode()) < SHORTEST_KEY:
        raise ValueError(f"the key must have at least {SHORTEST_KEY} characters, made at random")


def sign(key: str, kind: str, claims: Mapping[str, Any]) -> str:
    """``claims`` as a signed word of one kind."""
    return jwt.encode(dict(claims), key, algorithm=ALGORITHM, headers={"typ": kind})


def read(key: str, kind: str, word: str) -> dict[str, Any] | None:
    """The claims of a word that was signed with ``key``; None unless it is one of ``kind``.

    Judges the signature alone: times and names are for the reader. Never raises.
    """
    try:
        if jwt.get_unverified_header(word).get("typ") != kind:
            return None
        # Only this algorithm: never the one that the word itself names, nor "none".
        found: dict[str, Any] = jwt.decode(word, key, algorithms=[ALGORITHM], options=_UNJUDGED)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return found


def hide(key: str, personal: Mapping[str, str]) -> str:
    """Personal data, encrypted."""
    return _box(key).encrypt(json.dumps(dict(personal)).encode()).decode("ascii")


def find(key: str, hidden: object) -> dict[str, str]:
    """What :func:`hide` was given; empty where it cannot be read. Never raises."""
    try:
        found = json.loads(_box(key).decrypt(str(hidden).encode()))
    except (InvalidToken, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _box(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"selvbetjening voucher, format 1")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))


_UNJUDGED: Options = {
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}
