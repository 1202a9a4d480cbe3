"""Which facts a condition may ask about, where in a solution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.values import KindDeclaration

PARAMETER_TYPES: Mapping[str, str] = {"yes_no": "yes_no", "number": "number", "text": "text"}
"""Kinds of parameters, and the type of fact each gives."""


@dataclass(frozen=True, slots=True)
class FactType:
    """The type of a fact: ``choice``, ``number``, ``text``, ``yes_no`` or ``address``.

    ``field`` names the field that gives it, empty for a parameter.
    """

    name: str
    kind: str
    field: str = ""
    options: tuple[str, ...] = ()


class KnownFacts:
    """The facts of a solution in page order. Reading goes down the page."""

    def __init__(self, parameters: Iterable[FactType] = ()) -> None:
        self._facts = {fact.name: fact for fact in parameters}
        self._order: dict[str, int] = {}
        self._doubtful: set[str] = set()

    def add_field(self, name: str, declaration: KindDeclaration, options: tuple[str, ...]) -> None:
        """Add what the field ``name`` tells, as the next on the page.

        A second field of that name is an error reported elsewhere; the first counts.
        """
        if name in self._order:
            return
        self._order[name] = len(self._order)
        if declaration.takes_options:
            self._facts[name] = FactType(name, "choice", name, options)
        for offered, kind in declaration.offers.items():
            full = f"{name}.{offered}" if offered else name
            self._facts.setdefault(full, FactType(full, kind, name, options))

    def add_doubtful(self, name: str) -> None:
        """Add a field or parameter whose kind is not known: reported already.

        Whatever a condition says about it is not reported once more.
        """
        self._doubtful.add(name)

    def is_doubtful(self, name: str) -> bool:
        """Is it a fact of something that could not be read?"""
        return any(name == one or name.startswith(f"{one}.") for one in self._doubtful)

    def get(self, name: str) -> FactType | None:
        """The type of the fact, wherever on the page it comes."""
        return self._facts.get(name)

    def known_before(self, name: str, field: str | None) -> bool:
        """Is the fact known when ``field`` is shown (None: at the end)?"""
        fact = self._facts[name]
        if not fact.field or field is None:
            return True
        return self._order[fact.field] < self._order.get(field, len(self._order))

    def names(self) -> Iterator[str]:
        """All names."""
        return iter(self._facts)
