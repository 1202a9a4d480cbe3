"""Assertions that are not the provider's, or not as the provider made them."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
from typing import Any

from lxml import etree
from saml_town import OTHER_CPR, Begun
from saml_wrapped import Vector, fields

from selvbetjening_nemlogin.counterpart.issuing import Changes, as_field, response_to
from selvbetjening_nemlogin.keys import pem_of
from selvbetjening_nemlogin.names import CPR, DS, LOA, NS, SAML, XENC

Element = etree._Element


def _signed(change: Any) -> Vector:
    """The assertion is changed after the provider has signed it."""

    def vector(begun: Begun) -> dict[str, str]:
        def changed(one: Element) -> Element:
            found = copy.deepcopy(one)
            change(found)
            return found

        return fields(begun.response(Changes(signed=changed)))

    return vector


def _attribute(name: str, text: str) -> Vector:
    def change(one: Element) -> None:
        for attribute in one.iter(f"{{{SAML}}}Attribute"):
            if attribute.get("Name") == name:
                attribute[0].text = text

    return _signed(change)


def _unsigned(one: Element) -> None:
    one.remove(one.find("ds:Signature", NS))


def _at(path: str, text: str) -> Vector:
    def change(one: Element) -> None:
        one.find(path, NS).text = text

    return _signed(change)


def _method(algorithm: str) -> Vector:
    def change(one: Element) -> None:
        one.find("ds:Signature/ds:SignedInfo/ds:SignatureMethod", NS).set("Algorithm", algorithm)

    return _signed(change)


def _digest_method(algorithm: str) -> Vector:
    path = "ds:Signature/ds:SignedInfo/ds:Reference/ds:DigestMethod"

    def change(one: Element) -> None:
        one.find(path, NS).set("Algorithm", algorithm)

    return _signed(change)


def _by_attacker(begun: Begun) -> dict[str, str]:
    keys = begun.keys
    return fields(response_to(begun.login(), keys.attacker, keys.ours.certificate))


def _by_attacker_as_provider(begun: Begun) -> dict[str, str]:
    """With the provider's certificate beside the attacker's signature."""

    def change(one: Element) -> Element:
        found = copy.deepcopy(one)
        body = "".join(pem_of(begun.keys.provider.certificate).split("\n")[1:-2])
        found.find(".//ds:X509Certificate", NS).text = body
        return found

    keys = begun.keys
    login = begun.login()
    return fields(response_to(login, keys.attacker, keys.ours.certificate, Changes(signed=change)))


def _by_us(begun: Begun) -> dict[str, str]:
    """By our own key, which is in the metadata for anybody to see."""
    keys = begun.keys
    return fields(response_to(begun.login(), keys.ours, keys.ours.certificate))


def _by_certificate_as_secret(begun: Begun) -> dict[str, str]:
    """HMAC with the provider's certificate, which is public, as the secret."""

    def change(one: Element) -> Element:
        found = copy.deepcopy(one)
        info = found.find("ds:Signature/ds:SignedInfo", NS)
        info.find("ds:SignatureMethod", NS).set(
            "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
        )
        written = etree.tostring(info, method="c14n", exclusive=True)
        secret = pem_of(begun.keys.provider.certificate).encode()
        made = hmac.digest(secret, written, hashlib.sha256)
        found.find("ds:Signature/ds:SignatureValue", NS).text = base64.b64encode(made).decode()
        return found

    return fields(begun.response(Changes(signed=change)))


