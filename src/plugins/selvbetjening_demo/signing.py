"""Proof that a text was written by somebody who knows the shared secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

LOGIN_REQUEST = "login-request"
CLAIMS = "claims"
LOGOUT_REQUEST = "logout-request"


def canonical(data: Mapping[str, Any]) -> bytes:
    """JSON with one way of writing it: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signature(secret: str, raw: bytes) -> str:
    """HMAC-SHA256 of ``raw``, in hexadecimal."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def is_signature(secret: str, raw: bytes, given: str) -> bool:
    """Whether ``given`` is the signature of ``raw``. Never raises."""
    return hmac.compare_digest(signature(secret, raw).encode(), given.encode("utf-8", "replace"))


def same_secret(one: str, other: str) -> bool:
    """Compare in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def seal(secret: str, purpose: str, data: Mapping[str, Any]) -> str:
    """``data`` and its signature as one word that may stand in an address.

    The purpose is signed along, so that a word made for one purpose is worth
    nothing for another. The data can be read by anybody: no CPR number in it
    where it goes into an address.
    """
    body = _encode(canonical(data))
    return f"{body}.{_mark(secret, purpose, body)}"


def unseal(secret: str, purpose: str, word: str) -> dict[str, Any] | None:
    """What :func:`seal` was given; None unless it is genuine. Never raises."""
    body, _, given = word.partition(".")
    if not same_secret(_mark(secret, purpose, body), given):
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _mark(secret: str, purpose: str, body: str) -> str:
    # Not in hexadecimal: that has runs of ten digits, which look like CPR numbers.
    raw = f"{purpose}.{body}".encode("utf-8", "replace")
    return _encode(hmac.digest(secret.encode(), raw, "sha256"))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
