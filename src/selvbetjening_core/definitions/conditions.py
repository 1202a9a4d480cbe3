"""The closed condition language: equals, not, filled, in, compare, and/or.

In a definition a condition is a table of facts, all of which must hold::

    visible = { cause = "damaged" }
    when    = { cause = ["lost", "new_doctor"], holder.age = { at_least = 15 } }
    when    = { any = [ { cause = "lost" }, { cause = "new_name" } ] }
    visible = { moving_day = { below = ["today", "- 5 days"] } }

A fact of many values (the options that were chosen) is asked about one of them:
it *is* each value among it.

There is no code in it, so a definition can be read, compared and checked as a
whole, and the same condition can be evaluated elsewhere.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.dates import DateRule, day_in


class Operator(enum.StrEnum):
    """How a fact is compared. The words are those written in definitions."""

    EQUALS = "equals"
    NOT = "not"
    IN = "in"
    FILLED = "filled"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"


ORDERING = frozenset({Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW})


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact compared with a value (for ``in`` and ``not`` perhaps a tuple of them).

    A date is compared with a ``DateRule``, or, for ``in`` and ``not``,
    with dates.
    """

    fact: str
    operator: Operator
    value: object

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether it holds; an unknown fact is like an empty answer.

        :raises ValueError: a date is compared with today, and ``facts`` lacks it
        """
        if isinstance(self.value, DateRule):
            return self._holds_for_dates(self.value, facts)
        return _COMPARISONS[self.operator](facts.get(self.fact), self.value)

    def _holds_for_dates(self, rule: DateRule, facts: Mapping[str, object]) -> bool:
        found, wanted = day_in(facts, self.fact), rule.day(facts)
        if found is None or wanted is None:
            return False
        return _COMPARISONS[self.operator](found.toordinal(), wanted.toordinal())


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether all parts hold."""
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether any part holds."""
        return any(part.holds(facts) for part in self.parts)


Condition = Compare | AllOf | AnyOf
Undecided = Condition | bool
"""What is left to ask about; True or False: it is decided."""


def comparisons(condition: Condition | None) -> Iterator[Compare]:
    """Every comparison inside ``condition``."""
    if condition is None:
        return
    if isinstance(condition, Compare):
        yield condition
        return
    for part in condition.parts:
        yield from comparisons(part)


def undecided(condition: Condition | None, known: Mapping[str, object]) -> Undecided:
    """What is left to ask about once the facts ``known`` are known; True or False: nothing.

    A comparison of a date is never decided: it depends on the day, too.

    :param known: facts by name; one that is not among them may still turn out either way
    """
    if condition is None:
        return True
    if isinstance(condition, Compare):
        is_told = condition.fact in known and not isinstance(condition.value, DateRule)
        return condition.holds(known) if is_told else condition
    decides = isinstance(condition, AnyOf)
    parts = [undecided(part, known) for part in condition.parts]
    if decides in parts:
        return decides
    left = tuple(part for part in parts if not isinstance(part, bool))
    if not left:
        return not decides
    return left[0] if len(left) == 1 else type(condition)(left)


def _is_filled(value: object) -> bool:
    return value not in (None, "", ())


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _same(found: object, wanted: object) -> bool:
    # True == 1 in Python; a yes/no answer is never a number here.
    return type(found) is type(wanted) and found == wanted


def _is(found: object, wanted: object) -> bool:
    if not isinstance(found, tuple):
        return _same(found, wanted)
    return any(_same(one, wanted) for one in found)


def _one_of(found: object, wanted: object) -> bool:
    return any(_is(found, one) for one in _values(wanted))


def _values(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _ordered(compare: Callable[[int, int], bool]) -> Callable[[object, object], bool]:
    def holds(found: object, wanted: object) -> bool:
        left, right = _number(found), _number(wanted)
        return left is not None and right is not None and compare(left, right)

    return holds


_COMPARISONS: Mapping[Operator, Callable[[object, object], bool]] = {
    Operator.EQUALS: _is,
    Operator.NOT: lambda found, wanted: not _one_of(found, wanted),
    Operator.IN: _one_of,
    Operator.FILLED: lambda found, wanted: _is_filled(found) is wanted,
    Operator.AT_LEAST: _ordered(lambda left, right: left >= right),
    Operator.AT_MOST: _ordered(lambda left, right: left <= right),
    Operator.ABOVE: _ordered(lambda left, right: left > right),
    Operator.BELOW: _ordered(lambda left, right: left < right),
}
