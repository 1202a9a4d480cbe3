"""Signature wrapping: a genuine signed assertion is put where a forged one is read.

The attacker has an assertion of the provider in clear, as any other service provider has
that somebody logs in to, and can encrypt for us whatever they like.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree
from saml_town import OTHER_CPR, OTHER_NAME, Begun

from selvbetjening_nemlogin.counterpart.issuing import Changes, as_field, encrypted, sign
from selvbetjening_nemlogin.names import CPR, DS, FULL_NAME, NS, SAML, SAMLP
from selvbetjening_nemlogin.requests import new_xml_id

Element = etree._Element
Vector = Callable[[Begun], dict[str, str]]


def fields(response: bytes) -> dict[str, str]:
    """The form that brings a response."""
    return {"SAMLResponse": as_field(response)}


def forged(genuine: Element, *, same_id: bool = False) -> Element:
    """The assertion without its signature, about somebody else."""
    found = copy.deepcopy(genuine)
    for signature in found.findall("ds:Signature", NS):
        found.remove(signature)
    said = {CPR: OTHER_CPR, FULL_NAME: OTHER_NAME}
    for one in found.iter(f"{{{SAML}}}Attribute"):
        if one.get("Name") in said:
            one[0].text = said[one.get("Name")]
    if not same_id:
        found.set("ID", new_xml_id())
    return found


def _signature_of(genuine: Element) -> Element:
    found = genuine.find("ds:Signature", NS)
    assert found is not None
    return found


def _wrapped(build: Callable[[Element, Element], Element], *, same_id: bool = False) -> Vector:
    def vector(begun: Begun) -> dict[str, str]:
        changes = Changes(signed=lambda one: build(one, forged(one, same_id=same_id)))
        return fields(begun.response(changes))

    return vector


def _in_object(genuine: Element, fake: Element) -> Element:
    signature = copy.deepcopy(_signature_of(genuine))
    inner = etree.SubElement(signature, f"{{{DS}}}Object")
    inner.append(copy.deepcopy(genuine))
    fake.insert(1, signature)
    return fake


def _in_object_bare(genuine: Element, fake: Element) -> Element:
    signature = copy.deepcopy(_signature_of(genuine))
    bare = copy.deepcopy(genuine)
    bare.remove(_signature_of(bare))
    etree.SubElement(signature, f"{{{DS}}}Object").append(bare)
    fake.insert(1, signature)
    return fake


def _in_advice(genuine: Element, fake: Element) -> Element:
    etree.SubElement(fake, f"{{{SAML}}}Advice").append(copy.deepcopy(genuine))
    fake.insert(1, copy.deepcopy(_signature_of(genuine)))
    return fake


def _inside(genuine: Element, fake: Element) -> Element:
    fake.append(copy.deepcopy(genuine))
    return fake


def _inside_first(genuine: Element, fake: Element) -> Element:
    fake.insert(0, copy.deepcopy(genuine))
    fake.insert(2, copy.deepcopy(_signature_of(genuine)))
    return fake


def _around_fake(genuine: Element, fake: Element) -> Element:
    outer = copy.deepcopy(genuine)
    outer.insert(0, fake)
    return outer


def _fake_in_signature(genuine: Element, fake: Element) -> Element:
    outer = copy.deepcopy(genuine)
    etree.SubElement(_signature_of(outer), f"{{{DS}}}Object").append(fake)
    return outer


def _two_subjects(genuine: Element, fake: Element) -> Element:
    outer = copy.deepcopy(genuine)
    outer.append(copy.deepcopy(fake.find("saml:AttributeStatement", NS)))
    return outer


def _in_subject(genuine: Element, fake: Element) -> Element:
    fake.find("saml:Subject", NS).append(copy.deepcopy(genuine))
    fake.insert(1, copy.deepcopy(_signature_of(genuine)))
    return fake


def _in_attribute(genuine: Element, fake: Element) -> Element:
    fake.find("saml:AttributeStatement/saml:Attribute/saml:AttributeValue", NS).append(
        copy.deepcopy(genuine)
    )
    return fake


def _reference_to(uri: str | None) -> Callable[[Element, Element], Element]:
    def build(genuine: Element, fake: Element) -> Element:
        signature = copy.deepcopy(_signature_of(genuine))
        reference = signature.find("ds:SignedInfo/ds:Reference", NS)
        if uri is None:
            del reference.attrib["URI"]
        else:
            reference.set("URI", uri)
        fake.insert(1, signature)
        return fake

    return build


def _two_references(genuine: Element, fake: Element) -> Element:
    built = _in_object(genuine, fake)
    info = built.find("ds:Signature/ds:SignedInfo", NS)
    info.append(copy.deepcopy(info.find("ds:Reference", NS)))
    return built


def _transform(algorithm: str) -> Callable[[Element, Element], Element]:
    def build(genuine: Element, fake: Element) -> Element:
        built = _in_object(genuine, fake)
        place = built.find("ds:Signature/ds:SignedInfo/ds:Reference/ds:Transforms", NS)
        one = etree.SubElement(place, f"{{{DS}}}Transform", Algorithm=algorithm)
        etree.SubElement(one, f"{{{DS}}}XPath").text = "//*[local-name()='Assertion'][2]"
        return built

    return build


def _response_with(build: Callable[[Element, Begun], Element]) -> Vector:
    """What is changed is the response, with the genuine encrypted assertion in it."""

    def vector(begun: Begun) -> dict[str, str]:
        return fields(begun.response(Changes(response=lambda one: build(one, begun))))

    return vector


def _fake_of(begun: Begun, keys: object = None) -> Element:
    """A whole forged assertion; signed by the attacker where keys are given."""
    kept: list[Element] = []
    begun.response(Changes(signed=lambda one: kept.append(copy.deepcopy(one)) or one))
    fake = forged(kept[0])
    return sign(fake, begun.keys.attacker) if keys else fake


def _beside(response: Element, begun: Begun) -> Element:
    response.append(_fake_of(begun))
    return response


def _before(response: Element, begun: Begun) -> Element:
    response.insert(2, _fake_of(begun))
    return response


def _in_extensions(response: Element, begun: Begun) -> Element:
    place = etree.Element(f"{{{SAMLP}}}Extensions")
    place.append(_fake_of(begun))
    response.insert(1, place)
    return response


def _in_status(response: Element, begun: Begun) -> Element:
    status = response.find("samlp:Status", NS)
    etree.SubElement(status, f"{{{SAMLP}}}StatusDetail").append(_fake_of(begun))
    return response


def _second_encrypted(response: Element, begun: Begun) -> Element:
    response.append(encrypted(_fake_of(begun), begun.keys.ours.certificate))
    return response


def _first_encrypted(response: Element, begun: Begun) -> Element:
    response.insert(2, encrypted(_fake_of(begun), begun.keys.ours.certificate))
    return response


def _second_by_attacker(response: Element, begun: Begun) -> Element:
    response.append(encrypted(_fake_of(begun, "attacker"), begun.keys.ours.certificate))
    return response


def _nested_encrypted(response: Element, begun: Begun) -> Element:
    place = etree.Element(f"{{{SAMLP}}}Extensions")
    place.append(response.find("saml:EncryptedAssertion", NS))
    response.insert(1, place)
    response.append(encrypted(_fake_of(begun), begun.keys.ours.certificate))
    return response


def _response_signed_by_attacker(response: Element, begun: Begun) -> Element:
    inner = response.find("saml:EncryptedAssertion", NS)
    response.replace(inner, encrypted(_fake_of(begun), begun.keys.ours.certificate))
    return sign(response, begun.keys.attacker)


def _response_signed_by_provider(response: Element, begun: Begun) -> Element:
    """Even the provider's own signature around it does not make it an assertion that is signed."""
    inner = response.find("saml:EncryptedAssertion", NS)
    response.replace(inner, encrypted(_fake_of(begun), begun.keys.ours.certificate))
    return sign(response, begun.keys.provider)


