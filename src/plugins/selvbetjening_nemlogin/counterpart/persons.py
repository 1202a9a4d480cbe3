"""Who can log in at the counterpart, and what is said of them."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from selvbetjening_nemlogin.names import (
    ATTRIBUTES,
    EID,
    LEVELS,
    LOA,
    PRIVILEGES,
    SPEC,
    SPEC_VERSION,
)
from selvbetjening_nemlogin.privileges import NAMESPACES

_BPP = min(NAMESPACES)


@dataclass(frozen=True)
class TestPerson:
    """A test person in one role: as a citizen, or at one company."""

    key: str
    name: str
    uuid: str
    about: str
    said: Mapping[str, str]
    privileges: tuple[tuple[str, str], ...]

    @property
    def name_id(self) -> str:
        """What the provider calls the person, everywhere alike."""
        kind = "professional" if self.said.get("cvr") else "person"
        return f"{EID}{kind}/uuid/{self.uuid}"

    def attributes(self, level: str) -> dict[str, str]:
        """What an assertion says of them, at ``level``: a word of OIOSAML."""
        words = {word: name for name, word in ATTRIBUTES.items()}
        found = {SPEC_VERSION: SPEC, LOA: level}
        found |= {words[name]: value for name, value in self.said.items() if name in words}
        if self.privileges:
            found[PRIVILEGES] = base64.b64encode(self._privileges().encode()).decode()
        return found

    def _privileges(self) -> str:
        groups = "".join(
            f"<PrivilegeGroup Scope={quoteattr(scope)}><Privilege>{escape(name)}</Privilege>"
            "</PrivilegeGroup>"
            for scope, name in self.privileges
        )
        return f'<bpp:PrivilegeList xmlns:bpp="{_BPP}">{groups}</bpp:PrivilegeList>'


def test_persons() -> dict[str, TestPerson]:
    """All of them, in the order of the file."""
    file = resources.files("selvbetjening_nemlogin.counterpart") / "persons.toml"
    return {key: _person(key, one) for key, one in tomllib.loads(file.read_text("utf-8")).items()}


def level_names() -> dict[str, str]:
    """The levels that can be chosen, by what an assertion says of them, in Danish."""
    return dict(zip(LEVELS, ("Lav", "Betydelig", "Høj"), strict=True))


def _person(key: str, one: dict[str, Any]) -> TestPerson:
    privileges = tuple((each["scope"], each["name"]) for each in one.pop("privilege", ()))
    said = {name: value for name, value in one.items() if name not in ("uuid", "about")}
    return TestPerson(key, one["name"], one["uuid"], one["about"], said, privileges)
