"""The rules of OIOSAML that are about one login, and what it says as ``Claims``.

The core judges what every protocol has: who it is for, which request it answers, times,
level, replay. Here is what only OIOSAML knows. Each rule has a code, and a refusal names it.
Source: OIO SAML Web SSO Profile 3.0.x, and the refusals of Digitaliseringsstyrelsen's own
service provider.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from selvbetjening_core.values import Claims
from selvbetjening_nemlogin.names import (
    ATTRIBUTES,
    BEARER,
    CVR,
    EID,
    ENTITY,
    LEVELS,
    LOA,
    NS,
    ORGANISATION,
    PERSISTENT,
    PRIVILEGES,
    SPEC,
    SPEC_VERSION,
    TRANSIENT,
)
from selvbetjening_nemlogin.parsing import Refused, moment, text_of, the_one
from selvbetjening_nemlogin.privileges import read_privileges

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NAME_ID = re.compile(
    re.escape(EID)
    + r"(?P<profile>person|professional)/uuid/"
    + r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
_CVR = re.compile(r"[0-9]{8}")
_REQUEST_PREFIX = "_"


def request_xml_id(request_id: str) -> str:
    """Our request's id as XML may have it: not with a digit first."""
    return f"{_REQUEST_PREFIX}{request_id}"


def check_envelope(response: Element, address: str) -> None:
    """What the response says outside the assertion. Nothing of it is signed: it may only refuse.

    :param address: where it came to
    :raises Refused: it is for another address, or of another version
    """
    if response.get("Destination") not in (None, address):
        raise Refused("destination")


def claims_of(assertion: Element, algorithm: str, profile: str) -> Claims:
    """What a signed assertion says. Personal data.

    :param algorithm: of its signature
    :param profile: ``person``, ``professional`` or ``any``
    :raises Refused: it breaks a rule of OIOSAML
    """
    if assertion.get("Version") != "2.0":
        raise Refused("version")
    name_id = _name_id(assertion, profile)
    proof = _confirmation(assertion)
    conditions = the_one(assertion, "saml:Conditions", "conditions")
    statement = the_one(assertion, "saml:AuthnStatement", "authn-statement")
    said = _attributes(the_one(assertion, "saml:AttributeStatement", "attribute-statement"))
    _check_attributes(said, name_id)
    return Claims(
        issuer=_issuer(assertion),
        audience=_audience(conditions),
        recipient=proof.get("Recipient", ""),
        in_response_to=proof.get("InResponseTo", "").removeprefix(_REQUEST_PREFIX),
        assertion_id=assertion.get("ID", ""),
        issued_at=moment(assertion.get("IssueInstant"), "issue-instant"),
        not_before=moment(conditions.get("NotBefore"), "not-before"),
        not_after=min(
            moment(conditions.get("NotOnOrAfter"), "not-on-or-after"),
            moment(proof.get("NotOnOrAfter"), "confirmation-time"),
        ),
        algorithm=algorithm,
        level=_level(said),
        attributes={word: said[name] for name, word in ATTRIBUTES.items() if said.get(name)},
        session=statement.get("SessionIndex", ""),
        subject=text_of(name_id),
        privileges=read_privileges(said.get(PRIVILEGES, "")),
        farewell=_farewell(name_id, statement, conditions),
    )


def _issuer(assertion: Element) -> str:
    issuer = the_one(assertion, "saml:Issuer", "issuer")
    if issuer.get("Format") not in (None, ENTITY):
        raise Refused("issuer-format")
    return text_of(issuer)


def _name_id(assertion: Element, profile: str) -> Element:
    subject = the_one(assertion, "saml:Subject", "subject")
    found = the_one(subject, "saml:NameID", "name-id")
    if found.get("Format") not in (PERSISTENT, TRANSIENT):
        raise Refused("name-id-format")
    known = _NAME_ID.fullmatch(text_of(found))
    if known is None:
        raise Refused("name-id")
    if profile not in ("any", known["profile"]):
        raise Refused("profile")
    return found


def _confirmation(assertion: Element) -> Element:
    """What is proven by whoever brings the assertion."""
    subject = the_one(assertion, "saml:Subject", "subject")
    bearers = [
        one
        for one in subject.findall("saml:SubjectConfirmation", NS)
        if one.get("Method") == BEARER
    ]
    if len(bearers) != 1:
        raise Refused("bearer")
    return the_one(bearers[0], "saml:SubjectConfirmationData", "confirmation-data")


def _audience(conditions: Element) -> str:
    restriction = the_one(conditions, "saml:AudienceRestriction", "audience")
    audiences = [text_of(one) for one in restriction.findall("saml:Audience", NS)]
    # For several it is for others, too: whoever of them has it could bring it here.
    if len(audiences) != 1:
        raise Refused("audience")
    return audiences[0]


def _attributes(statement: Element) -> dict[str, str]:
    """By name, those that have a value.

    :raises Refused: one is there twice, or has several
    """
    found: dict[str, str] = {}
    for one in statement.findall("saml:Attribute", NS):
        name = one.get("Name", "")
        values = one.findall("saml:AttributeValue", NS)
        if name in found or len(values) > 1:
            raise Refused("attribute-twice")
        if values:
            found[name] = _value(values[0])
    return found


def _value(element: Element) -> str:
    # Privileges and tokens may be XML, which nobody here asks for as such.
    return "" if len(element) else (element.text or "").strip()


def _level(said: dict[str, str]) -> str:
    """Empty where nothing is said, which the core refuses."""
    found = said.get(LOA, "")
    if found and found not in LEVELS:
        raise Refused("level-unknown")
    return LEVELS.get(found, "")


def _check_attributes(said: dict[str, str], name_id: Element) -> None:
    if said.get(SPEC_VERSION) != SPEC:
        raise Refused("spec-version")
    if "/professional/" not in text_of(name_id):
        return
    if not _CVR.fullmatch(said.get(CVR, "")):
        raise Refused("cvr")
    if not said.get(ORGANISATION):
        raise Refused("organisation")


def _farewell(name_id: Element, statement: Element, conditions: Element) -> str:
    """What a log-out has to say later; the core keeps it sealed."""
    return json.dumps(
        {
            "entity": _audience(conditions),
            "name_id": text_of(name_id),
            "format": name_id.get("Format"),
            "session": statement.get("SessionIndex", ""),
        }
    )
