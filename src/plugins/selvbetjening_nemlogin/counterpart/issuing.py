"""Responses as NemLog-in makes them; and as nobody should, broken wherever it is asked for."""

from __future__ import annotations

import base64
import copy
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import xmlsec
from lxml import etree
from signxml import CanonicalizationMethod, SignatureConstructionMethod, XMLSigner

from selvbetjening_nemlogin.counterpart.certificates import key_pem
from selvbetjening_nemlogin.keys import KeyPair, pem_of
from selvbetjening_nemlogin.names import (
    ATTRIBUTE_NAME_URI,
    BEARER,
    DS,
    PERSISTENT,
    SAML,
    SAMLP,
    SUCCESS,
)
from selvbetjening_nemlogin.parsing import as_bytes
from selvbetjening_nemlogin.requests import new_xml_id, written

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element

Change = Callable[[Any], Any]


def _as_it_is(element: Any) -> Any:
    return element


@dataclass(frozen=True)
class Changes:
    """What is changed on the way, at each stage; each is handed the XML, and hands it on.

    :param assertion: before it is signed
    :param signed: after it is signed, before it is encrypted
    :param response: at the end
    :param encrypts: whether the assertion is encrypted at all
    :param cipher: by what
    :param transport: by what the key of that is
    """

    assertion: Change = _as_it_is
    signed: Change = _as_it_is
    response: Change = _as_it_is
    encrypts: bool = True
    cipher: str = "Aes256Gcm"
    transport: str = "RsaOaep"
    signature: str = "rsa-sha256"
    digest: str = "sha256"


@dataclass(frozen=True)
class Login:
    """What a response says. Personal data: of test persons."""

    issuer: str
    audience: str
    recipient: str
    in_response_to: str
    name_id: str
    attributes: Mapping[str, str]
    issued_at: datetime.datetime | None
    not_before: datetime.datetime | None
    not_after: datetime.datetime | None
    assertion_id: str = field(default_factory=new_xml_id)
    session: str = field(default_factory=new_xml_id)


def response_to(
    login: Login, keys: KeyPair, certificate: Certificate, changes: Changes | None = None
) -> bytes:
    """A response with an assertion of ``login``, signed, for the owner of ``certificate``."""
    how = changes or Changes()
    assertion = how.assertion(_assertion(login))
    signed = how.signed(sign(assertion, keys, how.signature, how.digest))
    response = _response(login)
    if how.encrypts:
        response.append(encrypted(signed, certificate, how.cipher, how.transport))
    else:
        response.append(signed)
    return as_bytes(how.response(response))


def refusal_to(login: Login, status: str, inner: str) -> Element:
    """A response that says that nobody has logged in; not signed yet."""
    response = _response(login, status)
    code = response.find(f"{{{SAMLP}}}Status/{{{SAMLP}}}StatusCode")
    etree.SubElement(code, f"{{{SAMLP}}}StatusCode", Value=inner)
    return response


class _AnySigner(XMLSigner):  # type: ignore[misc]
    """Signs by old algorithms, too: that they are refused is what is tried."""

    def check_deprecated_methods(self) -> None:
        """Nothing is too old."""


