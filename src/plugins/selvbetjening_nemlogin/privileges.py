"""The rights that a login carries: OIO Basic Privilege Profile.

What cannot be read, or is in a language nobody here knows, gives no right: a login with a
list that is broken is still a login. Source: OIO BPP 1.2, and KOMBIT's older namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selvbetjening_core.values import CprNumber, Privilege, ScopeKind
from selvbetjening_nemlogin.parsing import Refused, decoded, parsed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACES = frozenset(
    {
        "http://digst.dk/oiosaml/basic_privilege_profile",
        "http://itst.dk/oiosaml/basic_privilege_profile",
    }
)
_SCOPE = re.compile(
    r"urn:dk:gov:saml:(?P<kind>cprNumberIdentifier|cvrNumberIdentifier|productionUnitIdentifier)"
    r":(?P<number>\d{8,10})",
    re.ASCII,
)
_KINDS = {
    "cprNumberIdentifier": (ScopeKind.PERSON, 10),
    "cvrNumberIdentifier": (ScopeKind.COMPANY, 8),
    "productionUnitIdentifier": (ScopeKind.PRODUCTION_UNIT, 10),
}
_MOST = 500


def read_privileges(text: str) -> tuple[Privilege, ...]:
    """The privileges in an attribute's value: Base64 of XML, or XML. Personal data.

    A group whose scope is of another kind, such as an SE number, gives none.
    """
    if not text.strip():
        return ()
    try:
        raw = text.encode() if text.lstrip().startswith("<") else decoded(text)
        root = parsed(raw)
    except Refused:
        return ()
    return tuple(_of_list(root))[:_MOST]


def _of_list(root: Element) -> Iterator[Privilege]:
    name = _name(root)
    if name is None or name[1] != "PrivilegeList":
        return
    # The elements below have no namespace, or that of the list.
    for group in root:
        scope = _scope(group.get("Scope", "")) if _is(group, "PrivilegeGroup", name[0]) else None
        if scope is None:
            continue
        kind, number = scope
        constraints = tuple(
            (one.get("Name", ""), (one.text or "").strip())
            for one in group
            if _is(one, "Constraint", name[0]) and not len(one)
        )
        for one in group:
            right = (one.text or "").strip()
            if _is(one, "Privilege", name[0]) and right and not len(one):
                yield Privilege(kind, number, right, constraints)


def _name(element: Element) -> tuple[str, str] | None:
    """Namespace and name, of an element in a namespace that is known."""
    if not isinstance(element.tag, str) or not element.tag.startswith("{"):
        return None
    namespace, _, name = element.tag[1:].partition("}")
    return (namespace, name) if namespace in NAMESPACES else None


def _is(element: Element, name: str, namespace: str) -> bool:
    return element.tag in (name, f"{{{namespace}}}{name}")


def _scope(text: str) -> tuple[ScopeKind, str] | None:
    found = _SCOPE.fullmatch(text.strip())
    if found is None:
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
