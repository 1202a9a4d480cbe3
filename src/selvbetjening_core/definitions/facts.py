"""Which facts a condition may ask about, where in a solution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.values import KindDeclaration

PARAMETER_TYPES: Mapping[str, str] = {"yes_no": "yes_no", "number": "number", "text": "text"}
"""Kinds of parameters, and the type of fact each gives."""

_OF_SEVERAL = ("choices", "matrix")


@dataclass(frozen=True, slots=True)
class FactType:
    """The type of a fact: ``choice``, ``number``, ``text``, ``yes_no``, ``date`` or ``address``.

    Or ``choices`` (several options), ``people`` or ``matrix`` (an option in each row).
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

    def add_field(
        self,
        name: str,
        declaration: KindDeclaration,
        options: tuple[str, ...],
        rows: tuple[str, ...] = (),
        given: str = "",
    ) -> None:
        """Add what the field ``name`` tells, as the next on the page.

        A second field of that name is an error reported elsewhere; the first counts.

        :param given: the type of what the definition sets, for kinds that offer that
        """
        if name in self._order:
            return
        self._order[name] = len(self._order)
        if declaration.takes_options and declaration.offers.get("") not in _OF_SEVERAL:
            self._facts[name] = FactType(name, "choice", name, options)
        for offered, kind in declaration.offers.items():
            full = f"{name}.{offered}" if offered else name
            known = given if kind == "given" else kind
            among = () if offered else options
            self._facts.setdefault(full, FactType(full, known, name, among))
        for row in rows:
            full = f"{name}.{row}"
            self._facts[full] = FactType(full, "choice", name, options)

    def parameters(self) -> Iterator[FactType]:
        """Those that no field tells."""
        return (fact for fact in self._facts.values() if not fact.field)

    def add_parts(self, name: str, own: KnownFacts) -> None:
        """Add under ``name``, a field that is there, what the parts of its group tell."""
        for one in own._order:
            for fact in own._facts.values():
                if fact.field == one:
                    full = f"{name}.{fact.name}"
                    self._facts[full] = FactType(full, fact.kind, name, fact.options)

    def inside(self, own: KnownFacts, first: str | None) -> KnownFacts:
        """What is known inside a group: its ``own`` facts, and these.

        A name of the group's own hides the same name outside it.

        :param first: the first field that uses the group; None for the end of the page
        """
        outer = [name for name in self._order if name not in own._order]
        before = [name for name in outer if self.known_before_field(name, first)]
        after = [name for name in outer if name not in before]
        found = KnownFacts()
        found._order = {name: i for i, name in enumerate([*before, *own._order, *after])}
        shadows = own._order
        found._facts = {n: f for n, f in self._facts.items() if n.split(".")[0] not in shadows}
        found._facts |= own._facts
        found._doubtful = self._doubtful | own._doubtful
        return found

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
        return self.known_before_field(fact.field, field)

    def known_before_field(self, earlier: str, field: str | None) -> bool:
        """Does the field ``earlier`` come before ``field`` (None: the end)?"""
        end = len(self._order)
        return self._order[earlier] < (end if field is None else self._order.get(field, end))

    def names(self) -> Iterator[str]:
        """All names."""
        return iter(self._facts)
