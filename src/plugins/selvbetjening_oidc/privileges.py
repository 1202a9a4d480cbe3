"""The rights that a login carries: OIO Basic Privilege Profile, as a claim holds it.

What cannot be read, or is of another kind, gives no right: a login with a list that is broken
is still a login. Source: OIO BPP 1.2, and KOMBIT's older namespace.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selvbetjening_core.values import CprNumber, Privilege, ScopeKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACES = (
    "http://digst.dk/oiosaml/basic_privilege_profile",
    "http://itst.dk/oiosaml/basic_privilege_profile",
)
_SCOPE = re.compile(r"urn:dk:gov:saml:(?P<kind>\w+):(?P<number>\d{8,10})", re.ASCII)
_KINDS = {
    "cprNumberIdentifier": (ScopeKind.PERSON, 10),
    "cvrNumberIdentifier": (ScopeKind.COMPANY, 8),
    "productionUnitIdentifier": (ScopeKind.PRODUCTION_UNIT, 10),
}
_MOST = 500


def read_privileges(text: str) -> tuple[Privilege, ...]:
    """The privileges in a claim: Base64 of XML. Personal data."""
    from xml.etree.ElementTree import ParseError, fromstring  # noqa: PLC0415 - for few logins

    try:
        xml = base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
        # No document types, no entities: nothing is expanded, and nothing is fetched.
        if "<!" in xml:
            return ()
        root = fromstring(xml)  # noqa: S314 - see above
    except (binascii.Error, ValueError, ParseError):
        return ()
    return tuple(_of_list(root))[:_MOST]


def _of_list(root: Element) -> Iterator[Privilege]:
    if root.tag not in [f"{{{one}}}PrivilegeList" for one in _NAMESPACES]:
        return
    for group in root:
        scope = _scope(group.get("Scope", ""))
        if _name(group) != "PrivilegeGroup" or scope is None:
            continue
        constraints = tuple(
            (one.get("Name", ""), (one.text or "").strip())
            for one in group
            if _name(one) == "Constraint"
        )
        for one in group:
            right = (one.text or "").strip()
            if _name(one) == "Privilege" and right:
                yield Privilege(*scope, right, constraints)


def _name(element: Element) -> str:
    # The elements below the list have no namespace, or its.
    return element.tag.rpartition("}")[2]


def _scope(text: str) -> tuple[ScopeKind, str] | None:
    found = _SCOPE.fullmatch(text.strip())
    if found is None or found["kind"] not in _KINDS:
        return None
    kind, digits = _KINDS[found["kind"]]
    number = found["number"]
    if len(number) != digits:
        return None
    if kind is ScopeKind.PERSON:
        try:
            CprNumber(number)
        except ValueError:
            return None
    return kind, number
