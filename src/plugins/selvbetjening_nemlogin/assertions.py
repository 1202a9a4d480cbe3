"""From a response to the one assertion in it that the provider has signed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from selvbetjening_nemlogin.names import (
    CANCELLED,
    CIPHERS,
    DIGESTS,
    DS,
    KEY_TRANSPORTS,
    NS,
    SAML,
    SAMLP,
    SIGNATURES,
    SUCCESS,
    XENC,
)
from selvbetjening_nemlogin.parsing import Refused, as_bytes, decoded, parsed, the_one

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element

    from selvbetjening_nemlogin.keys import KeyPair


_ODD = "//comment() | //processing-instruction() | //ds:Object | /*//saml:Assertion"


def read_response(text: str) -> Element:
    """The response in the field ``SAMLResponse`` of a form.

    :raises Refused: it is no response
    """
    root = parsed(decoded(text))
    if root.tag != f"{{{SAMLP}}}Response" or root.get("Version") != "2.0":
        raise Refused("no-response")
    return root


def check_status(response: Element, certificates: Iterable[Certificate]) -> None:
    """The provider says that somebody has logged in.

    :raises Refused: it says something else; ``cancelled`` where the person gave up, which is
        believed of a response that is signed alone
    """
    status = the_one(response, "samlp:Status", "no-status")
    code = the_one(status, "samlp:StatusCode", "no-status")
    if code.get("Value") == SUCCESS:
        return
    inner = code.find("samlp:StatusCode", NS)
    why = "" if inner is None else inner.get("Value", "")
    if why not in CANCELLED:
        raise Refused("status")
    signed = signed_element(response, certificates, "status")
    found = signed.find("samlp:Status/samlp:StatusCode/samlp:StatusCode", NS)
    raise Refused("given-up", cancelled=found is not None and found.get("Value") in CANCELLED)


def signed_assertion(
    response: Element, keys: Sequence[KeyPair], certificates: Iterable[Certificate]
) -> tuple[Element, str]:
    """The assertion, read anew from what is signed, and the algorithm of its signature.

    Whatever is wrong with cipher or signature has one code: by different ones somebody
    could find out what is encrypted.

    :raises Refused: there is not exactly one, encrypted, and signed by the provider
    """
    if response.findall(".//saml:Assertion", NS):
        raise Refused("plain-assertion")
    if len(response.findall(".//saml:EncryptedAssertion", NS)) != 1:
        raise Refused("one-encrypted-assertion")
    envelope = the_one(response, "saml:EncryptedAssertion", "one-encrypted-assertion")
    _check_ciphers(envelope)
    assertion = _decrypted(envelope, keys)
    if assertion.tag != f"{{{SAML}}}Assertion":
        raise Refused("unopened")
    _check_plain(assertion)
    algorithm = _algorithm(assertion)
    return signed_element(assertion, certificates, "unopened"), algorithm


def _check_plain(assertion: Element) -> None:
    """Nothing is hidden in it: no second assertion, and no place for one.

    What is signed has no comments; whoever else reads it may take one for an end.
    """
    odd = (
        "//comment() | //processing-instruction() | //ds:Object | //saml:Assertion//saml:Assertion"
    )
    if assertion.xpath(odd, namespaces=NS):
        raise Refused("unopened")


def _check_ciphers(envelope: Element) -> None:
    data = the_one(envelope, "xenc:EncryptedData", "unopened")
    keys = envelope.findall(".//xenc:EncryptedKey", NS)
    ciphers = [one.get("Algorithm") for one in data.findall("xenc:EncryptionMethod", NS)]
    ways = [
        one.get("Algorithm") for key in keys for one in key.findall("xenc:EncryptionMethod", NS)
    ]
    if len(ciphers) != 1 or ciphers[0] not in CIPHERS:
        raise Refused("cipher")
    if not ways or len(ways) != len(keys) or not KEY_TRANSPORTS.issuperset(ways):
        raise Refused("cipher")
    # Nothing is fetched from outside the message.
    for one in envelope.iter(f"{{{DS}}}RetrievalMethod", f"{{{XENC}}}CipherReference"):
        if not one.get("URI", "").startswith("#"):
            raise Refused("cipher")


def _decrypted(envelope: Element, keys: Sequence[KeyPair]) -> Element:
    import xmlsec  # noqa: PLC0415 - heavy, and needed at a login alone

    raw = as_bytes(envelope)
    for pair in keys:
        copy = parsed(raw)
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(pair.pem, xmlsec.constants.KeyDataFormatPem))
        _gather_keys(copy)
        try:
            found = xmlsec.EncryptionContext(manager).decrypt(copy.find("xenc:EncryptedData", NS))
        except (xmlsec.Error, TypeError, ValueError):
            continue
        # Written and read again, so that nothing of what stood around it is left.
        return parsed(as_bytes(found))
    raise Refused("unopened")


def _gather_keys(envelope: Element) -> None:
    """Move keys that stand beside what they open into it, where they are looked for."""
    data = envelope.find("xenc:EncryptedData", NS)
    info = data.find("ds:KeyInfo", NS)
    beside = envelope.findall("xenc:EncryptedKey", NS)
    if info is None or not beside:
        return
    for one in info.findall("ds:RetrievalMethod", NS):
        info.remove(one)
    for key in beside:
        info.append(key)


def _algorithm(assertion: Element) -> str:
    method = the_one(assertion, "ds:Signature/ds:SignedInfo/ds:SignatureMethod", "unopened")
    found: str = method.get("Algorithm", "")
    if found not in SIGNATURES:
        raise Refused("signature-algorithm")
    return found


def signed_element(element: Element, certificates: Iterable[Certificate], code: str) -> Element:
    """``element`` as it was signed, by a key of ``certificates``; nothing else of it is left.

    Its own signature is directly in it, has one reference, and that is to ``element``.

    :raises Refused: with ``code``, if nobody known has signed it so
    """
    from lxml import etree  # noqa: PLC0415 - as above
    from signxml.exceptions import SignXMLException  # noqa: PLC0415

    raw = as_bytes(element)
    for certificate in certificates:
        try:
            data = _verified(parsed(raw), certificate)
        except (SignXMLException, ValueError, KeyError, TypeError, etree.LxmlError):
            continue
        found = parsed(data)
        if found.tag == element.tag and found.get("ID") == element.get("ID"):
            return found
    raise Refused(code)


def _verified(root: Element, certificate: Certificate) -> bytes:
    """What the signature covers, in its one way of being written."""
    from signxml import (  # noqa: PLC0415 - as above
        DigestAlgorithm,
        SignatureConfiguration,
        SignatureMethod,
        XMLVerifier,
    )

    from selvbetjening_nemlogin.keys import pem_of  # noqa: PLC0415

    # It writes what it reads into its log, which is about somebody.
    logging.getLogger("signxml").setLevel(logging.WARNING)
    wanted = SignatureConfiguration(
        location="./",
        expect_references=1,
        require_x509=True,
        signature_methods=frozenset(SignatureMethod(one) for one in SIGNATURES),
        digest_algorithms=frozenset(DigestAlgorithm(one) for one in DIGESTS),
    )
    result = XMLVerifier().verify(
        root, x509_cert=pem_of(certificate), expect_config=wanted, id_attribute="ID"
    )
    signed: bytes = result.signed_data
    return signed
