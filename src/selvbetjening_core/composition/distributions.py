"""Who made a plugin, and under which licence: what its distribution says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import getaddresses
from importlib import metadata

NOT_STATED = ""
_CORE = "selvbetjening"
_OWNER_KEYS = ("Author", "Maintainer", "Author-email", "Maintainer-email")
_LICENCE = "License ::"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution's own metadata; what it does not state is empty."""

    name: str
    version: str
    owner: str
    licence: str


NO_DISTRIBUTION = Distribution(NOT_STATED, NOT_STATED, NOT_STATED, NOT_STATED)


def core_itself() -> metadata.Distribution | None:
    """The distribution that the core came in; None where it was not installed."""
    try:
        return metadata.distribution(_CORE)
    except metadata.PackageNotFoundError:
        return None


def distribution_of(found: metadata.Distribution | None) -> Distribution:
    """What a distribution says of itself. Nothing is imported.

    :param found: None where nobody knows where something came from
    """
    if found is None:
        return NO_DISTRIBUTION
    about = found.metadata
    return Distribution(
        name=_one_line(about, "Name"),
        version=_one_line(about, "Version"),
        owner=_owner(about),
        licence=_licence(about),
    )


def _owner(about: metadata.PackageMetadata) -> str:
    for key in _OWNER_KEYS:
        text = _one_line(about, key)
        if text:
            return _names(text) if key.endswith("email") else text
    return NOT_STATED


def _names(addresses: str) -> str:
    """The names; where an address has none, the address."""
    pairs = getaddresses([addresses])
    return ", ".join(name or address for name, address in pairs if name or address)


def _licence(about: metadata.PackageMetadata) -> str:
    for key in ("License-Expression", "License"):
        lines = _text(about, key).strip().splitlines()
        if lines and lines[0].strip() != "UNKNOWN":
            # Some put the whole text of the licence there: its first line names it.
            return lines[0].strip()
    classifiers = [str(one) for one in about.get_all("Classifier") or ()]
    names = [one.rpartition("::")[2].strip() for one in classifiers if one.startswith(_LICENCE)]
    return ", ".join(names)


def _one_line(about: metadata.PackageMetadata, key: str) -> str:
    words = " ".join(_text(about, key).split())
    return NOT_STATED if words == "UNKNOWN" else words


def _text(about: metadata.PackageMetadata, key: str) -> str:
    return str(about[key]) if key in about else ""
