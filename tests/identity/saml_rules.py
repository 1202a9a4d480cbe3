"""Assertions that the provider did sign, and that are not for this login; and OIOSAML's rules."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from lxml import etree
from saml_town import CPR, FULL_NAME, LOA, NAME, NANCY, SPEC, SPEC_VERSION, Begun
from saml_wrapped import Vector, fields

from selvbetjening_nemlogin.counterpart.issuing import Changes
from selvbetjening_nemlogin.names import CVR, EID, NS, ORGANISATION, SAML, SAMLP

Element = etree._Element
_GOOD = {SPEC_VERSION: SPEC, LOA: "Substantial", CPR: NANCY, FULL_NAME: NAME}
_PROFESSIONAL = f"{EID}professional/uuid/3c2fa5a3-1d75-4d08-a0bb-2b6e1ce6f0e7"
_HOUR = datetime.timedelta(hours=1)


def _said(**changed: Any) -> Vector:
    return lambda begun: fields(begun.response(**changed))


def _attributes(**changed: str | None) -> Vector:
    names = {"spec": SPEC_VERSION, "level": LOA, "cpr": CPR, "name": FULL_NAME}
    said = _GOOD | {names[key]: value for key, value in changed.items() if value is not None}
    for key, value in changed.items():
        if value is None:
            del said[names[key]]
    return _said(attributes=said)


def _moved(**hours: float) -> Vector:
    """Times, by how many hours they are from now."""

    def vector(begun: Begun) -> dict[str, str]:
        now = begun.town.clock().replace(microsecond=0)
        return fields(begun.response(**{name: now + _HOUR * by for name, by in hours.items()}))

    return vector


def _before_signing(change: Any) -> Vector:
    def vector(begun: Begun) -> dict[str, str]:
        def changed(one: Element) -> Element:
            found = copy.deepcopy(one)
            change(found)
            return found

        return fields(begun.response(Changes(assertion=changed)))

    return vector


def _removed(path: str) -> Vector:
    def change(one: Element) -> None:
        found = one.find(path, NS)
        found.getparent().remove(found)

    return _before_signing(change)


def _doubled(path: str) -> Vector:
    def change(one: Element) -> None:
        found = one.find(path, NS)
        found.addnext(copy.deepcopy(found))

    return _before_signing(change)


def _set(path: str, name: str, value: str | None) -> Vector:
    def change(one: Element) -> None:
        found = one if path == "." else one.find(path, NS)
        if value is None:
            del found.attrib[name]
        else:
            found.set(name, value)

    return _before_signing(change)


def _response(change: Any) -> Vector:
    def vector(begun: Begun) -> dict[str, str]:
        def changed(one: Element) -> Element:
            change(one)
            return one

        return fields(begun.response(Changes(response=changed)))

    return vector


def _status(value: str) -> Vector:
    def change(one: Element) -> None:
        one.find("samlp:Status/samlp:StatusCode", NS).set("Value", value)

    return _response(change)


def _other_request(begun: Begun) -> dict[str, str]:
    """The answer to what was begun in another browser."""
    return fields(begun.town.begun().response())


def _other_audience(one: Element) -> None:
    restriction = one.find("saml:Conditions/saml:AudienceRestriction", NS)
    etree.SubElement(restriction, f"{{{SAML}}}Audience").text = "https://another.example"


def _two_values(one: Element) -> None:
    attribute = one.find("saml:AttributeStatement/saml:Attribute[last()]", NS)
    etree.SubElement(attribute, f"{{{SAML}}}AttributeValue").text = "Somebody Else"


def _drop_status(one: Element) -> None:
    one.remove(one.find("samlp:Status", NS))


_PROOF = "saml:Subject/saml:SubjectConfirmation"
_VOUCHES = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"
_DATA = f"{_PROOF}/saml:SubjectConfirmationData"
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"

RULES: dict[str, Vector] = {
    "ended": _moved(not_after=-0.5, issued_at=-0.02),
    "ended long ago": _moved(not_before=-9, not_after=-8, issued_at=-9),
    "not begun": _moved(not_before=0.5),
    "issued long ago": _moved(issued_at=-0.5),
    "issued tomorrow": _moved(issued_at=24),
    "no end": _said(not_after=None),
    "no beginning": _said(not_before=None),
    "no time of issue": _said(issued_at=None),
    "proof without an end": _set(_DATA, "NotOnOrAfter", None),
    "proof that has ended": _set(_DATA, "NotOnOrAfter", "2020-01-01T00:00:00Z"),
    "conditions that have ended": _set("saml:Conditions", "NotOnOrAfter", "2020-01-01T00:00:00Z"),
    "a time without a zone": _set("saml:Conditions", "NotOnOrAfter", "2999-01-01T00:00:00"),
    "a time that is none": _set("saml:Conditions", "NotBefore", "yesterday"),
    "for another audience": _said(audience="https://another.example"),
    "for an audience that begins like us": _said(audience="https://mors.localhost.evil.example"),
    "for no audience": _said(audience=""),
    "for two audiences": _before_signing(_other_audience),
    "two restrictions": _doubled("saml:Conditions/saml:AudienceRestriction"),
    "for another recipient": _set(_DATA, "Recipient", "https://evil.example/-/messages/login"),
    "for no recipient": _set(_DATA, "Recipient", None),
    "for another component": _set(_DATA, "Recipient", "https://mors.localhost/-/messages/staff"),
    "to another destination": _response(lambda one: one.set("Destination", "https://evil.example")),
    "by another issuer": _said(issuer="https://evil.example"),
    "by nobody": _removed("saml:Issuer"),
    "by two issuers": _doubled("saml:Issuer"),
    "by an issuer of another format": _set("saml:Issuer", "Format", "urn:x"),
    "to no request": _said(in_response_to=""),
    "to a request of nobody": _said(in_response_to="_nobody-has-asked"),
    "to a request of another browser": _other_request,
    "without conditions": _removed("saml:Conditions"),
    "two conditions": _doubled("saml:Conditions"),
    "without a subject": _removed("saml:Subject"),
    "two subjects": _doubled("saml:Subject"),
    "without a name id": _removed("saml:Subject/saml:NameID"),
    "a name id of another format": _set(
        "saml:Subject/saml:NameID",
        "Format",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    ),
    "a name id without a UUID": _said(name_id=f"{EID}person/uuid/kirsten"),
    "a name id of another house": _said(name_id="https://evil.example/uuid/x"),
    "of a professional where a person was asked for": _said(
        name_id=_PROFESSIONAL, attributes=_GOOD | {CVR: "12345678", ORGANISATION: "Acme"}
    ),
    "without a proof": _removed(_PROOF),
    "proof of another kind": _set(_PROOF, "Method", _VOUCHES),
    "two proofs": _doubled(_PROOF),
    "proof without data": _removed(_DATA),
    "without an authentication": _removed("saml:AuthnStatement"),
    "two authentications": _doubled("saml:AuthnStatement"),
    "without attributes": _removed("saml:AttributeStatement"),
    "two statements of attributes": _doubled("saml:AttributeStatement"),
    "an attribute twice": _doubled("saml:AttributeStatement/saml:Attribute[last()]"),
    "an attribute with two values": _before_signing(_two_values),
    "of another specification": _attributes(spec="DK-SAML-2.0"),
    "of no specification": _attributes(spec=None),
    "without a level": _attributes(level=None),
    "a lower level": _attributes(level="Low"),
    "a level that does not exist": _attributes(level="Enormous"),
    "a level in other letters": _attributes(level="SUBSTANTIAL"),
    "a level as an address": _attributes(level="https://data.gov.dk/concept/core/nsis/loa/High"),
    "a level as of old": _attributes(level="3"),
    "without a CPR number": _attributes(cpr=None),
    "a CPR number that cannot be one": _attributes(cpr="9999999999"),
    "without a name": _attributes(name=None),
    "of another version": _set(".", "Version", "1.1"),
    "a response of another version": _response(lambda one: one.set("Version", "1.1")),
    "a request in place of a response": _response(
        lambda one: setattr(one, "tag", f"{{{SAMLP}}}AuthnRequest")
    ),
    "no status": _response(_drop_status),
    "a status of refusal": _status(f"{_STATUS}Responder"),
    "a status of our fault": _status(f"{_STATUS}Requester"),
    "a status like success": _status(f"{_STATUS}success"),
    "without an id": _said(assertion_id=""),
}
