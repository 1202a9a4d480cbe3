"""What we ask of the provider: to log somebody in, and to log them out."""

from __future__ import annotations

import datetime
import json
import secrets
from typing import TYPE_CHECKING

from selvbetjening_core.values import LoginRequest
from selvbetjening_nemlogin.claims import request_xml_id
from selvbetjening_nemlogin.names import (
    LEVEL_URLS,
    PERSISTENT,
    POST,
    PROFILES,
    SAML,
    SAMLP,
    SUCCESS,
)
from selvbetjening_nemlogin.parsing import as_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def authn_request(
    request: LoginRequest, url: str, profile: str, now: datetime.datetime, *, force: bool
) -> bytes:
    """An ``AuthnRequest``: at least this level, and the answer by POST. No personal data.

    :param url: where it is sent
    :param profile: ``person``, ``professional`` or ``any``
    :param force: whoever is logged in there already logs in again
    """
    from lxml import etree  # noqa: PLC0415 - a start without a login needs no XML

    root = _message("AuthnRequest", request_xml_id(request.request_id), url, now)
    root.set("ProtocolBinding", POST)
    root.set("AssertionConsumerServiceURL", request.return_url)
    if force:
        root.set("ForceAuthn", "true")
    _issuer(root, request.audience)
    wanted = etree.SubElement(root, f"{{{SAMLP}}}RequestedAuthnContext", Comparison="minimum")
    words = [LEVEL_URLS[request.level.name.lower()]]
    if profile in PROFILES:
        words.append(PROFILES[profile])
    for word in words:
        etree.SubElement(wanted, f"{{{SAML}}}AuthnContextClassRef").text = word
    return as_bytes(root)


def logout_request(farewell: str, url: str, now: datetime.datetime) -> bytes:
    """A ``LogoutRequest`` for the login that left this farewell; empty if it left none.

    Personal data: the provider's name of the person, who is sent there with it.
    """
    try:
        said = json.loads(farewell)
    except ValueError:
        return b""
    return logout_message(
        said["entity"], said["name_id"], said["session"], url, now, said["format"]
    )


def logout_message(
    entity: str,
    name_id: str,
    session: str,
    url: str,
    now: datetime.datetime,
    name_format: str = PERSISTENT,
) -> bytes:
    """A ``LogoutRequest`` by ``entity``. Personal data: the name of the person."""
    from lxml import etree  # noqa: PLC0415 - as above

    root = _message("LogoutRequest", new_xml_id(), url, now)
    _issuer(root, entity)
    etree.SubElement(root, f"{{{SAML}}}NameID", Format=name_format).text = name_id
    if session:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = session
    return as_bytes(root)


def logout_response(entity: str, answered: str, url: str, now: datetime.datetime) -> bytes:
    """A ``LogoutResponse``: whatever was to be ended here is. No personal data.

    :param answered: the id of the provider's request
    """
    from lxml import etree  # noqa: PLC0415 - as above

    root = _message("LogoutResponse", new_xml_id(), url, now)
    root.set("InResponseTo", answered)
    _issuer(root, entity)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value=SUCCESS)
    return as_bytes(root)


def new_xml_id() -> str:
    """A new id of a message: 128 random bits."""
    return f"_{secrets.token_hex(16)}"


def written(at: datetime.datetime) -> str:
    """A time as SAML writes it."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(name: str, xml_id: str, url: str, now: datetime.datetime) -> Element:
    from lxml import etree  # noqa: PLC0415 - as above

    root = etree.Element(f"{{{SAMLP}}}{name}", nsmap={"samlp": SAMLP, "saml": SAML})
    root.set("ID", xml_id)
    root.set("Version", "2.0")
    root.set("IssueInstant", written(now))
    root.set("Destination", url)
    return root


def _issuer(root: Element, entity: str) -> None:
    from lxml import etree  # noqa: PLC0415 - as above

    etree.SubElement(root, f"{{{SAML}}}Issuer").text = entity
