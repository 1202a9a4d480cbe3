"""The cases that can occur, as far as the conditions of dated rows can tell them apart.

Every combination of the facts that the conditions ask about is a case. Combinations
that no citizen can reach, because a question is not shown, are left out. What a
decision table decides is what it decides in that case, and nothing else.

A date is tried on the days that the conditions compare it with, and on the days
before and after them, counted from each of those days as today.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selvbetjening_core.definitions.conditions import Compare, Condition, comparisons
from selvbetjening_core.definitions.dates import TODAY, DateRule, add_days, day_in
from selvbetjening_core.definitions.decision_tables import DecisionTable, table_of
from selvbetjening_core.definitions.facts import FactType, KnownFacts
from selvbetjening_core.definitions.model import Field, Solution
from selvbetjening_core.definitions.possible_sets import possible_sets

LARGEST_TABLE = 50_000
"""How many cases are looked through at most."""

Facts = dict[str, object]


class PossibleCases:
    """The cases of some conditions.

    :param conditions: those that tell cases apart
    :param shown: conditions that hold in every case
    """

    def __init__(
        self,
        solution: Solution,
        facts: KnownFacts,
        conditions: Iterable[Condition | None],
        shown: Iterable[Condition | None] = (),
    ) -> None:
        self._solution = solution
        self._facts = facts
        self._shown = tuple(one for one in shown if one is not None)
        self._tables: dict[str, DecisionTable] = {}
        self._asked = self._with_visibility(
            [one for condition in (*conditions, *self._shown) for one in comparisons(condition)]
        )
        self._values = {name: self._tried(name) for name in self._in_page_order()}

    def days(self) -> frozenset[datetime.date]:
        """The days on which a decision table that is asked about changes."""
        return frozenset(row.valid_from for table in self._tables.values() for row in table.rows)

    def size(self) -> int:
        """How many combinations there are."""
        size = 1
        for name, values in self._values.items():
            size *= max(1, 3 * len(values)) if self._is_date(name) else len(values)
        return size

    def reachable(self, today: datetime.date) -> Iterator[Facts]:
        """Every combination that some citizen can reach ``today``."""
        for case in self._extend({TODAY: today}, list(self._values)):
            if all(one.holds(case) for one in self._shown):
                yield case

    def _extend(self, case: Facts, names: list[str]) -> Iterator[Facts]:
        if not names:
            yield case
            return
        name, *rest = names
        for value in self._possible(name, case):
            yield from self._extend({**case, name: value}, rest)

    def _possible(self, name: str, case: Facts) -> Sequence[object]:
        field = self._field_of(name)
        values = self._dates(name, case) if self._is_date(name) else self._values[name]
        if field is None:
            return values
        if not self._is_shown(field, case):
            return (None,)
        if name in self._tables:
            return (_outcome(self._tables[name], case),)
        return values if _is_certain(field, name) else (*values, None)

    def _is_date(self, name: str) -> bool:
        fact = self._facts.get(name)
        return fact is not None and fact.kind == "date"

    def _dates(self, name: str, case: Facts) -> Sequence[object]:
        """The days around each limit, in ``case``; the day itself where there is no limit."""
        limits = (_limit(value, case) for value in self._values[name])
        days = {add_days(limit, step) for limit in limits if limit for step in (-1, 0, 1)}
        return sorted(days) or [case[TODAY]]

    def _is_shown(self, field: Field, case: Facts) -> bool:
        step = self._solution.step(field.step)
        conditions = (field.visible, step.visible if step else None)
        return all(one is None or one.holds(case) for one in conditions)

    def _field_of(self, name: str) -> Field | None:
        fact = self._facts.get(name)
        return next((f for f in self._solution.fields() if fact and f.name == fact.field), None)

    def _with_visibility(self, asked: list[Compare]) -> list[Compare]:
        """The comparisons, and those that decide what their facts are, if shown at all."""
        todo, done = list(asked), []
        seen: set[str] = set()
        while todo:
            one = todo.pop()
            done.append(one)
            for field in map(self._field_of, _facts_in(one)):
                if field is not None and field.name not in seen:
                    seen.add(field.name)
                    step = self._solution.step(field.step)
                    todo.extend(comparisons(field.visible))
                    todo.extend(comparisons(step.visible if step else None))
                    todo.extend(self._comparisons_deciding(field))
        return done

    def _comparisons_deciding(self, field: Field) -> Iterator[Compare]:
        table = table_of(field)
        if table is not None:
            self._tables[field.name] = table
            for row in table.rows:
                yield from comparisons(row.when)

    def _in_page_order(self) -> list[str]:
        asked = {name for one in self._asked for name in _facts_in(one)}
        return [name for name in self._facts.names() if name in asked]

    def _tried(self, name: str) -> tuple[object, ...]:
        """What is tried for the fact: one thing at a time for what a table decides."""
        if name in self._tables:
            return (None,)
        return self._limits_of(name) if self._is_date(name) else self._values_of(name)

    def _values_of(self, name: str) -> tuple[object, ...]:
        fact = self._facts.get(name)
        kind = fact.kind if fact else ""
        mentioned = _mentioned(self._asked, name)
        if fact and kind == "choice":
            return fact.options
        if kind == "choices":
            field = self._field_of(name)
            return possible_sets(field, mentioned, LARGEST_TABLE + 1) if field else ()
        if kind == "yes_no":
            return (True, False)
        if kind == "number":
            numbers = {one for one in mentioned if type(one) is int} or {0}
            return tuple(sorted({n + step for n in numbers for step in (-1, 0, 1)}))
        if fact and may_be_unknown(fact):
            return ("…", None)
        return (*(one for one in mentioned if isinstance(one, str)), "…")

    def _limits_of(self, name: str) -> tuple[object, ...]:
        """What a date is compared with, and whatever those are that are compared with it.

        It becomes days only when today and earlier dates are known.
        """
        linked = {one.fact: None for one in self._asked if name in _facts_in(one)}
        return tuple(value for fact in linked for value in _mentioned(self._asked, fact))


def may_be_unknown(fact: FactType) -> bool:
    """May a question be answered, and this of it unknown? Somebody may have no address."""
    return fact.kind in ("address", "matrix", "group", "rows", "people")


def _is_certain(field: Field, fact: str) -> bool:
    """Is ``fact`` always told where ``field``, which tells it, is shown?"""
    name = fact.removeprefix(f"{field.name}.").partition(".")[0]
    part = next((one for one in field.parts if one.name == name), None)
    return field.required and (part is None or (part.required and part.visible is None))


def _outcome(table: DecisionTable, case: Facts) -> object:
    today = day_in(case, TODAY)
    row = None if today is None else table.row(case, today)
    return None if row is None else row.outcome


def _facts_in(one: Compare) -> tuple[str, ...]:
    """The facts a comparison asks about."""
    source = one.value.source if isinstance(one.value, DateRule) else ""
    return (one.fact, source) if source else (one.fact,)


def _limit(value: object, case: Facts) -> datetime.date | None:
    """A day that a date is compared with; None where it begins with one not answered yet."""
    return value.day(case) if isinstance(value, DateRule) else day_in({"": value}, "")


def _mentioned(asked: Sequence[Compare], name: str) -> tuple[object, ...]:
    values: Mapping[object, None] = {
        value: None
        for one in asked
        if one.fact == name
        for value in (one.value if isinstance(one.value, tuple) else (one.value,))
    }
    return tuple(values)
