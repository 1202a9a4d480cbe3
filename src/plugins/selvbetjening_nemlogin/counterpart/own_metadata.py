"""What the counterpart tells of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lxml import etree

from selvbetjening_nemlogin.keys import der_of
from selvbetjening_nemlogin.names import DS, MD, POST, REDIRECT, SAMLP

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def provider_metadata(entity_id: str, url: str, certificates: Sequence[Certificate]) -> bytes:
    """Metadata of a provider at ``url`` that signs with the keys of ``certificates``."""
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={None: MD, "ds": DS})
    root.set("entityID", entity_id)
    role = etree.SubElement(root, f"{{{MD}}}IDPSSODescriptor")
    role.set("protocolSupportEnumeration", SAMLP)
    role.set("WantAuthnRequestsSigned", "true")
    for certificate in certificates:
        key = etree.SubElement(role, f"{{{MD}}}KeyDescriptor", use="signing")
        data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = der_of(certificate)
    for binding in (REDIRECT, POST):
        logout = etree.SubElement(role, f"{{{MD}}}SingleLogoutService", Binding=binding)
        logout.set("Location", f"{url}/logout")
    login = etree.SubElement(role, f"{{{MD}}}SingleSignOnService", Binding=REDIRECT)
    login.set("Location", f"{url}/login")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written