def _key_in_place_of_certificate(begun: Begun) -> dict[str, str]:
    """The attacker's key as it is, without a certificate."""

    def change(one: Element) -> Element:
        found = copy.deepcopy(one)
        info = found.find("ds:Signature/ds:KeyInfo", NS)
        for inner in list(info):
            info.remove(inner)
        numbers = begun.keys.attacker.key.public_key().public_numbers()
        value = etree.SubElement(
            etree.SubElement(info, f"{{{DS}}}KeyValue"), f"{{{DS}}}RSAKeyValue"
        )
        for name, number in (("Modulus", numbers.n), ("Exponent", numbers.e)):
            raw = number.to_bytes((number.bit_length() + 7) // 8)
            etree.SubElement(value, f"{{{DS}}}{name}").text = base64.b64encode(raw).decode()
        return found

    keys = begun.keys
    login = begun.login()
    return fields(response_to(login, keys.attacker, keys.ours.certificate, Changes(signed=change)))


def _old(signature: str, digest: str) -> Vector:
    return lambda begun: fields(begun.response(Changes(signature=signature, digest=digest)))


def _comment(one: Element) -> None:
    value = one.find(".//saml:AttributeStatement/saml:Attribute[last()]/saml:AttributeValue", NS)
    text = value.text
    value.text = text[:4]
    comment = etree.Comment("x")
    comment.tail = text[4:]
    value.append(comment)


def _comment_in_name_id(one: Element) -> None:
    name_id = one.find("saml:Subject/saml:NameID", NS)
    comment = etree.Comment("")
    comment.tail = name_id.text[-6:]
    name_id.text = name_id.text[:-6]
    name_id.append(comment)


def _instruction(one: Element) -> None:
    value = one.find("saml:Subject/saml:NameID", NS)
    value.append(etree.ProcessingInstruction("x", "y"))


def _raw(change: Any) -> Vector:
    """The text of the whole response is changed."""
    return lambda begun: fields(change(begun.response()))


def _after_start(doctype: bytes) -> Vector:
    return _raw(lambda raw: doctype + raw)


def _encryption(**how: Any) -> Vector:
    return lambda begun: fields(begun.response(Changes(**how)))


def _for_somebody_else(begun: Begun) -> dict[str, str]:
    keys = begun.keys
    return fields(response_to(begun.login(), keys.provider, keys.attacker.certificate))


def _cipher(change: Any) -> Vector:
    def vector(begun: Begun) -> dict[str, str]:
        def changed(one: Element) -> Element:
            change(one)
            return one

        return fields(begun.response(Changes(response=changed)))

    return vector


def _flip(path: str) -> Any:
    def change(one: Element) -> None:
        value = one.find(path, NS)
        raw = bytearray(base64.b64decode("".join(value.text.split())))
        raw[len(raw) // 2] ^= 1
        value.text = base64.b64encode(bytes(raw)).decode()

    return change


def _without_key(one: Element) -> None:
    key = one.find(".//xenc:EncryptedKey", NS)
    key.getparent().remove(key)


def _retrieved(one: Element) -> None:
    key = one.find(".//xenc:EncryptedKey", NS)
    place = key.getparent()
    place.remove(key)
    etree.SubElement(place, f"{{{DS}}}RetrievalMethod", URI="https://evil.example/key")


def _cipher_reference(one: Element) -> None:
    data = one.find(".//xenc:EncryptedData/xenc:CipherData", NS)
    data.remove(data.find("xenc:CipherValue", NS))
    etree.SubElement(data, f"{{{XENC}}}CipherReference", URI="file:///etc/passwd")


_BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

FORGED: dict[str, Vector] = {
    "without a signature": _signed(_unsigned),
    "signed by somebody else": _by_attacker,
    "signed by somebody else, with the provider's certificate": _by_attacker_as_provider,
    "signed by somebody else, with a bare key": _key_in_place_of_certificate,
    "signed by our own key": _by_us,
    "signed with the certificate as a secret": _by_certificate_as_secret,
    "another CPR number": _attribute(CPR, OTHER_CPR),
    "another level": _attribute(LOA, "High"),
    "another audience": _at(
        "saml:Conditions/saml:AudienceRestriction/saml:Audience", "https://evil.example"
    ),
    "an empty signature": _at("ds:Signature/ds:SignatureValue", ""),
    "a signature of nothing": _at("ds:Signature/ds:SignatureValue", "AAAA"),
    "an empty digest": _at("ds:Signature/ds:SignedInfo/ds:Reference/ds:DigestValue", ""),
    "RSA-SHA1": _old("rsa-sha1", "sha256"),
    "a digest by SHA-1": _old("rsa-sha256", "sha1"),
    "both by SHA-1": _old("rsa-sha1", "sha1"),
    "no algorithm": _method("none"),
    "an algorithm of its own": _method("urn:x"),
    "an algorithm of HMAC": _method("http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
    "a digest by MD5": _digest_method("http://www.w3.org/2001/04/xmldsig-more#md5"),
    "a comment in the name": _signed(_comment),
    "a comment in the name id": _signed(_comment_in_name_id),
    "a processing instruction": _signed(_instruction),
    "a document type": _after_start(b"<!DOCTYPE x>"),
    "a document type with entities": _after_start(_BILLION),
    "a document type from outside": _after_start(_OUTSIDE),
    "a document type with a system id": _after_start(
        b'<!DOCTYPE x SYSTEM "https://evil.example/x.dtd">'
    ),
    "UTF-7": _raw(lambda raw: b'<?xml version="1.0" encoding="UTF-7"?>' + raw),
    "two roots": _raw(lambda raw: raw + raw),
    "cut off": _raw(lambda raw: raw[: len(raw) // 2]),
    "nothing": _raw(lambda _: b""),
    "no XML": _raw(lambda _: b"hello"),
    "deeper than anything": _raw(lambda _: b"<a>" * 50_000),
    "longer than anything": _raw(lambda raw: raw[:-17] + b" " * 400_000 + raw[-17:]),
    "no Base64": lambda _: {"SAMLResponse": "***"},
    "an empty field": lambda _: {"SAMLResponse": ""},
    "another field": lambda begun: {"SAMLart": as_field(begun.response())},
    "in clear": _encryption(encrypts=False),
    "encrypted for somebody else": _for_somebody_else,
    "a key by RSA 1.5": _encryption(transport="RsaPkcs1"),
    "a cipher of old": _encryption(cipher="Des3Cbc"),
    "a changed cipher": _cipher(_flip(".//xenc:EncryptedData/xenc:CipherData/xenc:CipherValue")),
    "a changed key": _cipher(_flip(".//xenc:EncryptedKey/xenc:CipherData/xenc:CipherValue")),
    "without a key": _cipher(_without_key),
    "a key from an address": _cipher(_retrieved),
    "a cipher from a file": _cipher(_cipher_reference),
}
