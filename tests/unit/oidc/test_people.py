"""Whom a login is about: citizens, companies, staff and what they may."""

from __future__ import annotations

import base64

import pytest

from selvbetjening_core.values import Claims, Privilege, Refusal, ScopeKind
from selvbetjening_oidc.maps import MAPS
from selvbetjening_oidc.privileges import read_privileges

NEW = "http://digst.dk/oiosaml/basic_privilege_profile"
OLD = "http://itst.dk/oiosaml/basic_privilege_profile"
CVR = "41333014"
SCOPE = f"urn:dk:gov:saml:cvrNumberIdentifier:{CVR}"
OPERATOR = "http://mors.dk/roles/usersystemrole/operator/1"
AUDITOR = "http://mors.dk/roles/usersystemrole/auditor/1"
STAFF = {
    "broker": "kombit",
    "who": "staff",
    "municipalities": f"0773={CVR}",
    "roles": f"operator={OPERATOR} auditor={AUDITOR}",
}
NAMES = MAPS["kombit"].claims


def coded(text):
    return base64.b64encode(text.encode()).decode()


def listed(inner, namespace=NEW):
    return coded(f'<bpp:PrivilegeList xmlns:bpp="{namespace}">{inner}</bpp:PrivilegeList>')


def group(right, scope=SCOPE, limit=""):
    return f'<PrivilegeGroup Scope="{scope}">{limit}<Privilege>{right}</Privilege></PrivilegeGroup>'


KLE = '<Constraint Name="urn:dk:kombit:KLE">29.*</Constraint>'


def staff(login, privileges, **changed):
    component = login.component(**STAFF)
    said = {
        NAMES["level"]: "Substantial",
        NAMES["name"]: "Kirsten Test",
        NAMES["staff"]: "uuid-4",
        NAMES["municipalities"]: CVR,
        NAMES["privileges"]: privileges,
        **changed,
    }
    found = component.complete(login.answer(login.begun(component), **said))
    assert isinstance(found, Claims), found
    return found


def test_staff_have_the_roles_that_their_municipality_gave(login):
    found = staff(login, listed(group(OPERATOR)))
    assert found.attributes == {
        "staff": "uuid-4",
        "name": "Kirsten Test",
        "municipalities": "0773",
        "roles": "operator",
    }
    assert found.level == "substantial"


def test_a_role_that_is_limited_is_a_privilege_and_no_role(login):
    found = staff(login, listed(group(OPERATOR, limit=KLE) + group(AUDITOR)))
    assert found.attributes["roles"] == "auditor"
    limited = Privilege(ScopeKind.COMPANY, CVR, OPERATOR, (("urn:dk:kombit:KLE", "29.*"),))
    assert limited in found.privileges


@pytest.mark.parametrize(
    "privileges",
    [
        "",
        "%%%",
        listed(group(OPERATOR, "urn:dk:gov:saml:cvrNumberIdentifier:12345678")),
        listed(group("http://mors.dk/roles/unknown")),
        listed(group(OPERATOR), "http://evil.example"),
    ],
)
def test_what_gives_no_role(login, privileges):
    assert "roles" not in staff(login, privileges).attributes


def test_staff_of_an_unknown_municipality_are_of_none(login):
    found = staff(login, listed(group(OPERATOR)), **{NAMES["municipalities"]: "12345678"})
    assert not {"municipalities", "roles"} & set(found.attributes)


def test_nobody_is_staff_by_a_login_of_citizens(login):
    component = login.component(claims="cpr=cpr staff=staff roles=roles")
    said = {"acr": "high", "cpr": "2512489996", "staff": "x", "roles": "operator"}
    found = component.complete(login.answer(login.begun(component), **said))
    assert found.attributes == {"cpr": "2512489996"}


def test_no_citizen_is_told_of_by_a_login_of_staff(login):
    found = staff(login, "", cpr="2512489996")
    assert "cpr" not in found.attributes


@pytest.mark.parametrize(
    ("profile", "cvr", "expected"),
    [
        ("person", None, Claims),
        ("person", CVR, Refusal),
        ("professional", CVR, Claims),
        ("professional", None, Refusal),
        ("professional", "4133301", Refusal),
        ("any", None, Claims),
        ("any", CVR, Claims),
    ],
)
def test_whoever_was_agreed_on_logs_in(login, profile, cvr, expected):
    component = login.component(profile=profile, claims="cvr=cvr")
    said = {"acr": "high", **({"cvr": cvr} if cvr else {})}
    found = component.complete(login.answer(login.begun(component), **said))
    assert isinstance(found, expected)


def test_a_level_is_told_by_the_map(login):
    component = login.component(broker="nets", userinfo=False)
    said = {"loa": "https://data.gov.dk/concept/core/nsis/Substantial"}
    assert component.complete(login.answer(login.begun(component), **said)).level == "substantial"
    for other in ("substantial", "https://data.gov.dk/concept/core/nsis/substantial", "x"):
        url = login.begun(component)
        assert component.complete(login.answer(url, loa=other)) == Refusal("level-unknown")


@pytest.mark.parametrize("namespace", [NEW, OLD])
def test_privileges_are_read(namespace):
    found = read_privileges(listed(group(OPERATOR, limit=KLE), namespace))
    assert found == (Privilege(ScopeKind.COMPANY, CVR, OPERATOR, (("urn:dk:kombit:KLE", "29.*"),)),)


PERSON = "urn:dk:gov:saml:cprNumberIdentifier:2512489996"


def test_a_power_of_attorney_is_for_another_person():
    (found,) = read_privileges(listed(group(OPERATOR, PERSON)))
    assert (found.scope_kind, found.scope) == (ScopeKind.PERSON, "2512489996")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%%%",
        coded("hello"),
        coded("<!DOCTYPE x><x/>"),
        coded(f'<!DOCTYPE x [<!ENTITY a "b">]><PrivilegeList>{group(OPERATOR)}</PrivilegeList>'),
        coded(f"<PrivilegeList>{group(OPERATOR)}</PrivilegeList>"),
        listed(group("")),
        listed(group(OPERATOR, "urn:dk:gov:saml:seNumberIdentifier:12345678")),
        listed(group(OPERATOR, f"{SCOPE}9")),
        listed(group(OPERATOR, "urn:dk:gov:saml:cprNumberIdentifier:9999999999")),
        base64.b64encode("<x/>".encode("utf-16")).decode(),
    ],
)
def test_what_cannot_be_read_gives_no_right(text):
    assert read_privileges(text) == ()
