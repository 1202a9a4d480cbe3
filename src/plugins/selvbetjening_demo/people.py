"""The test citizens of the demo, read from ``people.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from selvbetjening_core.values import Address, Child, CprNumber, Person


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """One test citizen. ``id`` names them in addresses, so that no CPR number does.

    ``others`` live at their address and are not among their children.
    """

    id: str
    person: Person
    about: Mapping[str, str]
    children: tuple[Child, ...]
    others: tuple[Person, ...] = ()


class DemoCitizens:
    """All test citizens, in the order they were written."""

    def __init__(self, citizens: tuple[DemoCitizen, ...]) -> None:
        self.all = citizens
        self._by_id = {citizen.id: citizen for citizen in citizens}
        self._by_cpr = {citizen.person.cpr: citizen for citizen in citizens}

    def by_id(self, citizen_id: str) -> DemoCitizen | None:
        """The citizen with this id, or None."""
        return self._by_id.get(citizen_id)

    def by_cpr(self, cpr: CprNumber) -> DemoCitizen | None:
        """The citizen with this CPR number, or None."""
        return self._by_cpr.get(cpr)


def load_citizens() -> DemoCitizens:
    """Read ``people.toml``."""
    data = tomllib.loads(
        resources.files("selvbetjening_demo").joinpath("people.toml").read_text("utf-8")
    )
    persons = {key: _person(row, data["address"]) for key, row in data["person"].items()}
    return DemoCitizens(
        tuple(
            _citizen(key, data["person"][key]["about"], data["family"], persons) for key in persons
        )
    )


def _citizen(
    key: str,
    about: Mapping[str, str],
    family: Sequence[Mapping[str, Any]],
    persons: Mapping[str, Person],
) -> DemoCitizen:
    own = {link["child"]: link["custody"] for link in family if link["parent"] == key}
    return DemoCitizen(
        id=key,
        person=persons[key],
        about=about,
        children=tuple(Child(persons[child], custody) for child, custody in own.items()),
        others=tuple(
            person
            for other, person in persons.items()
            if other not in {key, *own} and person.address == persons[key].address
        ),
    )


def _person(row: Mapping[str, Any], addresses: Mapping[str, Any]) -> Person:
    address = addresses[row["address"]]
    return Person(
        cpr=CprNumber(row["cpr"]),
        name=row["name"],
        address=Address(
            key=f"demo-{row['address']}",
            lines=tuple(address["lines"]),
            municipality_code=address["municipality_code"],
        ),
    )
