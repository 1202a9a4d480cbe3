"""Which row of a field each input that a browser sent belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SHOWN = "_shown"
"""Input that names the conditional fields a page showed."""

_START, _END = "__start__", "__end__"
"""Around what a foreign widget sends, by the convention of peppercorn."""

_LONGEST_NUMBER = 3

Pair = tuple[str, str]


@dataclass(slots=True)
class Sent:
    """What was sent for the rows of a field.

    :param rows: by number the origin of the row (the number, from 1, under which it was
        kept; empty if it is new) and its inputs
    :param has_more: rows were sent above the limit; they are not read
    """

    rows: dict[int, tuple[str, list[Pair]]] = field(default_factory=dict)
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class RowNames:
    """The names of a field's inputs: ``FIELD.PART``, or ``FIELD.NUMBER.PART`` in rows.

    In rows the input ``FIELD.NUMBER`` says that the row is there, and holds its origin.

    :param most: how many rows there may be; 0 for a group that is asked once
    """

    name: str
    most: int

    def prefix(self, number: int) -> str:
        """What the names in the row ``number`` begin with."""
        return f"{self.name}.{number}." if self.most else f"{self.name}."

    def number_of(self, name: str) -> int:
        """The row that the input ``name`` belongs to, above the limit too; 0 for none."""
        if not name.startswith(f"{self.name}."):
            return 0
        if not self.most:
            return 1
        digits = name[len(self.name) + 1 :].partition(".")[0]
        is_number = digits.isascii() and digits.isdigit() and not digits.startswith("0")
        if not is_number:
            return 0
        return int(digits) if len(digits) <= _LONGEST_NUMBER else self.most + 1

    def sent(self, pairs: Sequence[Pair]) -> Sent:
        """The inputs of each row, in one pass over all of them."""
        found = Sent()
        origins: dict[int, str] = {} if self.most else {1: "1"}
        inputs: dict[int, list[Pair]] = {}
        depth = inside = 0
        for name, value in pairs:
            number = inside or self.number_of(value if name in (SHOWN, _START) else name)
            if name == _START:
                depth, inside = depth + 1, number
            elif name == _END:
                depth = max(0, depth - 1)
                inside = inside if depth else 0
            if number > (self.most or 1):
                found.has_more = True
            elif number and self.most and name == f"{self.name}.{number}":
                origins.setdefault(number, value)
            elif number:
                inputs.setdefault(number, []).append((name, value))
        found.rows = {n: (origin, inputs.get(n, [])) for n, origin in origins.items()}
        return found


def by_field(pairs: Iterable[tuple[str, str]], prefix: str) -> dict[str, set[str]]:
    """All values that were sent under each field's name, or under one of its parts'."""
    found: dict[str, set[str]] = {}
    for name, value in pairs:
        if name.startswith(prefix):
            found.setdefault(name[len(prefix) :].partition(".")[0], set()).add(value)
    return found
