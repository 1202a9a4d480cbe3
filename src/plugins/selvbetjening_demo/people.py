"""The test citizens of the demo, read from ``people.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from selvbetjening_core.values import Address, Child, CprNumber, Person


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """One test citizen. ``id`` names them in addresses, so that no CPR number does."""

    id: str
    person: Person
    about: Mapping[str, str]
    children: tuple[Child, ...]


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
            DemoCitizen(
                id=key,
                person=person,
                about=data["person"][key]["about"],
                children=tuple(
                    Child(persons[link["child"]], link["custody"])
                    for link in data["family"]
                    if link["parent"] == key
                ),
            )
            for key, person in persons.items()
        )
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
