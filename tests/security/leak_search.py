"""Marked CPR numbers, and everything they might be written as."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from selvbetjening_core.values import Address, CprNumber, Person
from selvbetjening_demo.people import DemoCitizen, DemoCitizens, load_citizens

_HASHES = ("md5", "sha1", "sha256")
_SHORTEST = 8


def marked_citizens(count: int, seed: int) -> DemoCitizens:
    """The official test persons, and as many generated ones as make ``count``.

    The generated ones are born in 2031-2036: nobody living can have such a number.
    """
    official = load_citizens().all[:count]
    chance = random.Random(seed)  # noqa: S311 - chance, not a secret
    numbers: dict[str, None] = {}
    while len(official) + len(numbers) < count:
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(31, 36)
        numbers[f"{day:02}{month:02}{year}{chance.choice('49')}{chance.randint(0, 999):03}"] = None
    home = Address("home-1", ("Eksempelvej 1", "1000 K\u00f8benhavn K"), "0101")
    made = [
        replace(
            official[0], id=f"marked-{place}", person=Person(CprNumber(one), "M\u00e6rket", home)
        )
        for place, one in enumerate(numbers)
    ]
    return DemoCitizens((*official, *made))


def numbers_of(citizens: Iterable[DemoCitizen]) -> list[str]:
    """Their ten digits."""
    return [citizen.person.cpr.reveal() for citizen in citizens]


def forms_of(number: str) -> Iterator[tuple[str, bytes]]:
    """How a number might be written, with a word for each way."""
    for word, text in (("plain", number), ("dashed", f"{number[:6]}-{number[6:]}")):
        data = text.encode()
        yield word, data
        yield f"hex of {word}", data.hex().encode()
        yield f"hex of {word}", data.hex().upper().encode()
        for found in _base64(data):
            yield f"base64 of {word}", found
        for name in _HASHES:
            digest = hashlib.new(name, data, usedforsecurity=False)
            yield f"{name} of {word}", digest.hexdigest().encode()
            yield f"{name} of {word}", digest.digest()
            yield f"{name} of {word}", base64.b64encode(digest.digest()).rstrip(b"=")


def _base64(data: bytes) -> Iterator[bytes]:
    """As it stands in a longer text, in each of the three alignments."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + data)
        first = -(-before * 8 // 6)
        last = (before + len(data)) * 8 // 6
        found = text[first:last]
        assert len(found) >= _SHORTEST
        yield found


@dataclass(frozen=True)
class Hit:
    """A number that is where it must not be. Says which by its place, not by itself."""

    sink: str
    way: str
    place: int

    def __str__(self) -> str:
        return f"{self.sink}: {self.way} of number {self.place}"


class Search:
    """Looks for all numbers in all ways."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self._forms = [
            (place, way, form)
            for place, number in enumerate(numbers)
            for way, form in forms_of(number)
        ]

    def hits(self, sinks: Mapping[str, bytes]) -> list[Hit]:
        """Every number in every sink, once for each way."""
        found = {
            Hit(sink, way, place)
            for sink, data in sinks.items()
            for place, way, form in self._forms
            if form in data
        }
        return sorted(found, key=str)

    def control(self) -> int:
        """How many forms it finds of those it looks for, in a text that has them all."""
        return sum(form in b"x" + form + b"y" for _, _, form in self._forms)

    def __len__(self) -> int:
        return len(self._forms)
