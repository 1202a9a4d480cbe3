"""The rights that a login carries, as data; what cannot be read gives none."""

from __future__ import annotations

import base64

import pytest

from selvbetjening_core.values import Privilege, ScopeKind
from selvbetjening_nemlogin.privileges import read_privileges

NEW = "http://digst.dk/oiosaml/basic_privilege_profile"
OLD = "http://itst.dk/oiosaml/basic_privilege_profile"
CPR_SCOPE = "urn:dk:gov:saml:cprNumberIdentifier:2512484916"
CVR_SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:12345678"
RIGHT = "urn:dk:mors:flytning:anmeld"


def listed(inner, namespace=NEW):
    return f'<bpp:PrivilegeList xmlns:bpp="{namespace}">{inner}</bpp:PrivilegeList>'


def group(scope, *rights, more=""):
    inner = "".join(f"<Privilege>{right}</Privilege>" for right in rights)
    return f'<PrivilegeGroup Scope="{scope}">{more}{inner}</PrivilegeGroup>'


def coded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("namespace", [NEW, OLD])
@pytest.mark.parametrize("written", [str, coded])
def test_a_power_of_attorney_is_for_another_person(namespace, written):
    text = listed(group(CPR_SCOPE, RIGHT), namespace)
    expected = (Privilege(ScopeKind.PERSON, "2512484916", RIGHT),)
    assert read_privileges(written(text)) == expected


def test_rights_of_a_company_with_what_limits_them():
    kle = '<Constraint Name="urn:dk:kombit:KLE">29.*</Constraint>'
    text = listed(group(CVR_SCOPE, RIGHT, f"{RIGHT}2", more=kle))
    found = read_privileges(text)
    assert [one.name for one in found] == [RIGHT, f"{RIGHT}2"]
    assert {one.constraints for one in found} == {(("urn:dk:kombit:KLE", "29.*"),)}
    assert {one.scope_kind for one in found} == {ScopeKind.COMPANY}


NONE = {
    "nothing": "",
    "no Base64": "%%%",
    "no XML": coded("hello"),
    "a document type": coded(f"<!DOCTYPE x>{listed(group(CPR_SCOPE, RIGHT))}"),
    "an entity": f'<!DOCTYPE x [<!ENTITY a "b">]>{listed(group(CPR_SCOPE, RIGHT))}',
    "an unknown language": listed(group(CPR_SCOPE, RIGHT), "http://evil.example"),
    "no language": f"<PrivilegeList>{group(CPR_SCOPE, RIGHT)}</PrivilegeList>",
    "another root": listed(group(CPR_SCOPE, RIGHT)).replace("PrivilegeList", "List"),
    "no scope": listed(f"<PrivilegeGroup><Privilege>{RIGHT}</Privilege></PrivilegeGroup>"),
    "a scope of another kind": listed(group("urn:dk:gov:saml:seNumberIdentifier:12345678", RIGHT)),
    "a scope that is too long": listed(group(f"{CVR_SCOPE}9", RIGHT)),
    "a CPR number that cannot be one": listed(
        group("urn:dk:gov:saml:cprNumberIdentifier:9999999999", RIGHT)
    ),
    "digits of another script": listed(group(CVR_SCOPE.replace("1", "\u0661"), RIGHT)),
    "no right": listed(group(CPR_SCOPE, "")),
    "a right with markup": listed(group(CPR_SCOPE, "<a/>x")),
    "a right elsewhere": listed(f"<Privilege>{RIGHT}</Privilege>"),
    "longer than anything": listed(group(CPR_SCOPE, "x" * 300_000)),
}


@pytest.mark.parametrize("what", NONE)
def test_what_gives_no_right(what):
    assert read_privileges(NONE[what]) == ()


def test_a_broken_group_takes_nothing_from_the_others():
    text = listed(group("urn:x", RIGHT) + group(CVR_SCOPE, RIGHT))
    assert [one.scope for one in read_privileges(text)] == ["12345678"]
