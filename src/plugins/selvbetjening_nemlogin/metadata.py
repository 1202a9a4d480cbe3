"""What the provider tells of itself, and what we tell of us. Source: SAML 2.0 metadata."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from selvbetjening_nemlogin.keys import certificate_of, der_of, valid_at
from selvbetjening_nemlogin.names import (
    ATTRIBUTE_NAME_URI,
    ATTRIBUTES,
    DS,
    LOA,
    MD,
    NS,
    PERSISTENT,
    POST,
    PRIVILEGES,
    REDIRECT,
    SAMLP,
    SPEC_VERSION,
)
from selvbetjening_nemlogin.parsing import Refused, parsed

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml.etree import _Element as Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Provider:
    """An identity provider, by its metadata.

    :param entity_id: what it calls itself
    :param login_url: where the browser is sent to log in, by Redirect
    :param logout_url: where it is sent to log out, by Redirect; empty: nowhere
    :param answer_url: where our answer to its log-out goes
    :param certificates: of the keys it signs with: two or more while it changes key
    """

    entity_id: str
    login_url: str
    logout_url: str
    answer_url: str
    certificates: tuple[Certificate, ...]

    def certificates_at(self, now: datetime.datetime) -> tuple[Certificate, ...]:
        """Those that can be believed now."""
        return valid_at(self.certificates, now)

    @property
    def ends_at(self) -> datetime.datetime:
        """When the last of the certificates ends: from then on nobody can log in."""
        return max(one.not_valid_after_utc for one in self.certificates)


def origins_of(provider: Provider) -> frozenset[str]:
    """Where browsers are sent: scheme, host and port of each address."""
    urls = (provider.login_url, provider.logout_url, provider.answer_url)
    parts = [urlsplit(one) for one in urls if one]
    return frozenset(f"{one.scheme}://{one.netloc}" for one in parts)


def read_provider(raw: bytes) -> Provider:
    """Read a provider's metadata.

    :raises ValueError: it is no such metadata, or something is missing; the sentence says what
    """
    try:
        root = parsed(raw)
    except Refused as refused:
        raise ValueError(f"it cannot be read as metadata ({refused.code})") from None
    if root.tag != f"{{{MD}}}EntityDescriptor":
        raise ValueError("its root is no EntityDescriptor of one provider")
    roles = root.findall("md:IDPSSODescriptor", NS)
    if len(roles) != 1:
        raise ValueError("it has no IDPSSODescriptor, or several")
    (role,) = roles
    login = _location(role.findall("md:SingleSignOnService", NS))
    if not login:
        raise ValueError("it has no SingleSignOnService for HTTP-Redirect")
    logout = _location(role.findall("md:SingleLogoutService", NS))
    answer = _location(role.findall("md:SingleLogoutService", NS), "ResponseLocation")
    certificates = tuple(_certificates(role.findall("md:KeyDescriptor", NS)))
    if not certificates:
        raise ValueError("it has no certificate for signing")
    entity_id = root.get("entityID", "")
    if not entity_id:
        raise ValueError("it has no entityID")
    return Provider(entity_id, login, logout, answer or logout, certificates)


def _location(services: Iterable[Element], name: str = "Location") -> str:
    for one in services:
        if one.get("Binding") == REDIRECT and one.get(name):
            return _address(one.get(name))
    return ""


def _address(url: str) -> str:
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or parts.username:
        raise ValueError("it sends browsers to an address that is not https")
    return url


def _certificates(descriptors: Iterable[Element]) -> Iterable[Certificate]:
    for one in descriptors:
        if one.get("use", "signing") != "signing":
            continue
        for found in one.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", NS):
            body = "".join((found.text or "").split())
            lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
            yield certificate_of(
                f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
            )


def own_metadata(
    entity_id: str, message_url: str, certificates: Sequence[Certificate], email: str = ""
) -> bytes:
    """What NemLog-in is given of us, as XML. No personal data.

    :param entity_id: what we call ourselves: the municipality's address
    :param message_url: where answers and log-outs are sent
    :param certificates: of our keys, the one that signs first
    :param email: of whoever looks after it, technically
    """
    from lxml import etree  # noqa: PLC0415 - a start without a login needs no XML

    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={None: MD, "ds": DS})
    root.set("entityID", entity_id)
    role = etree.SubElement(root, f"{{{MD}}}SPSSODescriptor")
    role.set("protocolSupportEnumeration", SAMLP)
    role.set("AuthnRequestsSigned", "true")
    role.set("WantAssertionsSigned", "true")
    for use in ("signing", "encryption"):
        for certificate in certificates:
            key = etree.SubElement(role, f"{{{MD}}}KeyDescriptor", use=use)
            info = etree.SubElement(key, f"{{{DS}}}KeyInfo")
            data = etree.SubElement(info, f"{{{DS}}}X509Data")
            etree.SubElement(data, f"{{{DS}}}X509Certificate").text = der_of(certificate)
    for binding in (REDIRECT, POST):
        logout = etree.SubElement(role, f"{{{MD}}}SingleLogoutService")
        logout.set("Binding", binding)
        logout.set("Location", message_url)
    etree.SubElement(role, f"{{{MD}}}NameIDFormat").text = PERSISTENT
    consumer = etree.SubElement(role, f"{{{MD}}}AssertionConsumerService")
    for name, value in (
        ("Binding", POST),
        ("Location", message_url),
        ("index", "0"),
        ("isDefault", "true"),
    ):
        consumer.set(name, value)
    _add_attributes(role, entity_id)
    if email:
        contact = etree.SubElement(root, f"{{{MD}}}ContactPerson", contactType="technical")
        etree.SubElement(contact, f"{{{MD}}}EmailAddress").text = f"mailto:{email}"
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add_attributes(role: object, entity_id: str) -> None:
    from lxml import etree  # noqa: PLC0415 - as above

    wanted = etree.SubElement(role, f"{{{MD}}}AttributeConsumingService", index="0")
    wanted.set("isDefault", "true")
    name = etree.SubElement(wanted, f"{{{MD}}}ServiceName")
    name.set(f"{_XML}lang", "da")
    name.text = entity_id
    for attribute in (SPEC_VERSION, LOA, PRIVILEGES, *ATTRIBUTES):
        one = etree.SubElement(wanted, f"{{{MD}}}RequestedAttribute", Name=attribute)
        one.set("NameFormat", ATTRIBUTE_NAME_URI)
        one.set("isRequired", "true" if attribute in (SPEC_VERSION, LOA) else "false")
