"""Which server is the right one: the keys that it may prove itself by."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

_FINGERPRINT = re.compile(r"SHA256:([A-Za-z0-9+/]{43})=?")
_KEY = re.compile(r"\b(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+\s+([A-Za-z0-9+/]+={0,2})")


def fingerprints(text: str) -> frozenset[str]:
    """The fingerprints (``SHA256:…``) of the keys in ``text``.

    A key is written as its fingerprint, as a public key (``ssh-ed25519 AAAA…``), or as
    the line of a ``known_hosts`` file; several keys on several lines.

    :raises ValueError: there is none, or a line that is none of these
    """
    lines = [line.strip() for line in text.splitlines()]
    # ssh-keyscan writes comments between the keys.
    found = frozenset(_fingerprint(line) for line in lines if line and not line.startswith("#"))
    if not found:
        raise ValueError("there is no key in it")
    return found


def _fingerprint(line: str) -> str:
    told = _FINGERPRINT.search(line)
    if told:
        return f"SHA256:{told[1]}"
    key = _KEY.search(line)
    try:
        blob = base64.b64decode(key[1], validate=True) if key else b""
    except binascii.Error:
        blob = b""
    if not blob:
        raise ValueError("a line of it is neither a fingerprint nor a public key")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"