WRAPPED: dict[str, Vector] = {
    "the genuine one in an object of the signature": _wrapped(_in_object),
    "the same, without its own signature": _wrapped(_in_object_bare),
    "the genuine one in an object, under the same id": _wrapped(_in_object, same_id=True),
    "the genuine one, bare, under the same id": _wrapped(_in_object_bare, same_id=True),
    "the genuine one as advice": _wrapped(_in_advice),
    "the genuine one at the end": _wrapped(_inside),
    "the genuine one at the end, under the same id": _wrapped(_inside, same_id=True),
    "the genuine one in front": _wrapped(_inside_first),
    "the genuine one in front, under the same id": _wrapped(_inside_first, same_id=True),
    "the genuine one in the subject": _wrapped(_in_subject),
    "the genuine one in an attribute": _wrapped(_in_attribute),
    "the forged one in front of the genuine": _wrapped(_around_fake),
    "the forged one in the genuine signature": _wrapped(_fake_in_signature),
    "a second attribute statement": _wrapped(_two_subjects),
    "a reference to nothing": _wrapped(_reference_to("#nobody")),
    "a reference to the whole": _wrapped(_reference_to("")),
    "a reference that is left out": _wrapped(_reference_to(None)),
    "a reference by XPointer": _wrapped(_reference_to("#xpointer(/)")),
    "a reference to an address": _wrapped(_reference_to("https://evil.example/assertion")),
    "a reference to a file": _wrapped(_reference_to("file:///etc/passwd")),
    "two references": _wrapped(_two_references),
    "a transform by XPath": _wrapped(_transform("http://www.w3.org/TR/1999/REC-xpath-19991116")),
    "a transform by XSLT": _wrapped(_transform("http://www.w3.org/TR/1999/REC-xslt-19991116")),
    "a forged one in clear behind the encrypted": _response_with(_beside),
    "a forged one in clear in front of the encrypted": _response_with(_before),
    "a forged one in the extensions": _response_with(_in_extensions),
    "a forged one in the status": _response_with(_in_status),
    "a second encrypted one": _response_with(_second_encrypted),
    "a first encrypted one": _response_with(_first_encrypted),
    "a second one by the attacker's key": _response_with(_second_by_attacker),
    "the genuine one hidden in the extensions": _response_with(_nested_encrypted),
    "unsigned in a response by the attacker": _response_with(_response_signed_by_attacker),
    "unsigned in a response by the provider": _response_with(_response_signed_by_provider),
}