def sign(
    element: Element, keys: KeyPair, signature: str = "rsa-sha256", digest: str = "sha256"
) -> Element:
    """``element`` with a signature after its issuer, as the schema has it."""
    copied = copy.deepcopy(element)
    place = etree.Element(f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
    copied.insert(1, place)
    signer = _AnySigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=signature,
        digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(
        copied,
        key=key_pem(keys),
        cert=pem_of(keys.certificate),
        reference_uri=f"#{copied.get('ID')}" if copied.get("ID") else None,
        id_attribute="ID",
    )


def encrypted(
    element: Element, certificate: Certificate, cipher: str = "Aes256Gcm", way: str = "RsaOaep"
) -> Element:
    """``element`` as an ``EncryptedAssertion`` that the certificate's owner can open."""
    envelope = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML})
    envelope.append(copy.deepcopy(element))
    constants = xmlsec.constants
    data = xmlsec.template.encrypted_data_create(
        envelope,
        getattr(constants, f"Transform{cipher}"),
        type=constants.TypeEncElement,
        ns="xenc",
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    key = xmlsec.template.add_encrypted_key(info, getattr(constants, f"Transform{way}"))
    xmlsec.template.encrypted_data_ensure_cipher_value(key)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(pem_of(certificate), constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(manager)
    bits = 192 if "192" in cipher else 128 if "128" in cipher else 256
    kind = constants.KeyDataDes if "Des" in cipher else constants.KeyDataAes
    context.key = xmlsec.Key.generate(kind, bits, constants.KeyDataTypeSession)
    context.encrypt_xml(data, envelope[0])
    # Written and read again: two libraries have had their hands on it.
    return etree.fromstring(etree.tostring(envelope))


def as_field(response: bytes) -> str:
    """As the field of a form has it."""
    return base64.b64encode(response).decode()


def _response(login: Login, status: str = SUCCESS) -> Element:
    response = etree.Element(f"{{{SAMLP}}}Response", nsmap={"samlp": SAMLP, "saml": SAML})
    for name, value in (
        ("ID", new_xml_id()),
        ("Version", "2.0"),
        ("IssueInstant", written(login.issued_at or datetime.datetime.now(datetime.UTC))),
        ("Destination", login.recipient),
        ("InResponseTo", login.in_response_to),
    ):
        if value:
            response.set(name, value)
    etree.SubElement(response, f"{{{SAML}}}Issuer").text = login.issuer
    told = etree.SubElement(response, f"{{{SAMLP}}}Status")
    etree.SubElement(told, f"{{{SAMLP}}}StatusCode", Value=status)
    return response


def _assertion(login: Login) -> Element:
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml": SAML}, Version="2.0")
    _set(root, ID=login.assertion_id, IssueInstant=login.issued_at)
    if login.issuer:
        etree.SubElement(root, f"{{{SAML}}}Issuer").text = login.issuer
    subject = etree.SubElement(root, f"{{{SAML}}}Subject")
    name_id = etree.SubElement(subject, f"{{{SAML}}}NameID", Format=PERSISTENT)
    name_id.text = login.name_id
    proof = etree.SubElement(subject, f"{{{SAML}}}SubjectConfirmation", Method=BEARER)
    data = etree.SubElement(proof, f"{{{SAML}}}SubjectConfirmationData")
    _set(
        data,
        Recipient=login.recipient,
        InResponseTo=login.in_response_to,
        NotOnOrAfter=login.not_after,
    )
    conditions = etree.SubElement(root, f"{{{SAML}}}Conditions")
    _set(conditions, NotBefore=login.not_before, NotOnOrAfter=login.not_after)
    if login.audience:
        restriction = etree.SubElement(conditions, f"{{{SAML}}}AudienceRestriction")
        etree.SubElement(restriction, f"{{{SAML}}}Audience").text = login.audience
    statement = etree.SubElement(root, f"{{{SAML}}}AuthnStatement")
    _set(statement, AuthnInstant=login.issued_at, SessionIndex=login.session)
    context = etree.SubElement(statement, f"{{{SAML}}}AuthnContext")
    word = etree.SubElement(context, f"{{{SAML}}}AuthnContextClassRef")
    word.text = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
    _add_attributes(root, login.attributes)
    return root


def _add_attributes(root: Element, attributes: Mapping[str, str]) -> None:
    statement = etree.SubElement(root, f"{{{SAML}}}AttributeStatement")
    for name, value in attributes.items():
        one = etree.SubElement(statement, f"{{{SAML}}}Attribute", Name=name)
        one.set("NameFormat", ATTRIBUTE_NAME_URI)
        etree.SubElement(one, f"{{{SAML}}}AttributeValue").text = value


def _set(element: Element, **values: str | datetime.datetime | None) -> None:
    for name, value in values.items():
        if value:
            element.set(name, value if isinstance(value, str) else written(value))
