"""The list of parts is CycloneDX by the format's own schema, and holds what is installed."""

from __future__ import annotations

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from selvbetjening_core.supply.bill import COMPILED, LICENCE_FILE, PLUGIN, bill_of_materials
from selvbetjening_core.supply.parts import NPM, PYPI, Part, installed_parts

PARTS = (
    Part(PYPI, "Own", "1.0", "MPL-2.0", needs=("a-b", "absent"), plugins=("x",), is_own=True),
    Part(
        PYPI,
        "A.b",
        "2.0",
        "BSD License",
        licence_files=("LICENSE",),
        hashes=(("sha256", "ab" * 32), ("unheard-of", "00")),
        has_compiled=True,
    ),
    Part(NPM, "@scope/c", "3.0", ""),
)


@pytest.fixture(scope="module")
def told():
    return json.loads(bill_of_materials(PARTS))


def component(told, name):
    (found,) = (one for one in told["components"] if one["name"] == name)
    return found


def wrong(text):
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)


def test_it_is_valid():
    assert wrong(bill_of_materials(PARTS)) is None
    assert wrong(bill_of_materials(installed_parts())) is None


def test_an_invalid_one_would_be_found():
    text = bill_of_materials(PARTS)
    assert wrong(text.replace('"type": "library"', '"type": "thing"')) is not None


def test_every_part_is_in_it():
    told = json.loads(bill_of_materials(installed_parts()))
    names = [one["name"] for one in (told["metadata"]["component"], *told["components"])]
    assert sorted(names) == sorted(part.name for part in installed_parts())
    assert told["specVersion"] == "1.6"


def test_our_own_is_what_the_list_is_about(told):
    own = told["metadata"]["component"]
    assert (own["name"], own["type"]) == ("Own", "application")
    assert own["properties"] == [{"name": PLUGIN, "value": "x 1.0"}]
    assert "Own" not in [one["name"] for one in told["components"]]


def test_licences_hashes_and_addresses(told):
    words = component(told, "A.b")
    assert words["licenses"] == [{"license": {"name": "BSD License"}}]
    assert words["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert {"name": LICENCE_FILE, "value": "LICENSE"} in words["properties"]
    assert {"name": COMPILED, "value": "yes"} in words["properties"]
    assert words["purl"] == "pkg:pypi/a-b@2.0"
    assert component(told, "@scope/c")["purl"] == "pkg:npm/%40scope/c@3.0"
    assert "licenses" not in component(told, "@scope/c")
    assert told["metadata"]["component"]["licenses"] == [{"expression": "MPL-2.0"}]


def test_who_needs_whom(told):
    needs = {one["ref"]: one.get("dependsOn") for one in told["dependencies"]}
    assert needs["pypi:own@1.0"] == ["pypi:a-b@2.0"]
