"""The list of parts (software bill of materials) as CycloneDX 1.6.

Needs the extra ``supply``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from selvbetjening_core.supply.parts import PYPI, Part

# What CycloneDX has no place for stands under names of our own.
PLUGIN = "selvbetjening:plugin"
LICENCE_FILE = "selvbetjening:licence-file"
COMPILED = "selvbetjening:holds-compiled-code"
_ALGORITHMS = {
    "sha1": HashAlgorithm.SHA_1,
    "sha256": HashAlgorithm.SHA_256,
    "sha384": HashAlgorithm.SHA_384,
    "sha512": HashAlgorithm.SHA_512,
}
_Components: TypeAlias = Mapping[tuple[str, str], Component]


def bill_of_materials(parts: Sequence[Part]) -> str:
    """The list as JSON: each part with version, licence, hashes and what it needs."""
    components: _Components = {_key(part): _component(part) for part in parts}
    bom = Bom(components=components.values())
    own = next((part for part in parts if part.is_own), None)
    if own is not None:
        bom.metadata.component = components[_key(own)]
        bom.components.discard(bom.metadata.component)
    for part in parts:
        bom.register_dependency(components[_key(part)], list(_needed(part, components)))
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _key(part: Part) -> tuple[str, str]:
    return part.ecosystem, canonicalize_name(part.name)


def _needed(part: Part, components: _Components) -> Iterator[Component]:
    """What it asks for and is here; a part asks for what comes from where it comes from."""
    for name in part.needs:
        if (part.ecosystem, name) in components:
            yield components[part.ecosystem, name]


def _component(part: Part) -> Component:
    kind = part.ecosystem.lower()
    name = canonicalize_name(part.name) if part.ecosystem == PYPI else part.name
    return Component(
        type=ComponentType.APPLICATION if part.is_own else ComponentType.LIBRARY,
        name=part.name,
        version=part.version or None,
        bom_ref=f"{kind}:{name}@{part.version}",
        purl=_address(kind, name, part.version),
        licenses=_licences(part),
        hashes=[
            HashType(alg=_ALGORITHMS[algorithm], content=digest)
            for algorithm, digest in part.hashes
            if algorithm in _ALGORITHMS
        ],
        properties=_properties(part),
    )


def _address(kind: str, name: str, version: str) -> PackageURL:
    group, _, rest = name.rpartition("/")
    return PackageURL(type=kind, namespace=group or None, name=rest, version=version or None)


def _licences(part: Part) -> list[License]:
    if part.spdx:
        return [LicenseExpression(part.spdx)]
    return [DisjunctiveLicense(name=part.licence)] if part.licence else []


def _properties(part: Part) -> list[Property]:
    return [
        *(Property(name=PLUGIN, value=f"{name} {part.version}") for name in part.plugins),
        *(Property(name=LICENCE_FILE, value=name) for name in part.licence_files),
        *([Property(name=COMPILED, value="yes")] if part.has_compiled else []),
    ]
