"""Answers that must be accepted: what OIOSAML leaves open, and one whose key is new."""

from __future__ import annotations

from typing import Any

from lxml import etree
from saml_town import CPR, FULL_NAME, LOA, NAME, NANCY, SPEC, SPEC_VERSION, Begun
from saml_wrapped import Vector, fields

from selvbetjening_nemlogin.counterpart.issuing import Changes, sign
from selvbetjening_nemlogin.names import EID, NS, PRIVILEGES, TRANSIENT

Element = etree._Element
_SAID = {SPEC_VERSION: SPEC, LOA: "Substantial", CPR: NANCY, FULL_NAME: NAME}


def _how(**how: Any) -> Vector:
    return lambda begun: fields(begun.response(Changes(**how)))


def _said(**changed: str) -> Vector:
    return lambda begun: fields(begun.response(attributes=_SAID | changed))


def _transient(one: Element) -> Element:
    one.find("saml:Subject/saml:NameID", NS).set("Format", TRANSIENT)
    return one


def _no_destination(one: Element) -> Element:
    del one.attrib["Destination"]
    return one


def _signed_around(begun: Begun) -> dict[str, str]:
    return fields(begun.response(Changes(response=lambda one: sign(one, begun.keys.provider))))


def _key_beside(one: Element) -> Element:
    envelope = one.find("saml:EncryptedAssertion", NS)
    key = envelope.find(".//xenc:EncryptedKey", NS)
    envelope.append(key)
    return one


GOOD: dict[str, Vector] = {
    "as it should be": lambda begun: fields(begun.response()),
    "a higher level": _said(**{LOA: "High"}),
    "AES-128 in GCM": _how(cipher="Aes128Gcm"),
    "AES-256 in CBC": _how(cipher="Aes256Cbc"),
    "SHA-384": _how(signature="rsa-sha384", digest="sha384"),
    "SHA-512": _how(signature="rsa-sha512", digest="sha512"),
    "a name id for once": _how(assertion=_transient),
    "no destination": _how(response=_no_destination),
    "the response signed as well": _signed_around,
    "the key beside what it opens": _how(response=_key_beside),
    "more attributes than were asked for": _said(**{f"{EID}email": "nancy@example.org"}),
    "privileges that nobody can read": _said(**{PRIVILEGES: "%%%"}),
    "privileges with a document type": _said(**{PRIVILEGES: "PCFET0NUWVBFIHg+PHgvPg=="}),
}
