"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Address, CprNumber, Person

from acme_plugin.wire import Wire

# As the receipt tells where a value came from.
SOURCE = "Acme"

Entry = Mapping[str, Any]


class Persons:
    """Acme's register, as one municipality may see it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def entry(self, cpr: CprNumber) -> Entry | None:
        """What Acme answers about the number; None where it does not know it.

        The number is in the body, since addresses end up in logs.

        :raises Unavailable: no answer, or not a proper one
        """
        answer = self._wire.ask("POST", "/persons", {"cpr": cpr.reveal()})
        if answer.status == 404:
            return None
        if answer.status != 200 or not answer.data:
            raise Unavailable(f"Acme answered {answer.status} about a person")
        return answer.data

    def person(self, entry: Entry) -> Person:
        """The person of an entry.

        :raises KeyError, TypeError, ValueError: the entry is not as agreed
        """
        address = entry["address"]
        return Person(
            cpr=CprNumber(entry["cpr"]),
            name=str(entry["name"]),
            address=None if address is None else _address(address),
            protected=entry["protected"] is True,
        )

    def children(self, entry: Entry) -> Sequence[Entry]:
        """The entries of the person's children."""
        children: Sequence[Entry] = entry["children"]
        return children

    def has_custody(self, entry: Entry, child: Entry) -> bool:
        """Whether the person has custody of the child. An address says nothing of it."""
        return child["custody"] is True


def _address(entry: Entry) -> Address:
    lines = tuple(str(line) for line in entry["lines"])
    return Address(str(entry["key"]), lines, str(entry["municipality"]))
