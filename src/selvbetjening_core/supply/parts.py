"""Every part that is installed here: distributions, and what plugins took from npm."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from selvbetjening_core.composition.distributions import core_itself, distribution_of
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.supply.npm_parts import NpmPart, npm_parts

PYPI = "PyPI"
NPM = "npm"
_COMPILED = (".so", ".pyd", ".dll", ".dylib")
# pip writes it where something came from an address or a file, not from a registry (PEP 610).
_CAME_FROM = "direct_url.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A distribution or an npm package, as it says of itself. Nothing personal.

    ``licence`` is what it states, in its own words; ``spdx`` the same as an SPDX
    expression, or empty where it is none. ``hashes`` are of the file that it was
    installed from, where anybody wrote them down. ``plugins`` are those it brings.
    ``is_own`` is the distribution that the core came in. ``is_from_registry`` is
    false for what was installed from a file, a folder or an address, and for
    whatever brings plugins: nobody but its maker tells what is wrong with it.
    ``has_compiled`` says that it holds code that no list of packages tells of.
    """

    ecosystem: str
    name: str
    version: str
    licence: str
    licence_files: tuple[str, ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    is_own: bool = False
    is_from_registry: bool = True
    has_compiled: bool = False

    @property
    def spdx(self) -> str:
        """The licence as an SPDX expression; empty where it is stated otherwise, or not."""
        try:
            return canonicalize_license_expression(self.licence)
        except InvalidLicenseExpression:
            return ""


def installed_parts() -> tuple[Part, ...]:
    """All parts, by name: distributions first. Nothing of theirs is imported."""
    core = core_itself()
    own = canonicalize_name(core.name) if core else ""
    plugins = _plugins_by_distribution()
    found: dict[str, Part] = {}
    for one in metadata.distributions():
        name = canonicalize_name(str(one.metadata["Name"] or ""))
        # What stands first on the path is what is imported.
        if name and name not in found:
            found[name] = _part(one, plugins.get(name, ()), is_own=name == own)
    distributions = (found[name] for name in sorted(found))
    return (*distributions, *map(_from_npm, npm_parts()))


def _part(found: metadata.Distribution, plugins: tuple[str, ...], *, is_own: bool) -> Part:
    about = distribution_of(found)
    came_from = _came_from(found)
    return Part(
        ecosystem=PYPI,
        name=about.name,
        version=about.version,
        licence=about.licence,
        licence_files=tuple(map(str, found.metadata.get_all("License-File") or ())),
        hashes=_hashes(came_from),
        needs=tuple(sorted(_needs(found))),
        plugins=plugins,
        is_own=is_own,
        is_from_registry=came_from is None and not plugins,
        has_compiled=any(str(file).endswith(_COMPILED) for file in found.files or ()),
    )


def _from_npm(part: NpmPart) -> Part:
    return Part(
        ecosystem=NPM,
        name=part.name,
        version=part.version,
        licence=part.licence,
        hashes=part.hashes,
    )


def _plugins_by_distribution() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for plugin in installed_plugins():
        found[canonicalize_name(plugin.distribution)].append(plugin.name)
    return {name: tuple(plugins) for name, plugins in found.items()}


def _came_from(found: metadata.Distribution) -> Mapping[str, object] | None:
    text = found.read_text(_CAME_FROM)
    if text is None:
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _hashes(came_from: Mapping[str, object] | None) -> tuple[tuple[str, str], ...]:
    archive = (came_from or {}).get("archive_info")
    told = archive.get("hashes") if isinstance(archive, dict) else None
    return tuple(sorted(told.items())) if isinstance(told, dict) else ()


def _needs(found: metadata.Distribution) -> Iterator[str]:
    """The names that it asks for here, those of its extras among them."""
    extras = ["", *(found.metadata.get_all("Provides-Extra") or ())]
    for line in found.requires or ():
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield canonicalize_name(wanted.name)
