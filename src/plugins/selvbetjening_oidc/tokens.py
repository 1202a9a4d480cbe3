"""Reading what the provider has signed: JSON Web Signatures in their compact form (RFC 7515).

joserfc does the cryptography. Which key and which algorithm may count is decided here, before
it is asked: by the provider's published keys and our list, never by what the token brings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selvbetjening_oidc.parsing import Refused, decoded, json_object, text_of

Key = Mapping[str, Any]
"""A public key as JSON Web Key (RFC 7517)."""

_KINDS = {
    "RS256": ("RSA", ""),
    "RS384": ("RSA", ""),
    "RS512": ("RSA", ""),
    "PS256": ("RSA", ""),
    "PS384": ("RSA", ""),
    "PS512": ("RSA", ""),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
}
ALGORITHMS = frozenset(_KINDS)
"""Signatures with a public key alone: with a shared secret, whoever checks could sign."""
_SHORTEST_RSA = 2048
_PARTS = 3
_SECRET_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KEPT = ("kty", "kid", "alg", "crv", "n", "e", "x", "y")


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """What a token says, whose signature was found good. Personal data.

    :param kind: its ``typ``, in lower case; empty where it has none
    """

    said: Mapping[str, Any]
    algorithm: str
    kind: str


def read_signed(text: str, keys: Callable[[str], Sequence[Key]]) -> Signed:
    """Check a token's signature, and read it. Whether it is for us is not asked.

    :param keys: the provider's keys; asked with the id of the one that is looked for, so
        that new ones can be fetched; empty: the token names none
    :raises Refused: it is no token, or not signed by one of them
    """
    parts = text.split(".")
    if len(parts) != _PARTS or not all(parts):
        raise Refused("no-token")
    head = json_object(decoded(parts[0], "no-token"), "no-token")
    algorithm = text_of(head, "alg")
    if algorithm not in ALGORITHMS:
        raise Refused("algorithm")
    # What must be understood, and is not.
    if "crit" in head or "b64" in head:
        raise Refused("critical-header")
    key_id = text_of(head, "kid")
    body = _verified(text, _fitting(keys(key_id), key_id, algorithm), algorithm)
    kind = text_of(head, "typ").lower().removeprefix("application/")
    return Signed(json_object(body, "no-token"), algorithm, kind)


def public_keys(raw: bytes) -> list[dict[str, Any]]:
    """The keys of a JWK set that may sign for us; what is no public key is left out.

    :raises Refused: it is no such set
    """
    found = json_object(raw, "keys-unreadable").get("keys")
    if not isinstance(found, list):
        raise Refused("keys-unreadable")
    return [
        {name: one[name] for name in _KEPT if isinstance(one.get(name), str)}
        for one in found
        if isinstance(one, dict) and _may_sign(one)
    ]


def _may_sign(key: Mapping[str, Any]) -> bool:
    # A key whose secret half is there to be read proves nothing.
    if _SECRET_PARTS & set(key):
        return False
    uses = key.get("key_ops", ["verify"])
    is_for_it = key.get("use", "sig") == "sig" and isinstance(uses, list) and "verify" in uses
    return is_for_it and key.get("kty") in ("RSA", "EC")


def _fitting(keys: Sequence[Key], key_id: str, algorithm: str) -> Key:
    kind, curve = _KINDS[algorithm]
    found = [
        one
        for one in keys
        if one.get("kty") == kind
        and (not curve or one.get("crv") == curve)
        and one.get("alg", algorithm) == algorithm
        and (not key_id or one.get("kid") == key_id)
    ]
    if len(found) != 1:
        raise Refused("key-unknown")
    return found[0]


def _verified(text: str, key: Key, algorithm: str) -> bytes:
    from joserfc import jwk, jws  # noqa: PLC0415 - loaded by whoever logs in
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        public = jwk.import_key(dict(key))
        if isinstance(public, jwk.RSAKey) and public.raw_value.key_size < _SHORTEST_RSA:
            raise Refused("key-weak")
        return jws.deserialize_compact(text, public, algorithms=[algorithm]).payload
    except (JoseError, ValueError, TypeError, KeyError):
        raise Refused("bad-signature") from None
